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
    /// Guests who join from one address elsewhere a minute, and at once.
    public var joinsPerAddressPerMinuteMax = 120.0

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
        let isLoopback: Bool
        /// Guests who may still join from it now, as of then; nil before the first.
        var joins: (credit: Double, atMs: Int64)?
    }

    private struct State {
        var limits: AdmissionLimits
        var entries: [UInt64: Entry] = [:]
        var count = 0
    }

    private let state: Mutex<State>

    /// An empty book with these limits.
    public init(limits: AdmissionLimits) { state = Mutex(State(limits: limits)) }

    /// Other limits from now on. Who is in already stays.
    public func change(limits: AdmissionLimits) { state.withLock { $0.limits = limits } }

    /// Counts a connection, if it may come in.
    func admit(_ host: HostKey, nowMs: Int64) -> Verdict {
        state.withLock { state in
            let limits = state.limits
            let burst = limits.perAddressPerSecondMax * AdmissionLimits.burstS
            guard state.count < limits.countMax else { return .full }
            var entry =
                state.entries[host.value]
                ?? Entry(
                    credit: burst, seenMs: nowMs, isLoopback: host.isLoopback)
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

    /// Counts a guest who joins over a connection that was admitted.
    ///
    /// - Returns: false when there are too many from its address.
    func mayJoin(_ host: UInt64, nowMs: Int64) -> Bool {
        state.withLock { state in
            guard let entry = state.entries[host], !entry.isLoopback else { return true }
            let most = state.limits.joinsPerAddressPerMinuteMax
            let last = entry.joins ?? (most, nowMs)
            let elapsedMinutes = Double(max(0, nowMs - last.atMs)) / 60_000
            let credit = min(most, last.credit + elapsedMinutes * most)
            guard credit >= 1 else { return false }
            state.entries[host]?.joins = (credit - 1, nowMs)
            return true
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
    /// time, and that of its joins after a minute; so forgetting it then changes nothing.
    private static func makeRoom(_ state: inout State, nowMs: Int64) {
        guard state.entries.count >= AdmissionLimits.addressCountMax else { return }
        let keepsMs = Int64(AdmissionLimits.burstS * 1_000)
        state.entries = state.entries.filter {
            let entry = $0.value
            return entry.count > 0 || nowMs - entry.seenMs < keepsMs
                || entry.joins.map { nowMs - $0.atMs < 60_000 } ?? false
        }
        guard state.entries.count >= AdmissionLimits.addressCountMax else { return }
        state.entries = state.entries.filter { $0.value.count > 0 }
    }
}
