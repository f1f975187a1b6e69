// Whether the process has stood still: stopped by a signal, or with its whole machine.

import Synchronization

/// A time in which nothing ran, on the monotonic clock.
struct Standstill: Equatable, Sendable {
    /// When it was last seen to run, ns.
    let fromNs: Int64
    /// When it ran again, ns.
    let untilNs: Int64
}

/// Notes that the process runs, a few times a second, so that a silence can be told from work that
/// takes long: whoever waits for a disk doesn't keep this from being noted.
///
/// Whoever comes first after a standstill finds it, the one who notes or the one who asks, and it is
/// found once.
final class Heartbeat: Sendable {
    private struct Beat {
        var newestNs: Int64?
        var found: Standstill?
    }

    private let beat = Mutex(Beat())

    /// Notes that the process runs.
    func note(nowNs: Int64) { beat.withLock { Self.look(&$0, nowNs) } }

    /// A standstill that nobody has been told of; the whole of it where there were several.
    func takeStandstill(nowNs: Int64) -> Standstill? {
        beat.withLock { beat in
            // Before the first note nobody promises another.
            guard beat.newestNs != nil else { return nil }
            Self.look(&beat, nowNs)
            defer { beat.found = nil }
            return beat.found
        }
    }

    private static func look(_ beat: inout Beat, _ nowNs: Int64) {
        defer { beat.newestNs = max(beat.newestNs ?? nowNs, nowNs) }
        guard let newestNs = beat.newestNs,
            nowNs - newestNs >= GameLimits.standstillMs * 1_000_000
        else { return }
        beat.found = Standstill(fromNs: beat.found?.fromNs ?? newestNs, untilNs: nowNs)
    }
}
