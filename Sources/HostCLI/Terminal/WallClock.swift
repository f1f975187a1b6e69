// Moments as people read them, in UTC.

import FoundationEssentials
import Trivia

/// Milliseconds since 1970 and ISO 8601 (RFC 3339).
enum WallClock {
    /// "2026-11-23 20:15:00".
    static func text(ms: Int64) -> String {
        // A damaged ledger may have moments that no calendar has.
        guard TriviaLimits.startsAtMs.contains(ms) else { return "\(ms) ms" }
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space)
            .year().month().day().time(includingFractionalSeconds: false)
        return Date(timeIntervalSince1970: Double(ms) / 1_000).formatted(style)
    }

    /// "2026-11-23T20:15:00Z", or with an offset such as "+01:00"; nil if it is something else.
    static func ms(parsing text: String) -> Int64? {
        guard let date = try? Date(text, strategy: Date.ISO8601FormatStyle()) else { return nil }
        return Int64(exactly: (date.timeIntervalSince1970 * 1_000).rounded())
    }
}
