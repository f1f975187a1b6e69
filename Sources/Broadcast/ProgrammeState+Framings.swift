// A programme's framings, and questions about places in them.

import FLV

extension ProgrammeState {
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

    /// Makes room for a tag of so many bytes in every arena; false where some are lent.
    func makeRoom(byteCount: Int) -> Bool {
        timelines.allSatisfy {
            $0.timeline.makeRoom(byteCount: byteCount + Framing.headByteCountMax)
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
        let preamble = Preamble(
            point: point, presentation: presentation, cues: cues.snapshot, framing: framing)
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
}
