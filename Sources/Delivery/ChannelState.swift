// What a shard knows of each channel, and where it keeps that.

import Broadcast

/// A programme in one framing as one shard sees it.
struct ChannelState {
    /// The programme, if this shard knows it in that framing: what keeps `view` valid. Changed by
    /// `refreshPrograms` and by the first who asks for the framing.
    private(set) var programme: Programme?
    /// Its timeline, without a reference: read for every send.
    private(set) var view: TimelineView?
    /// Where who joins begins, as of this turn, and the version that is of.
    private(set) var start: StartPoint?
    private(set) var startVersion = UInt64.max
    /// Per cohort: up to where its viewers were sent to at their last visit.
    var visitedHeads = InlineArray<16, UInt64>(repeating: 0)
    /// Where the oldest bytes lie that were sent since the last look at the timeline's ends; `max`
    /// for none. Lowered by each send that copies, and taken back by `endOverrun`.
    var oldestSent = UInt64.max
    /// Before which position a viewer skips, and when that was asked.
    var skipPosition: (atNs: Int64, position: UInt64) = (.min, 0)
    /// This shard's low-water mark in the timeline.
    var lowWaterMark: LowWaterMark?
    /// What it was set to: nothing before it is lent. Lowered before a send that lends, raised by
    /// `tendLending`.
    var lowestLent = LowWaterMark.none
    /// Whether the timeline is registered with the ring; nil before it was tried.
    var isRegistered: Bool?
    /// Its newest cue and question, on their way to the viewers.
    var cues = CueWatch()
    /// When the timeline had grown how far.
    var lagMarks = LagMarks()

    /// A programme has come.
    mutating func enter(_ programme: Programme, _ timeline: Timeline) {
        self = ChannelState()
        self.programme = programme
        view = timeline.view
        lowWaterMark = timeline.makeLowWaterMark()
        for cohort in visitedHeads.indices { visitedHeads[cohort] = timeline.head }
    }

    /// The programme has gone.
    mutating func leave() { self = ChannelState() }

    /// Looks where who joins begins, if that has changed.
    mutating func refreshStart(_ framing: Framing) {
        guard let programme else { return }
        let version = programme.startVersion.load(ordering: .acquiring)
        guard version != startVersion else { return }
        startVersion = version
        start = programme.startPoint(framing)
    }
}

/// The channels of a shard: in memory of their own, so that a look at one costs neither a retain nor
/// a check for uniqueness.
@safe struct Channels: ~Copyable {
    private let states: UnsafeMutablePointer<ChannelState>
    private let count: Int

    init(count: Int) {
        self.count = count
        unsafe states = .allocate(capacity: count)
        unsafe states.initialize(repeating: ChannelState(), count: count)
    }

    deinit {
        unsafe states.deinitialize(count: count)
        unsafe states.deallocate()
    }

    var indices: Range<Int> { 0..<count }

    subscript(index: Int) -> ChannelState {
        @inline(__always) unsafeAddress {
            precondition(index >= 0 && index < count)
            return unsafe UnsafePointer(states + index)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(index >= 0 && index < count)
            return unsafe states + index
        }
    }
}
