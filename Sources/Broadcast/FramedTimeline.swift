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
    init(_ framing: Framing, of other: FramedTimeline, keyframeCountMax: Int) throws(TimelineError)
    {
        self.init(
            framing, timeline: try Timeline(byteCount: other.timeline.byteCount),
            keyframeCountMax: keyframeCountMax)
        latestCue = other.latestCue.map { $0.moved(to: 0..<0) }
        latestQuestion = other.latestQuestion.map { $0.moved(to: 0..<0) }
        guard let start = other.index.newest else { return }
        index.append(JoinPoint(position: 0, timestampMs: start.timestampMs, headers: start.headers))
        let view = other.timeline.view
        var position = start.position
        while position < view.head {
            let place = timeline.head
            let next = take(from: view, at: position, in: other.framing)
            guard let next else { preconditionFailure("a timeline is tag after tag") }
            let range = place..<timeline.head
            if position == other.latestCue?.position {
                latestCue = latestCue?.moved(to: range)
            }
            if position == other.latestQuestion?.position {
                latestQuestion = latestQuestion?.moved(to: range)
            }
            position = next
        }
    }

    /// Copies a tag of another framing.
    ///
    /// - Returns: where the next one is.
    private mutating func take(
        from view: TimelineView, at position: UInt64, in other: Framing
    ) -> UInt64? {
        let address = unsafe view.address(of: position)
        guard let headByteCount = unsafe other.headByteCount(at: address) else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: address + headByteCount, count: FLVTagHeader.byteCount)
        guard let header = unsafe try? FLVTagHeader.parse(bytes.bytes) else { return nil }
        let body = unsafe UnsafeRawBufferPointer(
            start: address + headByteCount + FLVTagHeader.byteCount, count: header.bodyByteCount)
        append(header, unsafe body.bytes)
        let count = FLVTagHeader.tagByteCount(bodyByteCount: header.bodyByteCount)
        return position + UInt64(headByteCount + count)
    }

    /// Writes a tag behind the newest one.
    ///
    /// - Returns: whether the last place to begin at was overwritten by it.
    @discardableResult
    mutating func append(_ header: FLVTagHeader, _ body: RawSpan) -> Bool {
        let tagByteCount = FLVTagHeader.tagByteCount(bodyByteCount: body.byteCount)
        unsafe timeline.append(byteCount: framing.byteCount(ofTag: tagByteCount)) { place in
            let rest = unsafe framing.writeHead(ofTag: tagByteCount, into: place)
            _ = unsafe header.writeTag(body: body, into: rest)
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
            let address = unsafe view.address(of: boundary)
            guard let headByteCount = unsafe framing.headByteCount(at: address) else { return nil }
            let bytes = unsafe UnsafeRawBufferPointer(
                start: address + headByteCount, count: FLVTagHeader.byteCount)
            guard let tag = unsafe try? FLVTagHeader.parse(bytes.bytes) else { return nil }
            let count = FLVTagHeader.tagByteCount(bodyByteCount: tag.bodyByteCount)
            boundary += UInt64(headByteCount + count)
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
