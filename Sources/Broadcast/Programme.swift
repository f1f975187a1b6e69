// The programme everyone sees: one publisher at a time writes it, every shard reads it.

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
public final class Programme: Sendable {
    /// The name in `live/<name>`.
    public let name: String
    /// Another number for each programme of the process, of whatever name.
    public let id = Programme.idCount.wrappingAdd(1, ordering: .relaxed).newValue
    /// Where the tags are, plain.
    public let timeline: Timeline
    /// Changes when the newest start point does, so that readers need not ask for nothing.
    public let startVersion = Atomic<UInt64>(0)
    /// Grows with every cue that was inserted, after its tag can be read.
    public let cueVersion = Atomic<UInt64>(0)

    /// Programme time minus the steady clock's, microseconds; `noTime` before the first tag.
    private let offsetUs = Atomic<Int64>(noTime)
    private static let noTime = Int64.min

    private static let idCount = Atomic<UInt64>(0)
    private let limits: BroadcastLimits
    private let watchers: ProgrammeWatchers
    private let subscribers = ProgrammeSubscribers()
    private let isOver = Atomic<Bool>(false)
    private let state: Mutex<ProgrammeState>

    init(
        name: String, limits: BroadcastLimits, watchers: ProgrammeWatchers, seqBase: UInt64 = 0,
        serverOffsetUs: Int64 = 0, nowMs: Int64
    ) throws(TimelineError) {
        self.name = name
        self.limits = limits
        self.watchers = watchers
        let timeline = try Timeline(byteCount: limits.timelineByteCount)
        self.timeline = timeline
        state = Mutex(
            ProgrammeState(
                limits: limits, timeline: timeline, seqBase: seqBase,
                serverOffsetUs: serverOffsetUs, nowMs: nowMs))
    }

    // MARK: The publisher's side

    /// How long a publisher that is held up is to be kept waiting at most, ms.
    public var heldUpMsMax: Int64 { limits.heldUpMsMax }

    func begin(_ publisher: Publisher, nowMs: Int64) throws(PublishRefusal) -> Publication {
        guard let begun = update({ $0.begin(publisher, nowMs: nowMs) }) else {
            throw .busy(name: name)
        }
        return Publication(programme: self, displaced: begun.displaced, id: begun.id)
    }

    /// Changes what is behind the lock, and tells those who read what has moved.
    func update<Value: Sendable, Failure: Error>(
        _ change: (inout ProgrammeState) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let (result, movesHead, changes) = state.withLock { state in
            let head = timeline.head
            let result = Result { () throws(Failure) in try change(&state) }
            if let us = state.output.running.offsetUs { offsetUs.store(us, ordering: .relaxed) }
            return (result, timeline.head != head, state.output.takeChanges())
        }
        // Watchers look at the versions when they are told of the head.
        if changes.starts { startVersion.wrappingAdd(1, ordering: .releasing) }
        if changes.cues { cueVersion.wrappingAdd(1, ordering: .releasing) }
        if movesHead { wakeWatchers() }
        if movesHead || changes.starts { subscribers.wake() }
        return try result.get()
    }

    /// Wakes the shards.
    func wakeWatchers() { watchers.headMoved() }

    // MARK: Cues

    /// Says something to the audience, here and now: the tag comes behind the newest one.
    ///
    /// - Parameter nowNs: the caller's monotonic clock, for `CuePlace.insertedNs`.
    /// - Throws: `CueRefusal`; only after `.nothingShown(isKept: true)` is anything changed.
    @discardableResult
    public func insert(_ cue: Cue, nowNs: Int64) throws(CueRefusal) -> CuePlace {
        try cue.check()
        return try update { state throws(CueRefusal) in
            try state.output.insert(cue, nowNs: nowNs)
        }
    }

    /// Takes a state down: those who watch are told so, and who comes from now on knows nothing of
    /// it.
    ///
    /// - Parameters:
    ///   - nowNs: the caller's monotonic clock, for `CuePlace.insertedNs`.
    ///   - farewell: what is said of the state of this number (`seq`).
    /// - Returns: the number of what was taken down; nil if there was nothing.
    /// - Throws: `CueRefusal`; then nothing is changed.
    @discardableResult
    public func takeDown(
        key: String, nowNs: Int64, publishing farewell: (UInt64) -> Cue
    ) throws(CueRefusal) -> UInt64? {
        try update { state throws(CueRefusal) in
            try state.output.takeDown(key: key, nowNs: nowNs, publishing: farewell)
        }
    }

    /// The programme time of the newest tag, ms.
    public var latestMs: UInt32 { state.withLock { $0.output.latestMs } }

    /// Where the newest cue stands that was inserted; nil before the first.
    public var latestCue: CuePlace? { latestCue(.plain) }

    /// Where the newest cue stands in a framing; one from before that framing was made, nowhere:
    /// at its beginning, without a length.
    public func latestCue(_ framing: Framing) -> CuePlace? {
        state.withLock { $0.output.framed(framing)?.latestCue }
    }

    /// Where the newest question stands in a framing: who has that much was asked. As for
    /// `latestCue`, one that only stands in preambles has no length.
    public func latestQuestion(_ framing: Framing) -> CuePlace? {
        state.withLock { $0.output.framed(framing)?.latestQuestion }
    }

    // MARK: The viewers' side

    /// The tags in another framing, from the newest keyframe on. It costs memory and time from
    /// the moment somebody first asks for it.
    ///
    /// - Throws: `TimelineError` when there is no memory for it.
    public func timeline(_ framing: Framing) throws(TimelineError) -> Timeline {
        try state.withLock { state throws(TimelineError) in try state.output.makeTimeline(framing) }
    }

    /// From now on the pages of a timeline stay where they are, so that they can be registered.
    public func keepPages(_ framing: Framing = .plain) {
        // Under the writer's lock: no page is being given back when this returns.
        state.withLock { $0.output.timeline(framing)?.keepPages() }
    }

    /// Where a viewer who comes now begins: the newest keyframe. Nil before there is one, and
    /// for a framing that nobody has asked for.
    public func startPoint(_ framing: Framing = .plain) -> StartPoint? {
        state.withLock { $0.output.startPoint(framing) }
    }

    /// Where so much of the programme's time before the newest tag is, ms: whoever stands before
    /// it is further behind.
    public func position(behindMs: Int64, _ framing: Framing = .plain) -> UInt64 {
        state.withLock { $0.output.position(behindMs: behindMs, framing) }
    }

    /// The first tag boundary at or after a position, for a viewer that stands in mid-tag.
    ///
    /// Nil if the position's GOP is no longer indexed.
    public func tagBoundary(atOrAfter position: UInt64, _ framing: Framing = .plain) -> UInt64? {
        let found = state.withLock { state -> (start: UInt64, timeline: Timeline)? in
            guard let timeline = state.output.timeline(framing),
                let start = state.output.joinPosition(atOrBefore: position, framing)
            else { return nil }
            return (start, timeline)
        }
        guard let (start, timeline) = found else { return nil }
        return FramedTimeline.boundary(atOrAfter: position, from: start, timeline.view, framing)
    }

    /// What time it is in the programme, ms: the same for everybody who asks at that moment, whoever
    /// publishes and however its tags come. Takes no lock.
    ///
    /// - Parameter nowNs: the steady clock's.
    /// - Returns: nil before the first tag.
    public func timeMs(nowNs: Int64) -> Int64? {
        let us = offsetUs.load(ordering: .relaxed)
        return us == Self.noTime ? nil : max(0, (nowNs / 1_000 + us) / 1_000)
    }

    // MARK: Other readers

    /// Wakes somebody whenever there is something new to read, and when the programme ends.
    ///
    /// - Parameter wake: called on the thread that wrote, while that waits: it must only flag and
    ///   wake, and neither subscribe nor cancel.
    /// - Returns: what keeps it up.
    public func subscribe(_ wake: @escaping @Sendable () -> Void) -> ProgrammeSubscription {
        subscribers.add(wake)
    }

    /// Whether it is over: nothing will be written to it any more.
    public var hasEnded: Bool { isOver.load(ordering: .acquiring) }

    /// Nobody will publish to it any more.
    func end() {
        isOver.store(true, ordering: .releasing)
        subscribers.wake()
    }

    // MARK: The staff's side

    /// Whether somebody publishes it now.
    public var isPublishing: Bool { state.withLock { $0.switcher.isOccupied } }

    /// What it is doing.
    public func status(nowMs: Int64) -> ProgrammeStatus {
        var (status, timelines) = state.withLock {
            ($0.status(nowMs: nowMs), $0.output.timelines.map(\.timeline))
        }
        // After the lock: the system is asked.
        status.arenaByteCount = timelines.reduce(0) { $0 + $1.residentByteCount }
        return status
    }

    /// Whether nobody has published for longer than the grace time.
    func isOver(nowMs: Int64) -> Bool {
        state.withLock { $0.switcher.isOver(nowMs: nowMs, graceMs: limits.graceMs) }
    }
}
