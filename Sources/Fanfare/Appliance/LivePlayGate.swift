// Who may watch: a signed address where one is needed, and then another system's word.

import Callbacks
import Delivery
import IORing
import Synchronization
import WireBytes

/// The gate of the running appliance.
final class LivePlayGate: PlayGate {
    private let keys: LiveURLKeys
    private let callbacks: LiveCallbacks
    private let answers = Mutex(PlayAnswers())

    init(keys: LiveURLKeys, callbacks: LiveCallbacks) {
        self.keys = keys
        self.callbacks = callbacks
    }

    var isShut: Bool { keys.isPlaySigned || callbacks.asksAboutPlays }

    func verdict(
        stream: String, host: HostKey, item: (StaticString) -> String?
    ) -> PlayVerdict {
        if let refusal = keys.playRefusal(stream: stream, host: host, item: item) {
            return .refused(refusal, by: .signature)
        }
        guard callbacks.asksAboutPlays else { return .allowed }
        let key = PlayAnswers.Key(stream: stream, host: host)
        switch answers.withLock({ $0.look(key, nowMs: MonotonicClock.nowMs()) }) {
        case .known(let verdict): return verdict
        case .asked: return .undecided
        case .full:
            // Nobody is kept out because too many come.
            return .allowed
        case .new: break
        }
        callbacks.askPlay(stream: stream, host: host) { [self] verdict in
            answers.withLock { $0.set(verdict, for: key, nowMs: MonotonicClock.nowMs()) }
        }
        return .undecided
    }
}

/// What was said of whom, for a short time: a household asks once.
struct PlayAnswers {
    struct Key: Hashable {
        var stream: String
        var host: HostKey
    }

    enum Look: Equatable {
        case known(PlayVerdict)
        case asked
        /// It is to be asked now, and counts as asked.
        case new
        case full
    }

    private struct Entry {
        var verdict: PlayVerdict?
        var untilMs: Int64
    }

    private var entries: [Key: Entry] = [:]
    private var sweptMs: Int64 = 0

    /// Answers and questions that are kept.
    static let countMax = 8_192
    /// How long an answer is good, ms: yes, no, and none, which is a yes.
    static let allowedMs: Int64 = 30_000
    static let refusedMs: Int64 = 10_000
    static let unansweredMs: Int64 = 5_000
    /// A question is answered long before, ms.
    private static let askedMs: Int64 = 60_000

    mutating func look(_ key: Key, nowMs: Int64) -> Look {
        if let entry = entries[key], entry.untilMs > nowMs {
            return entry.verdict.map { .known($0) } ?? .asked
        }
        if entries.count >= Self.countMax, nowMs - sweptMs >= 1_000 {
            sweptMs = nowMs
            entries = entries.filter { $0.value.untilMs > nowMs }
        }
        guard entries[key] != nil || entries.count < Self.countMax else { return .full }
        entries[key] = Entry(verdict: nil, untilMs: nowMs + Self.askedMs)
        return .new
    }

    mutating func set(_ verdict: CallbackVerdict, for key: Key, nowMs: Int64) {
        entries[key] =
            switch verdict {
            case .allowed: Entry(verdict: .allowed, untilMs: nowMs + Self.allowedMs)
            case .unanswered: Entry(verdict: .allowed, untilMs: nowMs + Self.unansweredMs)
            case .refused(let reason):
                Entry(
                    verdict: .refused(reason ?? "You may not watch this stream.", by: .backend),
                    untilMs: nowMs + Self.refusedMs)
            }
    }
}
