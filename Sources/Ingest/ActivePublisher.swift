// One publisher's time on a stream, from its publish to its end.

import Broadcast

/// Who publishes a stream now. Lives on the ingest's thread.
final class ActivePublisher {
    let stream: String
    let publisher: Publisher
    let publication: Publication
    let sinceMs: Int64
    /// Whether the log knows its codecs and rates.
    var isDescribed = false
    /// When each warning was last logged, and which of them were true when last looked at.
    private var loggedMs: [FeedWarning.Code: Int64] = [:]
    private var standing: Set<FeedWarning.Code> = []
    /// Why it has to go, in words for the publisher, once somebody else has decided that it has.
    private(set) var dismissal: String?

    init(_ publication: Publication, stream: String, publisher: Publisher, nowMs: Int64) {
        self.publication = publication
        self.stream = stream
        self.publisher = publisher
        sinceMs = nowMs
    }

    /// Those of the warnings that are to be logged: each as it begins, and again only after a while.
    func newlyRaised(_ warnings: [FeedWarning], nowMs: Int64) -> [FeedWarning] {
        defer { standing = Set(warnings.map(\.code)) }
        return warnings.filter { warning in
            guard !standing.contains(warning.code) else { return false }
            if let lastMs = loggedMs[warning.code],
                nowMs - lastMs < IngestSettings.warnAgainMs
            {
                return false
            }
            loggedMs[warning.code] = nowMs
            return true
        }
    }

    /// How long nothing has come, ms.
    func silentMs(nowMs: Int64) -> Int64 { publication.silentMs(nowMs: nowMs) ?? 0 }

    /// Ends the publication; the connection is still to be told.
    func dismiss(_ words: String, nowMs: Int64) {
        publication.end(nowMs: nowMs)
        dismissal = words
    }

    /// "10.1.2.3:5000 (OBS), for 3 min 2 s, silent for 0.4 s".
    func description(nowMs: Int64) -> String {
        let name = publisher.address + (publisher.encoder.map { " (\($0))" } ?? "")
        let silent = Double(silentMs(nowMs: nowMs) / 100) / 10
        return "\(name), for \(ElapsedTime.text(ofMs: nowMs - sinceMs)), silent for \(silent) s"
    }
}

/// A time as people say it.
enum ElapsedTime {
    /// "42 s", "3 min 2 s" or "2 h 5 min".
    static func text(ofMs ms: Int64) -> String {
        let seconds = max(0, ms / 1_000)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3_600: return "\(seconds / 60) min \(seconds % 60) s"
        default: return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        }
    }
}
