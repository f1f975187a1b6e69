// Callbacks as the staff and the metrics see them.

import Callbacks
import ControlRoom
import Game
import HTTPWire
import Ledger

extension LiveCallbacks: CallbackDesk {
    func list(dead: Bool) throws(CallbackDeskRefusal) -> CallbackReport {
        try asking { () throws(LedgerError) in
            let counts = try ledger.callbackCounts()
            let rows = try ledger.callbacks(dead: dead, countMax: CallbackReport.countMax)
            return CallbackReport(
                waiting: counts.waiting, dead: counts.dead,
                callbacks: rows.map { row in
                    CallbackRecord(
                        number: row.number, id: row.id, event: row.event,
                        url: HTTPURL(row.url)?.origin ?? "(hidden)",
                        body: row.body, createdAtMs: row.createdMs, attempts: row.attempts,
                        isDead: row.isDead, failure: row.failure.isEmpty ? nil : row.failure)
                })
        }
    }

    func resend(_ number: Int64?) throws(CallbackDeskRefusal) -> Int {
        let nowMs = GameClock.system.wallMs()
        let count = try asking { () throws(LedgerError) in
            try ledger.resendCallbacks(number, nowMs: nowMs)
        }
        hurry()
        return count
    }

    func drop(_ number: Int64?) throws(CallbackDeskRefusal) -> Int {
        try asking { () throws(LedgerError) in try ledger.dropCallbacks(number) }
    }

    private func asking<Value>(
        _ body: () throws(LedgerError) -> Value
    ) throws(CallbackDeskRefusal) -> Value {
        do throws(LedgerError) { return try body() } catch {
            throw .notNow("the queue of callbacks can't be read or written: \(error)")
        }
    }

    /// What it did, and what is left to do.
    func metrics() -> [MetricFamily] {
        askMetrics() + toldMetrics()
    }

    private func askMetrics() -> [MetricFamily] {
        let asks = [("publish", publishAsk), ("play", playAsk)]
        let samples = asks.flatMap { question, ask in
            let counters = ask?.counters
            return [
                ("allowed", counters?.allowed), ("refused", counters?.refused),
                ("unanswered", counters?.unanswered),
            ].map { result, count in
                MetricFamily.Sample(
                    Double(count ?? 0), labels: [("question", question), ("result", result)])
            }
        }
        return [
            MetricFamily(
                "fanfare_callback_asks_total", .counter,
                help: "What came of asking other systems who may publish and who may watch.",
                samples: samples)
        ]
    }

    /// What deserves a look, a sentence each.
    var warnings: [String] {
        // Where the ledger fails, it says so itself.
        let counts = counters == nil ? nil : try? ledger.callbackCounts()
        return Self.warnings(
            counts: counts, lostCount: losesNews ? counters?.lost ?? 0 : 0,
            unanswered: [
                (.publishAsked, publishAsk?.unansweredReason),
                (.playAsked, playAsk?.unansweredReason),
            ])
    }

    /// - Parameters:
    ///   - lostCount: of news that were lost, if some were lately.
    ///   - unanswered: why nobody has decided about these lately.
    static func warnings(
        counts: CallbackCounts?, lostCount: Int,
        unanswered: [(question: CallbackKind, reason: String?)]
    ) -> [String] {
        var words: [String] = []
        if lostCount > 0 {
            words.append(
                "callbacks are lost, as there is no room for them: \(lostCount) so far, the newest "
                    + "within the last hour")
        }
        if let counts, counts.longest >= LedgerLimits.callbackCountMax / 10 * 8 {
            words.append(
                "\(counts.longest) callbacks wait for one place, and there is room for "
                    + "\(LedgerLimits.callbackCountMax): see fanfare callbacks list --waiting")
        }
        if let counts, counts.dead > 0 {
            words.append(
                "callbacks were given up, and \(counts.dead) are kept: see fanfare callbacks list")
        }
        for case (let question, let reason?) in unanswered {
            words.append("\(question.rawValue) isn't answered: \(reason)")
        }
        return words
    }

    private func toldMetrics() -> [MetricFamily] {
        guard let counters else { return [] }
        // The ledger may fail: then there are the counters alone, and it says so itself.
        let counts = try? ledger.callbackCounts()
        return [
            MetricFamily(
                "fanfare_callbacks_total", .counter,
                help: "Callbacks, by what came of them: tries that failed are tried again.",
                samples: [
                    ("told", counters.told), ("failed", counters.failed),
                    ("given_up", counters.gaveUp), ("lost", counters.lost),
                ].map { .init(Double($0.1), labels: [("result", $0.0)]) }),
            MetricFamily(
                "fanfare_callbacks_queued", .gauge,
                help: "Callbacks that are still to be told, and those that were given up.",
                samples: [("waiting", counts?.waiting), ("given_up", counts?.dead)].compactMap {
                    state, count in
                    count.map { .init(Double($0), labels: [("state", state)]) }
                }),
        ]
    }
}
