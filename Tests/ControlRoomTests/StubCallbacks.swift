// A queue of callbacks, for the control room's tests.

import Synchronization

@testable import ControlRoom

/// Knows two that were given up, 7 and 9.
final class StubCallbacks: CallbackDesk {
    private let done = Mutex<[String]>([])

    /// What was asked to be done.
    var orders: [String] { done.withLock { $0 } }

    func list(dead: Bool) throws(CallbackDeskRefusal) -> CallbackReport {
        let records = [Int64](dead ? [9, 7] : []).map { number in
            CallbackRecord(
                number: number, id: "id-\(number)", event: "publish.began",
                url: "https://a.example/x", body: "{}", createdAtMs: 1, attempts: 24, isDead: true,
                failure: number == 7 ? "it answers 500" : nil)
        }
        return CallbackReport(waiting: 0, dead: 2, callbacks: records)
    }

    func resend(_ number: Int64?) throws(CallbackDeskRefusal) -> Int {
        try order("resend", number)
    }

    func drop(_ number: Int64?) throws(CallbackDeskRefusal) -> Int { try order("drop", number) }

    private func order(_ word: String, _ number: Int64?) throws(CallbackDeskRefusal) -> Int {
        guard number != 0 else { throw .notNow("the disk is full") }
        done.withLock { $0.append("\(word) \(number.map { "\($0)" } ?? "all")") }
        return number == nil ? 2 : number == 7 || number == 9 ? 1 : 0
    }
}
