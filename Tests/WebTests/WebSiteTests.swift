// The pages as they are served: addresses by hash, packed, with the fields that keep them harmless.

import Foundation
import HTTPWire
import Testing

@testable import Web

@Suite("Web site") struct WebSiteTests {
    static let texts = [
        "favicon.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        "player/fanfare-player.js": "export class FanfarePlayer {}\n",
        "player/fanfare-player.d.ts": "export class FanfarePlayer {}\n",
        "viewer/index.html": """
        <!doctype html>
        <link rel="icon" href="/favicon.svg">
        <link rel="stylesheet" href="/viewer/viewer.css"><link rel="stylesheet" href="/theme.css">
        <link rel="modulepreload" href="/player/fanfare-player.js">
        <a href="https://example.com/x">x</a>
        <script type="module" src="/viewer/viewer.js"></script>
        """,
        "viewer/viewer.css": "/* colours */\nbody { background: url(\"/shared/a.svg\"); }\n",
        "viewer/viewer.js":
            "import { FanfarePlayer } from \"../player/fanfare-player.js\";\nnew FanfarePlayer();\n",
        "shared/a.svg": "<svg/>",
        "console/index.html": "<script type=\"module\" src=\"/console/console.js\"></script>",
        "console/console.js":
            "import { FanfarePlayer } from \"../player/fanfare-player.js\";\nnew FanfarePlayer();\n",
        "console/login.html": "<script type=\"module\" src=\"/console/login.js\"></script>",
        "console/login.js": "document.title = \"x\";\n",
        "examples/mpegts.html": "<!doctype html>",
    ]

    private func site(
        _ changes: [String: String?] = [:], theme: Theme = Theme(), frameAncestors: [String] = []
    ) throws -> WebSite {
        var texts: [String: String?] = Self.texts
        texts.merge(changes) { $1 }
        let files = texts.compactMapValues { $0.map { Array($0.utf8) } }
        return try WebSite(WebFiles(files), theme: theme, frameAncestors: frameAncestors)
    }

    private func text(_ file: StaticFile?) -> String {
        String(decoding: file?.representations.last?.body ?? [], as: UTF8.self)
    }

    private func field(_ name: String, of file: StaticFile?) -> String? {
        file?.fields.first { $0.name == name }?.value
    }

    @Test("addresses are hashes of what is served, and every one of them is there")
    func addresses() throws {
        let site = try site()
        let page = text(site.audience["/"])
        let references = page.matches(of: /(?:href|src)="(\/[^"]*)"/).map { String($0.output.1) }
        #expect(references.count == 5)
        for reference in references { #expect(site.audience[reference] != nil, "\(reference)") }
        let assets = references.filter { $0.hasPrefix("/assets/") }
        #expect(assets.count == 3)
        for asset in assets {
            #expect(asset.wholeMatch(of: /\/assets\/[a-z-]+\.[0-9a-f]{15}\.(js|css)/) != nil)
            #expect(
                field("Cache-Control", of: site.audience[asset])
                    == "public, max-age=31536000, immutable")
        }
        let style = text(site.audience[assets.first { $0.hasSuffix(".css") } ?? ""])
        let picture = try #require(style.firstMatch(of: /url\("([^"]*)"\)/))
        #expect(site.audience[String(picture.output.1)]?.contentType == "image/svg+xml")
        #expect(!style.contains("colours"))
        let script = text(
            site.audience[assets.first { $0.contains("viewer") && $0.hasSuffix(".js") } ?? ""])
        #expect(script.contains(assets.first { $0.contains("player") } ?? "none"))
    }

    @Test("another byte anywhere is another address for all that load it")
    func hashes() throws {
        let before = try site()
        let after = try site(["player/fanfare-player.js": "export class FanfarePlayer { a = 1; }\n"]
        )
        let addresses = [before, after].map { site in
            Set(site.audience.keys.filter { $0.hasPrefix("/assets/") && $0.hasSuffix(".js") })
        }
        #expect(addresses[0].count == 2 && addresses[0].isDisjoint(with: addresses[1]))
        #expect(text(before.audience["/"]) != text(after.audience["/"]))
    }

    @Test("each plane has its own pages, and what they load")
    func planes() throws {
        let site = try site()
        #expect(
            site.audience["/watch/{name}"] != nil && site.audience["/examples/mpegts.html"] != nil)
        #expect(site.audience["/login"] == nil && site.staff["/login"] != nil)
        #expect(site.staff["/watch/{name}"] == nil)
        #expect(!site.audience.keys.contains { $0.contains("console") })
        #expect(site.staff.keys.contains { $0.hasPrefix("/assets/console.") })
        #expect(site.staff.keys.contains { $0.hasPrefix("/assets/login.") })
        #expect(site.staff.keys.contains { $0.hasPrefix("/assets/fanfare-player.") })
    }

    @Test("pages run nothing but what is served with them")
    func policies() throws {
        let site = try site(frameAncestors: ["https://show.example.com"])
        let audience = try #require(field("Content-Security-Policy", of: site.audience["/"]))
        #expect(audience.contains("default-src 'none'; script-src 'self'; style-src 'self'"))
        #expect(audience.hasSuffix("frame-ancestors 'self' https://show.example.com"))
        let staff = try #require(field("Content-Security-Policy", of: site.staff["/"]))
        #expect(staff.hasSuffix("frame-ancestors 'none'"))
        #expect(field("Cross-Origin-Opener-Policy", of: site.staff["/"]) == "same-origin")
        for policy in [audience, staff] {
            #expect(!policy.contains("unsafe") && !policy.contains("*"))
        }
        for file in Array(site.audience.values) + Array(site.staff.values) {
            #expect(field("X-Content-Type-Options", of: file) == "nosniff")
            #expect(field("Referrer-Policy", of: file) == "no-referrer")
        }
    }

    @Test("the player can be embedded by others, and nothing else can")
    func player() throws {
        let site = try site()
        for (path, file) in site.audience {
            let isOpen = field("Access-Control-Allow-Origin", of: file) == "*"
            #expect(isOpen == path.hasPrefix("/fanfare-player."), "\(path)")
        }
        #expect(field("Cache-Control", of: site.audience["/fanfare-player.js"]) == "no-cache")
        #expect(text(site.audience["/fanfare-player.js"]).hasSuffix("export { FanfarePlayer };\n"))
    }

    @Test("a theme is served, and a logo can do nothing but be seen")
    func theme() throws {
        let plain = try site()
        #expect(text(plain.audience["/theme.css"]).isEmpty && plain.audience["/theme.css"] != nil)
        #expect(plain.audience["/logo"] == nil)
        let logo = try #require(
            Theme.Logo(fileName: "logo.svg", bytes: Array("<svg onload='alert(1)'/>".utf8)))
        let site = try site(theme: Theme(css: Array("body { color: red }".utf8), logo: logo))
        #expect(text(site.audience["/theme.css"]) == "body { color: red }")
        #expect(site.staff["/theme.css"] != nil)
        #expect(site.audience["/logo"]?.contentType == "image/svg+xml")
        #expect(
            field("Content-Security-Policy", of: site.audience["/logo"])?.contains("sandbox")
                == true)
    }

    @Test("the viewers' page is told of a logo, and is another one when it comes or goes")
    func logoInPage() throws {
        let logo = try #require(Theme.Logo(fileName: "logo.svg", bytes: Array("<svg/>".utf8)))
        let page = ["viewer/index.html": "<!doctype html>\n<body data-screen=\"none\">\n"]
        let plain = try site(page)
        let told = try site(page, theme: Theme(logo: logo))
        #expect(text(plain.audience["/"]) == page["viewer/index.html"])
        #expect(
            text(told.audience["/"])
                == "<!doctype html>\n<body data-logo=\"/logo\" data-screen=\"none\">\n")
        for path in ["/", "/watch/{name}"] {
            let tags = [plain, told].compactMap {
                $0.audience[path]?.representations.map(\.entityTag)
            }
            #expect(tags.count == 2 && Set(tags[0]).isDisjoint(with: tags[1]))
        }
        for path in ["/", "/login"] {
            #expect(text(told.staff[path]) == text(plain.staff[path]))
        }
    }

    @Test("what a shared style sheet loads is there for every page that has it")
    func sharedStyle() throws {
        let link = "<link rel=\"stylesheet\" href=\"/shared/shared.css\">"
        let site = try site([
            "shared/shared.css": "body { background: url(\"/shared/b.svg\"); }\n",
            "shared/b.svg": "<svg id=\"b\"/>", "viewer/index.html": link,
            "console/index.html": link, "console/login.html": link,
        ])
        for plane in [site.audience, site.staff] {
            let address = try #require(text(plane["/"]).firstMatch(of: /href="([^"]*)"/))
            let style = text(plane[String(address.output.1)])
            let picture = try #require(style.firstMatch(of: /url\("([^"]*)"\)/))
            #expect(text(plane[String(picture.output.1)]) == "<svg id=\"b\"/>")
        }
    }

    @Test("a logo is what its name says")
    func logos() {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]
        #expect(Theme.Logo(fileName: "logo.png", bytes: png) != nil)
        #expect(Theme.Logo(fileName: "logo.webp", bytes: Array("RIFFxxxxWEBPVP8 ".utf8)) != nil)
        #expect(Theme.Logo(fileName: "logo.svg", bytes: png) == nil)
        #expect(Theme.Logo(fileName: "logo.png", bytes: Array("<svg/>".utf8)) == nil)
        #expect(Theme.Logo(fileName: "logo.html", bytes: Array("<svg/>".utf8)) == nil)
        let large = png + [UInt8](repeating: 0, count: WebLimits.logoByteCountMax)
        #expect(Theme.Logo(fileName: "logo.png", bytes: large) == nil)
    }

    @Test(
        "what doesn't fit together is said with its place",
        arguments: [
            ("<img src=\"/viewer/none.png\">", "there is no /viewer/none.png"),
            ("<script src=\"/viewer/viewer.js\">", "type=\"module\""),
            ("<a href=\"/console/login.html\">", "name the address it is served at"),
            ("<img src=\"/viewer/x.gif\">", "files of this kind aren't served"),
        ])
    func references(_ tag: String, _ words: String) {
        do {
            _ = try site(["viewer/index.html": "<!doctype html>\n\(tag)", "viewer/x.gif": "GIF"])
            Issue.record("it was taken")
        } catch {
            let text = "\(error)"
            #expect(text.contains("viewer/") && text.contains(words), "\(text)")
        }
    }

    @Test("a style sheet that loads one, be it itself, is refused")
    func styleLoop() {
        #expect(
            throws: WebError.file(
                path: "viewer/viewer.css",
                problem: "it loads /viewer/viewer.css; name style sheets in the page")
        ) { try site(["viewer/viewer.css": "@import url(\"/viewer/viewer.css\");\n"]) }
    }

    @Test("a folder has its bounds")
    func bounds() {
        let large = [UInt8](repeating: 0x20, count: WebLimits.fileByteCountMax + 1)
        #expect(throws: WebError.self) { try WebFiles(["a.js": large]) }
        let fit = [UInt8](repeating: 0x20, count: WebLimits.fileByteCountMax)
        #expect(throws: WebError.self) {
            try WebFiles(Dictionary(uniqueKeysWithValues: (0..<9).map { ("\($0).js", fit) }))
        }
        #expect(throws: WebError.self) {
            try WebFiles(Dictionary(uniqueKeysWithValues: (0..<513).map { ("\($0).js", [1]) }))
        }
    }
}
