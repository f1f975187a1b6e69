// The programme everyone sees: one publisher at a time writes it, every shard reads it.

import FLV
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

/// What an append changed.
private struct AppendOutcome {
    /// There are new bytes in the timeline.
    var movesHead: Bool
    /// Viewers who join now begin elsewhere, or with other headers.
    var movesStart: Bool
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

    private static let idCount = Atomic<UInt64>(0)
    private let limits: BroadcastLimits
    private let watchers: ProgrammeWatchers
    private let subscribers = ProgrammeSubscribers()
    private let isOver = Atomic<Bool>(false)
    private let state: Mutex<ProgrammeState>

    init(
        name: String, limits: BroadcastLimits, watchers: ProgrammeWatchers, seqBase: UInt64 = 0,
        nowMs: Int64
    ) throws(TimelineError) {
        self.name = name
        self.limits = limits
        self.watchers = watchers
        let timeline = try Timeline(byteCount: limits.timelineByteCount)
        self.timeline = timeline
        state = Mutex(
            ProgrammeState(limits: limits, timeline: timeline, seqBase: seqBase, nowMs: nowMs))
    }

    // MARK: The publisher's side

    /// How long a publisher that is held up is to be kept waiting at most, ms.
    public var heldUpMsMax: Int64 { limits.heldUpMsMax }

    func beginPublication(_ publisher: Publisher, nowMs: Int64) throws(PublishRefusal)
        -> Publication
    {
        let turn = state.withLock { $0.beginPublication(publisher, nowMs: nowMs) }
        guard let turn else { throw .busy(name: name) }
        return Publication(programme: self, turn: turn)
    }

    func endPublication(epoch: UInt64, nowMs: Int64) {
        let movesStart = state.withLock { state in
            state.endPublication(epoch: epoch, nowMs: nowMs)
            return state.takeStartsMoved()
        }
        guard movesStart else { return }
        startVersion.wrappingAdd(1, ordering: .releasing)
        subscribers.wake()
    }

    func append(
        _ type: FLVTagType, timestampMs: UInt32, body: RawSpan, arrivalMs: Int64,
        turn: PublicationTurn
    ) throws(TagRefusal) {
        let outcome: Result<AppendOutcome, TagRefusal> = unsafe body.withUnsafeBytes { bytes in
            turn.withSource { source in
                state.withLock { state in
                    let body = unsafe bytes.bytes
                    let head = timeline.head
                    return Result { () throws(TagRefusal) in
                        try state.append(
                            type, timestampMs: timestampMs, body: body, arrivalMs: arrivalMs,
                            epoch: turn.epoch, from: &source)
                        return AppendOutcome(
                            movesHead: timeline.head != head, movesStart: state.takeStartsMoved())
                    }
                }
            }
        }
        switch outcome {
        case .success(let appended):
            if appended.movesStart { startVersion.wrappingAdd(1, ordering: .releasing) }
            if appended.movesHead {
                announce()
            } else if appended.movesStart {
                subscribers.wake()
            }
        case .failure(let refusal):
            // A burst has run ahead of the shards, who give back what it needs in a moment.
            if refusal == .heldUp { watchers.headMoved() }
            throw refusal
        }
    }

    func leaveOut(_ cause: LeftOutCause, nowMs: Int64, turn: PublicationTurn) {
        turn.withSource { source in
            source.receivedMs = nowMs
            source.leftOut.add(cause)
        }
        state.withLock { $0.countLeftOut() }
    }

    // MARK: Cues

    /// Says something to the audience, here and now: the tag comes behind the newest one.
    ///
    /// - Parameter nowNs: the caller's monotonic clock, for `CuePlace.insertedNs`.
    /// - Throws: `CueRefusal`; only after `.nothingShown(isKept: true)` is anything changed.
    @discardableResult
    public func insert(_ cue: Cue, nowNs: Int64) throws(CueRefusal) -> CuePlace {
        try cue.check()
        let outcome: InsertOutcome
        do throws(CueRefusal) {
            outcome = try state.withLock { state throws(CueRefusal) in
                try state.insert(cue, nowNs: nowNs)
            }
        } catch {
            // Those who come get it with what comes first, and have then been asked.
            if error == .nothingShown(isKept: true), cue.question != nil {
                cueVersion.wrappingAdd(1, ordering: .releasing)
            }
            throw error
        }
        if outcome.movesStart { startVersion.wrappingAdd(1, ordering: .releasing) }
        cueVersion.wrappingAdd(1, ordering: .releasing)
        announce()
        return outcome.place
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
        let seq = try state.withLock { state throws(CueRefusal) in
            try state.takeDown(key: key, nowNs: nowNs, publishing: farewell)
        }
        guard seq != nil else { return nil }
        startVersion.wrappingAdd(1, ordering: .releasing)
        cueVersion.wrappingAdd(1, ordering: .releasing)
        announce()
        return seq
    }

    /// The programme time of the newest tag, ms.
    public var latestMs: UInt32 { state.withLock { $0.latestMs } }

    /// Where the newest cue stands that was inserted; nil before the first.
    public var latestCue: CuePlace? { latestCue(.plain) }

    /// Where the newest cue stands in a framing; one from before that framing was made, nowhere:
    /// at its beginning, without a length.
    public func latestCue(_ framing: Framing) -> CuePlace? {
        state.withLock { $0.framed(framing)?.latestCue }
    }

    /// Where the newest question stands in a framing: who has that much was asked. As for
    /// `latestCue`, one that only stands in preambles has no length.
    public func latestQuestion(_ framing: Framing) -> CuePlace? {
        state.withLock { $0.framed(framing)?.latestQuestion }
    }

    // MARK: The viewers' side

    /// The tags in another framing, from the newest keyframe on. It costs memory and time from
    /// the moment somebody first asks for it.
    ///
    /// - Throws: `TimelineError` when there is no memory for it.
    public func timeline(_ framing: Framing) throws(TimelineError) -> Timeline {
        try state.withLock { state throws(TimelineError) in try state.makeTimeline(framing) }
    }

    /// From now on the pages of a timeline stay where they are, so that they can be registered.
    public func keepPages(_ framing: Framing = .plain) {
        // Under the writer's lock: no page is being given back when this returns.
        state.withLock { $0.timeline(framing)?.keepPages() }
    }

    /// Where a viewer who comes now begins: the newest keyframe. Nil before there is one, and
    /// for a framing that nobody has asked for.
    public func startPoint(_ framing: Framing = .plain) -> StartPoint? {
        state.withLock { $0.startPoint(framing) }
    }

    /// Where so much of the programme's time before the newest tag is, ms: whoever stands before
    /// it is further behind.
    public func position(behindMs: Int64, _ framing: Framing = .plain) -> UInt64 {
        state.withLock { $0.position(behindMs: behindMs, framing) }
    }

    /// The first tag boundary at or after a position, for a viewer that stands in mid-tag.
    ///
    /// Nil if the position's GOP is no longer indexed.
    public func tagBoundary(atOrAfter position: UInt64, _ framing: Framing = .plain) -> UInt64? {
        let found = state.withLock { state -> (start: UInt64, timeline: Timeline)? in
            guard let timeline = state.timeline(framing),
                let start = state.joinPosition(atOrBefore: position, framing)
            else { return nil }
            return (start, timeline)
        }
        guard let (start, timeline) = found else { return nil }
        return FramedTimeline.boundary(atOrAfter: position, from: start, timeline.view, framing)
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

    /// Tells all who read that there are new bytes.
    private func announce() {
        watchers.headMoved()
        subscribers.wake()
    }

    // MARK: The staff's side

    /// What it is doing.
    public func status(nowMs: Int64) -> ProgrammeStatus {
        var (status, turn, timelines) = state.withLock {
            ($0.status(nowMs: nowMs), $0.turn, $0.timelines.map(\.timeline))
        }
        // After the programme's lock: a publisher takes its own lock first.
        if let turn { status.add(turn, nowMs: nowMs) }
        status.arenaByteCount = timelines.reduce(0) { $0 + $1.residentByteCount }
        return status
    }

    /// Since when nobody publishes, ms of the monotonic clock; nil while somebody does.
    var waitingSinceMs: Int64? { state.withLock { $0.waitingSinceMs } }
}
