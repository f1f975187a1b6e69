// The API document: it has what is served, and what is served looks as it says.

import FoundationEssentials
import Testing
import Trivia

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct OpenAPITests {
    private static func routes() -> StaffRoutes {
        let desk = StubShowDesk.withShow()
        let events = EventHub(directory: StubDirectory(), desk: desk, second: nil)
        return StaffRoutes(
            directory: StubDirectory(), announcements: StubDesk(),
            publishers: StubPublishers(), reload: StubReload(),
            shows: ShowRoutes(
                desk: desk, hub: LiveHub(desk: desk), events: events, second: SecondPerson()),
            audience: AudienceRoutes(desk: StubAudience(), events: events),
            people: PeopleRoutes(
                staff: StubStaff { _ in true }, guesses: nil, facts: ConsoleFacts(),
                events: events), events: events,
            rehearsals: RehearsalRoutes(
                desk: StubRehearsals(), readiness: StubRehearsals(), events: events),
            urls: URLRoutes(desk: StubURLs(), facts: ConsoleFacts(), events: events),
            callbacks: CallbackRoutes(desk: StubCallbacks(), events: events),
            audit: AuditRoutes(desk: StubAudit()))
    }

    private func document() async throws -> JSONTree {
        try await RunningServer.use(
            shows: StubShowDesk.withShow(), staff: StubStaff(),
            facts: ConsoleFacts(settleNeedsSecond: true)
        ) { server in
            let answer = try await server.ask("/api/v1/openapi.json")
            #expect(answer.status == 200)
            return try #require(JSONTree(parsing: answer.body))
        }
    }

    @Test func everyRouteIsInTheDocumentAndTheOtherWayAbout() async throws {
        let document = try await document()
        #expect(document["openapi"] == "3.1.0")
        var documented: Set<String> = []
        for (path, operations) in document["paths"]?.fields ?? [:] {
            for method in operations.fields.keys { documented.insert("\(method) \(path)") }
        }
        let served = Self.routes().router(door: StaffDoor()).routes.map { route in
            let parts = route.path.description.split(separator: "/").map { part in
                part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part)
            }
            return "\(route.method.rawValue.lowercased()) /\(parts.joined(separator: "/"))"
        }
        #expect(documented == Set(served).filter { !$0.hasPrefix("head ") })
        #expect(documented.count > 40)
    }

    @Test func theDocumentHoldsTogether() async throws {
        let document = try await document()
        let known = Set(document["components"]?["schemas"]?.fields.keys.map { $0 } ?? [])
        var used: Set<String> = []
        var ids: [String] = []
        func walk(_ tree: JSONTree) {
            switch tree {
            case .object(let fields):
                if case .string(let name)? = fields["$ref"] {
                    used.insert(String(name.split(separator: "/").last ?? ""))
                }
                if case .string(let id)? = fields["operationId"] { ids.append(id) }
                for field in fields.values { walk(field) }
            case .array(let items): for item in items { walk(item) }
            default: break
            }
        }
        walk(document)
        #expect(used.isSubset(of: known), "named and not there: \(used.subtracting(known))")
        #expect(known.isSubset(of: used), "there and not named: \(known.subtracting(used))")
        #expect(Set(ids).count == ids.count, "an operationId is there twice")
        for (path, operations) in document["paths"]?.fields ?? [:] {
            for (method, operation) in operations.fields {
                let declared = operation["parameters"]?.items.filter { $0["in"] == "path" } ?? []
                let named = path.split(separator: "/").filter { $0.hasPrefix("{") }
                #expect(declared.count == named.count, "\(method) \(path)")
            }
        }
    }

    /// Every answer of a whole evening fits the schema of its endpoint and status.
    @Test func answersLookAsTheDocumentSays() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk, staff: StubStaff()) { server in
            let tree = try #require(
                JSONTree(parsing: try await server.ask("/api/v1/openapi.json").body))
            let check = SchemaCheck(document: tree)
            var seen: Set<String> = []
            var number = 0
            func ask(_ method: String, _ path: String, _ json: String? = nil) async throws {
                let isJSON = json?.hasPrefix("text,") != true
                number += 1
                let key = "Idempotency-Key: c-\(number)"
                let type = "Content-Type: " + (isJSON ? "application/json" : "text/csv")
                let answer = try await server.ask(
                    path, method: method, fields: [key] + (json == nil ? [] : [type]),
                    body: json.map { Array($0.utf8) })
                let template = check.template(of: path)
                seen.insert("\(method) \(template) \(answer.status)")
                let problems = check.problems(method, template, answer)
                #expect(problems.isEmpty, "\(method) \(path) \(answer.status): \(problems)")
            }
            let final = "/api/v1/shows/final"
            try await ask("GET", "/healthz")
            try await ask("GET", "/metrics")
            try await ask("GET", "/api/v1/streams")
            try await ask("GET", "/api/v1/streams/show")
            try await ask("GET", "/api/v1/streams/other")
            try await ask("GET", "/api/v1/streams/show/history")
            let announcements = "/api/v1/streams/show/announcements"
            try await ask("POST", announcements, #"{"text": "x"}"#)
            try await ask("DELETE", announcements)
            try await ask("DELETE", "/api/v1/streams/show/publisher")
            try await ask("DELETE", "/api/v1/streams/backup/publisher")
            try await ask("POST", "/api/v1/reload", "{}")
            try await ask("GET", "/api/v1/viewers?address=203.0.113.0/24")
            try await ask("DELETE", "/api/v1/viewers/0-1-2")
            try await ask("DELETE", "/api/v1/shows/final/players/ada/connections")
            try await ask("POST", "/api/v1/bans", #"{"address": "203.0.113.7", "forS": 60}"#)
            try await ask("GET", "/api/v1/bans")
            try await ask("DELETE", "/api/v1/bans?address=203.0.113.7")
            try await ask("POST", "/api/v1/drain")
            try await ask("GET", "/api/v1/drain")
            try await ask("DELETE", "/api/v1/drain")
            try await ask("GET", "/api/v1/audit")
            try await ask("GET", "/api/v1/streams/show/watch")
            try await ask(
                "POST", "/api/v1/urls", #"{"role": "play", "stream": "show", "validS": 60}"#)
            try await ask("POST", "/api/v1/urls", #"{"role": "play", "stream": "show"}"#)
            try await ask("GET", "/api/v1/callbacks")
            try await ask("GET", "/api/v1/callbacks?state=other")
            try await ask("POST", "/api/v1/callbacks/resend?number=7")
            try await ask("DELETE", "/api/v1/callbacks")
            try await ask("GET", "/api/v1/shows")
            let plan = #""title": "x", "prize": {"minorUnits": 1, "currency": "EUR"}"#
            try await ask("POST", "/api/v1/shows", "{\(plan), \"stream\": \"show\", \"id\": \"x\"}")
            try await ask(
                "PUT", "/api/v1/shows/x", "{\(plan), \"bestCount\": 2, \"startsAtMs\": 1}")
            try await ask("GET", "/api/v1/shows/x")
            try await ask("DELETE", "/api/v1/shows/x")
            try await ask("GET", final + "/winners.json")
            try await ask("GET", final + "/questions")
            try await ask("GET", final + "/questions.json")
            try await ask("GET", final + "/questions.csv")
            let file = "text,option1,option2,correct\na?,x,y,1\n"
            try await ask("POST", final + "/questions", file)
            try await ask("PUT", final + "/questions?preview=true", file)
            try await ask("PUT", final + "/questions", file + "b?,x,y,5\n")
            try await ask(
                "PUT", final + "/questions/sum",
                #"{"text": "x", "options": ["a", "b"], "correct": "a"}"#)
            try await ask("DELETE", final + "/questions/q1")
            for name in ["lobby", "open", "reveal", "next", "open", "lock", "pause", "resume"] {
                try await ask("GET", final + "/live")
                try await ask("POST", "\(final)/\(name)", #"{"expectedVersion": null}"#)
            }
            try await ask("POST", final + "/lock", #"{"force": true}"#)
            try await ask("POST", final + "/void", #"{"reason": "x"}"#)
            try await ask("GET", final + "/live")
            try await ask("PATCH", final + "/players/u-1", #"{"name": "Anne"}"#)
            try await ask("POST", final + "/rename", #"{"player": "u-1", "name": "Anna"}"#)
            for name in ["hide-name", "show-name", "kick", "ban", "reinstate"] {
                try await ask("POST", "\(final)/\(name)", #"{"player": "u-1"}"#)
            }
            for name in ["ban-address", "unban-address"] {
                try await ask("POST", "\(final)/\(name)", #"{"address": "192.0.2.7"}"#)
            }
            try await ask("POST", final + "/shuffle")
            try await ask("POST", final + "/order", #"{"questions": ["sum", "capital"]}"#)
            try await ask("POST", final + "/last", #"{"number": 9}"#)
            try await ask("POST", final + "/correct", #"{"correct": 1, "reason": "x"}"#)
            for name in ["finish", "reopen", "finish", "settle"] {
                try await ask("POST", "\(final)/\(name)")
            }
            for path in [
                "/players", "/addresses", "/results.json", "/results.csv", "/winners.json",
                "/winners.csv",
                "/audit", "/settlement", "/answers.csv", "/answers.json",
            ] {
                try await ask("GET", final + path)
            }
            let crowd = #"{"stream": "show", "viewers": 10, "seconds": 5, "players": 2}"#
            try await ask("POST", "/api/v1/rehearsals", crowd)
            try await ask("GET", "/api/v1/rehearsals")
            try await ask("GET", "/api/v1/rehearsals/r-2")
            try await ask("GET", "/api/v1/rehearsals/r-1")
            try await ask("DELETE", "/api/v1/rehearsals/r-2")
            try await ask("GET", "/api/v1/readiness?show=final")
            try await ask("POST", "/api/v1/login", #"{"token": "x"}"#)
            try await ask("POST", "/api/v1/logout")
            try await ask("GET", "/api/v1/session")
            try await ask("POST", "/api/v1/staff", #"{"name": "x", "role": "monitor"}"#)
            try await ask("GET", "/api/v1/staff")
            try await ask("DELETE", "/api/v1/staff/x")
            try await ask("GET", "/api/v1/openapi.json")
            #expect(seen.contains("POST /api/v1/shows/{show}/lock 200"))
            // Events have tests of their own; all others were asked.
            let asked = Set(seen.map { $0.split(separator: " ").dropLast().joined(separator: " ") })
            let all = Set(check.operations).subtracting([
                "GET /api/v1/shows/{show}/events", "GET /api/v1/events",
            ])
            #expect(asked == all, "not asked: \(all.subtracting(asked))")
        }
    }
}
