// The log of a whole show, as whoever runs the server reads it afterwards.

import Foundation
import Testing

@Suite("The log of a show")
struct ShowLogTests {
    private struct Line {
        let message: String
        let metadata: [String: String]
    }

    @Test("doors, questions, answers, viewers, winners and the prize are in it, as JSON too")
    func show() throws {
        let plan: [String: Any] = [
            "lagMsMax": 0, "prize": ["minorUnits": 1_000, "currency": "EUR"],
        ]
        try ShowStage.run(["--log-format", "json"], plan: plan, correct: [1]) { stage in
            let ada = try stage.player("ada")
            let bob = try stage.token("bob")
            try stage.host.wait(forPlayers: 2)
            try stage.server.wait(for: "a viewer to be counted") {
                try stage.server.metric(#"fanfare_viewers{stream="show"}"#) == 1
            }
            try stage.open("q1", for: [ada])
            let answer = try stage.door.answer("q1", 1, token: bob)
            #expect(answer.json["status"] as? String == "accepted", "\(answer.text)")
            try stage.reveal()
            try stage.host.perform("finish")
            try stage.host.perform("settle")
            try stage.server.waitForLog("the prize is divided")

            let lines = try Self.lines(of: stage.server.log)
            let steps = lines.filter { $0.message.hasPrefix("show quiz: ") }
                .filter { !$0.message.hasSuffix("who is there") }
            #expect(
                steps.map { $0.message.dropFirst(11) } == [
                    "it was made", "the doors are open", "question 1 is open, the last one",
                    "the doors are closed: who comes now watches", "question 1 is closed",
                    "question 1 is revealed", "it is finished", "the prize is divided",
                ])
            #expect(steps.allSatisfy { $0.metadata["by"] == "test" })
            #expect(steps.allSatisfy { $0.metadata["stream"] == "show" })
            let closed = try #require(steps.first { $0.message.hasSuffix("1 is closed") })
            #expect(closed.metadata["question"] == "q1")
            #expect(closed.metadata["answers"] == "1" && closed.metadata["asked"] == "2")
            #expect(closed.metadata["players"] == "2")
            let revealed = try #require(steps.first { $0.message.hasSuffix("revealed") })
            #expect(revealed.metadata["right"] == "1" && revealed.metadata["missing"] == "1")
            #expect(revealed.metadata["playing"] == "1")
            let end = try #require(steps.last)
            #expect(end.metadata["winners"] == "1" && end.metadata["each"] == "10.00 EUR")
            let viewers = steps.compactMap { $0.metadata["viewers"] }
            #expect(viewers.first == "0" && viewers.dropFirst(2).allSatisfy { $0 == "1" })
            #expect(viewers.count == steps.count)
            // It has watched to the end.
            withExtendedLifetime(ada) {}
        }
    }

    private static func lines(of log: String) throws -> [Line] {
        try log.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let fields = try #require(object as? [String: Any], "\(line)")
            return Line(
                message: try #require(fields["message"] as? String),
                metadata: fields["metadata"] as? [String: String] ?? [:])
        }
    }
}
