// The staff plane's clocks.

import FoundationEssentials

/// What time it is on the staff plane, ms.
enum StaffClock {
    /// Milliseconds since 1970.
    @Sendable static func wallMs() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// Time that only goes forward, from some moment on.
    static func nowMs() -> Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - origin).components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }

    private static let origin = ContinuousClock.now
}
