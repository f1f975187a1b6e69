// A programme's framings, and questions about places in them.

import FLV

extension ProgrammeOutput {
    /// The arena of a framing, if anybody has asked for it.
    func timeline(_ framing: Framing) -> Timeline? { framed(framing)?.timeline }

    /// The arena of a framing, made now if it has to be.
    mutating func makeTimeline(_ framing: Framing) throws(TimelineError) -> Timeline {
        if let timeline = timeline(framing) { return timeline }
        let framed = try FramedTimeline(
            framing, of: timelines[0], keyframeCountMax: limits.keyframeCountMax)
        timelines.append(framed)
        return framed.timeline
    }

    func framed(_ framing: Framing) -> FramedTimeline? { timelines.first { $0.framing == framing } }

    /// Makes room in every arena for a tag and others that go along with it; false where some
    /// bytes are lent that this would overwrite.
    ///
    /// - Parameter companionByteCount: as plain tags.
    func makeRoom(bodyByteCount: Int, companionByteCount: Int = 0) -> Bool {
        timelines.allSatisfy { framed in
            let own = framed.framing.rules.byteCount(ofBody: bodyByteCount)
            let others = framed.framing.rules.byteCount(ofBody: companionByteCount)
            return framed.timeline.makeRoom(byteCount: own + others)
        }
    }

    /// Viewers who join now begin elsewhere, or with something else.
    mutating func forgetStarts() {
        for framed in timelines.indices { timelines[framed].cachedStart = nil }
    }

    // MARK: Places

    mutating func startPoint(_ framing: Framing) -> StartPoint? {
        guard !hidesStarts, let framed = timelines.firstIndex(where: { $0.framing == framing })
        else { return nil }
        if let cachedStart = timelines[framed].cachedStart { return cachedStart }
        guard let point = timelines[framed].index.newest else { return nil }
        assert(framing != .plain || canBegin(at: point.position))
        let preamble = Preamble(
            point: point, presentation: presentation, timing: timing, cues: cues.snapshot,
            framing: framing)
        let start = StartPoint(
            position: point.position, timestampMs: point.timestampMs, preamble: preamble)
        timelines[framed].cachedStart = start
        return start
    }

    func position(behindMs: Int64, _ framing: Framing) -> UInt64 {
        guard let framed = timelines.firstIndex(where: { $0.framing == framing }) else { return 0 }
        let newestMs = clock.latestMs ?? 0
        let found = timelines[framed].index.position(
            atMs: newestMs - behindMs, headPosition: timelines[framed].timeline.head,
            headMs: newestMs)
        if let found { return found }
        // What is indexed no more is as old as anything that is kept.
        return limits.retentionMs > behindMs ? timelines[framed].index.oldest?.position ?? 0 : 0
    }

    func joinPosition(atOrBefore position: UInt64, _ framing: Framing) -> UInt64? {
        framed(framing)?.index.point(atOrBefore: position)?.position
    }

    /// Whether a keyframe begins in a place of the plain timeline, or a sound where there are no
    /// pictures.
    private func canBegin(at position: UInt64) -> Bool {
        let view = timelines[0].timeline.view
        guard position >= view.tail, position < view.head else { return false }
        let address = unsafe view.address(of: position)
        let tag = unsafe UnsafeRawBufferPointer(start: address, count: FLVTagHeader.byteCount)
        guard let header = unsafe try? FLVTagHeader.parse(tag.bytes) else { return false }
        let body = unsafe UnsafeRawBufferPointer(
            start: address + FLVTagHeader.byteCount, count: header.bodyByteCount)
        switch header.type {
        case .video: return unsafe (try? VideoPacket.parse(body.bytes))?.isKeyframe ?? false
        case .audio: return true
        case .script: return false
        }
    }
}
