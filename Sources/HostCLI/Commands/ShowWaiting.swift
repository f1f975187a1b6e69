// Waiting until an order can be carried out, for scripts: it ends at whatever can't get better.

import ControlRoom
import IORing

/// Why there is nothing to wait for.
enum ShowWaitError: Error, Equatable, CustomStringConvertible {
    case notLocked(question: String, show: String)
    case lockTakenBack(question: String)
    case voided(question: String, reason: String)
    case gone(question: String)

    var description: String {
        switch self {
        case .notLocked(let question, let show):
            "question \(question) is open, and no lock waits for its last viewer: fanfare show lock "
                + "\(show) first"
        case .lockTakenBack(let question):
            "question \(question) is open again: nobody locks it any more"
        case .voided(let question, let reason): "question \(question) was taken back: \(reason)"
        case .gone(let question): "question \(question) isn't on any more"
        }
    }
}

/// Waits for the question that is on to lock by itself.
struct ShowWaiting {
    let show: String
    /// Where the show is.
    let look: () throws(StaffCallError) -> ShowState
    var sleep: (_ ms: Int64) -> Void = { MonotonicClock.sleep(ms: $0) }

    /// How often it looks at least, ms, and at most.
    private static let tickMs: ClosedRange<Int64> = 50...500

    init(_ client: ShowClient, show: String) {
        self.show = show
        look = { () throws(StaffCallError) in try client.state(show) }
    }

    init(
        show: String, look: @escaping () throws(StaffCallError) -> ShowState,
        sleep: @escaping (_ ms: Int64) -> Void
    ) {
        self.show = show
        self.look = look
        self.sleep = sleep
    }

    /// Returns when the question is locked, or where none is open: then the order itself is told
    /// what is the matter.
    func untilLocked() throws {
        guard let first = try look().question, first.state == .open else { return }
        let id = first.question.id
        guard first.isLockPending else { throw ShowWaitError.notLocked(question: id, show: show) }
        var on = first
        while true {
            let leftMs = Int64(on.lockableInMs ?? 0)
            sleep(min(max(leftMs, Self.tickMs.lowerBound), Self.tickMs.upperBound))
            guard let next = try look().question, next.question.id == id else {
                throw ShowWaitError.gone(question: id)
            }
            on = next
            switch on.state {
            case .open:
                guard on.isLockPending else { throw ShowWaitError.lockTakenBack(question: id) }
            case .locked, .revealed: return
            case .void:
                throw ShowWaitError.voided(question: id, reason: on.voidReason ?? "no reason given")
            case .waiting, .withdrawn: throw ShowWaitError.gone(question: id)
            }
        }
    }
}
