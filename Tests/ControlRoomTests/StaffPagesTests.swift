// The console's pages: who gets them, how they are packed, and what they may connect to.

import HTTPWire
import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct StaffPagesTests {
    private static let policy = "default-src 'none'; \(StaffPagesMiddleware.connectAnywhere); x 'y'"

    private static var pages: StaffPages {
        let page = { (text: String) in
            StaticFile(
                contentType: "text/html; charset=utf-8", tag: text,
                fields: [
                    .init("Content-Security-Policy", policy), .init("Cache-Control", "no-cache"),
                ], body: Array(text.utf8), packed: [(.gzip, [1, 2])])
        }
        let script = StaticFile(
            contentType: "text/javascript; charset=utf-8", tag: "code", fields: [],
            body: Array("code".utf8), packed: [])
        let files = ["/": page("console"), "/login": page("login"), "/assets/a.js": script]
        return StaffPages { files }
    }

    @Test func whereNobodyNeedsATokenTheConsoleIsThere() async throws {
        try await RunningServer.use(pages: Self.pages) { server in
            let answer = try await server.ask("/", fields: ["Host: 127.0.0.1:9090"])
            #expect(answer.status == 200 && answer.text == "console")
            #expect(answer.field("content-type") == "text/html; charset=utf-8")
            #expect(
                answer.field("content-security-policy")
                    == "default-src 'none'; connect-src 'self' http://127.0.0.1:8080 "
                    + "https://127.0.0.1:8080 ws://127.0.0.1:8080 wss://127.0.0.1:8080; x 'y'")
            #expect(answer.field("x-content-type-options") == "nosniff")
            let rebound = try await server.ask("/", fields: ["Host: evil.example"])
            #expect(rebound.status == 421)
        }
    }

    /// The player's worker lives by its script's policy, and plays from the audience's plane.
    @Test func aScriptMayReachTheAudiencesPlaneToo() async throws {
        try await RunningServer.use(pages: Self.pages) { server in
            let policy = try await server.ask("/assets/a.js", fields: ["Host: 127.0.0.1:9090"])
                .field("content-security-policy")
            #expect(
                policy == "default-src 'none'; script-src 'self'; connect-src 'self' "
                    + "http://127.0.0.1:8080 https://127.0.0.1:8080 ws://127.0.0.1:8080 "
                    + "wss://127.0.0.1:8080")
        }
    }

    @Test func whoHasNotLoggedInIsSentToTheLogin() async throws {
        let staff = StubStaff(people: [("hans", .host)])
        let session = staff.session(of: "hans-token")
        try await RunningServer.use(staff: staff, pages: Self.pages) { server in
            let stranger = try await server.ask("/")
            #expect(stranger.status == 303 && stranger.field("location") == "/login")
            #expect(try await server.ask("/login").text == "login")
            #expect(try await server.ask("/assets/a.js").text == "code")
            #expect(try await server.ask("/assets/b.js").status == 401)
            #expect(try await server.ask("/login", method: "POST").status == 401)
            let cookie = "Cookie: fanfare_session=\(session)"
            #expect(try await server.ask("/", fields: [cookie]).text == "console")
            #expect(try await server.ask("/", fields: ["Cookie: fanfare_session=x"]).status == 303)
        }
    }

    @Test func theyArePackedAndNotSentTwice() async throws {
        try await RunningServer.use(pages: Self.pages) { server in
            let packed = try await server.ask("/", fields: ["Accept-Encoding: br, gzip;q=0.5"])
            #expect(packed.field("content-encoding") == "gzip" && packed.body == [1, 2])
            let tag = try #require(packed.field("etag"))
            let again = try await server.ask(
                "/", fields: ["Accept-Encoding: gzip", "If-None-Match: \(tag)"])
            #expect(again.status == 304 && again.body.isEmpty)
            #expect(again.field("content-security-policy")?.contains("wss://localhost") == true)
            let other = try await server.ask("/", fields: ["If-None-Match: \(tag)"])
            #expect(other.status == 200 && other.field("content-encoding") == nil)
            let head = try await server.ask("/", method: "HEAD")
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test func whatIsNoPageIsShownInNoFrame() async throws {
        try await RunningServer.use { server in
            for path in ["/healthz", "/nosuch"] {
                let answer = try await server.ask(path)
                #expect(
                    answer.field("content-security-policy")
                        == "default-src 'none'; frame-ancestors 'none'")
                #expect(answer.field("x-content-type-options") == "nosniff")
            }
        }
    }
}
