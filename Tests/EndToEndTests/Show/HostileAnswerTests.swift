// Answers that mustn't count, and clients that don't keep to the rules.

import Foundation
import HTTPWire
import Testing

@Suite("Hostile answers", .ownThread)
struct HostileAnswerTests {
    @Test("What comes too early, too late, for nothing or twice is refused with the word for it")
    func rules() throws {
        try ShowStage.run { stage in
            let player = try stage.player("ann")
            let token = try stage.token("bob")
            func both(_ question: String, _ choice: Int, show: String? = nil) throws -> [Ruling] {
                let answer = try stage.door.answer(question, choice, token: token, show: show)
                let ruling = Ruling(answer.json)
                #expect(answer.statusCode == (ruling == .accepted ? 200 : 409), "\(answer.text)")
                return [try player.rule(question, choice, show: show), ruling]
            }
            func expect(_ rulings: [Ruling], _ wanted: Ruling) {
                #expect(rulings == [wanted, wanted])
            }
            expect(try both("q1", 0), .refused("not_open"))
            try stage.open("q1", for: [player])
            expect(try both("q1", 99), .refused("no_such_option"))
            // By POST alone: one connection may send ten at once.
            #expect(
                Ruling(try stage.door.answer("q1", 4, token: token).json)
                    == .refused("no_such_option"))
            #expect(
                Ruling(try stage.door.answer("q9", 0, token: token).json)
                    == .refused("unknown_question"))
            expect(try both("q1", 0, show: "another"), .refused("other_show"))
            expect(try both("q2", 0), .refused("not_open"))
            // The first that counts stands.
            expect(try both("q1", 0, show: "quiz"), .accepted)
            expect(try both("q1", 0), .accepted)
            expect(try both("q1", 1), .refused("already_answered"))
            let late = try stage.player("late")
            #expect(try late.rule("q1", 0) == .refused("watching"))
            try stage.host.perform("lock", ["force": true])
            expect(try both("q1", 1), .refused("already_answered"))
            let results = try stage.host.report("/live")["question"] as? [String: Any]
            #expect(results?["counts"] as? [Int] == [2, 0, 0, 0])
            #expect(results?["answeredCount"] as? Int == 2)
            try stage.host.perform("reveal")
            try stage.open("q2", for: [player])
            try stage.host.perform("lock", ["force": true])
            expect(try both("q2", 1), .refused("too_late"))
            try stage.host.perform("void", ["reason": "A test"])
            expect(try both("q2", 1), .refused("voided"))
            let receipts = try stage.door.enter(token)["receipts"] as? [[String: Any]]
            #expect(receipts?.map { $0["question"] as? String } == ["q1"])
        }
    }

    @Test("A thousand answers a second from one connection are too many, and harm nobody else")
    func flood() throws {
        try ShowStage.run { stage in
            let flooder = try stage.player("flooder")
            let other = try stage.player("other")
            let token = try stage.token("third")
            try stage.open("q1", for: [flooder, other])
            let text = Array(#"{"type":"answer","question":"q1","choice":2}"#.utf8)
            let frame = WebSocketFrame.bytes(.text, text.span.bytes, mask: 7)
            for _ in 0..<100 {
                try flooder.connection.send((0..<30).flatMap { _ in frame })
            }
            #expect(try other.rule("q1", 0) == .accepted)
            #expect(try stage.door.answer("q1", 0, token: token).statusCode == 200)
            // It is told, in as many words as its connection has room for.
            try flooder.wait(for: "a warning") { walker in
                walker.texts.contains { $0.text.contains(#""status":429"#) }
            }
            let receiptCount = flooder.walker.texts.filter { $0.text.contains("receipt") }.count
            #expect(receiptCount < 100, "\(receiptCount) of 3000 were looked at")
            // The stream goes on, and so does the game.
            let tagCount = flooder.walker.tags.count
            try flooder.wait(for: "more of the stream") { $0.tags.count > tagCount + 20 }
            let results = try stage.host.report("/live")["question"] as? [String: Any]
            #expect(results?["counts"] as? [Int] == [2, 0, 1, 0])
            // By POST on one connection the same.
            let client = try HTTPClient(port: stage.server.httpPort)
            let body = Array(#"{"question":"q1","choice":0}"#.utf8)
            let request = HTTPClient.request(
                "POST", "/api/v1/answers",
                fields: [
                    "Authorization: Bearer \(token)", "Content-Type: application/json",
                    "Content-Length: \(body.count)",
                ])
            var codes: [Int: Int] = [:]
            // More than may come within the time, however slow the machine.
            let deadline = ContinuousClock.now + .seconds(30)
            while codes[429, default: 0] <= 5, ContinuousClock.now < deadline {
                try client.connection.send(request + body)
                let answer = try client.answer(to: "POST")
                codes[answer.statusCode, default: 0] += 1
                if answer.statusCode == 429 { #expect(answer.retryAfterS == 1) }
            }
            #expect(Set(codes.keys) == [200, 429], "\(codes)")
            #expect(codes[429, default: 0] > 5, "\(codes)")
        }
    }

    @Test("A client that leaves as soon as it has its answer cuts nobody else off")
    func hasty() throws {
        try ShowStage.run { stage in
            let token = try stage.token("hasty")
            for number in 0..<1_000 {
                let answer = try stage.door.me(token)
                guard answer.statusCode == 200 else {
                    Issue.record("request \(number): \(answer.statusCode)")
                    break
                }
            }
        }
    }

    // MARK: WebSocket

    @Test(
        "Frames that no client may send end the WebSocket with the code for it",
        arguments: [
            ("unmasked", [0x81, 0x02, 0x7B, 0x7D], 1_002),
            ("reserved bit", [0xC1, 0x80, 0, 0, 0, 0], 1_002),
            ("unknown opcode", [0x83, 0x80, 0, 0, 0, 0], 1_002),
            ("continuation of nothing", [0x80, 0x80, 0, 0, 0, 0], 1_002),
            ("fragmented ping", [0x09, 0x80, 0, 0, 0, 0], 1_002),
            ("long ping", [0x89, 0xFE, 0x00, 0x80, 0, 0, 0, 0], 1_002),
            (
                "length with its highest bit", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
                1_002
            ),
            ("close with one byte", [0x88, 0x81, 0, 0, 0, 0, 0x03], 1_002),
            ("no UTF-8", [0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 1_007),
            ("too big", [0x81, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0], 1_009),
            ("a binary message", [0x82, 0x81, 0, 0, 0, 0, 0x61], 1_003),
        ] as [(String, [UInt8], Int)])
    func badFrames(name: String, frame: [UInt8], code: Int) throws {
        try ShowStage.run { stage in
            let other = try stage.player("other")
            let player = try stage.player("bad")
            try player.connection.send(frame)
            #expect(try player.closeCode() == code, "\(name)")
            let tagCount = other.walker.tags.count
            try other.wait(for: "more of the stream") { $0.tags.count > tagCount + 5 }
        }
    }

    private static let badTexts = [
        "", "{", "[]", "null", #"{"type":"answer"}"#, #"{"type":"answer","question":"q1"}"#,
        #"{"type":"answer","choice":1}"#, #"{"type":"answer","question":"q1","choice":-1}"#,
        #"{"type":"answer","question":"q1","choice":1.5}"#,
        #"{"type":"answer","question":"q1","choice":"1"}"#,
        #"{"type":"answer","question":"","choice":1}"#,
        #"{"type":"answer","question":1,"choice":1}"#, #"{"type":"cheat"}"#,
        #"{"type":"answer","question":"q1","choice":1,}"#,
        #"{"type":"answer","question":"\ud800","choice":1}"#,
        #"{"type":"answer","question":"q1","choice":99999999999999999999}"#,
    ]

    @Test("Texts that are no answer are told so, and the WebSocket goes on")
    func badTexts() throws {
        try ShowStage.run { stage in
            let player = try stage.player("ann")
            try stage.open("q1", for: [player])
            for text in Self.badTexts {
                try player.say(text)
                let reply = try player.nextText()
                #expect(reply["type"] as? String == "error", "\(text): \(reply)")
                #expect(reply["status"] as? Int == 400, "\(text): \(reply)")
                #expect((reply["error"] as? String)?.isEmpty == false)
            }
            try player.say(#"{"type":"ping","t":5}"#)
            #expect(try player.nextText()["t"] as? Int == 5)
            #expect(try player.rule("q1", 0) == .accepted)
        }
    }

    @Test("By POST they are a 400 with a sentence")
    func badPosts() throws {
        try ShowStage.run { stage in
            let token = try stage.token("ann")
            try stage.open("q1", for: [])
            for text in Self.badTexts {
                let answer = try stage.door.post("/api/v1/answers", text, token: token)
                #expect(answer.statusCode == 400, "\(text): \(answer.text)")
                #expect((answer.json["error"] as? String)?.isEmpty == false, "\(answer.text)")
            }
            let huge = String(repeating: " ", count: 5_000) + "{}"
            #expect(try stage.door.post("/api/v1/answers", huge, token: token).statusCode == 413)
            #expect(try stage.door.answer("q1", 0, token: token).statusCode == 200)
        }
    }
}
