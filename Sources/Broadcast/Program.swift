// The programme everyone sees: one publisher at a time writes it, every shard reads it.

import FLV
import Glibc
import Synchronization

/// Where a viewer's stream begins.
public struct StartPoint: Sendable {
    /// The position in the timeline of its first tag: a keyframe.
    public let position: UInt64
    /// Its programme time, ms.
    public let timestampMs: UInt32
    /// What the viewer gets before it.
    public let preamble: Preamble
}

/// One programme: a continuous timeline of tags under a name.
///
/// All methods are thread-safe. Shards learn of new bytes from `timeline.head` alone and come
/// here only for what is rare: a join, a viewer that fell behind.
public final class Program: Sendable {
    /// The name in `live/<name>`.
    public let name: String
    /// Where the tags are.
    public let timeline: Timeline
    /// Changes when the newest start point does, so that readers need not ask for nothing.
    public let startVersion = Atomic<UInt64>(0)
    /// Grows with every cue that was inserted, after its tag can be read.
    public let cueVersion = Atomic<UInt64>(0)

    private let limits: BroadcastLimits
    private let watchers: ProgramWatchers
    private let state: Mutex<ProgramState>

    init(
        name: String, limits: BroadcastLimits, watchers: ProgramWatchers, nowMs: Int64
    ) throws(TimelineError) {
        self.name = name
        self.limits = limits
        self.watchers = watchers
        timeline = try Timeline(byteCount: limits.timelineByteCount)
        state = Mutex(ProgramState(limits: limits, nowMs: nowMs))
    }

    // MARK: The publisher's side

    func beginPublication(_ publisher: Publisher, nowMs: Int64) throws(PublishRefusal)
        -> Publication
    {
        let epoch = state.withLock { $0.beginPublication(publisher, nowMs: nowMs) }
        guard let epoch else { throw .busy(name: name) }
        return Publication(program: self, epoch: epoch)
    }

    func endPublication(epoch: UInt64, nowMs: Int64) {
        state.withLock { $0.endPublication(epoch: epoch, nowMs: nowMs) }
    }

    func append(
        _ type: FLVTagType, timestampMs: UInt32, body: RawSpan, arrivalMs: Int64, epoch: UInt64
    ) throws(TagRefusal) {
        func attempt() throws(TagRefusal) -> AppendOutcome {
            let outcome: Result<AppendOutcome, TagRefusal> = unsafe body.withUnsafeBytes { bytes in
                state.withLock { state in
                    let body = unsafe bytes.bytes
                    return Result { () throws(TagRefusal) in
                        try state.append(
                            type, timestampMs: timestampMs, body: body, arrivalMs: arrivalMs,
                            epoch: epoch, to: timeline)
                    }
                }
            }
            return try outcome.get()
        }
        var appended = AppendOutcome()
        var waitedMs = 0
        while true {
            do throws(TagRefusal) {
                appended = try attempt()
                break
            } catch {
                // A burst has run ahead of the shards, who get back what it needs in a moment.
                guard error == .heldUp, waitedMs < limits.heldUpMsMax else { throw error }
                waitedMs += 1
                watchers.headMoved()
                usleep(1_000)
            }
        }
        if appended.movesStart { startVersion.wrappingAdd(1, ordering: .releasing) }
        if appended.movesHead { watchers.headMoved() }
    }

    // MARK: Cues

    /// Says something to the audience, here and now: the tag comes behind the newest one.
    ///
    /// - Parameter nowNs: the caller's monotonic clock, for `CuePlace.insertedNs`.
    /// - Throws: `CueRefusal`; only after `.nothingShown(isKept: true)` is anything changed.
    @discardableResult
    public func insert(_ cue: Cue, nowNs: Int64) throws(CueRefusal) -> CuePlace {
        try cue.check()
        let outcome = try state.withLock { state throws(CueRefusal) in
            try state.insert(cue, nowNs: nowNs, to: timeline)
        }
        if outcome.movesStart { startVersion.wrappingAdd(1, ordering: .releasing) }
        cueVersion.wrappingAdd(1, ordering: .releasing)
        watchers.headMoved()
        return outcome.place
    }

    /// Takes a state down: who comes from now on isn't told. Those who know it are not told
    /// otherwise.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public func clearCue(key: String) -> Bool {
        let wasThere = state.withLock { $0.clearCue(key: key) }
        if wasThere { startVersion.wrappingAdd(1, ordering: .releasing) }
        return wasThere
    }

    /// Where the newest cue stands that was inserted; nil before the first.
    public var latestCue: CuePlace? { state.withLock { $0.latestCue } }

    // MARK: The viewers' side

    /// From now on the timeline's pages stay where they are, so that they can be registered.
    public func keepPages() {
        // Under the writer's lock: no page is being given back when this returns.
        state.withLock { _ in timeline.keepPages() }
    }

    /// Where a viewer who comes now begins: the newest keyframe. Nil before there is one.
    public func startPoint() -> StartPoint? {
        state.withLock { $0.startPoint() }
    }

    /// How far a position is behind the newest tag, ms.
    public func lagMs(at position: UInt64) -> Int64 {
        state.withLock { $0.lagMs(at: position, head: timeline.head) }
    }

    /// The first tag boundary at or after a position, for a viewer that stands in mid-tag.
    ///
    /// Nil if the position's GOP is no longer indexed.
    public func tagBoundary(atOrAfter position: UInt64) -> UInt64? {
        guard let start = state.withLock({ $0.joinPosition(atOrBefore: position) }) else {
            return nil
        }
        let view = timeline.view
        let head = view.head
        var boundary = start
        while boundary < position {
            let header = unsafe UnsafeRawBufferPointer(
                start: view.address(of: boundary), count: FLVTagHeader.byteCount)
            guard let tag = try? FLVTagHeader.parse(unsafe header.bytes) else { return nil }
            boundary += UInt64(FLVTagHeader.tagByteCount(bodyByteCount: tag.bodyByteCount))
            guard boundary <= head else { return nil }
        }
        return view.stillHolds(start) ? boundary : nil
    }

    // MARK: The staff's side

    /// What it is doing.
    public func status(nowMs: Int64) -> ProgramStatus {
        var status = state.withLock { $0.status(nowMs: nowMs) }
        status.arenaByteCount = timeline.residentByteCount
        return status
    }

    /// Since when nobody publishes, ms of the monotonic clock; nil while somebody does.
    var waitingSinceMs: Int64? { state.withLock { $0.waitingSinceMs } }
}
