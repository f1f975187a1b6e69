// Viewers, bans and draining by the staff API.

import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct AudienceRoutesTests {
    private static func staff() -> StubStaff {
        StubStaff(people: [("mo", .monitor), ("ho", .host), ("di", .director)])
    }

    private func token(_ name: String) -> String { "Authorization: Bearer \(name)-token" }

    @Test func hostsSeeWhoWatchesAndEndThem() async throws {
        let desk = StubAudience()
        try await RunningServer.use(audience: desk, staff: Self.staff()) { server in
            let list = try await server.ask(
                "/api/v1/viewers?address=203.0.113.9/24&stream=show&count=1",
                fields: [token("ho")])
            #expect(list.status == 200 && list.text.contains(#""agent":"VLC""#))
            #expect(list.text.contains(#""count":2"#))
            #expect(desk.asked == ["203.0.113.0/24 show 1"])
            let ended = try await server.ask(
                "/api/v1/viewers/0-1-2", method: "DELETE", fields: [token("ho")])
            #expect(ended.status == 204)
            let gone = try await server.ask(
                "/api/v1/viewers/9-9-9", method: "DELETE", fields: [token("ho")])
            #expect(gone.status == 404 && gone.text.contains("any more"))
            let player = try await server.ask(
                "/api/v1/shows/final/players/ada/connections", method: "DELETE",
                fields: [token("ho")])
            #expect(player.status == 200 && player.text == #"{"endedCount":1}"#)
            #expect(desk.ended == ["0-1-2", "final/ada"])
        }
    }

    @Test func whatIsNoAddressOrCountIsSaid() async throws {
        try await RunningServer.use(audience: StubAudience()) { server in
            for query in ["address=somewhere", "address=1.2.3.4/40", "count=0", "count=x"] {
                let answer = try await server.ask("/api/v1/viewers?\(query)")
                #expect(answer.status == 400, "\(query)")
            }
            for body in [
                #"{}"#, #"{"address": "x"}"#, #"{"address": "1.2.3.4", "forS": 0}"#,
                #"{"address": "1.2.3.4", "for": 1}"#, #"{"address": "0.0.0.0/0"}"#,
                #"{"address": "1.2.3.4", "reason": "\#(String(repeating: "a", count: 201))"}"#,
            ] {
                let answer = try await server.send("POST", "/api/v1/bans", json: body)
                #expect(answer.status == 400, "\(body)")
            }
            #expect(try await server.ask("/api/v1/bans", method: "DELETE").status == 400)
        }
    }

    @Test func directorsBanAndLift() async throws {
        let desk = StubAudience()
        try await RunningServer.use(audience: desk, staff: Self.staff()) { server in
            let order = #"{"address": "203.0.113.7", "reason": "floods", "forS": 60}"#
            let made = try await server.send(
                "POST", "/api/v1/bans", json: order, fields: [token("di")])
            #expect(made.status == 201 && made.text.contains(#""untilMs":61000"#))
            #expect(made.text.contains(#""by":"di""#))
            let list = try await server.ask("/api/v1/bans", fields: [token("ho")])
            #expect(list.status == 200 && list.text.contains("floods"))
            let lift = "/api/v1/bans?address=203.0.113.7"
            #expect(
                try await server.ask(lift, method: "DELETE", fields: [token("di")]).status == 204)
            #expect(
                try await server.ask(lift, method: "DELETE", fields: [token("di")]).status == 404)
            #expect(desk.bans().isEmpty)
        }
    }

    @Test func drainingIsSeenByAllAndDoneByDirectors() async throws {
        try await RunningServer.use(audience: StubAudience(), staff: Self.staff()) { server in
            func ask(_ method: String, _ name: String) async throws -> StaffAnswer {
                try await server.ask("/api/v1/drain", method: method, fields: [token(name)])
            }
            let on = #"{"isDraining":true,"sinceMs":7,"viewers":2}"#
            let off = #"{"isDraining":false,"viewers":2}"#
            let before = try await ask("GET", "mo")
            #expect(before.text == off)
            #expect(try await ask("POST", "ho").status == 403)
            #expect(try await ask("POST", "di").text == on)
            #expect(try await ask("GET", "mo").text == on)
            #expect(try await ask("DELETE", "di").text == off)
        }
    }

    @Test func whoWasSentAwayAndByWhomIsInTheAudit() async throws {
        let audit = StubAudit()
        let desk = StubAudience()
        let reason = String(repeating: "r", count: 200)
        try await RunningServer.use(audience: desk, staff: Self.staff(), audit: audit) { server in
            func ask(_ method: String, _ path: String, _ name: String) async throws {
                let answer = try await server.ask(path, method: method, fields: [token(name)])
                #expect(answer.status < 300, "\(method) \(path): \(answer.text)")
            }
            try await ask("DELETE", "/api/v1/viewers/0-1-2", "ho")
            try await ask("DELETE", "/api/v1/shows/final/players/ada/connections", "ho")
            let order = #"{"address": "203.0.113.7", "reason": "\#(reason)", "forS": 60}"#
            _ = try await server.send("POST", "/api/v1/bans", json: order, fields: [token("di")])
            try await ask("DELETE", "/api/v1/bans?address=203.0.113.7", "di")
            for _ in 0..<2 { try await ask("POST", "/api/v1/drain", "di") }
            try await ask("DELETE", "/api/v1/drain", "di")
            try await ask("DELETE", "/api/v1/streams/show/publisher", "di")
            // What wasn't done isn't in it.
            _ = try await server.ask(
                "/api/v1/viewers/9-9-9", method: "DELETE", fields: [token("ho")])
            let lines = audit.all
            #expect(
                lines.prefix(6).map { "\($0.by) \($0.text)" } == [
                    "ho ended the viewer 0-1-2 from 203.0.113.7",
                    "ho ended the connections of ada in final",
                    "di banned 203.0.113.7 for 60 s: \(reason)",
                    "di lifted the ban of 203.0.113.7", "di lets nobody new in",
                    "di lets newcomers in again",
                ])
            #expect(lines.map(\.command).last == "off" && lines.count == 7)

            let answer = try await server.ask("/api/v1/audit", fields: [token("ho")])
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""by":"di","command":"ban""#), "\(answer.text)")
            audit.isBroken.withLock { $0 = true }
            let broken = try await server.ask("/api/v1/audit", fields: [token("ho")])
            #expect(broken.status == 503 && broken.text.contains("the disk is full"))
        }
    }

    @Test func othersMayNot() async throws {
        let desk = StubAudience()
        try await RunningServer.use(audience: desk, staff: Self.staff()) { server in
            for (method, path, name) in [
                ("GET", "/api/v1/viewers", "mo"), ("DELETE", "/api/v1/viewers/0-1-2", "mo"),
                ("DELETE", "/api/v1/shows/final/players/ada/connections", "mo"),
                ("GET", "/api/v1/bans", "mo"), ("POST", "/api/v1/bans", "ho"),
                ("DELETE", "/api/v1/bans?address=1.2.3.4", "ho"),
                ("DELETE", "/api/v1/drain", "ho"), ("GET", "/api/v1/audit", "mo"),
            ] {
                let answer = try await server.ask(path, method: method, fields: [token(name)])
                #expect(answer.status == 403, "\(method) \(path)")
            }
            #expect(desk.ended.isEmpty && desk.bans().isEmpty && desk.asked.isEmpty)
        }
    }
}
