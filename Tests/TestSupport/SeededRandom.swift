// Random numbers that come again under the same seed, so that a failing test can be repeated.

import WireBytes

/// SplitMix64: small, fast, and the same on every machine.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    /// What this generator was made from. Tests print it when they fail.
    public let seed: UInt64
    private var numbers: SplitMix64

    /// A generator that gives the same numbers whenever `seed` is the same.
    public init(seed: UInt64) {
        self.seed = seed
        numbers = SplitMix64(seed: seed)
    }

    public mutating func next() -> UInt64 {
        numbers.next()
    }

    /// `count` random bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
