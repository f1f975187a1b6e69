// The pages as the audience's plane serves them, and what an operator changes of them.

import Foundation
import Testing

@Suite("Pages", .ownThread)
struct PagesTests {
    private func references(of page: String) -> [String] {
        page.matches(of: /(?:src|href)="(\/[^"]*)"/).map { String($0.output.1) }
    }

    @Test("The page, and all that it loads, come packed, whole and once")
    func page() throws {
        try ServerProcess.run { server in
            let page = try HTTPClient.ask(port: server.httpPort, "/")
            #expect(page.statusCode == 200)
            #expect(page.field("Content-Type") == "text/html; charset=utf-8")
            #expect(page.field("Content-Security-Policy")?.contains("script-src 'self';") == true)
            #expect(try HTTPClient.ask(port: server.httpPort, "/watch/show").body == page.body)
            let loaded = references(of: page.text)
            #expect(loaded.contains { $0.hasPrefix("/assets/viewer.") && $0.hasSuffix(".js") })
            #expect(loaded.contains { $0.hasPrefix("/assets/fanfare-player.") })
            var byteCount = page.body.count
            for reference in loaded + ["/fanfare-player.js"] {
                let packed = try HTTPClient.ask(
                    port: server.httpPort, reference, fields: ["Accept-Encoding: gzip"])
                let plain = try HTTPClient.ask(port: server.httpPort, reference)
                #expect(packed.statusCode == 200 && plain.statusCode == 200, "\(reference)")
                #expect(plain.field("Content-Encoding") == nil)
                byteCount += reference == "/fanfare-player.js" ? 0 : packed.body.count
                let tag = try #require(plain.field("ETag"))
                let again = try HTTPClient.ask(
                    port: server.httpPort, reference, fields: ["If-None-Match: \(tag)"])
                #expect(again.statusCode == 304 && again.body.isEmpty)
                let isAsset = reference.hasPrefix("/assets/")
                #expect(plain.field("Cache-Control")?.contains("immutable") == isAsset)
            }
            print("the page and what it loads: \(byteCount) bytes")
            let player = try HTTPClient.ask(port: server.httpPort, "/fanfare-player.js")
            #expect(player.field("Access-Control-Allow-Origin") == "*")
        }
    }

    @Test("Many ask for pages on one connection while others watch")
    func keepAlive() throws {
        try ServerProcess.run { server in
            let client = try HTTPClient(port: server.httpPort)
            let paths = try references(of: HTTPClient.ask(port: server.httpPort, "/").text)
            for _ in 0..<5 {
                for path in paths { try client.connection.send(HTTPClient.request("GET", path)) }
                for path in paths {
                    let answer = try client.answer()
                    #expect(answer.statusCode == 200 && answer.keepsAlive, "\(path)")
                }
            }
        }
    }

    @Test("A theme is taken on at the start and at SIGHUP, and what is none is said")
    func theme() throws {
        try ServerProcess.run { server in
            func get(_ path: String) throws -> HTTPAnswer {
                try HTTPClient.ask(port: server.httpPort, path)
            }
            #expect(try get("/theme.css").body.isEmpty && get("/logo").statusCode == 404)
            let plain = try get("/")
            #expect(!plain.text.contains("data-logo"))
            let folder = server.dataFolder.appending(path: "data/theme")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            func write(_ name: String, _ text: String) throws {
                try Data(text.utf8).write(to: folder.appending(path: name))
            }
            try write("theme.css", "body { color: #fed }")
            try write("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>")
            server.process.signal(SIGHUP)
            try server.wait(for: "the theme") {
                try get("/theme.css").text == "body { color: #fed }"
            }
            let logo = try get("/logo")
            #expect(logo.field("Content-Type") == "image/svg+xml")
            #expect(logo.field("Content-Security-Policy")?.contains("sandbox") == true)
            let page = try get("/")
            #expect(page.text.contains("<body data-logo=\"/logo\""))
            #expect(page.field("ETag") != plain.field("ETag"))
            try write("logo.svg", "no picture")
            try write("theme.css", String(repeating: " ", count: 257 << 10))
            server.process.signal(SIGHUP)
            try server.waitForLog("logo.svg isn't what its name says; the pages go without it")
            try server.waitForLog("theme.css: it is longer than 262144 bytes")
            try server.wait(for: "no theme") { try get("/logo").statusCode == 404 }
            #expect(try !get("/").text.contains("data-logo"))
        }
    }

    @Test("Pages of a folder are served instead, read again at SIGHUP, and mistakes are named")
    func folder() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let pages = folder.appending(path: "pages")
        let own = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Web/Files")
        try FileManager.default.copyItem(at: own, to: pages)
        let page = pages.appending(path: "viewer/index.html")
        let script = pages.appending(path: "viewer/viewer.js")
        try ServerProcess.run(["--web-files", pages.path]) { server in
            func get(_ path: String) throws -> HTTPAnswer {
                try HTTPClient.ask(port: server.httpPort, path)
            }
            try Data("<!doctype html><title>mine</title>".utf8).write(to: page)
            server.process.signal(SIGHUP)
            try server.wait(for: "my page") { try get("/").text.contains("<title>mine") }
            try Data("<script type=\"module\" src=\"/viewer/viewer.js\"></script>".utf8)
                .write(to: page)
            try Data("import x from \"./x.js\";\n".utf8).write(to: script)
            server.process.signal(SIGHUP)
            try server.waitForLog(
                "the pages stay as they were: viewer/viewer.js, line 1: write import")
            #expect(try get("/").text.contains("<title>mine"))
        }
        let result = try Tool.run(
            ServerProcess.binary,
            [
                "serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--staff", "127.0.0.1:0",
                "--open-ingest", "--data", folder.appending(path: "data").path, "--web-files",
                pages.path,
            ])
        #expect(
            result.end != .exit(code: 0)
                && result.errors.contains("viewer/viewer.js, line 1: write import"))
    }
}
