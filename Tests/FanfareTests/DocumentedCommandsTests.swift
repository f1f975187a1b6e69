// The commands, options and settings in the documents are the program's.

import ArgumentParser
import FoundationEssentials
import Settings
import Testing

@testable import Fanfare

@Suite struct DocumentedCommandsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardized

    /// Every document for people but the changelog, which tells of what was.
    private static func documents() -> [(name: String, text: String)] {
        let folders = ["Ops", "Sources", ".github"]
        let nested = folders.flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(
                atPath: root.appending(path: folder).path)) ?? [])
                .filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
        }
        return (["README.md", "Benchmarks/README.md"] + nested).compactMap { name in
            let path = root.appending(path: name)
            return (try? String(contentsOf: path, encoding: .utf8)).map { (name, $0) }
        }
    }

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

    /// The options of the command that a call names; nil where there is no such command. Without a
    /// subcommand it serves.
    private static func options(ofCall words: [Substring]) -> Set<String>? {
        guard let first = words.first, !first.hasPrefix("-") else {
            return options(of: Serve.helpMessage()).union(["--version"])
        }
        var command: any ParsableCommand.Type = FanfareCommand.self
        for word in words {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !word.hasPrefix("-") else { break }
            guard let next = subcommands.first(where: { $0._commandName == word })
            else { return nil }
            command = next
        }
        while let standard = command.configuration.defaultSubcommand { command = standard }
        return options(of: FanfareCommand.helpMessage(for: command))
    }

    /// The options of all commands.
    private static func everyOption(
        below command: any ParsableCommand.Type = FanfareCommand.self
    ) -> Set<String> {
        command.configuration.subcommands.reduce(
            options(of: FanfareCommand.helpMessage(for: command))
        ) { $0.union(everyOption(below: $1)) }
    }

    @Test func everyDocumentedCommandCanBeGiven() {
        var count = 0
        for document in Self.documents() {
            for line in Self.codeLines(of: document.text) {
                for words in Self.calls(in: line) {
                    count += 1
                    guard let known = Self.options(ofCall: words) else {
                        Issue.record("\(document.name): there is no such command: \(line)")
                        continue
                    }
                    for word in words where word.hasPrefix("--") {
                        let option = String(word.prefix { $0 != "=" })
                        #expect(known.contains(option), "\(document.name): \(line)")
                    }
                }
            }
        }
        #expect(count >= 40, "the documents have no commands")
    }

    @Test func everyDocumentedOptionIsSomeCommands() {
        let known = Self.everyOption()
        for document in Self.documents() where document.name != "Benchmarks/README.md" {
            for line in Self.codeLines(of: document.text) where line.hasPrefix("--") {
                let option = line.prefix { $0 == "-" || $0.isLetter }
                #expect(known.contains(String(option)), "\(document.name): \(line)")
            }
        }
    }

    @Test func everyDocumentedSettingIsOne() {
        let variables = Set(SettingsCatalog.all.map(\.environmentVariable))
            // Where settings and the staff plane are looked for, and what tests and builds read.
            .union(["FANFARE_CONFIG", "FANFARE_SEEDS", "FANFARE_SEED", "FANFARE_FUZZ"])
        let keys = Set(SettingsCatalog.all.map(\.key))
        let groups = Set(keys.filter { $0.contains(".") }.map { $0.prefix { $0 != "." } })
        for document in Self.documents() {
            for match in document.text.matches(of: /\bFANFARE_[A-Z_]*[A-Z]\b/) {
                #expect(variables.contains(String(match.0)), "\(document.name)")
            }
            for line in Self.codeLines(of: document.text) {
                for match in line.matches(of: /(?:^|\s)([a-z]+)\.[A-Za-z]+(?:$|\s)/)
                where groups.contains(match.1) {
                    let key = match.0.filter { !$0.isWhitespace }
                    #expect(keys.contains(key), "\(document.name): \(line)")
                }
            }
        }
    }

    @Test func callsAreFound() {
        #expect(
            Self.calls(in: "./Ops/run rehearse --url http://127.0.0.1:8080/x --for 30s")
                == [["rehearse", "--url", "http://127.0.0.1:8080/x", "--for", "30s"]])
        #expect(Self.calls(in: "fanfare --version") == [["--version"]])
        #expect(Self.calls(in: "--data ./fanfare-data").isEmpty)
        #expect(Self.options(ofCall: ["show", "question", "add"])?.contains("--spare") == true)
        #expect(Self.options(ofCall: ["show", "nothing"]) == nil)
    }
}
