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
                for match in line.matches(of: /\]\(([^)#\s]+)[^)]*\)/) {
                    let target = String(match.1)
                    guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
                    let path = folder.isEmpty ? target : "\(folder)/\(target)"
                    #expect(Repository.exists(path), "\(document.path) links to \(target)")
                }
            }
        }
    }

    @Test("the README's picture of the house has every module")
    func picture() throws {
        let readme = try TextFile("README.md").text
        let house = try #require(readme.range(of: "## The house"))
        let text = readme[house.upperBound...]
        let missing = HousePlan.modules.map(\.name).filter { !text.contains($0) }
        #expect(missing.isEmpty, "not in the README's picture of the house")
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
            of: /(?:^|[^\w\/.-])(?:\.\/)?((?:Benchmarks|Ops|Sources|Tests|\.ci)\/[\w.\/-]*)/
        )
        .map { match in
            var path = match.1
            while let last = path.last, last == "." || last == "-" { path = path.dropLast() }
            return String(path)
        }
    }
}
