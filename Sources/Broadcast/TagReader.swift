// A programme's tags one after another, for whoever makes something else of them than a viewer's
// stream.

public import FLV

/// What came of reading on.
public enum TagStep: Sendable, Equatable {
    /// A tag was given.
    case tag
    /// All there is was read, or there is no place to begin at yet: `Programme.subscribe` wakes.
    case caughtUp
    /// The writer has overwritten what comes next. Nothing more is given until `restart`.
    case overrun
    /// The programme is over, and all of it was read.
    case ended
}

/// What a reader is given before the first tag of the timeline, as a viewer is.
public struct TagReaderOpening: OptionSet, Sendable {
    /// Which of them, as bits.
    public let rawValue: Int

    /// From bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// `onMetaData`; not again after `TagReader.restart`.
    public static let metadata = Self(rawValue: 1)
    /// The sequence headers in force.
    public static let headers = Self(rawValue: 2)
    /// The cues that stand.
    public static let cues = Self(rawValue: 4)
    /// All that a viewer gets.
    public static let all: Self = [.metadata, .headers, .cues]
}

/// A cursor on a programme that gives whole tags, from its newest keyframe on.
///
/// A reader belongs to the thread that made it, and never holds up the writer: each tag is copied
/// and only then looked whether it was still there, by the same marks as shards go by. Who reads
/// too slowly is overrun, and may go on at the newest keyframe.
public struct TagReader: ~Copyable {
    /// What is read.
    public let programme: Programme
    /// How often it was overrun.
    public private(set) var overrunCount = 0

    private let opening: TagReaderOpening
    private let view: TimelineView
    /// Where the next tag begins; nil while there is no place to begin at.
    private var position: UInt64?
    /// The programme's start version for which there was no place to begin at.
    private var askedVersion: UInt64?
    /// What comes before the tags of the timeline, and how much of it was given.
    private var preamble: [ProgrammeTag] = []
    private var preambleIndex = 0
    private var isOverrun = false
    private var wasRestarted = false
    /// Where tags are copied to; grows up to the largest.
    private var copy: [UInt8] = []

    /// A reader that begins at the newest keyframe when it is first asked for a tag, or at the
    /// first there is.
    ///
    /// - Parameter opening: what comes before that.
    public init(_ programme: Programme, opening: TagReaderOpening = .all) {
        self.programme = programme
        self.opening = opening
        view = programme.timeline.view
    }

    /// Gives the next tag, without allocating anything for it once the largest was seen.
    ///
    /// - Parameter take: told of the tag: its header, with the programme time, and its body, which
    ///   is there for as long as this runs. Not called unless this returns `.tag`.
    public mutating func read(_ take: (FLVTagHeader, RawSpan) -> Void) -> TagStep {
        if isOverrun { return .overrun }
        if position == nil { findStart() }
        if preambleIndex < preamble.count {
            let tag = preamble[preambleIndex]
            preambleIndex += 1
            let header = FLVTagHeader(
                type: tag.type, bodyByteCount: tag.body.count, timestampMs: tag.timestampMs)
            take(header, unsafe tag.body.span.bytes)
            return .tag
        }
        // Asked before the head: who sees that it is over sees all that was written.
        let hasEnded = programme.hasEnded
        guard let position, position < view.head else { return hasEnded ? .ended : .caughtUp }
        guard let header = copyTag(at: position) else {
            isOverrun = true
            overrunCount += 1
            return .overrun
        }
        let count = FLVTagHeader.tagByteCount(bodyByteCount: header.bodyByteCount)
        self.position = position + UInt64(count)
        take(header, unsafe copy.span.bytes.extracting(first: header.bodyByteCount))
        return .tag
    }

    /// The next tag with a body of its own; nil with the reason when there is none.
    public mutating func next() -> (tag: ProgrammeTag?, step: TagStep) {
        var tag: ProgrammeTag?
        let step = read { header, body in
            tag = ProgrammeTag(
                header.type, timestampMs: header.timestampMs, body: body.copied)
        }
        return (tag, step)
    }

    /// Goes on at the newest keyframe, with the headers and cues of there.
    public mutating func restart() {
        position = nil
        askedVersion = nil
        preamble = []
        preambleIndex = 0
        isOverrun = false
        wasRestarted = true
    }

    private mutating func findStart() {
        let version = programme.startVersion.load(ordering: .acquiring)
        guard version != askedVersion else { return }
        askedVersion = version
        guard let start = programme.startPoint() else { return }
        position = start.position
        if opening.contains(.metadata), !wasRestarted { preamble = start.preamble.beginning.tags }
        preamble += start.preamble.state.tags.filter { tag in
            opening.contains(tag.type == .script ? .cues : .headers)
        }
    }

    /// Copies the body of the tag at a position.
    ///
    /// - Returns: nil if it was no longer there by the time it had been copied.
    private mutating func copyTag(at position: UInt64) -> FLVTagHeader? {
        let address = unsafe view.address(of: position)
        // In an array of its own: the arena's bytes may change between a look and the next.
        var head: (UInt64, UInt32) = (0, 0)
        unsafe withUnsafeMutableBytes(of: &head) { place in
            unsafe place.copyMemory(
                from: UnsafeRawBufferPointer(start: address, count: FLVTagHeader.byteCount))
        }
        guard view.stillHolds(position) else { return nil }
        let parsed = unsafe withUnsafeBytes(of: &head) { unsafe try? FLVTagHeader.parse($0.bytes) }
        guard let header = parsed else { preconditionFailure("a timeline is tag after tag") }
        let count = header.bodyByteCount
        if copy.count < count { copy = [UInt8](repeating: 0, count: count) }
        unsafe copy.withUnsafeMutableBytes { place in
            unsafe place.copyMemory(
                from: UnsafeRawBufferPointer(
                    start: address + FLVTagHeader.byteCount, count: count))
        }
        return view.stillHolds(position) ? header : nil
    }
}
