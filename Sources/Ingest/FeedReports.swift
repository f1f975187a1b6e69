// What the ingest knows of the feeds, for other threads to read.

import Synchronization

/// One feed as the staff see it.
public struct FeedReport: Sendable, Equatable {
    /// How long nothing has come, ms.
    public var silentMs: Int64
    /// Whether so little comes that the stream stands still.
    public var isStalled: Bool
    /// What somebody should look at, the gravest first.
    public var warnings: [FeedWarning]
}

/// The newest report of each feed.
public final class FeedReports: Sendable {
    private let reports = Mutex<[String: FeedReport]>([:])

    /// Of the publisher of a stream; nil if there is none.
    public func report(of stream: String) -> FeedReport? {
        reports.withLock { $0[stream] }
    }

    /// What viewers of a stream miss something by, a sentence each.
    public func troubles(of stream: String) -> [String] {
        report(of: stream)?.warnings.filter { $0.level == .trouble }.map(\.text) ?? []
    }

    /// All that give trouble: their streams, and a sentence.
    public var troubles: [(stream: String, text: String)] {
        reports.withLock { $0 }.sorted { $0.key < $1.key }.flatMap { stream, report in
            report.warnings.filter { $0.level == .trouble }.map { (stream, $0.text) }
        }
    }

    func set(_ all: [String: FeedReport]) { reports.withLock { $0 = all } }
}
