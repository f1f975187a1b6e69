// The queue of callbacks: what it keeps, in which order, and how much.

import TestSupport
import Testing

@testable import Ledger

@Suite struct CallbackQueueTests {
    private static let one = "https://one.example/"
    private static let two = "https://two.example/"

    private func news(_ id: String, atMs: Int64 = 0) -> CallbackNews {
        CallbackNews(id: id, event: "show.phase", body: "{\"id\":\"\(id)\"}", createdMs: atMs)
    }

    private func due(
        _ ledger: Ledger, to url: String, nowMs: Int64
    ) throws -> CallbackRow? {
        try ledger.dueCallback(to: url, nowMs: nowMs, delayMsMax: 600_000)
    }

    @Test func eachPlaceIsToldInOrderAndByItself() throws {
        let folder = try TemporaryFolder()
        do {
            let ledger = try Ledger(folderPath: folder.path)
            let both = [Self.one, Self.two]
            #expect(try ledger.addCallbacks([news("a"), news("b")], to: both) == 0)
        }
        // Another process finds it.
        let ledger = try Ledger(folderPath: folder.path)
        let first = try #require(try due(ledger, to: Self.one, nowMs: 0))
        #expect(first.id == "a" && first.attempts == 0 && !first.isDead)
        #expect(first.body == #"{"id":"a"}"# && first.url == Self.one)
        try ledger.callbackTold(first.number)
        #expect(try due(ledger, to: Self.one, nowMs: 0)?.id == "b")
        #expect(try due(ledger, to: Self.two, nowMs: 0)?.id == "a")
        #expect(try ledger.callbackCounts() == CallbackCounts(waiting: 3, dead: 0, longest: 2))
    }

    @Test func whatFailedWaitsAndDoesNotHoldUpTheOthers() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        _ = try ledger.addCallbacks([news("a"), news("b")], to: [Self.one])
        let first = try #require(try due(ledger, to: Self.one, nowMs: 10))
        try ledger.callbackFailed(first.number, failure: "it answers 500", dueMs: 1_000)
        #expect(try due(ledger, to: Self.one, nowMs: 10)?.id == "b")
        #expect(try ledger.nextCallbackMs(to: Self.one) == 0)
        let again = try #require(try due(ledger, to: Self.one, nowMs: 1_000))
        #expect(again.id == "a" && again.attempts == 1 && again.failure == "it answers 500")
    }

    @Test func whatWasGivenUpIsListedToldAgainOrForgotten() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        _ = try ledger.addCallbacks([news("a"), news("b"), news("c")], to: [Self.one])
        let long = String(repeating: "x", count: 5_000)
        for _ in 0..<3 {
            let row = try #require(try due(ledger, to: Self.one, nowMs: 10))
            try ledger.callbackFailed(row.number, failure: long, dueMs: nil)
        }
        #expect(try ledger.callbackCounts() == CallbackCounts(waiting: 0, dead: 3))
        #expect(try ledger.nextCallbackMs(to: Self.one) == nil)
        let dead = try ledger.callbacks(dead: true, countMax: 2)
        #expect(dead.map(\.id) == ["c", "b"] && dead[0].failure.count == 300)
        #expect(try ledger.resendCallbacks(dead[1].number, nowMs: 77) == 1)
        let again = try #require(try due(ledger, to: Self.one, nowMs: 77))
        #expect(again.id == "b" && again.attempts == 0)
        // What waits is nothing to be forgotten.
        #expect(try ledger.dropCallbacks(again.number) == 0)
        #expect(try ledger.dropCallbacks(nil) == 2)
        #expect(try ledger.callbackCounts() == CallbackCounts(waiting: 1, dead: 0))
        #expect(try ledger.resendCallbacks(nil, nowMs: 78) == 0)
    }

    @Test func itHoldsSoMuchAndSaysWhatFoundNoRoom() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        let many = (0..<LedgerLimits.callbackCountMax).map { news("\($0)") }
        #expect(try ledger.addCallbacks(many, to: [Self.one]) == 0)
        // One place takes nothing from another.
        #expect(try ledger.addCallbacks([news("x"), news("y")], to: [Self.one, Self.two]) == 2)
        #expect(try due(ledger, to: Self.two, nowMs: 0)?.id == "x")
        let held = LedgerLimits.callbackCountMax
        #expect(
            try ledger.callbackCounts()
                == CallbackCounts(waiting: held + 2, dead: 0, longest: held))
        #expect(try ledger.giveUpCallbacks(exceptTo: [Self.two]) == LedgerLimits.callbackCountMax)
        let counts = try ledger.callbackCounts()
        #expect(counts.dead == LedgerLimits.deadCallbackCountMax && counts.waiting == 2)
        let newest = try ledger.callbacks(dead: true, countMax: 1)
        #expect(newest.first?.id == "\(LedgerLimits.callbackCountMax - 1)")
        #expect(try ledger.addCallbacks([news("x"), news("y")], to: [Self.two]) == 0)
    }

    @Test func aClockThatIsSetBackHoldsNothingUp() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        let beforeMs: Int64 = 100_000_000
        _ = try ledger.addCallbacks(
            [news("a", atMs: beforeMs), news("b", atMs: beforeMs)], to: [Self.one])
        let first = try #require(try due(ledger, to: Self.one, nowMs: beforeMs))
        try ledger.callbackFailed(first.number, failure: "500", dueMs: beforeMs + 300_000)
        // An hour back: what was tried waits no longer than it ever would, what is new not at all.
        let afterMs = beforeMs - 3_600_000
        #expect(try due(ledger, to: Self.one, nowMs: afterMs)?.id == "a")
        try ledger.callbackFailed(first.number, failure: "500", dueMs: afterMs + 600_000)
        let second = try #require(try due(ledger, to: Self.one, nowMs: afterMs))
        #expect(second.id == "b")
        try ledger.callbackTold(second.number)
        #expect(try due(ledger, to: Self.one, nowMs: afterMs) == nil)
        #expect(try due(ledger, to: Self.one, nowMs: afterMs + 600_000)?.id == "a")
    }

    @Test func withNobodyToTellAllIsGivenUp() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        _ = try ledger.addCallbacks([news("a")], to: [Self.one])
        #expect(try ledger.giveUpCallbacks(exceptTo: []) == 1)
        #expect(try ledger.callbacks(dead: true, countMax: 9).map(\.id) == ["a"])
    }
}
