// Imports point down only.

import Foundation
import Testing

@Suite("Imports") struct ImportTests {
    @Test("the plan itself points down")
    func planPointsDown() {
        var known: Set<String> = []
        for module in HousePlan.modules {
            #expect(module.own.isSubset(of: known), "\(module.name) stands above what it imports")
            known.insert(module.name)
        }
        #expect(known.count == HousePlan.modules.count, "a module is in the plan twice")
    }

    @Test("every folder of Sources is in the plan, and the other way about")
    func folders() {
        #expect(Repository.folders(in: "Sources") == HousePlan.modules.map(\.name).sorted())
    }

    @Test("a module imports what the plan allows", arguments: HousePlan.modules)
    func module(_ module: Module) throws {
        let files = try Repository.swiftFiles(below: ["Sources/\(module.name)"])
        let allowed = module.own.union(module.foreign)
        for file in files {
            for name in file.imports {
                #expect(
                    allowed.contains(name),
                    "\(file.path) imports \(name), which \(module.name) may not know")
            }
        }
    }

    @Test("imports are found in every way they can be written")
    func importLines() {
        let lines: [(String, String?)] = [
            ("import FLV", "FLV"), ("public import FLV", "FLV"),
            ("@testable import Fanfare", "Fanfare"), ("    import Foundation", "Foundation"),
            ("@_spi(Inner) package import struct FLV.FLVTag", "FLV"),
            ("@preconcurrency import Dispatch // why", "Dispatch"),
            ("// import FLV", nil), ("important()", nil), ("let import = 1", nil),
        ]
        for (line, name) in lines {
            #expect(TextFile.importedModule(in: line[...]) == name, "\(line)")
        }
    }
}

extension Module: CustomTestStringConvertible {
    var testDescription: String { name }
}

extension TextFile {
    /// The modules this Swift file imports.
    var imports: [String] { lines.compactMap(Self.importedModule) }

    static func importedModule(in line: Substring) -> String? {
        // Most lines are told by this, which is much quicker.
        guard line.utf8.contains(UInt8(ascii: "i")), line.contains("import ") else { return nil }
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
        guard let match = try? pattern.firstMatch(in: line) else { return nil }
        return String(match.1)
    }
}
