// The runbook and the program have the same metrics.

import Testing

@Suite("Metrics in documents") struct MetricDocumentTests {
    /// The metrics whose names stand in the sources.
    private static func inSources() throws -> Set<String> {
        var names: Set<String> = []
        for file in try Repository.swiftFiles(below: ["Sources"]) {
            for match in file.text.matches(of: /"((?:fanfare|process)_[a-z_]+)"/) {
                names.insert(String(match.1))
            }
        }
        // A cookie's name, and no metric.
        return names.subtracting(["fanfare_session"])
    }

    @Test("every metric that a document names is one")
    func namedOnes() throws {
        let known = try Self.inSources()
        let parts = ["_bucket", "_count", "_sum"]
        for document in try Repository.documents() where document.path != "CHANGELOG.md" {
            for (index, line) in document.lines.enumerated() {
                for match in line.matches(of: /\b(?:fanfare|process)_[a-z_]*[a-z]\b/) {
                    let name = String(match.0)
                    let isKnown =
                        name == "fanfare_session" || known.contains(name)
                        || parts.contains { part in
                            name.hasSuffix(part)
                                && known.contains(String(name.dropLast(part.count)))
                        }
                    #expect(isKnown, "\(document.path):\(index + 1) names \(name)")
                }
            }
        }
    }

    @Test("the runbook has every metric")
    func allOfThem() throws {
        let runbook = try TextFile("Ops/RUNBOOK.md")
        let missing = try Self.inSources().filter { !runbook.text.contains("`\($0)`") }
        #expect(missing.filter { !$0.hasPrefix("fanfare_memfd") }.isEmpty, "not in Ops/RUNBOOK.md")
    }
}
