// kill -9 at random moments of shows: nothing acknowledged is lost, and the winners are the same.

import Foundation
import TestSupport
import Testing

@Suite("A server that is killed", .ownThread)
struct KillTests {
    /// One kill for each question.
    private static let questionCount = 10
    private static let playerCount = 20

    /// What came out of a show.
    private struct Outcome: Equatable {
        var winners: Set<String>
        var counts: [[Int]]
        var missingCounts: [Int]
        var answerCount: Int
    }

    /// FANFARE_TEST_KILLS and FANFARE_TEST_SEED choose others than the fifty of every run.
    @Test("At fifty moments of its shows, it goes on where it was, and the right ones win")
    func kills() throws {
        let words = ProcessInfo.processInfo.environment
        let killCount = words["FANFARE_TEST_KILLS"].flatMap(Int.init) ?? 50
        let seed = words["FANFARE_TEST_SEED"].flatMap(UInt64.init) ?? 44
        let showCount = max(1, (killCount + Self.questionCount - 1) / Self.questionCount)
        let disturbed = try outcomes(showCount, seed: seed, isDisturbed: true)
        let undisturbed = try outcomes(showCount, seed: seed, isDisturbed: false)
        #expect(disturbed == undisturbed, "seed \(seed)")
        #expect(undisturbed.contains { !$0.winners.isEmpty }, "seed \(seed)")
    }

    private func outcomes(
        _ showCount: Int, seed: UInt64, isDisturbed: Bool
    ) throws -> [Outcome] {
        let server = try RestartingServer(["--player-key", PlayerTokens.key])
        defer { server.stop() }
        let publisher = LoopingPublisher(try Source.clip.get(), port: server.rtmpPort)
        defer { publisher.stop() }
        return try (0..<showCount).map { number in
            do {
                return try play("show\(number)", server, seed + UInt64(number), isDisturbed)
            } catch {
                Issue.record("seed \(seed), show \(number); the server's log:\n\(server.log)")
                throw error
            }
        }
    }

    private func play(
        _ show: String, _ server: RestartingServer, _ seed: UInt64, _ isDisturbed: Bool
    ) throws -> Outcome {
        var random = SeededRandom(seed: seed)
        // So long that time decides nothing: the choices alone do.
        let sheet = QuestionSheet.drawn(
            count: Self.questionCount, windowMs: 60_000, using: &random)
        let host = ShowHost(port: server.staffPort, show: show)
        try host.create(["reviveCount": 1, "lagMsMax": 0])
        #expect(try host.importQuestions(sheet.csv).statusCode == 200)
        try host.perform("lobby")
        let crowd = PlayerCrowd(
            try Self.players(show, sheet, seed: seed, patience: isDisturbed ? 1 : 0.1))
        defer { crowd.stop() }
        let door = PlayerDoor(port: server.httpPort)
        for (way, token) in crowd.look({ $0.map { ($0.way, $0.token) } }) where way == .postAlone {
            try door.enter(token)
        }
        try crowd.connect(port: server.httpPort)
        try host.wait(forPlayers: Self.playerCount)
        let stage = KillStage(server, host, crowd, at: ShowStep("lobby"))
        for question in sheet.entries {
            let delayMs = Double.random(in: 0..<550, using: &random)
            if isDisturbed { stage.arm(afterMs: delayMs) }
            try stage.perform("open", reaching: ShowStep("live", question.id, "open"))
            try crowd.wait(for: "answers to \(question.id)", within: 60) {
                $0.isDone(with: question.id)
            }
            try stage.perform(
                "lock", ["force": true], reaching: ShowStep("live", question.id, "locked"))
            try stage.perform("reveal", reaching: ShowStep("live", question.id, "revealed"))
            try stage.waitForRestart()
        }
        let last = sheet.entries.last?.id
        try stage.perform("finish", reaching: ShowStep("finished", last, "revealed"))
        try stage.perform("settle", reaching: ShowStep("settled", last, "revealed"))
        #expect(stage.problems.isEmpty, "seed \(seed)")
        #expect(stage.killCount == (isDisturbed ? Self.questionCount : 0))
        return try outcome(host, crowd, sheet)
    }

    private static func players(
        _ show: String, _ sheet: QuestionSheet, seed: UInt64, patience: Double
    ) throws -> [SimulatedPlayer] {
        try (0..<playerCount).map { index in
            let way = SimulatedPlayer.Way.allCases[index % 3]
            let token = try PlayerTokens.mint("p\(index)", show: show)
            let player = SimulatedPlayer(id: "p\(index)", token: token, way: way) { question in
                guard let entry = sheet[question.id] else { return [] }
                var random = SeededRandom(
                    seed: seed &* 1_000_003 &+ UInt64(index * 1_000 + question.index))
                let delayMs = Double.random(in: 5..<350, using: &random) * patience
                let isMissing = Int.random(in: 0..<100, using: &random) < 4
                let isRight = Int.random(in: 0..<100, using: &random) < 85
                let wrong = (entry.correct + 1) % entry.optionCount
                let choice = isRight ? entry.correct : wrong
                return isMissing ? [] : [PlannedAnswer(delayMs: delayMs, choice: choice)]
            }
            player.isPersistent = true
            return player
        }
    }

    private func outcome(
        _ host: ShowHost, _ crowd: PlayerCrowd, _ sheet: QuestionSheet
    ) throws -> Outcome {
        let winners = try host.report("/winners.json")["winners"] as? [[String: Any]] ?? []
        let results = try host.report("/results.json")["questions"] as? [[String: Any]] ?? []
        let audit = try host.report("/audit")
        #expect(audit["agrees"] as? Bool == true, "\(audit["findings"] ?? "")")
        let outcome = Outcome(
            winners: Set(winners.compactMap { $0["id"] as? String }),
            counts: results.compactMap { $0["counts"] as? [Int] },
            missingCounts: results.compactMap { $0["missingCount"] as? Int },
            answerCount: audit["answerCount"] as? Int ?? -1)
        // The same by the plain rules from what the players hold.
        crowd.look { players in
            for player in players {
                // Time decides nothing here, so only who is out can be refused.
                let odd = player.sent.filter { ![nil, "eliminated"].contains($0.receipt?.code) }
                #expect(odd.isEmpty, "\(player.id), \(player.way)")
            }
            var judge = PlainJudge(players: players.map(\.id), reviveCount: 1)
            var answerCount = 0
            for (index, question) in sheet.entries.enumerated() {
                var accepted: [String: Int] = [:]
                for player in players { accepted[player.id] = player.acceptedChoice(question.id) }
                answerCount += accepted.count
                judge.reveal(
                    question, accepted: accepted, isLast: index == sheet.entries.count - 1)
            }
            #expect(outcome.winners == judge.survivors)
            #expect(outcome.counts == judge.rounds.map(\.counts))
            #expect(outcome.missingCounts == judge.rounds.map(\.missingCount))
            #expect(outcome.answerCount == answerCount)
        }
        return outcome
    }
}
