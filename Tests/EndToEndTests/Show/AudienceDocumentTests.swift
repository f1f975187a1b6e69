// What the audience's side replies is what its document says.

import Foundation
import Testing

@Suite("The audience's document", .ownThread)
struct AudienceDocumentTests {
    /// The document, and the server it is of.
    private struct Described {
        let door: PlayerDoor
        let schema: JSONSchema
        private let paths: [String: [String: Any]]

        init(_ door: PlayerDoor) throws {
            self.door = door
            let answer = try HTTPClient.ask(port: door.port, "/api/v1/openapi.json")
            #expect(answer.statusCode == 200)
            schema = JSONSchema(document: answer.json)
            paths = try #require(answer.json["paths"] as? [String: [String: Any]])
        }

        /// Checks an answer against the operation's schema for its status.
        func check(_ answer: HTTPAnswer, _ method: String, _ path: String, is status: Int) {
            #expect(answer.statusCode == status, "\(path): \(answer.text)")
            let operation = paths[path]?[method] as? [String: Any]
            let responses = operation?["responses"] as? [String: [String: Any]] ?? [:]
            var response = responses["\(status)"] ?? responses["default"] ?? [:]
            if response["$ref"] != nil {
                let components = schema.document["components"] as? [String: [String: Any]]
                response = components?["responses"]?["Error"] as? [String: Any] ?? [:]
            }
            let content = response["content"] as? [String: [String: Any]]
            guard let described = content?["application/json"]?["schema"] as? [String: Any] else {
                Issue.record("\(method) \(path) \(status) isn't described")
                return
            }
            let faults = schema.faults(of: answer.json, as: described)
            #expect(faults.isEmpty, "\(method) \(path) \(status): \(answer.text)")
        }

        func checkState() throws {
            let answer = try HTTPClient.ask(port: door.port, "/api/v1/state")
            check(answer, "get", "/api/v1/state", is: 200)
        }
    }

    @Test("holds for every reply of a show from the lobby to its settlement")
    func replies() throws {
        let plan: [String: Any] = [
            "lagMsMax": 0, "guestsMayWin": true, "reviveCount": 0,
            "prize": ["minorUnits": 1_000, "currency": "EUR"],
        ]
        try ShowStage.run(["--guests", "--wait-for-stream-ms", "100"], plan: plan) { stage in
            let described = try Described(stage.door)
            // No question opens that nobody would see.
            let viewer = try ViewerClient(port: stage.door.port)
            defer { withExtendedLifetime(viewer) {} }
            try viewer.wait(forTags: 4)
            try described.checkState()
            let door = stage.door
            let joined = try door.post("/api/v1/join", #"{"name":"Ada","stream":"show"}"#)
            described.check(joined, "post", "/api/v1/join", is: 200)
            described.check(try door.post("/api/v1/join", "{}"), "post", "/api/v1/join", is: 400)
            let token = try #require(joined.json["token"] as? String)
            let loser = try door.join("Bob")
            try door.enter(token)
            try door.enter(loser)
            described.check(try door.me(token), "get", "/api/v1/me", is: 200)
            described.check(try door.me("nonsense"), "get", "/api/v1/me", is: 401)

            try stage.host.perform("open")
            try described.checkState()
            let answers = "/api/v1/answers"
            described.check(try door.answer("q1", 0, token: token), "post", answers, is: 200)
            described.check(try door.answer("q1", 1, token: token), "post", answers, is: 409)
            described.check(try door.answer("a b", 1, token: token), "post", answers, is: 409)
            described.check(try door.answer("q1", 0, token: nil), "post", answers, is: 401)
            described.check(try door.answer("q1", 3, token: loser), "post", answers, is: 200)
            try stage.host.perform("lock", ["force": true])
            try described.checkState()
            try stage.host.perform("reveal")
            try described.checkState()
            try stage.host.perform("next")
            try described.checkState()
            try stage.host.perform("open")
            try stage.host.perform("void", ["reason": "A test"])
            try described.checkState()
            try stage.host.perform("finish", ["early": true])
            try described.checkState()
            try stage.host.perform("settle")
            try described.checkState()
            let winner = try door.me(token)
            described.check(winner, "get", "/api/v1/me", is: 200)
            #expect(winner.json["hasWon"] as? Bool == true && winner.json["payout"] != nil)
            let nowhere = try HTTPClient.ask(port: door.port, "/live/nobody.flv")
            described.check(nowhere, "get", "/live/{name}.flv", is: 404)
        }
    }
}
