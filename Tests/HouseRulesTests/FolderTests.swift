// What lies where in the repository.

import Foundation
import Testing

@Suite("Folders") struct FolderTests {
    @Test("the top of the repository holds what it is meant to, and nothing else")
    func topLevel() {
        let names = Set(Repository.names(in: ".").filter { !HousePlan.isLeftover($0) })
        #expect(names.subtracting(HousePlan.topLevel).isEmpty, "what is this?")
        // Neither is there in an archive of the sources.
        let optional: Set = [".git", "Package.resolved"]
        #expect(HousePlan.topLevel.subtracting(optional).subtracting(names).isEmpty, "missing")
    }

    @Test("tests mirror the modules, and the package knows them all")
    func tests() throws {
        let package = try TextFile("Package.swift").text
        let modules = Set(HousePlan.modules.map(\.name))
        for folder in Repository.folders(in: "Tests") {
            if !HousePlan.testFolders.contains(folder) {
                #expect(
                    folder.hasSuffix("Tests") && modules.contains(String(folder.dropLast(5))),
                    "Tests/\(folder) is named after no module")
            }
            let isDeclared = package.contains("\"\(folder)\"")
            #expect(isDeclared || !folder.hasSuffix("Tests"), "Package.swift has no \(folder)")
        }
    }

    @Test("a fuzzer has a corpus, and a corpus has a fuzzer")
    func fuzzers() {
        let fuzzers = Repository.folders(in: "Tests/Fuzz").filter { $0.hasSuffix("Fuzz") }
        let corpora = Repository.folders(in: "Tests/Fuzz/Corpus")
        #expect(!fuzzers.isEmpty)
        for fuzzer in fuzzers {
            let corpus = Self.corpusName(String(fuzzer.dropLast(4)))
            #expect(corpora.contains(corpus), "\(fuzzer) has no seeds in Corpus/\(corpus)")
        }
        #expect(fuzzers.count == corpora.count)
    }

    /// `flv-reader` for `FLVReader`, as `Ops/fuzz` names it.
    static func corpusName(_ parser: String) -> String {
        parser.replacing(/([A-Z]+)([A-Z][a-z])/) { "\($0.1)-\($0.2)" }
            .replacing(/([a-z0-9])([A-Z])/) { "\($0.1)-\($0.2)" }
            .lowercased()
    }
}
