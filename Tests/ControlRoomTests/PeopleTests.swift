// People, sessions, roles, and what a page of another site can't do.

import Synchronization
import Testing
import WireBytes

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct PeopleTests {
    private static func staff() -> StubStaff {
        StubStaff(
            people: [("dora", .director), ("hans", .host), ("mona", .monitor)],
            master: { $0 == "master" })
    }

    private static func bearer(_ name: String) -> [String] {
        ["Authorization: Bearer \(name)-token"]
    }

    // MARK: Roles

    @Test func whoMayWhat() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk, staff: Self.staff()) { server in
            func status(_ method: String, _ path: String, _ name: String) async throws -> Int {
                try await server.send(
                    method, path, json: "{}",
                    fields: Self.bearer(name) + ["Idempotency-Key: \(name)-\(path.count)"]
                ).status
            }
            for name in ["dora", "hans", "mona"] {
                let state = try await server.ask(
                    "/api/v1/shows/final/live", fields: Self.bearer(name))
                #expect(state.status == 200, "\(name)")
            }
            let lobby = "/api/v1/shows/final/lobby"
            #expect(try await status("POST", lobby, "mona") == 403)
            #expect(try await status("POST", lobby, "hans") == 200)
            let publisher = "/api/v1/streams/show/publisher"
            #expect(try await status("DELETE", publisher, "hans") == 403)
            #expect(try await status("DELETE", publisher, "dora") == 200)
            #expect(
                try await server.ask("/api/v1/staff", fields: Self.bearer("hans")).status == 403)
            let refused = try await server.send(
                "POST", lobby, json: "{}", fields: Self.bearer("mona"))
            #expect(refused.text.contains("needs the role host, and mona is a monitor"))
            #expect(refused.text.contains(#""code":"role""#))
        }
    }

    @Test func theNameOfTheTokenIsWhatTheRecordHas() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk, staff: Self.staff()) { server in
            func by(_ fields: [String], _ id: String) async throws -> String {
                _ = try await server.send(
                    "POST", "/api/v1/shows/final/shuffle", json: "{}",
                    fields: fields + ["Idempotency-Key: \(id)"])
                return desk.tickets.last?.by ?? ""
            }
            let hans = Self.bearer("hans")
            let own = try await by(hans, "a")
            #expect(own == "hans")
            #expect(try await by(hans + ["Fanfare-By: dora"], "b") == "hans")
            let master = ["Authorization: Bearer master"]
            #expect(try await by(master, "c") == "staff")
            #expect(try await by(master + ["Fanfare-By: Eve"], "d") == "Eve")
            #expect(try await by(master + ["Fanfare-By: dora"], "e") == "staff (dora)")
        }
    }

    // MARK: Sessions

    @Test func aLoginGivesACookieThatWorksUntilTheLogout() async throws {
        let facts = ConsoleFacts(version: "7.1", settleNeedsSecond: true)
        try await RunningServer.use(staff: Self.staff(), facts: facts) { server in
            let wrong = try await server.send("POST", "/api/v1/login", json: #"{"token": "x"}"#)
            #expect(wrong.status == 401 && wrong.field("set-cookie") == nil)
            let answer = try await server.send(
                "POST", "/api/v1/login", json: #"{"token": "hans-token"}"#)
            #expect(answer.text == #"{"name":"hans","role":"host"}"#)
            let cookie = try #require(answer.field("set-cookie"))
            #expect(
                cookie
                    == "fanfare_session=session-0; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"
            )
            let fields = ["Cookie: a=b; fanfare_session=session-0"]
            let session = try await server.ask("/api/v1/session", fields: fields)
            #expect(
                session.text == #"{"audienceURL":"http://localhost:8080","isOpen":false,"#
                    + #""name":"hans","playIsSigned":false,"role":"host","#
                    + #""settleNeedsSecond":true,"version":"7.1"}"#)
            let logout = try await server.ask(
                "/api/v1/logout", method: "POST", fields: fields + ["X-Fanfare: console"])
            #expect(logout.status == 204)
            #expect(logout.field("set-cookie")?.contains("Max-Age=0") == true)
            #expect(try await server.ask("/api/v1/session", fields: fields).status == 401)
        }
    }

    @Test func behindAProxyWithTLSTheCookieIsSecure() async throws {
        try await RunningServer.use(staff: Self.staff()) { server in
            let answer = try await server.send(
                "POST", "/api/v1/login", json: #"{"token": "hans-token"}"#,
                fields: ["X-Forwarded-Proto: https"])
            #expect(answer.field("set-cookie")?.contains("; Secure") == true)
        }
    }

    @Test func aCookieAloneGivesNoOrders() async throws {
        let staff = Self.staff()
        let cookie = "Cookie: fanfare_session=" + staff.session(of: "hans-token")
        try await RunningServer.use(shows: StubShowDesk.withShow(), staff: staff) { server in
            func status(_ fields: [String]) async throws -> Int {
                try await server.send(
                    "POST", "/api/v1/shows/final/shuffle", json: "{}",
                    fields: [cookie, "Idempotency-Key: a"] + fields
                ).status
            }
            #expect(try await status([]) == 403)
            #expect(try await status(["X-Fanfare: other"]) == 403)
            let header = "X-Fanfare: console"
            #expect(try await status([header]) == 200)
            #expect(try await status([header, "Origin: http://localhost"]) == 200)
            for origin in ["http://evil.example", "null", "http://localhost:1", "localhost", ""] {
                let answered = try await status([header, "Origin: \(origin)"])
                #expect(answered == 403, "\(origin)")
            }
            #expect(try await server.ask("/api/v1/shows", fields: [cookie]).status == 200)
        }
    }

    @Test func wrongTokensAtTheLoginAreCounted() async throws {
        let watch = ThreeGuesses()
        try await RunningServer.use(staff: Self.staff(), guesses: watch) { server in
            func login(_ token: String) async throws -> Int {
                try await server.send(
                    "POST", "/api/v1/login", json: #"{"token": "\#(token)"}"#
                ).status
            }
            let first = try await login("hans-token")
            #expect(first == 200)
            for _ in 0..<3 { #expect(try await login("x") == 401) }
            #expect(try await login("hans-token") == 429)
        }
    }

    @Test(arguments: ["[]", #"{"token": 1}"#, "{}", #"{"token": "x", "more": 1}"#, "nonsense"])
    func aLoginThatIsNoneIsRefused(body: String) async throws {
        try await RunningServer.use(staff: Self.staff()) { server in
            let answer = try await server.send("POST", "/api/v1/login", json: body)
            #expect(answer.status == 400)
        }
    }

    // MARK: The list

    @Test func peopleAreAddedListedAndRemoved() async throws {
        try await RunningServer.use(staff: Self.staff()) { server in
            let dora = Self.bearer("dora")
            let added = try await server.send(
                "POST", "/api/v1/staff", json: #"{"name": "finn"}"#, fields: dora)
            #expect(added.status == 201)
            #expect(added.text == #"{"name":"finn","role":"host","token":"finn-token"}"#)
            #expect(
                try await server.ask("/api/v1/streams", fields: Self.bearer("finn")).status == 200)
            let list = try await server.ask("/api/v1/staff", fields: dora)
            #expect(list.text.contains(#"{"createdAtMs":2,"name":"finn","role":"host"}"#))
            #expect(!list.text.contains("token"))
            let removed = try await server.ask(
                "/api/v1/staff/finn", method: "DELETE", fields: dora)
            #expect(removed.status == 204)
            #expect(
                try await server.ask("/api/v1/streams", fields: Self.bearer("finn")).status == 401)
            let again = try await server.ask("/api/v1/staff/finn", method: "DELETE", fields: dora)
            #expect(again.status == 404)
        }
    }

    @Test func whatCantBeKeptIsNotDone() async throws {
        let staff = StubStaff(
            people: [("dora", .director)], failure: .unavailable("the disk is full"))
        try await RunningServer.use(staff: staff) { server in
            let answer = try await server.send(
                "POST", "/api/v1/staff", json: #"{"name": "finn"}"#, fields: Self.bearer("dora"))
            #expect(answer.status == 503 && answer.text.contains("the disk is full"))
        }
    }

    @Test func whereNobodyNeedsATokenThatIsSaid() async throws {
        try await RunningServer.use(staff: StubStaff()) { server in
            let session = try await server.ask(
                "/api/v1/session", fields: ["Host: 127.0.0.1:9090"])
            #expect(session.text.contains(#""isOpen":true,"name":"staff""#))
            #expect(session.text.contains(#""role":"director""#))
            #expect(session.text.contains(#""audienceURL":"http://127.0.0.1:8080""#))
            let login = try await server.send("POST", "/api/v1/login", json: #"{"token": "x"}"#)
            #expect(login.status == 200 && login.field("set-cookie") == nil)
        }
    }

    // MARK: Two people

    @Test func aPrizeIsDividedByTwoPeople() async throws {
        let desk = StubShowDesk.withShow()
        let facts = ConsoleFacts(settleNeedsSecond: true)
        try await RunningServer.use(shows: desk, staff: Self.staff(), facts: facts) { server in
            var number = 0
            func order(_ name: String, _ who: String) async throws -> StaffAnswer {
                number += 1
                return try await server.send(
                    "POST", "/api/v1/shows/final/\(name)", json: "{}",
                    fields: Self.bearer(who) + ["Idempotency-Key: o-\(number)"])
            }
            for name in ["lobby", "open"] { _ = try await order(name, "hans") }
            #expect(try await order("settle", "hans").status == 409, "it isn't finished")
            for name in ["reveal", "next", "finish"] { _ = try await order(name, "hans") }
            let first = try await order("settle", "hans")
            #expect(first.status == 202)
            #expect(first.text.contains(#""by":"hans","confirm":"second-person""#))
            #expect(try await order("settle", "hans").status == 202, "the same person again")
            #expect(try await order("settle", "mona").status == 403)
            #expect(try await order("settle", "dora").status == 200)
            #expect(desk.tickets.last?.by == "hans and dora")
        }
    }

    @Test func aWordHoldsForItsVersionAndItsTime() {
        let clock = Atomic(1_000)
        let second = SecondPerson { Int64(clock.load(ordering: .relaxed)) }
        func isAgreed(_ name: String, _ version: Int) -> Bool {
            second.say(name, of: "final", version: version) == .agreed(first: "anna")
        }
        #expect(!isAgreed("anna", 4))
        #expect(!isAgreed("ben", 5), "somebody has changed the show")
        #expect(!isAgreed("anna", 4))
        #expect(isAgreed("ben", 4))
        #expect(second.wanted(of: "final")?.by == "anna")
        clock.add(300_001, ordering: .relaxed)
        #expect(second.wanted(of: "final") == nil)
        #expect(!isAgreed("ben", 4))
        second.forget("final")
        #expect(!isAgreed("anna", 4))
    }

    @Test func aHostThatIsNoneIsNotQuotedBack() {
        let facts = ConsoleFacts(audience: .init(.loopback, port: 80))
        func seen(_ authority: String?) -> String { facts.audienceAuthority(asSeenFrom: authority) }
        #expect(seen("show.example:9090") == "show.example")
        #expect(seen("[::1]:9090") == "[::1]")
        for authority in [
            "a;b", "a b", "'x'", "", ":1", "[::1", String(repeating: "x", count: 999),
        ] {
            #expect(seen(authority) == "127.0.0.1", "\(authority)")
        }
        #expect(seen(nil) == "127.0.0.1")
    }
}

/// Looks at three wrong tokens, and then at none.
private final class ThreeGuesses: GuessWatch {
    private let counter = Atomic(0)

    func waitS(for _: HostKey) -> Int { counter.load(ordering: .relaxed) >= 3 ? 7 : 0 }
    func noteWrong(from _: HostKey) { counter.add(1, ordering: .relaxed) }
}
