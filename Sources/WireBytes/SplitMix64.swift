// Numbers by chance that come again under the same seed.

/// SplitMix64: small, fast, and the same on every machine. For what has to be repeatable, and for
/// nothing that must not be guessed.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator that gives the same numbers whenever the seed is the same.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        let number = Self.mix(state)
        state &+= Self.step
        return number
    }

    /// The next number, from 0 up to 1, of 53 bits.
    public mutating func nextShare() -> Double {
        Double(next() >> 11) / Double(1 << 53)
    }

    /// Appends bytes by chance.
    public mutating func append(byteCount: Int, to bytes: inout [UInt8]) {
        let end = bytes.count + byteCount
        while bytes.count < end {
            let value = next()
            for shift in stride(from: 0, to: 64, by: 8) where bytes.count < end {
                bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
            }
        }
    }

    /// A number made of another by a rule that scatters neighbours: what `next` gives first for this
    /// seed.
    public static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ step
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
}
