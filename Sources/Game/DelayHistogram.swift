// How long things took, in numbers that only grow.

/// Counts of durations by fixed bounds, so that noting one is a few comparisons.
public struct DelayHistogram: Equatable, Sendable {
    /// The upper bounds, s; what took longer is in a last bucket of its own.
    public static let boundsS = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    ]
    private static let boundsNs = boundsS.map { Int64($0 * 1e9) }

    /// How many took at most as long as their bound and longer than the one before; one more than
    /// there are bounds.
    public private(set) var counts = [UInt64](repeating: 0, count: boundsNs.count + 1)
    /// All of them together, ns.
    public private(set) var sumNs: Int64 = 0

    /// Nothing yet.
    public init() {}

    /// How many there are.
    public var count: UInt64 { counts.reduce(0, +) }

    /// One more. What seems to have taken less than nothing took nothing.
    mutating func note(ns: Int64) {
        let ns = max(0, ns)
        var bucket = 0
        while bucket < Self.boundsNs.count, ns > Self.boundsNs[bucket] { bucket += 1 }
        counts[bucket] += 1
        sumNs &+= ns
    }
}
