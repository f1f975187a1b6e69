// What documents and scripts name is there.

import Foundation
import Testing

@Suite("Documents") struct DocumentTests {
    @Test("every file of ours that a document or a script's head names is there")
    func paths() throws {
        var count = 0
        for file in try Repository.documents() + Repository.scripts() {
            for (index, line) in file.lines.enumerated() where file.isRead(line) {
                for path in TextFile.ownPaths(in: line) {
                    count += 1
                    #expect(
                        Repository.exists(path), "\(file.path):\(index + 1) names \(path)")
                }
            }
        }
        #expect(count > 20, "the documents were not found")
    }

    @Test("every link of a document that leads into the repository leads somewhere")
    func links() throws {
        for document in try Repository.documents() {
            let folder = document.path.split(separator: "/").dropLast().joined(separator: "/")
            for line in document.lines {
                for match in line.matches(of: /\]\(([^)#\s]*)(?:#([^)\s]+))?\)/) {
                    let target = String(match.1)
                    guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
                    let path =
                        target.isEmpty
                        ? document.path : Repository.path(target, in: folder)
                    #expect(Repository.exists(path), "\(document.path) links to \(target)")
                    guard let anchor = match.2, path.hasSuffix(".md"), Repository.exists(path)
                    else { continue }
                    #expect(
                        try TextFile(path).anchors.contains(String(anchor)),
                        "\(document.path) links to \(path)#\(anchor)")
                }
            }
        }
    }

    @Test("a heading's anchor is what links say")
    func anchors() {
        #expect(TextFile.anchor(of: "## Backup and restore") == "backup-and-restore")
        #expect(
            TextFile.anchor(of: "## What `fanfare check` finds") == "what-fanfare-check-finds")
        #expect(TextFile.anchor(of: "### A cue's way, in 3 steps") == "a-cues-way-in-3-steps")
    }

    @Test("the README is short: the rest is where it belongs")
    func readme() throws {
        let lineCount = try TextFile("README.md").lines.count - 1
        #expect(lineCount <= 200, "README.md has \(lineCount) lines")
    }

    @Test("the architecture's table is the plan: its modules in its order, and what each imports")
    func modules() throws {
        let head = "| module | of ours it imports |"
        let lines = try TextFile("Sources/ARCHITECTURE.md").lines
        let table = lines.drop { !$0.hasPrefix(head) }.dropFirst(2).prefix { $0.hasPrefix("|") }
        let rows = table.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return "\(cells.first ?? "") imports \(cells.dropFirst().first ?? "")"
        }
        let plan = HousePlan.modules.map { module in
            let own = module.own.isEmpty ? "–" : module.own.sorted().joined(separator: ", ")
            return "`\(module.name)` imports \(own)"
        }
        #expect(rows == plan)
    }

    @Test("every suite of tests that a document names is there")
    func suites() throws {
        let tests = try Repository.swiftFiles(below: ["Tests"]).map(\.text)
        let folders = Set(Repository.folders(in: "Tests"))
        for document in try Repository.documents() {
            for match in document.text.matches(of: /`(\w+Tests)`/) {
                let name = String(match.1)
                let isThere =
                    folders.contains(name)
                    || tests.contains {
                        $0.contains("struct \(name)") || $0.contains("enum \(name)")
                    }
                #expect(isThere, "\(document.path) names \(name)")
            }
        }
    }

    @Test("code and documents lean on nothing outside the repository")
    func outside() throws {
        // The plans these were built after are not shipped with them.
        let plans = ["DESIGN" + ".md", "STYLE" + ".md"]
        let sources = try Repository.swiftFiles(below: ["Sources", "Tests"])
        for file in try sources + Repository.documents() + Repository.scripts() {
            for plan in plans {
                let numbers = file.lineNumbers(with: plan)
                #expect(numbers.isEmpty, "\(file.path) names \(plan) in lines \(numbers)")
            }
        }
    }

    @Test("paths are found where people write them")
    func ownPaths() {
        #expect(
            TextFile.ownPaths(in: "`./Ops/test` and (Ops/fuzz), see Benchmarks/README.md.")
                == ["Ops/test", "Ops/fuzz", "Benchmarks/README.md"])
        #expect(
            TextFile.ownPaths(in: "Tests/Fuzz/<Parser>Fuzz/ of Tests/Fuzz") == [
                "Tests/Fuzz/", "Tests/Fuzz",
            ])
        #expect(TextFile.ownPaths(in: "/usr/Sources/x, MyTests/y").isEmpty)
    }
}

extension TextFile {
    /// Whether people read this line: all of a document, and the comments of a script.
    fileprivate func isRead(_ line: Substring) -> Bool {
        path.hasSuffix(".md") || line.drop { $0 == " " }.hasPrefix("# ")
    }

    /// The paths into our own folders that a line names.
    fileprivate static func ownPaths(in line: Substring) -> [String] {
        line.matches(
            of:
                /(?:^|[^\w\/.-])(?:\.\/)?((?:Benchmarks|Ops|Sources|Tests|\.ci|\.github)\/[\w.+\/-]*)/
        )
        .map { match in
            var path = match.1
            while let last = path.last, last == "." || last == "-" { path = path.dropLast() }
            return String(path)
        }
    }

    /// What a link can name behind `#`: the headings of a document, and its explicit anchors.
    fileprivate var anchors: Set<String> {
        Set(lines.filter { $0.hasPrefix("#") }.map(Self.anchor))
    }

    /// `a-heading` for `## A heading`, as repositories' pages make it.
    fileprivate static func anchor(of heading: Substring) -> String {
        heading.drop { $0 == "#" || $0 == " " }.lowercased()
            .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
            .replacing(" ", with: "-")
    }
}
