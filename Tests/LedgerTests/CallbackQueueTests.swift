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

    @Test func eachPlaceIsToldInOrderAndByItself() throws {
        let folder = try TemporaryFolder()
        do {
            let ledger = try Ledger(folderPath: folder.path)
            let both = [Self.one, Self.two]
            #expect(try ledger.addCallbacks([news("a"), news("b")], to: both) == 0)
        }
        // Another process finds it.
        let ledger = try Ledger(folderPath: folder.path)
        let first = try #require(try ledger.dueCallback(to: Self.one, nowMs: 0))
        #expect(first.id == "a" && first.attempts == 0 && !first.isDead)
        #expect(first.body == #"{"id":"a"}"# && first.url == Self.one)
        try ledger.callbackTold(first.number)
        #expect(try ledger.dueCallback(to: Self.one, nowMs: 0)?.id == "b")
        #expect(try ledger.dueCallback(to: Self.two, nowMs: 0)?.id == "a")
        #expect(try ledger.callbackCounts() == CallbackCounts(waiting: 3, dead: 0))
    }

    @Test func whatFailedWaitsAndDoesNotHoldUpTheOthers() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        _ = try ledger.addCallbacks([news("a"), news("b")], to: [Self.one])
        let first = try #require(try ledger.dueCallback(to: Self.one, nowMs: 10))
        try ledger.callbackFailed(first.number, failure: "it answers 500", dueMs: 1_000)
        #expect(try ledger.dueCallback(to: Self.one, nowMs: 10)?.id == "b")
        #expect(try ledger.nextCallbackMs(to: Self.one) == 0)
        let again = try #require(try ledger.dueCallback(to: Self.one, nowMs: 1_000))
        #expect(again.id == "a" && again.attempts == 1 && again.failure == "it answers 500")
    }

    @Test func whatWasGivenUpIsListedToldAgainOrForgotten() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        _ = try ledger.addCallbacks([news("a"), news("b"), news("c")], to: [Self.one])
        let long = String(repeating: "x", count: 5_000)
        for _ in 0..<3 {
            let row = try #require(try ledger.dueCallback(to: Self.one, nowMs: 10))
            try ledger.callbackFailed(row.number, failure: long, dueMs: nil)
        }
        #expect(try ledger.callbackCounts() == CallbackCounts(waiting: 0, dead: 3))
        #expect(try ledger.nextCallbackMs(to: Self.one) == nil)
        let dead = try ledger.callbacks(dead: true, countMax: 2)
        #expect(dead.map(\.id) == ["c", "b"] && dead[0].failure.count == 300)
        #expect(try ledger.resendCallbacks(dead[1].number, nowMs: 77) == 1)
        let again = try #require(try ledger.dueCallback(to: Self.one, nowMs: 77))
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
        #expect(try ledger.addCallbacks([news("x"), news("y")], to: [Self.two]) == 2)
        #expect(try ledger.giveUpCallbacks(exceptTo: [Self.two]) == LedgerLimits.callbackCountMax)
        let counts = try ledger.callbackCounts()
        #expect(counts.dead == LedgerLimits.deadCallbackCountMax && counts.waiting == 0)
        let newest = try ledger.callbacks(dead: true, countMax: 1)
        #expect(newest.first?.id == "\(LedgerLimits.callbackCountMax - 1)")
        #expect(try ledger.addCallbacks([news("x"), news("y")], to: [Self.two]) == 0)
    }

    @Test func withNobodyToTellAllIsGivenUp() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(folderPath: folder.path)
        _ = try ledger.addCallbacks([news("a")], to: [Self.one])
        #expect(try ledger.giveUpCallbacks(exceptTo: []) == 1)
        #expect(try ledger.callbacks(dead: true, countMax: 9).map(\.id) == ["a"])
    }
}
