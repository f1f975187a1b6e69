// A programme's framings, and questions about places in them.

import FLV

extension ProgramState {
    /// The arena of a framing, if anybody has asked for it.
    func timeline(_ framing: Framing) -> Timeline? { strand(framing)?.timeline }

    /// The arena of a framing, made now if it has to be.
    mutating func makeTimeline(_ framing: Framing) throws(TimelineError) -> Timeline {
        if let timeline = timeline(framing) { return timeline }
        let strand = try Strand(
            framing, of: strands[0], keyframeCountMax: limits.keyframeCountMax)
        strands.append(strand)
        return strand.timeline
    }

    func strand(_ framing: Framing) -> Strand? { strands.first { $0.framing == framing } }

    /// Makes room for a tag of so many bytes in every arena; false where some are lent.
    func makeRoom(byteCount: Int) -> Bool {
        strands.allSatisfy {
            $0.timeline.makeRoom(byteCount: byteCount + Framing.headByteCountMax)
        }
    }

    /// Viewers who join now begin elsewhere, or with something else.
    mutating func forgetStarts() {
        for strand in strands.indices { strands[strand].cachedStart = nil }
    }

    // MARK: Places

    mutating func startPoint(_ framing: Framing) -> StartPoint? {
        guard !hidesStarts, let strand = strands.firstIndex(where: { $0.framing == framing })
        else { return nil }
        if let cachedStart = strands[strand].cachedStart { return cachedStart }
        guard let point = strands[strand].index.newest else { return nil }
        let preamble = Preamble(
            point: point, presentation: presentation, cues: board.snapshot, framing: framing)
        let start = StartPoint(
            position: point.position, timestampMs: point.timestampMs, preamble: preamble)
        strands[strand].cachedStart = start
        return start
    }

    func position(behindMs: Int64, _ framing: Framing) -> UInt64 {
        guard let strand = strands.firstIndex(where: { $0.framing == framing }) else { return 0 }
        let newestMs = clock.latestMs ?? 0
        let found = strands[strand].index.position(
            atMs: newestMs - behindMs, headPosition: strands[strand].timeline.head,
            headMs: newestMs)
        if let found { return found }
        // What is indexed no more is as old as anything that is kept.
        return limits.retentionMs > behindMs ? strands[strand].index.oldest?.position ?? 0 : 0
    }

    func joinPosition(atOrBefore position: UInt64, _ framing: Framing) -> UInt64? {
        strand(framing)?.index.point(atOrBefore: position)?.position
    }
}
