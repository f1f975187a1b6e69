// Crowds sent from the console, and the sheet that says go or no-go.

import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct RehearsalTests {
    private static let path = "/api/v1/rehearsals"

    @Test func oneCrowdAtATimeComesAndGoes() async throws {
        try await RunningServer.use { server in
            let wish = #"{"stream": "show", "viewers": 100, "seconds": 10}"#
            let begun = try await server.send("POST", Self.path, json: wish)
            #expect(begun.status == 202 && begun.text == #"{"id":"r-2"}"#)
            let second = try await server.send("POST", Self.path, json: wish)
            #expect(second.status == 409 && second.text.contains("send it home"))
            let record = try await server.ask(Self.path + "/r-2")
            #expect(record.text.contains(#""state":"running""#))
            #expect(record.text.contains(#""by":"staff""#))
            #expect(try await server.ask(Self.path + "/r-2", method: "DELETE").status == 204)
            #expect(try await server.ask(Self.path + "/r-9", method: "DELETE").status == 404)
            #expect(try await server.ask(Self.path + "/r-9").status == 404)
        }
    }

    @Test(arguments: [
        #"{"viewers": 1, "seconds": 5}"#, #"{"stream": "show", "viewers": 0, "seconds": 5}"#,
        #"{"stream": "show", "viewers": 10001, "seconds": 5}"#,
        #"{"stream": "show", "viewers": 1, "seconds": 3601}"#,
        #"{"stream": "show", "viewers": 1, "seconds": 5, "players": 2}"#,
        #"{"stream": "--json", "viewers": 1, "seconds": 5, "x": 1}"#,
        #"{"stream": "a/b", "viewers": 1, "seconds": 5}"#, "[]",
    ])
    func crowdsBeyondTheBoundsAreRefused(body: String) async throws {
        try await RunningServer.use { server in
            let answer = try await server.send("POST", Self.path, json: body)
            #expect(answer.status == 400)
        }
    }

    @Test func theSheetKnowsTheLastCrowd() async throws {
        try await RunningServer.use { server in
            let sheet = try await server.ask("/api/v1/readiness?show=final")
            #expect(sheet.status == 200 && sheet.text.contains(#""verdict":"no-go""#))
            #expect(try await server.ask("/api/v1/readiness?show=other").status == 404)
        }
    }
}
