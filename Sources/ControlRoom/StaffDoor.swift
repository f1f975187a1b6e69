// Who is connected to the staff plane, and who has to go when others come.

import NIOCore
import Synchronization
import WireBytes

/// A table of all connections. Staff are few, so that it is looked through as a whole.
///
/// Who keeps the staff waiting loses the place: a connection on which nothing has been asked, or only
/// half, goes when its time is up, and the one that has been silent longest goes at once when
/// somebody needs its place. One that is being answered stays.
final class StaffDoor: Sendable {
    /// What a connection is doing.
    enum Activity: Sendable, Equatable {
        /// It may ask, and has not begun to; or has been told that it may not.
        case idle
        /// It has sent a part of a request's head.
        case asking
        /// Its request's body is awaited.
        case sendingBody
        /// It is being answered.
        case answered
        /// It has been refused, and is about to be closed.
        case refused
    }

    /// A connection. The table holds it, so that no other can be mistaken for it.
    typealias Visitor = ObjectIdentifier

    static func visitor(_ channel: any Channel) -> Visitor { ObjectIdentifier(channel) }

    private struct Entry {
        let place: HostKey
        let channel: any Channel
        var activity = Activity.idle
        var hasAsked = false
        /// When the activity began, ms.
        var sinceMs: Int64
        /// When the last bytes came, ms.
        var heardMs: Int64
        /// Since when its socket has taken nothing of an answer, ms.
        var stuckSinceMs: Int64?
    }

    private struct State {
        var entries: [Visitor: Entry] = [:]
    }

    private let countMax: Int
    private let perAddressMax: Int
    private let state = Mutex(State())

    /// An empty table.
    ///
    /// - Parameters:
    ///   - countMax: connections at once.
    ///   - perAddressMax: of them from one address elsewhere.
    init(
        countMax: Int = Limits.connectionCountMax,
        perAddressMax: Int = Limits.connectionsPerAddressMax
    ) {
        self.countMax = countMax
        self.perAddressMax = perAddressMax
    }

    /// How many there are.
    var count: Int { state.withLock { $0.entries.count } }

    /// Lets somebody in, in the place of another if need be.
    ///
    /// - Parameter isProxy: whether it is a trusted proxy, which brings many.
    /// - Returns: false if all places are taken by people who are being answered.
    func admit(
        _ channel: any Channel, from place: HostKey, isProxy: Bool = false, nowMs: Int64
    ) -> Bool {
        let (isAdmitted, shed) = state.withLock { state -> (Bool, (any Channel)?) in
            let share = state.entries.values.count { $0.place == place }
            let isBeyondShare = !place.isLoopback && !isProxy && share >= perAddressMax
            var shed: (any Channel)?
            if isBeyondShare || state.entries.count >= countMax {
                let oldest = Self.longestSilent(state) { !isBeyondShare || $0.place == place }
                guard let oldest else { return (false, nil) }
                shed = state.entries.removeValue(forKey: oldest)?.channel
            }
            state.entries[Self.visitor(channel)] = Entry(
                place: place, channel: channel, sinceMs: nowMs, heardMs: nowMs)
            return (true, shed)
        }
        shed?.close(promise: nil)
        return isAdmitted
    }

    /// A connection has ended.
    func leave(_ visitor: Visitor) {
        state.withLock { $0.entries[visitor] = nil }
    }

    /// Bytes have come from it.
    func heard(_ visitor: Visitor, nowMs: Int64) {
        state.withLock { state in
            guard var entry = state.entries[visitor] else { return }
            entry.heardMs = nowMs
            if entry.activity == .idle {
                entry.activity = .asking
                entry.sinceMs = nowMs
            }
            state.entries[visitor] = entry
        }
    }

    /// It does something else from now on.
    func set(_ activity: Activity, for visitor: Visitor, nowMs: Int64) {
        state.withLock { state in
            state.entries[visitor]?.activity = activity
            state.entries[visitor]?.sinceMs = nowMs
            state.entries[visitor]?.heardMs = nowMs
            state.entries[visitor]?.hasAsked = true
        }
    }

    /// Whether its socket takes what it is sent.
    func set(isWritable: Bool, for visitor: Visitor, nowMs: Int64) {
        state.withLock { $0.entries[visitor]?.stuckSinceMs = isWritable ? nil : nowMs }
    }

    /// Closes those whose time is up.
    func closeOverdue(nowMs: Int64) {
        let overdue = state.withLock { state in
            let overdue = state.entries.filter { Self.isOverdue($0.value, nowMs: nowMs) }
            for visitor in overdue.keys { state.entries[visitor] = nil }
            return overdue.values.map(\.channel)
        }
        for channel in overdue { channel.close(promise: nil) }
    }

    private static func isOverdue(_ entry: Entry, nowMs: Int64) -> Bool {
        let elapsedMs = nowMs - entry.sinceMs
        if let stuckSinceMs = entry.stuckSinceMs, nowMs - stuckSinceMs > Limits.stuckMsMax {
            return true
        }
        return switch entry.activity {
        case .idle: elapsedMs > (entry.hasAsked ? Limits.idleMsMax : Limits.requestMsMax)
        case .asking: elapsedMs > Limits.requestMsMax
        case .sendingBody:
            elapsedMs > Limits.bodyMsMax || nowMs - entry.heardMs > Limits.requestMsMax
        case .refused: elapsedMs > Limits.refusedMsMax
        case .answered: false
        }
    }

    /// Of those who are not being answered the one that was heard last the longest ago, among those
    /// of the address that has most of them.
    private static func longestSilent(
        _ state: State, where isMeant: (Entry) -> Bool
    ) -> Visitor? {
        let silent = state.entries.filter { $0.value.activity != .answered && isMeant($0.value) }
        let shares = Dictionary(grouping: silent, by: { $0.value.place })
        let largest = shares.values.max { $0.count < $1.count }
        return largest?.min { $0.value.heardMs < $1.value.heardMs }?.key
    }
}
