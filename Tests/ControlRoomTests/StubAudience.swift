// An audience of two, for the control room's tests.

import Synchronization
import WireBytes

@testable import ControlRoom

/// Knows two viewers, one of them the player `ada` of the show `final`, and keeps bans in memory.
final class StubAudience: AudienceDesk {
    private struct State {
        var ended: [String] = []
        var bans: [AddressBan] = []
        var sinceMs: Int64?
        var asked: [String] = []
    }

    private let state = Mutex(State())

    /// Who was ended, and what was asked for.
    var ended: [String] { state.withLock { $0.ended } }
    var asked: [String] { state.withLock { $0.asked } }

    static let viewers = [
        ViewerLine(
            id: "0-1-2", address: "203.0.113.7", stream: "show", agent: "VLC", watchedMs: 5_000,
            behindMs: 120, bytes: 123_456),
        ViewerLine(
            id: "0-2-1", address: "2001:db8::/64", stream: "show", isWebSocket: true,
            show: "final", player: "ada", name: "Ada", watchedMs: 900),
    ]

    func viewers(in range: AddressRange?, stream: String?, countMax: Int) async -> ViewerList {
        state.withLock {
            $0.asked.append("\(range.map { "\($0)" } ?? "-") \(stream ?? "-") \(countMax)")
        }
        return ViewerList(count: 2, viewers: Array(Self.viewers.prefix(countMax)))
    }

    func end(viewer id: String) async throws(AudienceDeskRefusal) -> String {
        guard let viewer = Self.viewers.first(where: { $0.id == id }) else {
            throw .unknown("no viewer \(id) is connected any more")
        }
        state.withLock { $0.ended.append(id) }
        return viewer.address
    }

    func end(player id: String, show: String) async throws(AudienceDeskRefusal) -> Int {
        guard id == "ada", show == "final" else { throw .unknown("there is no such player") }
        state.withLock { $0.ended.append("\(show)/\(id)") }
        return 1
    }

    func bans() -> [AddressBan] { state.withLock { $0.bans } }

    func ban(
        _ range: AddressRange, reason: String, forS: Int?, by: String
    ) async throws(AudienceDeskRefusal) -> BanReceipt {
        guard range.prefixBitCount > 0 else { throw .invalid("that is everybody") }
        let ban = AddressBan(
            address: "\(range)", reason: reason, by: by, atMs: 1_000,
            untilMs: forS.map { 1_000 + Int64($0) * 1_000 })
        state.withLock { $0.bans.append(ban) }
        return BanReceipt(ban: ban, endedCount: 1)
    }

    func lift(_ range: AddressRange) async throws(AudienceDeskRefusal) {
        let isLifted = state.withLock { state in
            let count = state.bans.count
            state.bans.removeAll { $0.address == "\(range)" }
            return state.bans.count < count
        }
        guard isLifted else { throw .unknown("\(range) isn't banned as such") }
    }

    func drainState() -> DrainState {
        DrainState(
            isDraining: state.withLock { $0.sinceMs != nil },
            sinceMs: state.withLock { $0.sinceMs }, viewers: 2)
    }

    func setDraining(_ isDraining: Bool, by: String) -> DrainState {
        state.withLock { $0.sinceMs = isDraining ? 7 : nil }
        return drainState()
    }
}
