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

    @Test("they fit together, and all of them are there")
    func site() throws {
        let site = try WebSite(WebFiles.builtIn())
        for path in ["/", "/watch/{name}", "/fanfare-player.js", "/theme.css", "/favicon.svg"] {
            #expect(site.audience[path] != nil, "\(path)")
        }
        for path in ["/", "/login", "/fanfare-player.js", "/theme.css", "/favicon.svg"] {
            #expect(site.staff[path] != nil, "\(path)")
        }
    }

    private static let node = ["/usr/bin/node", "/usr/local/bin/node"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test("every bundle is JavaScript", .enabled(if: node != nil, "there is no node here"))
    func syntax() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "fanfare-bundles-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let site = try WebSite(WebFiles.builtIn())
        let bundles = site.audience.merging(site.staff) { one, _ in one }
            .filter { $0.key.hasSuffix(".js") }
        #expect(bundles.count >= 4)
        for (path, file) in bundles {
            let place = folder.appending(path: "bundle.mjs")
            try Data(file.representations.last?.body ?? []).write(to: place)
            let process = Process()
            process.executableURL = URL(filePath: Self.node ?? "")
            process.arguments = ["--check", place.path]
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            let text = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(path): \(text)")
        }
    }

    @Test("no file makes markup or code of text, or asks anybody else for anything")
    func forbidden() throws {
        let inScripts = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
            "new Function", "setTimeout(\"", "srcdoc", ".style.cssText",
        ]
        for (path, bytes) in try WebFiles.builtIn().files {
            let text = String(decoding: bytes, as: UTF8.self)
            if path.hasSuffix(".js") {
                for word in inScripts { #expect(!text.contains(word), "\(path) has \(word)") }
            }
            guard path.hasSuffix(".html") else { continue }
            for pattern in [/<script(?![^>]*\ssrc=)[^>]*>/, /\sstyle=/, /\son[a-z]+=/, /<style/] {
                let found = text.firstMatch(of: pattern).map { String($0.output) }
                #expect(found == nil, "\(path) has \(found ?? "")")
            }
            let foreign = text.firstMatch(of: /(?:src|href)="(?:https?:)?\/\/[^"]*"/)
            #expect(foreign == nil, "\(path) loads \(foreign.map { String($0.output) } ?? "")")
        }
    }

    @Test("the viewers' page with the player has at most 60 KB on the way")
    func size() throws {
        let site = try WebSite(WebFiles.builtIn(), packing: .best)
        let page = try #require(site.audience["/"])
        let text = String(decoding: page.representations.last?.body ?? [], as: UTF8.self)
        func sizes(_ links: Regex<(Substring, Substring)>) -> [Int] {
            text.matches(of: links).compactMap {
                site.audience[String($0.output.1)]?.representations[0].body.count
            }
        }
        let loaded = sizes(/<(?:script|link)(?! rel="strings")[^>]*(?:src|href)="(\/[^"]*)"/)
        // Of the languages it loads one.
        let words = sizes(/<link rel="strings"[^>]*href="(\/[^"]*)"/)
        #expect(loaded.count >= 4 && words.count == 3)
        let byteCount =
            page.representations[0].body.count + loaded.reduce(0, +) + (words.max() ?? 0)
        #expect(byteCount <= 60 << 10, "\(byteCount) bytes")
    }
}
