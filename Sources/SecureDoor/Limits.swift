// Every bound of this module, in one place.

/// How many handshakes there may be, and how long they may take.
public struct SecureDoorSettings: Sendable {
    /// Handshakes at once. When there are more, the oldest one of the address that has most of them
    /// gives way.
    public var inFlightCountMax = 1_024
    /// Handshakes at once from one address elsewhere; an IPv6 /64 counts as one.
    public var inFlightPerAddressMax = 64
    /// New connections a second from one address elsewhere, over a while.
    public var perAddressPerSecondMax = 50.0
    /// New connections a second in all; who comes beyond waits in the kernel's queue.
    public var perSecondMax = 2_000.0
    /// The time in which a handshake has to be over, ms.
    public var handshakeMsMax: Int64 = 10_000

    /// With their defaults.
    public init() {}

    /// New connections at once, in seconds of their rate.
    static let burstS = 2.0
    /// How long somebody who was refused has to read why, ms.
    static let leavingMsMax: Int64 = 2_000
    /// How often the time of handshakes is looked at, ms.
    static let sweepMs: Int64 = 250
    /// Bytes that are read at once.
    static let receiveByteCount = 16 << 10
    /// What is read of one connection before others have their turn, bytes.
    static let receivesPerTurnMax = 4
    /// Events of one turn.
    static let eventCountMax = 64
    /// New connections of one turn.
    static let acceptsPerTurnMax = 64
    /// After accepting failed for want of descriptors, ms.
    static let acceptRetryMs: Int64 = 100
    /// Addresses whose rate is known. Beyond, those without handshakes are forgotten.
    static let addressCountMax = 10_000
    /// How much less of the processor the door gets than those who send (nice(1)).
    static let niceness: Int32 = 10
    /// How often files of certificates are looked at, ms.
    static let watchMs = 5_000
    /// Between two lines of the log about the same kind of failure, ms.
    static let newsIntervalMs: Int64 = 60_000
}
