// The signs of life that the service manager is told of.

import Delivery
import Game

extension ServiceManager.LifeSigns {
    /// Of the running parts.
    init(shardPool: ShardPool, game: GameDesk, directory: LiveDirectory) {
        self.init(
            shardTurnsMs: { shardPool.counters.map(\.turnedAtMs) },
            askGame: { game.afterNextTurn($0) },
            status: {
                let live = directory.programs.snapshot().count { $0 != nil }
                let viewers = shardPool.counters.map(\.viewerCount).reduce(0, +)
                return "on air: \(live) streams, \(viewers) viewers"
            })
    }
}
