// What the go / no-go sheet says of the last crowd.

import ControlRoom
import Testing

@testable import Fanfare

@Suite struct LiveReadinessTests {
    private func record(
        _ id: String, stream: String = "show", _ change: (inout CrowdReport) -> Void = { _ in }
    ) -> RehearsalRecord {
        let delay = CrowdReport.Delay(p50: 1, p99: 2, max: 3)
        var report = CrowdReport(
            isClean: false, joined: 300, watchingAtEnd: 300, gigabitsPerSecond: 1,
            startUpMs: delay, delayMs: delay,
            players: .init(
                count: 9, answered: 9, receipts: 9, lostReceipts: 0, refused: 0, receiptMs: delay),
            text: "")
        change(&report)
        var record = RehearsalRecord(
            id: id, by: "dora", wish: RehearsalWish(stream: stream, viewers: 300, seconds: 5),
            startedAtMs: 1)
        record.state = .done
        record.report = report
        return record
    }

    @Test func eachTroubleIsNamedAndNoOther() {
        let lost = record("r-1") { $0.players?.lostReceipts = 4 }
        let check = LiveReadiness.crowd([lost], stream: "show")
        #expect(check.verdict == .noGo && check.text.contains("4 answers were lost"))
        #expect(!check.text.contains("refused"))
        let several = record("r-2") { report in
            report.refused = 1
            report.stalled = 2
        }
        let text = LiveReadiness.crowd([several], stream: nil).text
        #expect(text.contains("1 were refused, 2 stalled"))
        let other = LiveReadiness.crowd([record("r-3")], stream: nil)
        #expect(other.verdict == .noGo && other.text.contains("See its report"))
        let clean = record("r-4") { $0.isClean = true }
        #expect(LiveReadiness.crowd([clean], stream: nil).verdict == .go)
    }

    @Test func itIsTheStreamsNewest() {
        let clean = record("r-1") { $0.isClean = true }
        let elsewhere = record("r-2", stream: "backup")
        let older = record("r-0") { $0.lost = 1 }
        let crowds = [elsewhere, clean, older]
        #expect(LiveReadiness.crowd(crowds, stream: "show").verdict == .go)
        #expect(LiveReadiness.crowd(crowds, stream: "backup").verdict == .noGo)
        #expect(LiveReadiness.crowd(crowds, stream: nil).verdict == .noGo)
        #expect(LiveReadiness.crowd(crowds, stream: "other").verdict == .warn)
        var failed = record("r-3")
        failed.report = nil
        failed.error = "it was sent home"
        let check = LiveReadiness.crowd([failed] + crowds, stream: "show")
        #expect(check.verdict == .warn && check.text.contains("sent home"))
    }
}
