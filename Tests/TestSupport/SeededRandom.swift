// Random numbers that come again under the same seed, so that a failing test can be repeated.

/// SplitMix64: small, fast, and the same on every machine.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    /// What this generator was made from. Tests print it when they fail.
    public let seed: UInt64
    private var state: UInt64

    /// A generator that gives the same numbers whenever `seed` is the same.
    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// `count` random bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
