// Who may connect: so many in all, so many from one address, and not too fast.

import IORing
import Synchronization

/// The bounds of connections, counted across all shards.
public struct AdmissionLimits: Sendable {
    /// Connections in all.
    public var countMax = Int.max
    /// Connections from one address elsewhere.
    public var perAddressMax = 200
    /// Connections from one address of this machine, which is where rehearsals come from.
    public var perLoopbackAddressMax = 10_000
    /// New connections a second from one address elsewhere, over a while.
    public var perAddressPerSecondMax = 100.0

    /// Limits with their defaults.
    public init() {}

    /// New connections from one address at once, in seconds of its rate.
    static let burstS = 2.0
    /// When so many addresses are known, those without connections are forgotten first.
    static let addressCountMax = 100_000
}

/// Counts connections by address across all shards.
public final class AddressBook: Sendable {
    /// What a newcomer is told.
    enum Verdict {
        case admitted
        /// There are as many connections as there may be.
        case full
        /// Its address has as many as it may, or opens them too fast.
        case tooMany
    }

    private struct Entry {
        var count = 0
        /// New connections it may still open now.
        var credit: Double
        var seenMs: Int64
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var count = 0
    }

    private let limits: AdmissionLimits
    private let state = Mutex(State())

    /// An empty book with these limits.
    public init(limits: AdmissionLimits) { self.limits = limits }

    /// Counts a connection, if it may come in.
    func admit(_ host: HostKey, nowMs: Int64) -> Verdict {
        let burst = limits.perAddressPerSecondMax * AdmissionLimits.burstS
        return state.withLock { state in
            guard state.count < limits.countMax else { return .full }
            var entry =
                state.entries[host.value] ?? Entry(credit: burst, seenMs: nowMs)
            let elapsedS = Double(max(0, nowMs - entry.seenMs)) / 1_000
            entry.credit = min(burst, entry.credit + elapsedS * limits.perAddressPerSecondMax)
            entry.seenMs = nowMs
            let countMax = host.isLoopback ? limits.perLoopbackAddressMax : limits.perAddressMax
            let isTooFast = !host.isLoopback && entry.credit < 1
            let isAdmitted = entry.count < countMax && !isTooFast
            if isAdmitted {
                entry.count += 1
                entry.credit -= 1
                state.count += 1
            }
            if state.entries[host.value] == nil {
                AddressBook.makeRoom(&state, nowMs: nowMs)
            }
            state.entries[host.value] = entry
            return isAdmitted ? .admitted : .tooMany
        }
    }

    /// A connection that was admitted has ended.
    func leave(_ host: UInt64) {
        state.withLock { state in
            state.count -= 1
            state.entries[host]?.count -= 1
        }
    }

    /// How many addresses are known.
    var addressCount: Int { state.withLock { $0.entries.count } }

    /// How many connections there are.
    var count: Int { state.withLock { $0.count } }

    /// An address without connections is kept only for its rate, which it has back after a burst's
    /// time; so forgetting it then changes nothing.
    private static func makeRoom(_ state: inout State, nowMs: Int64) {
        guard state.entries.count >= AdmissionLimits.addressCountMax else { return }
        let keepsMs = Int64(AdmissionLimits.burstS * 1_000)
        state.entries = state.entries.filter {
            $0.value.count > 0 || nowMs - $0.value.seenMs < keepsMs
        }
        guard state.entries.count >= AdmissionLimits.addressCountMax else { return }
        state.entries = state.entries.filter { $0.value.count > 0 }
    }
}
