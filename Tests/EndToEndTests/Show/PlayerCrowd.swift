// Simulated players on one thread.

import Foundation

/// Gives many players their turns.
final class PlayerCrowd: Sendable {
    /// The players, to be looked at while they don't move.
    struct Crowd {
        var players: [SimulatedPlayer]
        /// When the programme's time 0 was, as the promptest have seen it, ms.
        var originMs: Double?
        var isStopped = false
    }

    private let state: Monitor<Crowd>
    private let ended = Monitor(false)
    /// How long the thread sleeps when nothing comes, ms.
    private static let tickMs: CInt = 10

    init(_ players: [SimulatedPlayer]) {
        state = Monitor(Crowd(players: players))
        Thread.detachNewThread { [self] in run() }
    }

    /// Has everybody begin to watch.
    func connect(port: UInt16) throws {
        try state.withLock { for player in $0.players { try player.connect(port: port) } }
    }

    /// Looks at the players.
    func look<Result>(_ body: ([SimulatedPlayer]) throws -> Result) rethrows -> Result {
        try state.withLock { try body($0.players) }
    }

    /// Waits until all players are as they should be.
    func wait(
        for what: String, within seconds: Double = 20,
        until isReached: (SimulatedPlayer) -> Bool
    ) throws {
        let isDone = state.wait(within: seconds) { $0.players.allSatisfy(isReached) }
        guard !isDone else { return }
        let late = look { players in
            players.filter { !isReached($0) }.map { "\($0.id): \($0.whereabouts)" }
        }
        throw TestFailure.timedOut(waitingFor: "\(what): \(late.count) players, \(late.prefix(5))")
    }

    /// Waits until those who read late are as late as they will be.
    func waitForLateness(
        within seconds: Double = 25, of isMeant: (SimulatedPlayer) -> Bool = { _ in true }
    ) throws {
        let isDone = state.wait(within: seconds) { crowd in
            guard let originMs = crowd.originMs else { return false }
            let nowMs = MachineClock.nowMs
            return crowd.players.allSatisfy { player in
                let latenessMs = player.latenessMs(nowMs: nowMs, originMs: originMs)
                return player.lagMs == 0 || !isMeant(player)
                    || latenessMs ?? 0 >= player.lagMs - 300
            }
        }
        guard isDone else { throw TestFailure.timedOut(waitingFor: "the late readers") }
    }

    /// Has everybody leave, and ends the thread.
    func stop() {
        state.withLock { crowd in
            crowd.isStopped = true
            for player in crowd.players { player.leave() }
        }
        _ = ended.wait(within: 10) { $0 }
    }

    private func run() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        // Whoever reads late takes small pieces, so as not to read ahead.
        var smallBuffer = [UInt8](repeating: 0, count: 8 << 10)
        var entries: [pollfd] = []
        while true {
            let isStopped = state.withLock { crowd -> Bool in
                let nowMs = MachineClock.nowMs
                for player in crowd.players {
                    let originMs = crowd.originMs
                    if player.lagMs > 0 {
                        player.turn(nowMs: nowMs, originMs: originMs, &smallBuffer)
                    } else {
                        player.turn(nowMs: nowMs, originMs: originMs, &buffer)
                        if let newestMs = player.walker.newestMs {
                            let seenMs = nowMs - Double(newestMs)
                            crowd.originMs = min(originMs ?? seenMs, seenMs)
                        }
                    }
                }
                entries = crowd.players.flatMap(\.descriptors).map {
                    pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
                }
                return crowd.isStopped
            }
            if isStopped { break }
            _ = poll(&entries, nfds_t(entries.count), Self.tickMs)
        }
        ended.withLock { $0 = true }
    }
}
