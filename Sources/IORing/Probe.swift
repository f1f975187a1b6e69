// Whether this machine can run a ring at all, found out by making one.

/// What a trial ring showed.
public struct RingProbe: Sendable {
    /// Why no ring can be had; nil when one can.
    public let failure: RingError?
    /// Whether the ring runs with deferred task work (Linux 6.1 and newer).
    public let defersTaskWork: Bool

    /// Makes a small ring with direct descriptors and receive buffers, and throws it away.
    public static func run() -> RingProbe {
        do {
            let ring = try Ring(entries: 8, completions: 16, slots: 8)
            _ = try BufferPool(ring: ring, group: 0, count: 2, bufferByteCount: 512)
            return RingProbe(failure: nil, defersTaskWork: ring.defersTaskWork)
        } catch {
            return RingProbe(failure: error, defersTaskWork: false)
        }
    }
}
