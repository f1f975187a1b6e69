// Having the settings read again by the staff API.

import Access
import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    private static let path = "/api/v1/reload"

    @Test func whatCameOfItIsSaid() async throws {
        let desk = StubReload()
        try await RunningServer.use(reload: desk) { server in
            let answer = try await server.send("POST", Self.path, json: "{}")
            #expect(answer.status == 200)
            for words in [
                #""taken":["cors.origins","logLevel"]"#, #""waiting":["shards"]"#,
                #""warnings":["The stream key"#,
            ] {
                #expect(answer.text.contains(words), "\(answer.text)")
            }
            #expect(desk.askers.count == 1)
        }
    }

    @Test func whatIsWrongIsToldAndIsNoSuccess() async throws {
        let reason = "nothing was reloaded: fanfare.json, line 3"
        try await RunningServer.use(reload: StubReload(.failure(.unusable(reason)))) { server in
            let answer = try await server.send("POST", Self.path, json: "{}")
            #expect(answer.status == 409 && answer.text.contains(reason))
        }
        try await RunningServer.use(reload: StubReload(.failure(.notNow("wait")))) { server in
            let answer = try await server.send("POST", Self.path, json: "{}")
            #expect(answer.status == 503)
        }
    }

    @Test func aPageOfAnotherOriginCanSendNoneOfIt() async throws {
        let desk = StubReload()
        try await RunningServer.use(reload: desk) { server in
            #expect(try await server.ask(Self.path, method: "POST").status == 415)
            let form = ["Content-Type: text/plain"]
            let answer = try await server.ask(
                Self.path, method: "POST", fields: form, body: Array("{}".utf8))
            #expect(answer.status == 415)
            #expect(try await server.send("POST", Self.path, json: #"{"x": 1}"#).status == 400)
            #expect(try await server.ask(Self.path).status == 404)
            #expect(desk.askers.isEmpty)
        }
    }

    @Test func aHostMayNotAndADirectorIsNamed() async throws {
        let desk = StubReload()
        let staff = StubStaff(people: [("ann", .host), ("dee", .director)])
        try await RunningServer.use(reload: desk, staff: staff) { server in
            func field(_ name: String) -> [String] { ["Authorization: Bearer \(name)-token"] }
            let refused = try await server.send(
                "POST", Self.path, json: "{}", fields: field("ann"))
            #expect(refused.status == 403 && desk.askers.isEmpty)
            let done = try await server.send(
                "POST", Self.path, json: "{}", fields: field("dee"))
            #expect(done.status == 200 && desk.askers == ["dee"])
        }
    }
}
