// Says how many watch: in the list for everybody, and in the streams themselves.

import AudienceProtocol
import Broadcast
import Delivery
import FLV
import Game
import IORing
import Synchronization

/// Counts the viewers on a thread of its own.
final class AudienceNews: Sendable {
    private let programs: Programmes
    private let content: PublicContent
    /// How often the streams say so, s; 0: never.
    private let everyS: Int
    private let counters = Mutex<(@Sendable () -> [ShardCounters])?>(nil)
    private let wakeSignal: WakeSignal
    private let isStopping = Atomic<Bool>(false)
    private let thread = Mutex<PlainThread?>(nil)

    /// How often the list is made anew, ms.
    private static let listMs = 1_000
    private static let key = "audience"

    /// Nothing is counted yet.
    ///
    /// - Throws: `RingError` where the system has no eventfd.
    init(programs: Programmes, content: PublicContent, everyS: Int) throws(RingError) {
        self.programs = programs
        self.content = content
        self.everyS = everyS
        wakeSignal = try WakeSignal()
    }

    /// Begins to count.
    ///
    /// - Throws: `RingError.thread` where the system has none.
    func start(_ counters: @escaping @Sendable () -> [ShardCounters]) throws(RingError) {
        self.counters.withLock { $0 = counters }
        let thread = try PlainThread(name: "audience news") { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    /// Ends the thread.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeSignal.raise()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    // MARK: The thread

    private func run() {
        // Grows over restarts, so that nobody is told that an older list is the newest.
        var version = UInt64(max(0, GameClock.system.wallMs()))
        var latest: [PublicStream]?
        var told: [UInt64: Int] = [:]
        var dueMs: Int64 = 0
        while !isStopping.load(ordering: .acquiring) {
            let streams = count()
            if streams.map(\.stream) != latest {
                latest = streams.map(\.stream)
                version += 1
                content.publish(
                    streams: SharedBytes(json: PublicStream.json(latest ?? []), version: version))
            }
            let nowMs = MonotonicClock.nowMs()
            if everyS > 0, nowMs >= dueMs {
                dueMs = nowMs + Int64(everyS) * 1_000
                told = tell(streams, told: told)
            }
            wakeSignal.wait(ms: Self.listMs)
        }
    }

    private func count() -> [(programme: Programme, viewers: Int, stream: PublicStream)] {
        let counters = counters.withLock { $0 }?() ?? []
        return programs.snapshot().enumerated().compactMap { slot, programme in
            guard let programme else { return nil }
            let viewers = counters.reduce(0) { $0 + $1.viewerCounts[slot] }
            let state: PublicStreamState = programme.isPublishing ? .live : .waiting
            return (
                programme, viewers,
                PublicStream(name: programme.name, state: state, viewers: viewers)
            )
        }
    }

    /// Says it in each stream in which it has changed.
    ///
    /// - Returns: what was said last, by programme.
    private func tell(
        _ streams: [(programme: Programme, viewers: Int, stream: PublicStream)],
        told: [UInt64: Int]
    ) -> [UInt64: Int] {
        var now: [UInt64: Int] = [:]
        for (programme, viewers, _) in streams {
            now[programme.id] = told[programme.id]
            guard viewers != told[programme.id] ?? 0 else { continue }
            let properties = [
                AMF0Property(.kind, .string(MessageKind.audience.rawValue)),
                AMF0Property(.viewers, .number(Double(viewers))),
            ]
            assert(MessageKind.audience.allows(properties.map(\.name)))
            do throws(CueRefusal) {
                try programme.insert(
                    Cue(
                        .message, properties, keeping: .state(key: Self.key, isQuiet: true)),
                    nowNs: MonotonicClock.nowNs())
                now[programme.id] = viewers
            } catch {
                // Said again the next time, if it is still to be said.
                if error == .nothingShown(isKept: true) { now[programme.id] = viewers }
            }
        }
        return now
    }
}
