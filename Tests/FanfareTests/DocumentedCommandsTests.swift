// The commands in the documents are commands of the program, and their options exist.

import ArgumentParser
import FoundationEssentials
import Testing

@testable import Fanfare

@Suite struct DocumentedCommandsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardized

    /// What follows the program's name in a line of code: `./Ops/run check --http …`.
    private static func calls(in line: Substring) -> [[Substring]] {
        line.matches(of: /(?:^|[\s`])(?:fanfare|(?:\.\/)?Ops\/run)((?: +[\w.:\/<>=%"$()-]+)*)/)
            .map { $0.1.split(separator: " ") }
    }

    /// The lines of a document that are code: those in fences, and what stands between backquotes.
    private static func codeLines(of text: String) -> [Substring] {
        var isFenced = false
        return text.split(separator: "\n").flatMap { line -> [Substring] in
            if line.hasPrefix("```") {
                isFenced.toggle()
                return []
            }
            if isFenced { return [line] }
            return line.matches(of: /`([^`]+)`/).map(\.1)
        }
    }

    private static func options(of help: String) -> Set<String> {
        Set(help.matches(of: /--[a-z][a-z-]*/).map { String($0.0) })
    }

    /// Of one command below another; nil where there is none of that name.
    private static func options(
        of group: any ParsableCommand.Type, _ name: String
    ) -> Set<String>? {
        group.configuration.subcommands.first { $0.configuration.commandName == name }
            .map { options(of: group.helpMessage(for: $0)) }
    }

    @Test func everyDocumentedCommandCanBeGiven() {
        let serve = Self.options(of: Serve.helpMessage())
        let commands = FanfareCommand.configuration.subcommands
        let helps = Dictionary(
            uniqueKeysWithValues: commands.map {
                ($0._commandName, Self.options(of: $0.helpMessage()))
            })
        var count = 0
        for document in ["README.md", "Benchmarks/README.md"] {
            // Whether a document is there is a rule of the house, and not this test's.
            let path = Self.root.appending(path: document)
            guard let text = try? String(contentsOf: path, encoding: .utf8) else { continue }
            for line in Self.codeLines(of: text) {
                for words in Self.calls(in: line) {
                    count += 1
                    let name = words.first.map(String.init) ?? "serve"
                    // Without a subcommand it serves.
                    if !name.hasPrefix("-") {
                        #expect(helps[name] != nil, "\(document): there is no fanfare \(name)")
                    }
                    var known = helps[name] ?? serve
                    let group = commands.first {
                        $0._commandName == name && !$0.configuration.subcommands.isEmpty
                    }
                    if let group, words.count > 1 {
                        let options = Self.options(of: group, String(words[1]))
                        #expect(options != nil, "\(document): \(line)")
                        known = options ?? []
                    }
                    for word in words where word.hasPrefix("--") {
                        let option = String(word.prefix { $0 != "=" })
                        #expect(known.contains(option), "\(document): \(line)")
                    }
                }
            }
        }
        #expect(count >= 4, "the documents have no commands")
    }

    @Test func callsAreFound() {
        #expect(
            Self.calls(in: "./Ops/run rehearse --url http://127.0.0.1:8080/x --for 30s")
                == [["rehearse", "--url", "http://127.0.0.1:8080/x", "--for", "30s"]])
        #expect(Self.calls(in: "fanfare --version") == [["--version"]])
        #expect(Self.calls(in: "--data ./fanfare-data").isEmpty)
    }
}
