// Who watches, who is banned, and whether newcomers are welcome: what the staff see and say of it.

import Access
import ControlRoom
import Delivery
import Game
import Ingest
import Logging
import Settings
import Synchronization
import WireBytes

/// Hands the staff's word on to the shards and the ingest, and keeps the bans.
final class LiveAudience: AudienceDesk {
    private struct State {
        var trusted: AddressRanges
        var drainingSinceMs: Int64?
    }

    private let shardPool: ShardPool
    private let ingest: Ingest
    private let addresses: Delivery.Admission
    private let game: GameDesk
    private let keeper: BanKeeper
    private let inForce: BansInForce
    private let logger: Logger
    private let state: Mutex<State>
    private let nowMs: @Sendable () -> Int64

    /// - Parameter bans: those in force, which shards and ingest know already.
    init(
        shardPool: ShardPool, ingest: Ingest, addresses: Delivery.Admission, game: GameDesk,
        file: BanFile, bans: HostBans, trusted: AddressRanges, logger: Logger,
        nowMs: @escaping @Sendable () -> Int64 = { GameClock.system.wallMs() }
    ) {
        self.shardPool = shardPool
        self.ingest = ingest
        self.addresses = addresses
        self.game = game
        self.logger = logger
        self.nowMs = nowMs
        keeper = BanKeeper(file: file)
        inForce = BansInForce(bans) { bans in
            addresses.change(bans: bans.ranges)
            ingest.change(bans: bans.ranges)
        }
        state = Mutex(State(trusted: trusted))
    }

    // MARK: Proxies

    /// The proxies that are believed.
    var trusted: AddressRanges { state.withLock { $0.trusted } }

    /// Other proxies are believed from now on.
    func change(trusted: AddressRanges) {
        state.withLock {
            $0.trusted = trusted
            // Within the lock: what was said last is what counts.
            addresses.change(trusted: trusted)
            ingest.change(trusted: trusted)
        }
    }

    // MARK: Viewers

    func viewers(in range: AddressRange?, stream: String?, countMax: Int) async -> ViewerList {
        let sample = await shardPool.viewers(
            ViewerQuery(range: range, stream: stream, countMax: countMax))
        let tickets = sample.viewers.compactMap { viewer in
            viewer.player.map { Game.PlayerTicket(rawValue: $0.player) }
        }
        let seats = Dictionary(
            await game.seats(of: tickets).map { ($0.ticket.rawValue, $0) }
        ) { first, _ in first }
        return ViewerList(
            count: sample.count,
            viewers: sample.viewers.map { viewer in
                let seat = viewer.player.flatMap { seats[$0.player] }
                return ViewerLine(
                    id: viewer.id.description, address: viewer.host.description,
                    stream: viewer.stream, isWebSocket: viewer.isWebSocket,
                    agent: viewer.agent.isEmpty ? nil : viewer.agent, show: seat?.show,
                    player: seat?.id, name: seat?.name, watchedMs: viewer.watchedMs,
                    behindMs: viewer.behindMs, bytes: viewer.byteCount)
            })
    }

    func end(viewer id: String) async throws(AudienceDeskRefusal) -> String {
        let gone = AudienceDeskRefusal.unknown("no viewer \(id.prefix(64)) is connected any more")
        guard let viewer = ViewerID(id) else { throw gone }
        var query = ViewerQuery(countMax: 1)
        query.id = viewer
        let found = await shardPool.viewers(query).viewers.first
        guard let found, await shardPool.end(viewer: viewer) else { throw gone }
        logger.notice("the viewer \(id) from \(found.host) was disconnected by the staff")
        return found.host.description
    }

    func end(player id: String, show: String) async throws(AudienceDeskRefusal) -> Int {
        guard let ticket = game.ticket(ofPlayer: id, show: show) else {
            throw .unknown("there is no such player in a show that is held")
        }
        return await shardPool.end(player: Delivery.PlayerTicket(player: ticket.rawValue))
    }

    // MARK: Bans

    func bans() -> [AddressBan] {
        inForce.bans.all.reversed().map { AddressBan($0) }
    }

    func ban(
        _ range: AddressRange, reason: String, forS: Int?, by: String
    ) async throws(AudienceDeskRefusal) -> BanReceipt {
        let nowMs = nowMs()
        let ban = HostBan(
            range: range.asCounted, reason: reason, by: by, atMs: nowMs,
            untilMs: forS.map { nowMs + Int64($0) * 1_000 })
        _ = try await change { [trusted] bans throws(HostBanError) in
            try bans.add(ban, trusted: trusted)
            return true
        }
        let count = await shardPool.end(in: ban.range)
        let until = forS.map { " for \($0) s" } ?? ""
        logger.notice(
            "\(ban.range) is banned\(until) by \(by); \(count) connections were ended")
        return BanReceipt(ban: AddressBan(ban), endedCount: count)
    }

    func lift(_ range: AddressRange) async throws(AudienceDeskRefusal) {
        let isLifted = try await change { bans throws(HostBanError) in bans.lift(range.asCounted) }
        guard isLifted else {
            throw .unknown("\(range) isn't banned as such; the list says what is")
        }
        logger.notice("the ban of \(range) was lifted")
    }

    /// What is changed is on disk first, and then in force.
    private func change(
        _ edit: @escaping @Sendable (inout HostBans) throws(HostBanError) -> Bool
    ) async throws(AudienceDeskRefusal) -> Bool {
        do {
            return try await keeper.change { [self] file in
                var bans = inForce.bans
                guard try edit(&bans) else { return false }
                try file.keep(bans)
                inForce.replace(by: bans)
                return true
            }
        } catch let error as HostBanError {
            throw .invalid(error.description)
        } catch { throw .unavailable("\(error)") }
    }

    /// Ends bans whose time is over, as long as the task runs. The file forgets them with its next
    /// change.
    func tend() async {
        while !Task.isCancelled {
            // Cancelled, it ends by the loop's condition.
            try? await Task.sleep(for: .milliseconds(500))
            inForce.endOver(nowMs: nowMs())
        }
    }

    // MARK: Draining

    func drainState() -> DrainState {
        let sinceMs = state.withLock { $0.drainingSinceMs }
        return DrainState(
            isDraining: sinceMs != nil, sinceMs: sinceMs,
            viewers: shardPool.counters.map(\.viewerCount).reduce(0, +))
    }

    func setDraining(_ isDraining: Bool, by: String) -> DrainState {
        let hasChanged = state.withLock { state in
            guard isDraining != (state.drainingSinceMs != nil) else { return false }
            state.drainingSinceMs = isDraining ? nowMs() : nil
            addresses.isDraining = isDraining
            return true
        }
        if hasChanged {
            logger.notice(
                isDraining
                    ? "drained by \(by): nobody new is let in, who watches stays"
                    : "not drained any more, by \(by): newcomers are let in")
        }
        return drainState()
    }

    // MARK: Numbers

    /// What deserves a look.
    var warnings: [String] {
        drainState().isDraining
            ? ["nobody new is let in, as the server is drained: fanfare drain --undo ends that"]
            : []
    }

    /// For Prometheus.
    func metrics() -> [MetricFamily] {
        let isDraining = state.withLock { $0.drainingSinceMs != nil }
        let banCount = inForce.bans.all.count
        return [
            MetricFamily(
                "fanfare_draining", .gauge, help: "1 while nobody new is let in.",
                samples: [.init(isDraining ? 1 : 0)]),
            MetricFamily(
                "fanfare_address_bans", .gauge, help: "Addresses and ranges that are banned.",
                samples: [.init(Double(banCount))]),
        ]
    }
}

extension Delivery.Admission {
    /// With the operator's limits; who is refused, and what is odd of proxies, is logged.
    static func told(_ settings: Settings, _ logger: Logger) -> Delivery.Admission {
        Delivery.Admission(
            limits: AdmissionLimits(settings: settings),
            onRefusals: { refusal in logger.warning("\(refusal)") },
            onSilentProxy: { proxy in
                logger.warning(
                    """
                    \(proxy) is trusted as a proxy and says of no viewer who it is, so that bans, \
                    limits and this log are of the proxy: if it is one, have it send a PROXY header \
                    or X-Forwarded-For
                    """)
            })
    }
}

extension AddressBan {
    fileprivate init(_ ban: HostBan) {
        self.init(
            address: ban.range.description, reason: ban.reason, by: ban.by, atMs: ban.atMs,
            untilMs: ban.untilMs)
    }
}

/// Writes the bans, one change at a time and on a thread of its own.
private actor BanKeeper {
    private let lane = SlowLane("ban keeper")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    private let file: BanFile

    init(file: BanFile) { self.file = file }

    func change(_ body: @Sendable (BanFile) throws -> Bool) throws -> Bool { try body(file) }
}
