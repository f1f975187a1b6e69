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
                        url: HTTPURL(row.url)?.origin ?? row.url,
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
