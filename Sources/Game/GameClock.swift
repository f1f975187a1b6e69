// The two clocks a show needs, and the one it is played by.

import Glibc
import IORing

/// Where the time comes from. Tests bring their own.
public struct GameClock: Sendable {
    /// Nanoseconds of CLOCK_MONOTONIC, as the shards' readings are.
    public var monotonicNs: @Sendable () -> Int64
    /// Milliseconds since 1970.
    public var wallMs: @Sendable () -> Int64

    /// Clocks.
    public init(
        monotonicNs: @escaping @Sendable () -> Int64, wallMs: @escaping @Sendable () -> Int64
    ) {
        self.monotonicNs = monotonicNs
        self.wallMs = wallMs
    }

    /// The machine's clocks.
    public static let system = GameClock(
        monotonicNs: { MonotonicClock.nowNs() },
        wallMs: {
            var time = timespec()
            unsafe clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        })
}

/// The shows' clock: ns since 1970 as the machine had it when the process began, and from there on
/// by the monotonic clock. It goes on over a restart and never steps back, whatever is done to the
/// machine's time.
struct ShowClock: Sendable {
    private let clock: GameClock
    /// What makes server time of the monotonic clock's.
    let offsetNs: Int64

    /// - Parameter newestNs: the newest instant of the ledger; the clock goes on behind it.
    init(_ clock: GameClock, newestNs: Int64?) {
        self.clock = clock
        let wallMs = min(max(clock.wallMs(), 0), GameLimits.wallMsMax)
        let fromNs = max(wallMs * 1_000_000, (newestNs ?? 0) + 1)
        offsetNs = fromNs - clock.monotonicNs()
    }

    var nowNs: Int64 { clock.monotonicNs() + offsetNs }

    var monotonicNs: Int64 { clock.monotonicNs() }

    var wallMs: Int64 { clock.wallMs() }

    /// A monotonic reading on the shows' clock.
    func showNs(_ monotonicNs: Int64) -> Int64 { monotonicNs + offsetNs }
}
