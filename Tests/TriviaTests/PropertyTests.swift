// What holds in every show, tried on many that come from seeds.

import TestSupport
import Testing
import Trivia

@Suite struct PropertyTests {
    static let seeds: [UInt64] = Array(1...60)

    @Test(arguments: seeds)
    func theLogIsTheShow(seed: UInt64) throws {
        var played = try RandomShow(seed: seed)
        try played.playAll()
        try played.finishAndSettle()
        let show = played.game.show
        #expect(try Show(replaying: played.game.log) == show, "seed \(seed)")
        #expect(try Settlement.compute(played.game.log) == Settlement(show), "seed \(seed)")
    }

    @Test(arguments: seeds)
    func thePlainRulesAgree(seed: UInt64) throws {
        var played = try RandomShow(seed: seed)
        try played.playAll()
        let game = played.game
        let plain = PlainGame(game.log, plan: game.show.plan)
        let winners = Set(game.show.winners.map { Int($0.rawValue) })
        #expect(winners.isSubset(of: plain.answered), "seed \(seed)")
        if game.show.plan.mode == .knockout {
            #expect(winners == plain.survivors.intersection(plain.answered), "seed \(seed)")
        }
        for (player, standing) in game.standings.enumerated() {
            let isIn = standing.status == .playing
            #expect(isIn == plain.survivors.contains(player), "player \(player), seed \(seed)")
            if isIn {
                #expect(standing.score == plain.scores[player], "player \(player), seed \(seed)")
            }
        }
    }

    @Test(arguments: seeds)
    func thePrizeIsAccountedFor(seed: UInt64) throws {
        var played = try RandomShow(seed: seed)
        try played.playAll()
        try played.finishAndSettle()
        let settlement = try #require(Settlement(played.game.show))
        let split = try #require(settlement.split)
        let paid = settlement.payouts.map(\.minorUnits).reduce(0, +)
        #expect(paid <= split.poolMinorUnits, "seed \(seed)")
        #expect(paid + split.keptMinorUnits == split.poolMinorUnits, "seed \(seed)")
        #expect(
            split.shareMinorUnits * Int64(split.winnerCount) + split.remainderMinorUnits
                == split.poolMinorUnits, "seed \(seed)")
        #expect(split.winnerCount == settlement.payouts.count, "seed \(seed)")
        #expect(played.game.show.settledSplit == split, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func theOrderWithinAGroupDoesNotMatter(seed: UInt64) throws {
        var one = try RandomShow(seed: seed, shuffleSeed: 1)
        var other = try RandomShow(seed: seed, shuffleSeed: 2)
        try one.playAll()
        try other.playAll()
        #expect(one.game.standings == other.game.standings, "seed \(seed)")
        #expect(one.game.show == other.game.show, "seed \(seed)")
        #expect(one.game.log == other.game.log, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func aVoidedQuestionWasNeverAsked(seed: UInt64) throws {
        var played = try RandomShow(seed: seed)
        try played.playAll()
        let game = played.game
        let without = try Self.withoutVoided(game.log, plan: game.show.plan, seed: seed)
        let standings = (0..<without.tally.players).compactMap {
            without.standing(of: PlayerNumber(rawValue: Int32($0)))
        }
        #expect(standings == game.standings, "seed \(seed)")
        #expect(without.tally == game.show.tally, "seed \(seed)")
        #expect(without.winners == game.show.winners, "seed \(seed)")
        #expect(without.winnersSplit() == game.show.winnersSplit(), "seed \(seed)")
    }

    /// The same show as if the questions that were voided had been taken out when they were opened.
    private static func withoutVoided(
        _ log: [ShowEvent], plan: ShowPlan, seed: UInt64
    ) throws -> Show {
        var voided: Set<QuestionNumber> = []
        for case .voided(let number, _) in log { voided.insert(number) }
        var show = try Show(id: "show", plan: plan)
        var isOnVoided = false
        for event in log.dropFirst() {
            switch event {
            case .opened(let number, _, _):
                isOnVoided = voided.contains(number)
                try show.apply(isOnVoided ? .questionWithdrawn(number) : event)
            case .voided: isOnVoided = false
            case .answered(let record):
                if isOnVoided { continue }
                // The receipts have other numbers here.
                let answer = Answer(
                    player: record.player, question: record.question, choice: Int(record.choice),
                    receivedAtNs: record.receivedAtNs, handover: record.handover)
                #expect(show.answer(answer).isAccepted, "seed \(seed)")
            case .keyCorrected(let number, _, _):
                // Of a question that isn't there.
                if show.question(number)?.state == .withdrawn { continue }
                try show.apply(event)
            case .locked, .revealed, .paused, .resumed, .outageMadeUp, .stageCleared:
                if isOnVoided { continue }
                // What cleared a void off the stage has nothing to clear here.
                if event == .stageCleared, show.stage == .empty { continue }
                try show.apply(event)
            default: try show.apply(event)
            }
        }
        return show
    }

    @Test func aLogThatLacksAnAnswerIsFound() throws {
        var game = try Game(playerCount: 3)
        try game.play([1, 1, 0])
        var log = game.log
        let missing = try #require(
            log.firstIndex { if case .answered = $0 { true } else { false } })
        log.remove(at: missing)
        #expect(
            throws: ReplayError(index: missing, refusal: .badReceipt(2, expected: 1))
        ) { try Show(replaying: log) }
        log = game.log
        log.insert(log[missing], at: missing)
        #expect(
            throws: ReplayError(index: missing + 1, refusal: .badReceipt(1, expected: 1))
        ) { try Show(replaying: log) }
    }

    @Test func aHundredThousandPlayersPlay() throws {
        let playerCount = 100_000
        var game = try Game(questionCount: 2)
        try game.host(.openLobby)
        for index in 0..<playerCount { try game.join("p\(index)") }
        try game.host(.open(question: nil))
        for start in stride(from: 0, to: playerCount, by: 1000) {
            game.send(group: (start..<start + 1000).map { game.make($0, $0 % 4) })
        }
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        let reveal = try #require(game.show.reveal(of: .init(rawValue: 0)))
        #expect(reveal.counts == [25_000, 25_000, 25_000, 25_000])
        #expect(reveal.revivedCount == 75_000)
        #expect(game.show.acceptedCount == 100_000)
        #expect(try Show(replaying: game.log) == game.show)
    }
}
