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

/// What is known of who can see what, by stream.
struct StreamSights: Sendable {
    private var reports: [String: SightReport] = [:]

    /// What was seen of a stream when it was looked at last; nil where it never was.
    func report(of stream: String) -> SightReport? { reports[stream] }

    /// How much of a sight is another than before.
    enum Change {
        /// How many watch: no news for those who look on, as it changes all the time.
        case viewerCount
        /// What is wrong with the feed.
        case warnings
        /// Whether anybody sees it, and what comes.
        case feed
    }

    /// Takes up what is seen now.
    ///
    /// - Returns: What is another than before; nil where nothing is.
    mutating func note(_ sight: StageSight, of stream: String, nowMs: Int64) -> Change? {
        guard let former = reports[stream] else {
            reports[stream] = SightReport(sight: sight, feedSinceMs: nowMs, seenSinceMs: nowMs)
            return .feed
        }
        guard former.sight != sight else { return nil }
        var report = former
        if former.sight.feed != sight.feed { report.feedSinceMs = nowMs }
        if former.sight.isSeen != sight.isSeen { report.seenSinceMs = nowMs }
        report.sight = sight
        reports[stream] = report
        if former.sight.feed != sight.feed || former.sight.isSeen != sight.isSeen { return .feed }
        return former.sight.warnings != sight.warnings ? .warnings : .viewerCount
    }

    /// Forgets all others.
    mutating func keep(only streams: Set<String>) {
        reports = reports.filter { streams.contains($0.key) }
    }
}

extension DeskCore {
    /// Looks at the streams of all shows that aren't settled.
    mutating func lookAtStreams() {
        let streams = shows.streams
        for stream in streams { look(at: stream) }
        sights.keep(only: streams)
    }

    private mutating func look(at stream: String) {
        let sight = stage.sight(of: stream, nowNs: clock.monotonicNs)
        guard let change = sights.note(sight, of: stream, nowMs: clock.wallMs) else { return }
        for slot in shows.slots.indices
        where !shows.slots[slot].isGone && shows.slots[slot].stream == stream {
            switch change {
            case .feed: changed(slot, .step)
            case .warnings: changed(slot, .numbers)
            case .viewerCount:
                shows.slots[slot].view = nil
                hasNews = true
            }
        }
    }

    /// Why nobody would see what is opened now; nil where somebody would.
    mutating func unseenReason(_ slot: Int) -> UnseenReason? {
        let stream = shows.slots[slot].stream
        look(at: stream)
        guard let report = sights.report(of: stream), !report.sight.isSeen else { return nil }
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
