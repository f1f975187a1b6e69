// Benchmarks/all runs every benchmark there is, and compares rightly.

import Foundation
import Testing

@Suite("Benchmarks") struct BenchmarkTests {
    /// What needs something that is no part of the repository.
    private static let byHand: Set = ["all", "peers"]

    private static func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments =
            [Repository.root.appending(path: "Benchmarks/all").path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test("the set is whole, prints figures, and is in the table")
    func set() throws {
        let listed = try Self.run(["--list"])
        #expect(listed.code == 0)
        let names = Set(listed.output.split(separator: "\n").map(String.init))
        let there = Repository.names(in: "Benchmarks").filter {
            Repository.isExecutable("Benchmarks/\($0)") && !$0.contains(where: \.isUppercase)
        }
        #expect(names == Set(there).subtracting(Self.byHand))
        let table = try TextFile("Benchmarks/README.md").text
        for name in there { #expect(table.contains("| `Benchmarks/\(name)` |"), "\(name)") }
        for name in names {
            let texts =
                [try TextFile("Benchmarks/\(name)")]
                + (try Repository.swiftFiles(below: ["Benchmarks/\(name.capitalized)"]))
            #expect(
                texts.contains { $0.text.contains("result ") || $0.text.contains("RESULT ") },
                "\(name) prints no figure for Benchmarks/all")
        }
    }

    @Test("two canned files are compared, and a failure is kept", .enabled(if: hasPython))
    func comparing() throws {
        let checked = try Self.run(["--self-check"])
        #expect(checked.code == 0, "\(checked.output)")
    }

    @Test("what can't be meant is refused before anything is measured", .enabled(if: hasPython))
    func refusals() throws {
        for arguments in [
            ["--only", "none"], ["--compare", "/dev/null"], ["--out"], ["--out", ""], ["--fast"],
        ] {
            let refused = try Self.run(arguments)
            #expect(refused.code == 1 && !refused.output.isEmpty, "\(arguments)")
        }
    }
}

private let hasPython = ["/bin", "/usr/bin", "/usr/local/bin"].contains {
    FileManager.default.isExecutableFile(atPath: $0 + "/python3")
}
