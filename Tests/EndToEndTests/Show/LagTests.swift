// Nobody is quicker for coming late, and nobody on a slow network has less time.

import Foundation
import Testing

@Suite("What counts of a lag", .ownThread)
struct LagTests {
    private static var plan: [String: Any] {
        [
            "mode": "points", "graceMs": 1_000,
            "prize": ["minorUnits": 100_000, "currency": "EUR"],
        ]
    }

    /// Reads on for so much of the programme.
    private func watch(_ player: WebSocketPlayer, forMs ms: UInt32) throws {
        let fromMs = player.walker.newestMs ?? 0
        try player.wait(for: "\(ms) ms of media") { $0.newestMs ?? 0 >= fromMs + ms }
    }

    @Test("Whoever brings its token when it knows the answer is behind whoever was quick")
    func lateTokens() throws {
        try ShowStage.run(plan: Self.plan, correct: [0, 1], windowMs: 20_000) { stage in
            let ann = try stage.player("ann")
            let eveToken = try stage.token("eve")
            let zoeToken = try stage.token("zoe")
            // Eve's and Zoe's eyes.
            let spy = try WebSocketPlayer(port: stage.server.httpPort)
            try spy.wait(for: "the stream") { $0.tags.count > 4 }
            try stage.open("q1", for: [ann, spy])
            #expect(try ann.rule("q1", 0) == .accepted)
            try watch(spy, forMs: 1_500)
            // Eve connects with her token, Zoe brings it on the connection that watches.
            let eve = try WebSocketPlayer(port: stage.server.httpPort, token: eveToken)
            try eve.wait(for: "the question") { $0.cues.contains { $0.question == "q1" } }
            try spy.say(#"{"type":"token","token":"\#(zoeToken)"}"#)
            #expect(try spy.nextText()["status"] as? String == "accepted")
            try watch(eve, forMs: 500)
            #expect(try eve.rule("q1", 0) == .accepted)
            #expect(try spy.rule("q1", 0) == .accepted)
            // Who plays already keeps its own token.
            try spy.say(#"{"type":"token","token":"\#(zoeToken)"}"#)
            #expect(try spy.nextText()["status"] as? String == "accepted")
            try spy.say(#"{"type":"token","token":"\#(eveToken)"}"#)
            #expect(try spy.nextText()["status"] as? Int == 409)
            try spy.say(#"{"type":"token","token":"nonsense"}"#)
            #expect(try spy.nextText()["status"] as? Int == 401)
            try stage.reveal()
            try check(stage)
        }
    }

    private func check(_ stage: ShowStage) throws {
        try stage.host.perform("finish", ["early": true])
        let outcome = try stage.host.report("/winners.json")
        let winners = try #require(outcome["winners"] as? [[String: Any]])
        #expect(winners.map { $0["id"] as? String } == ["ann"])
        let players = try stage.host.report("/players")["players"] as? [[String: Any]] ?? []
        let times = Dictionary(
            uniqueKeysWithValues: players.map {
                ($0["id"] as? String ?? "", $0["timeMs"] as? Int ?? 0)
            })
        let quickest = try #require(times["ann"])
        #expect(times.count == 3 && times.values.allSatisfy { $0 >= quickest }, "\(times)")
        let record = try stage.host.report("/audit")
        let lags = try #require(record["winnerLags"] as? [[String: Any]])
        #expect(lags.map { $0["id"] as? String } == ["ann"])
        let first = try #require((lags.first?["lags"] as? [[String: Any]])?.first)
        #expect(first["question"] as? String == "q1")
        let measured = try #require(first["measuredMs"] as? Int)
        #expect(first["countedMs"] as? Int == measured)
    }

    @Test(
        "On a network that is too slow for the stream the window begins when the question is there",
        .enabled(if: SlowNetwork.isPossible, SlowNetwork.need))
    func tooSlowNetwork() throws {
        let source = try SlowStage.source(gopCount: 24)
        // A second of the stream has a megabyte.
        let streamBitsPerSecond = 8_200_000
        try SlowNetwork.run(bitsPerSecond: streamBitsPerSecond / 2) { network in
            let arguments = [
                "--player-key", PlayerTokens.key, "--lag-skip-ms", "30000", "--lag-drop-ms",
                "60000",
            ]
            try ServerProcess.run(arguments) { server in
                let publisher = LoopingPublisher(source, port: server.rtmpPort)
                defer { publisher.stop() }
                let host = ShowHost(port: server.staffPort, show: "slow")
                try host.create(["mode": "points", "lagMsMax": 10_000, "bestCount": 2])
                let sheet = QuestionSheet(
                    entries: [.init(id: "q1", optionCount: 4, correct: 0, windowMs: 2_000)])
                #expect(try host.importQuestions(sheet.csv).statusCode == 200)
                try host.perform("lobby")
                let players = try ["near", "far"].map { id in
                    SimulatedPlayer(
                        id: id, token: try PlayerTokens.mint(id, show: "slow"), way: .webSocket
                    ) { _ in [PlannedAnswer(delayMs: 1_000, choice: 0)] }
                }
                players[1].source = SlowNetwork.slowAddress
                let crowd = PlayerCrowd(players)
                defer { crowd.stop() }
                try crowd.connect(port: server.httpPort)
                try host.wait(forPlayers: 2)
                func behindMs() -> Int {
                    Int(players[0].walker.newestMs ?? 0) - Int(players[1].walker.newestMs ?? 0)
                }
                try crowd.wait(for: "a lag", within: 40) { _ in
                    players[1].walker.newestMs != nil && behindMs() >= 3_500
                }
                // From now on it falls no further back: this is its usual lag.
                try network.change(bitsPerSecond: streamBitsPerSecond * 104 / 100)
                let fromMs = crowd.look { $0[0].walker.newestMs ?? 0 }
                try crowd.wait(for: "its history", within: 40) { _ in
                    players[0].walker.newestMs ?? 0 >= fromMs + 14_000
                }
                try host.perform("open")
                try crowd.wait(for: "the answers") { $0.isDone(with: "q1") }
                crowd.look { players in
                    #expect(players.map { $0.sent.first?.receipt?.code } == [nil, nil])
                }
                try host.perform("lock", ["force": true])
                try host.perform("reveal")
                try host.perform("next")
                try host.perform("finish", ["early": true])
                try checkWholeLag(host)
            }
        }
    }

    private func checkWholeLag(_ host: ShowHost) throws {
        let record = try host.report("/audit")
        let winners = try #require(record["winnerLags"] as? [[String: Any]])
        let far = try #require(winners.first { $0["id"] as? String == "far" }, "\(winners)")
        let lag = try #require((far["lags"] as? [[String: Any]])?.first)
        let measuredMs = try #require(lag["measuredMs"] as? Int)
        #expect(measuredMs >= 1_000, "it wasn't behind: \(lag)")
        #expect(lag["countedMs"] as? Int == measuredMs, "\(lag)")
    }

    @Test("On a slow network everybody has the whole window")
    func slowNetwork() throws {
        let windowMs = 3_000
        try ShowStage.run(plan: Self.plan, correct: [0, 1, 2, 3], windowMs: windowMs) { stage in
            // 400 ms each way, and four times what the clip needs.
            let relay = try PacedRelay(
                to: stage.server.httpPort, delayMs: 400, bytesPerMs: 400)
            defer { relay.stop() }
            let token = try stage.token("far")
            let far = try WebSocketPlayer(port: relay.port, token: token)
            try far.wait(for: "the stream") { $0.tags.count > 4 }
            var isTold = false
            for number in 1...4 where !isTold {
                // A machine that stood still tells nothing; then the next question does.
                isTold = try answerLate("q\(number)", far, stage, windowMs: windowMs)
            }
            #expect(isTold, "the machine stood still during each question")
        }
    }

    /// Answers as late as one may who reads a question 400 ms after it was sent.
    ///
    /// - Returns: whether the answer was at the server in time, as far as anybody can tell.
    private func answerLate(
        _ question: String, _ far: WebSocketPlayer, _ stage: ShowStage, windowMs: Int
    ) throws -> Bool {
        let openAskedMs = MachineClock.nowMs
        try stage.open(question, for: [far])
        let readMs = far.walker.cues.last { $0.question == question }?.readMs ?? 0
        // The whole window by its own clock, less what no machine is quick enough for.
        let newestMs = far.walker.newestMs ?? 0
        try far.wait(for: "the end of its window") { walker in
            Int((walker.newestMs ?? 0) - newestMs) >= windowMs - 800
        }
        try far.answer(question, 0)
        let ruling = Ruling(try far.nextText())
        let isSure = MachineClock.nowMs <= openAskedMs + Double(windowMs) + 1_000
        if isSure {
            #expect(ruling == .accepted, "read \(readMs - openAskedMs) ms after the order")
        }
        try stage.host.perform("void", ["reason": "The next one, please"])
        return isSure
    }
}
