// One framing of a programme: its arena, and what is known of the places in it.

import FLV

/// The tags of a programme in one framing; `ProgrammeState` keeps all of them alike.
struct FramedTimeline {
    let framing: Framing
    let timeline: Timeline
    var index: KeyframeIndex
    var cachedStart: StartPoint?
    /// Where the newest cue stands.
    var latestCue: CuePlace?
    /// Where the newest question stands.
    var latestQuestion: CuePlace?

    init(_ framing: Framing, timeline: Timeline, keyframeCountMax: Int) {
        self.framing = framing
        self.timeline = timeline
        index = KeyframeIndex(countMax: keyframeCountMax)
    }

    /// the tags of another framing from its newest join point on, for those who come now.
    ///
    /// - Parameter byteCount: of the arena to make.
    init(
        _ framing: Framing, of plain: FramedTimeline, keyframeCountMax: Int
    ) throws(TimelineError) {
        self.init(
            framing, timeline: try Timeline(byteCount: plain.timeline.byteCount),
            keyframeCountMax: keyframeCountMax)
        latestCue = plain.latestCue.map { $0.moved(to: 0..<0) }
        latestQuestion = plain.latestQuestion.map { $0.moved(to: 0..<0) }
        guard let start = plain.index.newest else { return }
        index.append(JoinPoint(position: 0, timestampMs: start.timestampMs, headers: start.headers))
        let view = plain.timeline.view
        var position = start.position
        while position < view.head {
            let place = timeline.head
            copy(from: view, at: position)
            let range = place..<timeline.head
            if position == plain.latestCue?.position {
                latestCue = latestCue?.moved(to: range)
            }
            if position == plain.latestQuestion?.position {
                latestQuestion = latestQuestion?.moved(to: range)
            }
            guard let count = unsafe Framing.plain.rules.byteCount(at: view.address(of: position))
            else { preconditionFailure("a timeline is tag after tag") }
            position += UInt64(count)
        }
    }

    /// Copies a plain tag, which nobody overwrites meanwhile.
    private mutating func copy(from view: TimelineView, at position: UInt64) {
        let address = unsafe view.address(of: position)
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: FLVTagHeader.byteCount)
        guard let header = unsafe try? FLVTagHeader.parse(bytes.bytes) else { return }
        let body = unsafe UnsafeRawBufferPointer(
            start: address + FLVTagHeader.byteCount, count: header.bodyByteCount)
        append(header, unsafe body.bytes)
    }

    /// Writes a tag behind the newest one.
    ///
    /// - Returns: whether the last place to begin at was overwritten by it.
    @discardableResult
    mutating func append(_ header: FLVTagHeader, _ body: RawSpan) -> Bool {
        let count = framing.rules.byteCount(ofBody: body.byteCount)
        unsafe timeline.append(byteCount: count) { place in
            unsafe framing.rules.write(header, body, into: place)
        }
        let hadStart = !index.isEmpty
        index.forget(before: timeline.tail)
        guard hadStart, index.isEmpty else { return false }
        cachedStart = nil
        return true
    }

    /// A viewer's stream may begin with the next tag.
    mutating func addJoinPoint(
        timestampMs: UInt32, headers: SequenceHeaders, retentionMs: Int64
    ) {
        index.append(
            JoinPoint(position: timeline.head, timestampMs: timestampMs, headers: headers))
        cachedStart = nil
        index.forget(olderThanMs: Int64(timestampMs) - retentionMs)
        if let oldest = index.oldest { timeline.release(before: oldest.position) }
    }

    /// The first tag boundary at or after a position; nil where it can't be told.
    ///
    /// - Parameter start: a tag boundary before it.
    static func boundary(
        atOrAfter position: UInt64, from start: UInt64, _ view: TimelineView, _ framing: Framing
    ) -> UInt64? {
        let head = view.head
        var boundary = start
        while boundary < position {
            guard let count = unsafe framing.rules.byteCount(at: view.address(of: boundary))
            else { return nil }
            boundary += UInt64(count)
            guard boundary <= head else { return nil }
        }
        return view.stillHolds(start) ? boundary : nil
    }
}

extension CuePlace {
    /// The same cue where it stands in another arena.
    func moved(to place: Range<UInt64>) -> CuePlace {
        CuePlace(
            seq: seq, ptsMs: ptsMs, position: place.lowerBound, endPosition: place.upperBound,
            isKept: isKept, insertedNs: insertedNs, question: question)
    }
}
