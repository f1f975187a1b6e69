// The prize to the last minor unit.

import TestSupport
import Testing
import Trivia

@Suite struct PrizeTests {
    @Test(arguments: RemainderRule.allCases)
    func everyUnitIsAccountedFor(rule: RemainderRule) throws {
        let seed: UInt64 = 81
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let units = Int64.random(in: 0...(1 << Int64.random(in: 0...49)), using: &random)
            let winnerCount = Int.random(in: 0...1000, using: &random)
            let pool = try PrizePool(minorUnits: units, currency: "EUR", remainderRule: rule)
            let split = pool.split(winnerCount: winnerCount)
            let paid = (0..<winnerCount).reduce(Int64(0)) { $0 + split.payout(place: $1) }
            #expect(paid + split.keptMinorUnits == units, "seed \(seed)")
            #expect(
                split.shareMinorUnits * Int64(winnerCount) + split.remainderMinorUnits == units,
                "seed \(seed)")
            #expect(winnerCount == 0 || split.remainderMinorUnits < winnerCount, "seed \(seed)")
        }
    }

    @Test func theRestIsKeptOrGoesToTheFirst() throws {
        let kept = try PrizePool(minorUnits: 100, currency: "EUR").split(winnerCount: 3)
        #expect((0..<3).map(kept.payout) == [33, 33, 33])
        #expect(kept.keptMinorUnits == 1)
        let given = try PrizePool(minorUnits: 101, currency: "EUR", remainderRule: .toTheFirst)
            .split(winnerCount: 3)
        #expect((0..<3).map(given.payout) == [34, 34, 33])
        #expect(given.keptMinorUnits == 0)
        let nobody = try PrizePool(minorUnits: 101, currency: "EUR", remainderRule: .toTheFirst)
            .split(winnerCount: 0)
        #expect(nobody.keptMinorUnits == 101 && nobody.shareMinorUnits == 0)
        for rule in RemainderRule.allCases { #expect(rule.sentence.hasSuffix(".")) }
    }

    private func finished(isRehearsal: Bool = false) throws -> Game {
        let prize = try PrizePool(minorUnits: 100, currency: "EUR", remainderRule: .toTheFirst)
        var game = try Game(
            playerCount: 4, questionCount: 1,
            plan: ShowPlan(title: "t", prize: prize, isRehearsal: isRehearsal))
        try game.host(.open(question: nil))
        for (player, afterMs) in [(0, Int64(3000)), (1, 2500), (2, 2500)] {
            game.send(game.make(player, 1, receivedAtMs: game.nowMs + afterMs))
        }
        try game.host(.lock(isForced: true))
        try game.host(.reveal)
        try game.host(.finish)
        return game
    }

    @Test func theQuickestComesFirstAndThenWhoJoinedFirst() throws {
        let settlement = try Settlement.compute(try finished().log)
        #expect(settlement.payouts.map(\.id) == ["p1", "p2", "p0"])
        #expect(settlement.payouts.map(\.minorUnits) == [34, 33, 33])
        #expect(settlement.payouts.first?.name == "Player p1")
        #expect(settlement.currency == "EUR")
        #expect(!settlement.isRehearsal)
        #expect(try Settlement.compute(try finished(isRehearsal: true).log).isRehearsal)
    }

    @Test func theAuditSeesAnotherSettlementThanFollowsFromTheLog() throws {
        var game = try finished()
        let forged = PrizeSplit(
            poolMinorUnits: 100, winnerCount: 1, shareMinorUnits: 100, remainderMinorUnits: 0,
            remainderRule: .toTheFirst)
        let log = game.log + [.settled(forged)]
        #expect(throws: ReplayError(index: log.count - 1, refusal: .settlementDiffers)) {
            try Settlement.compute(log)
        }
        try game.host(.settle)
        #expect(try Settlement.compute(game.log) == Settlement(game.show))
        #expect(game.show.settledSplit?.shareMinorUnits == 33)
    }

    @Test func anUnfinishedShowHasNoSettlement() throws {
        let game = try Game(playerCount: 1)
        #expect(
            throws: ReplayError(
                index: game.log.count,
                refusal: .wrongPhase(.lobby, allowed: [.finished, .settled]))
        ) { try Settlement.compute(game.log) }
        #expect(throws: ReplayError(index: 0, refusal: .creation)) {
            try Settlement.compute([])
        }
        #expect(throws: ReplayError(index: 0, refusal: .creation)) {
            try Settlement.compute([.lobbyOpened])
        }
        #expect(throws: ReplayError(index: 1, refusal: .creation)) {
            try Settlement.compute([game.log[0], game.log[0]])
        }
    }
}
