// A whole show with prize money: two hundred players, and winners that can be told without it.

import Foundation
import TestSupport
import Testing

@Suite("A show", .ownMachine)
struct ShowTests {
    private static let playerCount = 200
    private static let prizeMinorUnits = 100_001
    private static let seed: UInt64 = 4

    @Test("Twelve questions for two hundred: judged fairly, and the winners are the right ones")
    func knockout() throws {
        let source = try Source.noisy.get()
        var random = SeededRandom(seed: Self.seed)
        let sheet = QuestionSheet.drawn(count: 12, windowMs: 1_500, using: &random)
        // Nobody is to skip, however busy the machine is: then everybody has to have everything.
        let arguments = [
            "--guests", "--player-key", PlayerTokens.key, "--lag-skip-ms", "18000",
        ]
        try ServerProcess.run(arguments) { server in
            let publisher = try FFmpegPublisher.looping(source, to: server.pushURL)
            defer { publisher.end() }
            let host = ShowHost(port: server.staffPort, show: "final")
            try host.create([
                "reviveCount": 1, "guestsMayWin": true,
                "prize": [
                    "minorUnits": Self.prizeMinorUnits, "currency": "EUR",
                    "remainderRule": "toTheFirst",
                ],
            ])
            #expect(try host.importQuestions(sheet.csv).statusCode == 200)
            try host.perform("lobby")
            let door = PlayerDoor(port: server.httpPort)
            let audience = ShowAudience(show: "final", sheet: sheet, seed: Self.seed)
            let players = try audience.players(
                count: Self.playerCount, lagMsMax: 1_200, door: door)
            for player in players where player.way == .postAlone { try door.enter(player.token) }
            let crowd = PlayerCrowd(players)
            defer { crowd.stop() }
            try crowd.connect(port: server.httpPort)
            try host.wait(forPlayers: Self.playerCount)
            try crowd.waitForLateness()

            let times = try play(host, sheet)
            let newest = try HTTPClient.ask(port: server.httpPort, "/api/v1/state").json["seq"]
            let newestSeq = try #require(newest as? Int)
            let ends = try server.sum(of: "fanfare_viewer_ends_total")
            #expect(ends == 0, "somebody was let go")
            try crowd.wait(for: "the last cue") { $0.newestCue?.seq == newestSeq }
            try crowd.wait(for: "all receipts", until: \.isSettled)
            try crowd.look { players in
                let judge = Self.judge(players, sheet)
                try checkOutcome(judge, host, players, server)
                checkTiming(judge, players, times)
                try checkCues(players, judge)
            }
        }
    }

    // MARK: The host

    private func play(
        _ host: ShowHost, _ sheet: QuestionSheet
    ) throws -> [String: QuestionTimes] {
        var all: [String: QuestionTimes] = [:]
        for (index, question) in sheet.entries.enumerated() {
            var times = QuestionTimes(windowMs: Double(question.windowMs))
            times.openAskedMs = MachineClock.nowMs
            try host.perform("open")
            times.openDoneMs = MachineClock.nowMs
            if index == 9 {
                // Here the host is in a hurry, at the cost of who is late.
                while MachineClock.nowMs < times.openDoneMs + 2_500 { usleep(10_000) }
                times.lockAskedMs = MachineClock.nowMs
                try host.perform("lock", ["force": true])
            } else {
                try host.perform("lock")
                try host.waitForLock()
            }
            times.lockDoneMs = MachineClock.nowMs
            all[question.id] = times
            try host.perform("reveal")
            if index % 4 == 3 { try host.perform("next") }
        }
        try host.perform("finish")
        try host.perform("settle")
        return all
    }

    // MARK: What came out

    private static func judge(
        _ players: [SimulatedPlayer], _ sheet: QuestionSheet
    ) -> PlainJudge {
        var judge = PlainJudge(players: players.map(\.id), reviveCount: 1)
        for (index, question) in sheet.entries.enumerated() {
            var accepted: [String: Int] = [:]
            for player in players { accepted[player.id] = player.acceptedChoice(question.id) }
            judge.reveal(question, accepted: accepted, isLast: index == sheet.entries.count - 1)
        }
        return judge
    }

    private func checkOutcome(
        _ judge: PlainJudge, _ host: ShowHost, _ players: [SimulatedPlayer],
        _ server: ServerProcess
    ) throws {
        #expect(10..<Self.playerCount ~= judge.survivors.count, "no show to speak of")
        let outcome = try host.report("/winners.json")
        let winners = try #require(outcome["winners"] as? [[String: Any]])
        #expect(Set(winners.compactMap { $0["id"] as? String }) == judge.survivors)
        #expect(winners.count == judge.survivors.count)
        let payouts = winners.compactMap { $0["minorUnits"] as? Int }
        let share = Self.prizeMinorUnits / judge.survivors.count
        let remainder = Self.prizeMinorUnits % judge.survivors.count
        #expect(payouts.reduce(0, +) == Self.prizeMinorUnits)
        #expect(payouts.prefix(remainder).allSatisfy { $0 == share + 1 })
        #expect(payouts.dropFirst(remainder).allSatisfy { $0 == share })
        #expect(outcome["isSettled"] as? Bool == true)
        #expect(outcome["keptMinorUnits"] as? Int == 0)

        let results = try host.report("/results.json")["questions"] as? [[String: Any]] ?? []
        #expect(results.map { $0["counts"] as? [Int] } == judge.rounds.map(\.counts))
        #expect(results.map { $0["missingCount"] as? Int } == judge.rounds.map(\.missingCount))
        #expect(results.map { $0["revivedCount"] as? Int } == judge.rounds.map(\.revived.count))
        #expect(
            results.map { $0["eliminatedCount"] as? Int } == judge.rounds.map(\.eliminated.count))

        let audit = try Tool.run(
            ServerProcess.binary,
            ["show", "audit", "final", "--staff", "http://127.0.0.1:\(server.staffPort)"])
        #expect(audit.end == .exit(code: 0), "\(audit.output)\(audit.errors)")
        let record = try host.report("/audit")
        #expect(record["agrees"] as? Bool == true, "\(record["findings"] ?? "")")
        let acceptedCount = players.reduce(0) { sum, player in
            sum + Set(player.sent.filter { $0.receipt?.isAccepted == true }.map(\.question)).count
        }
        #expect(record["answerCount"] as? Int == acceptedCount)
        #expect(record["playerCount"] as? Int == players.count)
    }

    private func checkTiming(
        _ judge: PlainJudge, _ players: [SimulatedPlayer], _ times: [String: QuestionTimes]
    ) {
        let timing = TimingJudge()
        var demands: [TimingJudge.Demand: Int] = [:]
        var lateReaderCount = 0
        let offeredByMs = Dictionary(
            uniqueKeysWithValues: times.keys.map { ($0, TimingJudge.offeredByMs($0, players)) })
        for player in players {
            for round in judge.rounds {
                let answers = player.sent.filter { $0.question == round.question }
                guard let first = answers.first, let questionTimes = times[round.question] else {
                    continue
                }
                let accepted = answers.filter { $0.receipt?.isAccepted == true }
                #expect(Set(accepted.map(\.choice)).count <= 1, "\(player.id): two answers stand")
                guard round.asked.contains(player.id) else {
                    let codes = Set(answers.map { $0.receipt?.code })
                    #expect(codes == ["eliminated"], "\(player.id): \(answers)")
                    continue
                }
                let demand = timing.demand(
                    first, of: player, questionTimes,
                    offeredByMs: offeredByMs[round.question] ?? .infinity)
                demands[demand, default: 0] += 1
                let code = first.receipt?.code
                switch demand {
                case .accepted:
                    if player.lagMs > 500 { lateReaderCount += 1 }
                    #expect(
                        code == nil || code == "already_answered",
                        "\(player.id) (\(player.way), \(player.lagMs)): \(first) \(questionTimes)")
                case .tooLate:
                    // Who was out by the time it was looked at is told that.
                    #expect(
                        code == "too_late" || code == "eliminated",
                        "\(player.id) (\(player.way), \(player.lagMs)): \(first) \(questionTimes)")
                case .either:
                    #expect(
                        [nil, "too_late", "already_answered", "eliminated"].contains(code),
                        "\(player.id): \(first)")
                }
            }
        }
        // Else the test would say little.
        #expect(demands[.accepted, default: 0] > 300, "\(demands)")
        #expect(demands[.tooLate, default: 0] > 20, "\(demands)")
        #expect(lateReaderCount > 50)
    }

    private func checkCues(_ players: [SimulatedPlayer], _ judge: PlainJudge) throws {
        let first = players[0].walker
        for player in players {
            do {
                try player.walker.checkRepeats()
                try player.walker.checkCueOrder()
                try player.walker.checkSamePlaces(as: first)
            } catch {
                Issue.record("\(player.id) (\(player.way), \(player.lagMs) ms late): \(error)")
            }
        }
        let asked = first.firstCues.filter { $0.phase == "question" }.compactMap(\.question)
        #expect(asked == judge.rounds.map(\.question))
        let reveals = first.firstCues.filter { $0.phase == "reveal" }
        let counts = reveals.map { $0.object["counts"]?.elements?.compactMap(\.numberValue) }
        #expect(counts == judge.rounds.map { $0.counts.map(Double.init) })
    }
}
