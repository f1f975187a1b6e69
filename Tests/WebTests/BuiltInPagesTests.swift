// The pages that are in the program: all of the folder, and fit to be served.

import Foundation
import Testing

@testable import Web

@Suite("Built-in pages") struct BuiltInPagesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("the program has all files of Sources/Web/Files; if not, run Ops/web-files")
    func listing() throws {
        let folder = Self.root.appending(path: "Sources/Web/Files").resolvingSymlinksInPath()
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var files: [String: [UInt8]] = [:]
        while let file = found?.nextObject() as? URL {
            guard !file.hasDirectoryPath, !file.lastPathComponent.hasPrefix(".") else { continue }
            let path = file.resolvingSymlinksInPath().path.dropFirst(folder.path.count + 1)
            files[String(path)] = Array(try Data(contentsOf: file))
        }
        let builtIn = try WebFiles.builtIn().files
        #expect(files.keys.sorted() == builtIn.keys.sorted())
        for (path, bytes) in files { #expect(builtIn[path] == bytes, "\(path) is an older one") }
    }

    @Test("they fit together")
    func site() throws {
        let site = try WebSite(WebFiles.builtIn())
        #expect(site.audience["/favicon.svg"] != nil)
    }
}
