// Which data folder this is, and whether another was meant.

import Foundation
import Testing

@testable import Fanfare

@Suite struct DataFolderNoticeTests {
    private func inTree(_ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory
            .appending(path: "fanfare-\(UUID().uuidString)").resolvingSymlinksInPath()
        defer { try? FileManager.default.removeItem(at: root) }
        for folder in ["show/night", "bin"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: folder), withIntermediateDirectories: true)
        }
        try body(root.path)
    }

    private func use(_ folder: String, _ file: String = "ledger.sqlite") throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(folder)/\(file)"))
    }

    @Test func aFolderInUseIsNamedFromTheRootOn() throws {
        try inTree { root in
            try use("\(root)/show/fanfare-data", "publish-key")
            let notice = DataFolderNotice(
                path: "./fanfare-data", workingPath: "\(root)/show", programPath: nil)
            #expect(notice.note == "everything is kept in \(root)/show/fanfare-data")
            #expect(notice.warning == nil)
        }
    }

    @Test func aNewOneIsAWarningAndOthersNearbyAreNamed() throws {
        try inTree { root in
            let alone = DataFolderNotice(
                path: "fanfare-data", workingPath: "\(root)/show/night",
                programPath: "\(root)/bin/fanfare")
            #expect(alone.isNew && alone.others.isEmpty && alone.note == nil)
            #expect(alone.warning?.contains("\(root)/show/night/fanfare-data is new") == true)

            try use("\(root)/show/fanfare-data")
            try use("\(root)/bin/fanfare-data")
            // An empty one is nobody's.
            try FileManager.default.createDirectory(
                atPath: "\(root)/fanfare-data", withIntermediateDirectories: false)
            let notice = DataFolderNotice(
                path: "fanfare-data", workingPath: "\(root)/show/night",
                programPath: "\(root)/bin/fanfare")
            #expect(notice.others == ["\(root)/show/fanfare-data", "\(root)/bin/fanfare-data"])
            #expect(notice.warning?.contains("start again with --data") == true)
        }
    }
}
