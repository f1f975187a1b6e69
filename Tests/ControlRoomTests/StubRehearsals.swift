// Crowds that come from nowhere: one that is over, and one that somebody has begun.

import Synchronization

@testable import ControlRoom

/// One crowd at a time.
final class StubRehearsals: RehearsalDesk, ReadinessDesk {
    private let known: Mutex<[RehearsalRecord]>

    init() {
        var first = RehearsalRecord(
            id: "r-1", by: "dora", wish: RehearsalWish(stream: "show", viewers: 5, seconds: 5),
            startedAtMs: 1)
        first.state = .done
        first.endedAtMs = 2
        first.progress = 1
        first.verdict = .trouble
        let delay = CrowdReport.Delay(p50: 1, p99: 2, max: 3)
        first.report = CrowdReport(
            isClean: false, joined: 5, watchingAtEnd: 4, lost: 1, gigabitsPerSecond: 0.01,
            startUpMs: delay, delayMs: delay,
            players: .init(
                count: 2, answered: 3, receipts: 3, lostReceipts: 0, refused: 0, receiptMs: delay),
            text: "NOT CLEAN")
        known = Mutex([first])
    }

    func begin(
        _ wish: RehearsalWish, by: String
    ) async throws(RehearsalRefusal) -> RehearsalRecord {
        let record = known.withLock { known -> RehearsalRecord? in
            guard known[0].state != .running else { return nil }
            known.insert(
                RehearsalRecord(
                    id: "r-\(known.count + 1)", by: by, wish: wish, startedAtMs: 3), at: 0)
            return known[0]
        }
        guard let record else { throw .notNow("a crowd is there already; send it home first") }
        return record
    }

    func records() async -> [RehearsalRecord] { known.withLock { $0 } }

    func stop(_ id: String) async throws(RehearsalRefusal) {
        let isKnown = known.withLock { known in
            guard let index = known.firstIndex(where: { $0.id == id }) else { return false }
            known[index].state = .failed
            known[index].error = "it was stopped"
            return true
        }
        guard isKnown else { throw .unknown }
    }

    func checks(
        of show: String?, crowds: [RehearsalRecord]
    ) async throws(ShowDeskRefusal) -> [ReadinessCheck] {
        if let show, show != "final" { throw .unknownShow }
        return [
            ReadinessCheck(
                id: "crowd", title: "Crowd",
                verdict: crowds.first?.verdict == .clean ? .go : .noGo,
                text: "The last was NOT CLEAN")
        ]
    }
}
