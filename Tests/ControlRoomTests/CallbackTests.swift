// What other systems weren't told, by the staff API.

import Access
import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct CallbackTests {
    private static let path = "/api/v1/callbacks"

    @Test func whatWasGivenUpIsListedAndToldAgainOrForgotten() async throws {
        let desk = StubCallbacks()
        try await RunningServer.use(callbacks: desk) { server in
            let dead = try await server.ask(Self.path)
            #expect(dead.status == 200 && dead.text.contains("it answers 500"))
            let waiting = try await server.ask(Self.path + "?state=waiting")
            #expect(waiting.text == #"{"callbacks":[],"dead":2,"waiting":0}"#)
            let one = try await server.ask(Self.path + "/resend?number=7", method: "POST")
            #expect(one.status == 200 && one.text == #"{"count":1}"#)
            let all = try await server.ask(Self.path, method: "DELETE")
            #expect(all.text == #"{"count":2}"#)
            #expect(desk.orders == ["resend 7", "drop all"])
            let bad = try await server.ask(Self.path + "/resend?number=x", method: "POST")
            #expect(bad.status == 400)
            let full = try await server.ask(Self.path + "?number=0", method: "DELETE")
            #expect(full.status == 503 && full.text.contains("the disk is full"))
        }
    }

    @Test func lookingIsForAllAndDoingForDirectors() async throws {
        let staff = StubStaff(people: [("hans", .host), ("dora", .director), ("mona", .monitor)])
        try await RunningServer.use(staff: staff) { server in
            func status(_ who: String, _ method: String, _ rest: String = "") async throws -> Int {
                try await server.ask(
                    Self.path + rest, method: method,
                    fields: ["Authorization: Bearer \(who)-token"]
                ).status
            }
            let looking = try await status("mona", "GET")
            let byHost = [
                try await status("hans", "POST", "/resend"), try await status("hans", "DELETE"),
            ]
            let byDirector = [
                try await status("dora", "POST", "/resend"), try await status("dora", "DELETE"),
            ]
            #expect(looking == 200 && byHost == [403, 403] && byDirector == [200, 200])
        }
    }
}
