// Shows over the staff API: what is done, what is refused, and in which words.

import FoundationEssentials
import Testing
import Trivia

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct ShowAPITests {
    static let root = "/api/v1/shows"
    static let final = root + "/final"

    func value<Value: Decodable>(
        _ answer: StaffAnswer, _: Value.Type = Value.self
    ) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(answer.body))
    }

    func words(_ answer: StaffAnswer) throws -> String {
        try value(answer, Report.self).error
    }

    private struct Report: Decodable {
        let error: String
        let status: Int
        let state: ShowState?
    }

    // MARK: Shows

    @Test func aShowIsMadeListedChangedAndDeleted() async throws {
        let desk = StubShowDesk()
        try await RunningServer.use(shows: desk) { server in
            let made = try await server.send(
                "POST", Self.root,
                json: #"""
                    {"title": "Friday’s Final!", "stream": "main", "mode": "points", "bestCount": 3,
                     "prize": {"minorUnits": 100000, "currency": "EUR"}, "isRehearsal": true}
                    """#, fields: ["Idempotency-Key: \"a-1\"", "Fanfare-By: ada"])
            #expect(made.status == 201)
            let receipt = try value(made, OrderReceipt.self)
            #expect(receipt == OrderReceipt(id: "a-1", show: "friday-s-final", version: 1))
            #expect(desk.tickets == [OrderTicket(id: "a-1", by: "ada")])

            let list = try value(try await server.ask(Self.root), ShowList.self)
            #expect(list.shows.map(\.id) == ["friday-s-final"])
            let path = Self.root + "/friday-s-final"
            let state = try value(try await server.ask(path), ShowState.self)
            var plan = ShowPlan(title: "Friday’s Final!")
            plan.mode = .points
            plan.bestCount = 3
            plan.prize = try .init(minorUnits: 100_000, currency: "EUR")
            plan.isRehearsal = true
            #expect(state.plan == plan && state.phase == .draft && state.stream == "main")

            let edited = try await server.send(
                "PUT", path + "?expectedVersion=1", json: #"{"title": "Final"}"#,
                fields: ["Idempotency-Key: a-2"])
            #expect(edited.status == 200)
            #expect(desk.done.last == .edit(ShowPlan(title: "Final")))
            let stale = try await server.ask(
                path + "?expectedVersion=1", method: "DELETE", fields: ["Idempotency-Key: a-3"])
            #expect(stale.status == 409)
            let gone = try await server.ask(
                path, method: "DELETE", fields: ["Idempotency-Key: a-4"])
            #expect(gone.status == 200)
            #expect(try await server.ask(path).status == 404)
        }
    }

    @Test(arguments: [
        ("{}", "needs \"title\""), ("[]", "a JSON object"), ("x", "not JSON"),
        (#"{"title": 5}"#, "must be a string"), (#"{"title": "x", "tilte": "y"}"#, "\"tilte\""),
        (#"{"title": "x", "mode": "chess"}"#, "\"knockout\" or \"points\""),
        (#"{"title": "x", "reviveCount": 1.5}"#, "a whole number"),
        (#"{"title": "x", "isRehearsal": 1}"#, "true or false"),
        (#"{"title": "x", "prize": {"currency": "EUR"}}"#, "needs \"amount\""),
        (#"{"title": "x", "prize": {"amount": 5.0, "currency": "EUR"}}"#, "must be a text"),
        (#"{"title": "x", "prize": {"amount": "100.000", "currency": "EUR"}}"#, "100000.00 or"),
        (#"{"title": "x", "prize": {"amount": "1", "currency": "EURO"}}"#, "ISO 4217"),
        (
            #"{"title": "x", "prize": {"amount": "1.00", "minorUnits": 1, "currency": "EUR"}}"#,
            "1.00 EUR; send one"
        ),
        (#"{"title": "x"}"#, "needs \"stream\""),
        (#"{"title": "¡¿!?"}"#, "give one with \"id\""),
    ])
    func aShowThatMakesNoSenseIs400(body: String, words: String) async throws {
        let desk = StubShowDesk()
        try await RunningServer.use(shows: desk) { server in
            let answer = try await server.send(
                "POST", Self.root, json: body, fields: ["Idempotency-Key: x"])
            #expect(answer.status == 400)
            #expect(try self.words(answer).contains(words))
            #expect(desk.done.isEmpty)
        }
    }

    // MARK: Commands

    @Test func aWholeShowIsPlayed() async throws {
        let desk = StubShowDesk.withShow()
        let steps: [(String, String, ShowCommand)] = [
            ("shuffle", "", .shuffle),
            (
                "order", #""questions": ["capital", "sum"]"#,
                .orderQuestions(ids: ["capital", "sum"])
            ),
            ("lobby", "", .openLobby), ("open", "", .open(question: nil)),
            ("pause", "", .pause), ("resume", "", .resume),
            ("lock", "", .lock(isForced: false)),
            ("lock", #""force": true"#, .lock(isForced: true)),
            ("reveal", "", .reveal), ("next", "", .next),
            (
                "open", #""question": "sum", "force": true"#,
                .open(question: "sum", isForced: true)
            ),
            (
                "void", #""reason": "No sound", "question": "sum""#,
                .void(question: "sum", reason: "No sound")
            ),
            ("kick", #""player": "u-1""#, .kick(player: "u-1")),
            ("ban", #""player": "u-1""#, .ban(player: "u-1")),
            ("reinstate", #""player": "u-1""#, .reinstate(player: "u-1")),
            ("rename", #""player": "u-1", "name": "Anne""#, .rename(player: "u-1", name: "Anne")),
            ("hide-name", #""player": "u-1""#, .hideName(player: "u-1")),
            ("show-name", #""player": "u-1""#, .showName(player: "u-1")),
            ("ban-address", #""address": "192.0.2.7""#, .banAddress("192.0.2.7")),
            ("unban-address", #""address": "192.0.2.7""#, .unbanAddress("192.0.2.7")),
            (
                "open", #""question": "sum", "last": true"#,
                .open(question: "sum", isLast: true)
            ),
            ("last", "", .planLast(number: nil)),
            ("last", #""number": 7"#, .planLast(number: 7)),
            (
                "correct", #""correct": 2, "reason": "A typo", "question": "sum""#,
                .correct(question: "sum", correct: "#2", reason: "A typo")
            ),
            (
                "correct", #""correct": "four""#,
                .correct(question: nil, correct: "four", reason: "")
            ),
            ("finish", #""early": true"#, .finishEarly), ("reopen", "", .reopen),
            ("finish", "", .finish), ("reopen", "", .reopen), ("finish", "", .finish),
            ("settle", "", .settle),
        ]
        try await RunningServer.use(shows: desk) { server in
            for (number, (name, fields, order)) in steps.enumerated() {
                let rest = fields.isEmpty ? "" : ", " + fields
                let answer = try await server.send(
                    "POST", "\(Self.final)/\(name)", json: "{\"id\": \"c-\(number)\"\(rest)}")
                let isPending = order == .lock(isForced: false)
                #expect(answer.status == (isPending ? 202 : 200), "\(name): \(answer.text)")
                #expect(desk.done.last == order)
                let receipt = try value(answer, OrderReceipt.self)
                #expect(receipt.id == "c-\(number)" && receipt.isPending == isPending)
            }
            #expect(desk.done.count == steps.count)
        }
    }

    @Test func whatMeansMoreThanItSeemsIsAskedFor() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            func order(_ name: String, _ rest: String) async throws -> StaffAnswer {
                try await server.send("POST", "\(Self.final)/\(name)", json: "{\(rest)}")
            }
            let plan = #"{"title": "x", "questionCount": 5, "locksWhenAllAnswered": true}"#
            let edited = try await server.ask(
                Self.final, method: "PUT",
                fields: ["Idempotency-Key: p", "Content-Type: application/json"],
                body: Array(plan.utf8))
            #expect(edited.status == 200, "\(edited.text)")
            _ = try await order("lobby", #""id": "a""#)
            _ = try await order("open", #""id": "b""#)
            let asked = try await order("finish", #""id": "c""#)
            #expect(asked.status == 409)
            #expect(asked.text.contains(#""confirm":"early""#), "\(asked.text)")
            // The same id: nothing was done yet.
            let done = try await order("finish", #""id": "c", "early": true"#)
            #expect(done.status == 200, "\(done.text)")
            for (name, body) in [
                ("correct", #""id": "d""#), ("correct", #""id": "d", "correct": true"#),
                ("correct", #""id": "d", "correct": 1.5"#), ("last", #""id": "d", "number": "2""#),
                ("finish", #""id": "d", "early": "yes""#), ("open", #""id": "d", "last": 1"#),
            ] {
                #expect(try await order(name, body).status == 400, "\(name) \(body)")
            }
        }
    }

    @Test func aRepeatedIDGetsTheFirstAnswerAndDoesNothing() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            let first = try await server.send("POST", Self.final + "/lobby", json: #"{"id": "x"}"#)
            _ = try await server.send("POST", Self.final + "/open", json: #"{"id": "y"}"#)
            // By the header this time: it is the id that counts.
            let again = try await server.ask(
                Self.final + "/lobby", method: "POST", fields: ["Idempotency-Key: x"])
            #expect(again.status == first.status && again.body == first.body)
            #expect(desk.done == [.openLobby, .open(question: nil)])
            let other = try await server.send("POST", Self.final + "/pause", json: #"{"id": "x"}"#)
            #expect(other.status == 409)
            #expect(try words(other).contains("another order"))
        }
    }

    @Test(arguments: [
        ("lobby", "{}"), ("lobby", #"{"id": ""}"#), ("lobby", #"{"id": "a b"}"#),
        ("lobby", #"{"id": "é"}"#), ("lobby", #"{"id": 7}"#),
        ("lobby", "{\"id\": \"\(String(repeating: "x", count: 65))\"}"),
        ("lobby", #"{"id": "x", "expectedVersion": "1"}"#), ("lobby", #"{"id": "x", "now": true}"#),
        ("void", #"{"id": "x"}"#), ("kick", #"{"id": "x"}"#), ("lock", #"{"id": "x", "force": 1}"#),
        ("order", #"{"id": "x", "questions": [1]}"#), ("lobby", "[]"), ("lobby", "nonsense"),
    ])
    func aCommandThatMakesNoSenseIs400(command: String, body: String) async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            let answer = try await server.send("POST", "\(Self.final)/\(command)", json: body)
            #expect(answer.status == 400)
            #expect(try !words(answer).isEmpty)
            #expect(desk.done.isEmpty)
        }
    }

    @Test func twoIDsAreOneTooManyAndNoneIsTooFew() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let two = try await server.send(
                "POST", Self.final + "/lobby", json: #"{"id": "x"}"#,
                fields: ["Idempotency-Key: y"])
            #expect(two.status == 400)
            let none = try await server.ask(Self.final + "/lobby", method: "POST")
            #expect(none.status == 400)
            #expect(try words(none).contains("Idempotency-Key"))
            let form = try await server.ask(
                Self.final + "/lobby", method: "POST", fields: ["Content-Type: text/plain"],
                body: Array(#"{"id": "x"}"#.utf8))
            #expect(form.status == 415)
        }
    }

    @Test func whatThePhaseDoesNotAllowIs409WithTheShowAsItIs() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            let early = try await server.send("POST", Self.final + "/reveal", json: #"{"id": "x"}"#)
            #expect(early.status == 409)
            let report = try value(early, Report.self)
            #expect(report.error == "The show is in phase draft; this needs live.")
            #expect(report.state?.phase == .draft && report.state?.version == 1)
            // A refused id isn't used up.
            let lobby = try await server.send("POST", Self.final + "/lobby", json: #"{"id": "x"}"#)
            #expect(lobby.status == 200)
        }
    }

    @Test func theSecondHostIsToldWhatTheFirstDid() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            let first = try await server.send(
                "POST", Self.final + "/lobby", json: #"{"id": "one", "expectedVersion": 1}"#)
            #expect(first.status == 200)
            let second = try await server.send(
                "POST", Self.final + "/open", json: #"{"id": "two", "expectedVersion": 1}"#)
            #expect(second.status == 409)
            #expect(try value(second, Report.self).state?.phase == .lobby)
            #expect(desk.done == [.openLobby])
        }
    }

    @Test func whatCannotBeKeptSafeIs503() async throws {
        let desk = StubShowDesk.withShow()
        desk.breakDisk()
        try await RunningServer.use(shows: desk) { server in
            let answer = try await server.send("POST", Self.final + "/lobby", json: #"{"id": "x"}"#)
            #expect(answer.status == 503)
            #expect(try words(answer) == "The disk is full; make room.")
        }
    }

    @Test func whatIsNotThereIs404() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let long = String(repeating: "x", count: 3_000)
            for path in ["/other", "/other/live", "/other/events", "/other/audit", "/\(long)"] {
                let answer = try await server.ask(Self.root + path)
                #expect(answer.status == 404)
                #expect(try words(answer).contains("no such show"))
            }
            let question = try await server.ask(
                Self.final + "/questions/other", method: "DELETE", fields: ["Idempotency-Key: x"])
            #expect(question.status == 404)
            #expect(try words(question).contains("“other”"))
        }
        try await RunningServer.use { server in
            let answer = try await server.ask(Self.root)
            #expect(answer.status == 404)
        }
    }

    // MARK: Reports

    @Test func playersAreFound() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let all = try value(try await server.ask(Self.final + "/players"), PlayerList.self)
            #expect(all.players.map(\.id) == ["u-1", "u-2", "u-3"])
            let some = try value(
                try await server.ask(Self.final + "/players?match=%22THE%22&count=5"),
                PlayerList.self)
            #expect(some.players.map(\.id) == ["u-3"])
            for count in ["0", "1001", "x", "-1"] {
                let answer = try await server.ask(Self.final + "/players?count=\(count)")
                #expect(answer.status == 400)
            }
        }
    }

    @Test func winnersAreThereAfterTheFinishAndAreNoFormulas() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            for path in ["/winners.json", "/winners.csv"] {
                #expect(try await server.ask(Self.final + path).status == 409)
            }
            for (number, name) in ["lobby", "open", "finish"].enumerated() {
                _ = try await server.send(
                    "POST", "\(Self.final)/\(name)", json: "{\"id\": \"\(number)\"}")
            }
            let winners = try value(
                try await server.ask(Self.final + "/winners.json"), ShowWinners.self)
            #expect(winners.winners.map(\.id) == ["u-1", "u-2"])
            let file = try await server.ask(Self.final + "/winners.csv")
            #expect(file.field("content-type") == "text/csv; charset=utf-8")
            #expect(
                file.field("content-disposition") == "attachment; filename=\"winners.csv\"")
            let lag = "\"q1 3900 ms measured, 500 counted, 400 for speed\""
            #expect(
                file.text
                    == "\u{FEFF}place,id,name,score,timeMs,amount,currency,minorUnits,lags\r\n"
                    + "1,u-1,Ada,2,3000,500.00,EUR,50000,\(lag)\r\n"
                    + "2,u-2,\"'=HYPERLINK(\"\"x\"\")\",2,3000,500.00,EUR,50000,\(lag)\r\n")
            let results = try await server.ask(Self.final + "/results.csv")
            #expect(
                results.text.contains("capital,Which is Australia's capital?,open,2,Canberra,1,2,0")
            )
        }
    }

    @Test func aPlayerIsRenamedOrHidden() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            var number = 0
            func change(_ json: String, _ player: String = "u-1") async throws -> Int {
                number += 1
                return try await server.send(
                    "PATCH", "/api/v1/shows/final/players/\(player)", json: json,
                    fields: ["Idempotency-Key: n-\(number)"]
                ).status
            }
            let first = try await change(#"{"name": "Anne"}"#)
            #expect(first == 200)
            #expect(desk.done.last == .rename(player: "u-1", name: "Anne"))
            #expect(try await change(#"{"isNameHidden": true}"#) == 200)
            #expect(desk.done.last == .hideName(player: "u-1"))
            // An id of somebody else's system may be anything.
            #expect(try await change(#"{"isNameHidden": false}"#, "a%2Fb%20%7C") == 404)
            for bad in ["{}", #"{"name": "x", "isNameHidden": true}"#, #"{"name": 1}"#, "[]"] {
                let answered = try await change(bad)
                #expect(answered == 400, "\(bad)")
            }
            let list = try await server.ask("/api/v1/shows/final/players")
            #expect(list.text.contains(#""isNameHidden":true"#))
            #expect(list.text.contains(#""shownName":"Anne""#))
        }
    }

    /// Without the token nothing of a show can be had, its right answers least of all.
    @Test func nothingOfAShowIsForThoseWithoutTheToken() async throws {
        let desk = StubShowDesk.withShow()
        let isRight: @Sendable (String) -> Bool = { $0 == "correct-horse" }
        try await RunningServer.use(shows: desk, tokenCheck: isRight) { server in
            let routes = ShowRoutes(
                desk: desk, hub: LiveHub(desk: desk),
                events: EventHub(directory: StubDirectory(), desk: desk, second: nil))
            for endpoint in routes.endpoints {
                let path = endpoint.path.replacing("{show}", with: "final")
                    .replacing("{question}", with: "capital")
                let answer = try await server.ask(
                    path, method: endpoint.method.rawValue, fields: ["Idempotency-Key: x"])
                #expect(answer.status == 401, "\(endpoint.method) \(endpoint.path)")
                #expect(!answer.text.contains("Canberra"))
            }
            let health = try await server.ask("/healthz")
            #expect(health.status == 200 && !health.text.contains("Canberra"))
            #expect(desk.done.isEmpty)
        }
    }
}
