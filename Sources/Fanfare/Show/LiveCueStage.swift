// Where the game's cues go: into the programmes on air.

import Broadcast
import Delivery
import Game
import Synchronization

/// Puts the game's cues into the streams, and looks who can see them.
final class LiveCueStage: CueStage {
    /// What was seen of a stream's programme when it was looked at last.
    private struct Seen {
        let programme: UInt64
        var latestMs: UInt32
        /// When that had last changed, ns of CLOCK_MONOTONIC; nil where it never has.
        var movedNs: Int64?
    }

    private let programs: Programmes
    private let seen = Mutex<[String: Seen]>([:])
    private let counters = Mutex<(@Sendable () -> [ShardCounters])?>(nil)
    private let troubles = Mutex<(@Sendable (String) -> [String])?>(nil)

    init(programs: Programmes) { self.programs = programs }

    /// From now on viewers are counted; before that there are none.
    func countViewers(by counters: @escaping @Sendable () -> [ShardCounters]) {
        self.counters.withLock { $0 = counters }
    }

    /// From now on it is known what is wrong with a stream's feed, a sentence each.
    func warn(by troubles: @escaping @Sendable (String) -> [String]) {
        self.troubles.withLock { $0 = troubles }
    }

    func view(of stream: String) -> StageView? {
        programs.programme(named: stream).map { program in
            StageView(programme: program.id, ptsMs: program.latestMs)
        }
    }

    func sight(of stream: String, nowNs: Int64) -> StageSight {
        let warnings = troubles.withLock { $0 }?(stream) ?? []
        guard let program = programs.programme(named: stream) else {
            seen.withLock { $0[stream] = nil }
            return StageSight(feed: .off, viewerCount: 0, warnings: warnings)
        }
        let latestMs = program.latestMs
        let movedNs = seen.withLock { seen in
            if seen[stream]?.programme != program.id {
                // Nobody has looked yet whether it moves: its own meter knows of the last seconds.
                let isMoving = program.status(nowMs: nowNs / 1_000_000).bitsPerSecond > 0
                seen[stream] = Seen(
                    programme: program.id, latestMs: latestMs, movedNs: isMoving ? nowNs : nil)
            } else if seen[stream]?.latestMs != latestMs {
                seen[stream]?.latestMs = latestMs
                seen[stream]?.movedNs = nowNs
            }
            return seen[stream]?.movedNs
        }
        let isLive = movedNs.map { nowNs - $0 < GameLimits.mediaSilenceMs * 1_000_000 } ?? false
        return StageSight(
            feed: isLive ? .live : .silent, viewerCount: viewerCount(of: program),
            warnings: warnings)
    }

    /// How many watch a stream.
    func viewerCount(of stream: String) -> Int {
        programs.programme(named: stream).map { viewerCount(of: $0) } ?? 0
    }

    private func viewerCount(of program: Programme) -> Int {
        guard let counters = counters.withLock({ $0 }),
            let slot = programs.snapshot().firstIndex(where: { $0?.id == program.id })
        else { return 0 }
        return counters().reduce(0) { $0 + $1.viewerCounts[slot] }
    }

    func insert(_ cue: Cue, into stream: String, nowNs: Int64) throws(CueRefusal) -> CuePlace? {
        try programs.programme(named: stream)?.insert(cue, nowNs: nowNs)
    }
}
