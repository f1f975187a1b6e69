// What every file of ours keeps to.

import Foundation
import Testing

@Suite("Files") struct FileTests {
    private static let folders = ["Sources", "Tests", "Benchmarks"]

    @Test("a Swift file begins with its purpose")
    func purpose() throws {
        for file in try Repository.swiftFiles(below: Self.folders) {
            let first = file.lines.first ?? ""
            let words = first.dropFirst(3).split(separator: " ")
            #expect(
                first.hasPrefix("// ") && words.count >= 3 && !first.contains(file.name),
                "the first line of \(file.path) is to be a comment that says what the file is for")
        }
    }

    @Test("a file is one idea, and not a long one")
    func length() throws {
        for file in try Repository.swiftFiles(below: Self.folders)
        where !HousePlan.longFiles.contains(file.path) {
            #expect(
                file.lines.count - 1 <= HousePlan.lineCountMax,
                "\(file.path) has \(file.lines.count - 1) lines: it is asking to be two files")
        }
    }

    /// Swift 6.3 frees the box of an indirect case before it has copied what is in it, where one
    /// pattern of two such cases is matched against a temporary.
    @Test("no pattern binds one name in two indirect cases")
    func indirectPatterns() throws {
        let files = try Repository.swiftFiles(below: ["Sources"])
        let indirect = Set(
            files.flatMap { file in
                file.text.matches(of: /indirect case (\w+)/).map { String($0.output.1) }
            })
        #expect(indirect.contains("edited"), "the rule sees the cases that it is for")
        for file in files {
            for match in file.text.matches(of: /case\s+(?:\.\w+\([^()]*\)\s*,\s*)+\.\w+\([^()]*\)/)
            {
                let binding = match.output.matches(of: /\.(\w+)\(([^()]*)\)/).filter {
                    indirect.contains(String($0.output.1)) && $0.output.2.contains("let ")
                }
                #expect(binding.count < 2, "\(file.path): \(match.output)")
            }
        }
    }

    @Test("nothing is left undone, forced or slept over")
    func forbidden() throws {
        // Put together, so that this file doesn't find itself.
        let everywhere = ["TO" + "DO", "FIX" + "ME", "import XC" + "Test"]
        let inSources = ["try" + "!", "fatal" + "Error(", " as" + "! "]
        for file in try Repository.swiftFiles(below: Self.folders) {
            let words = everywhere + (file.path.hasPrefix("Sources/") ? inSources : [])
            for word in words {
                let numbers = file.lineNumbers(with: word)
                #expect(numbers.isEmpty, "\(file.path) has \(word) in lines \(numbers)")
            }
        }
    }

    @Test("what faces the network names its bounds in one place", arguments: HousePlan.modules)
    func limits(_ module: Module) {
        let path = "Sources/\(module.name)/Limits.swift"
        #expect(!module.isExposed || Repository.exists(path), "\(path) is missing")
    }

    @Test("a script can be run and says what it does; what is sourced can't be run")
    func scripts() throws {
        for script in try Repository.scripts() {
            let isShared = script.path.hasSuffix(".sh")
            #expect(Repository.isExecutable(script.path) != isShared, "\(script.path)")
            #expect((script.lines.first ?? "").hasPrefix("#!") != isShared, "\(script.path)")
            let purpose = script.lines[isShared ? 0 : 1]
            #expect(
                purpose.hasPrefix("# ") && purpose.count > 20,
                "\(script.path) is to begin with what it does")
        }
    }
}
