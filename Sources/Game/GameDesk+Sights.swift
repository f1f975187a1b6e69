// Who can see the streams of the shows: looked at all the time, and before a question is opened.

import Trivia

/// What is known of who can see a stream, and since when.
public struct SightReport: Equatable, Sendable {
    /// Who can see it.
    public internal(set) var sight: StageSight
    /// Since when its feed is what it is, ms since 1970.
    public internal(set) var feedSinceMs: Int64
    /// Since when anybody sees it, or nobody does, ms since 1970.
    public internal(set) var seenSinceMs: Int64
}

extension GameDesk {
    /// Looks at the streams of all shows that aren't settled.
    func lookAtStreams() {
        let streams = state.withLock { state in
            Set(
                state.slots.filter { !$0.isGone && $0.show.phase != .settled }.map(\.stream))
        }
        for stream in streams { _ = look(at: stream) }
        state.withLock { state in
            state.sights = state.sights.filter { streams.contains($0.key) }
        }
    }

    @discardableResult
    func look(at stream: String) -> SightReport {
        let sight = stage.sight(of: stream, nowNs: clock.monotonicNs)
        let nowMs = clock.wallMs
        return state.withLock { state in
            var report =
                state.sights[stream]
                ?? SightReport(sight: sight, feedSinceMs: nowMs, seenSinceMs: nowMs)
            if report.sight.feed != sight.feed { report.feedSinceMs = nowMs }
            if report.sight.isSeen != sight.isSeen { report.seenSinceMs = nowMs }
            report.sight = sight
            state.sights[stream] = report
            return report
        }
    }

    /// Why nobody would see what is opened now; nil where somebody would.
    func unseenReason(_ slot: Int) -> UnseenReason? {
        let stream = state.withLock { $0.slots[slot].stream }
        let report = look(at: stream)
        guard !report.sight.isSeen else { return nil }
        let sinceMs = report.sight.feed == .live ? report.seenSinceMs : report.feedSinceMs
        return UnseenReason(
            stream: stream, feed: report.sight.feed,
            forS: max(0, clock.wallMs - sinceMs) / 1000)
    }
}

/// Why nobody sees a stream.
public struct UnseenReason: Equatable, Sendable, CustomStringConvertible {
    /// The stream.
    public let stream: String
    /// What comes from its publisher: where that is live, nobody watches.
    public let feed: StageSight.Feed
    /// For how long it has been so, as far as is known, s.
    public let forS: Int64

    /// A reason.
    public init(stream: String, feed: StageSight.Feed, forS: Int64) {
        self.stream = stream
        self.feed = feed
        self.forS = forS
    }

    /// In a few words.
    public var description: String {
        switch feed {
        case .off: "stream “\(stream)” has been off air for \(forS) s"
        case .silent: "stream “\(stream)” has shown nothing new for \(forS) s and more"
        case .live: "stream “\(stream)” has had no viewers for \(forS) s"
        }
    }
}
