// Every bound of this module, in one place.

public import WireBytes

/// How publishers are let in.
public struct IngestSettings: Sendable {
    /// RTMP connections at a time, publishing or not. When there are more, one of the address that
    /// has most of them without publishing makes room.
    public var connectionCountMax = 256
    /// Connections of one address (an IPv6 /64 counts as one) that don't publish; with another one,
    /// the one that has come least far goes.
    public var idleCountPerAddressMax = 32
    /// A connection that doesn't publish by then is closed, ms.
    public var idleMsMax: Int64 = 10_000
    /// A publisher that sends nothing for this long is taken for dead, ms.
    public var silenceMsMax: Int64 = 15_000

    /// Who brings the key of a stream takes over from a publisher that has sent nothing for this
    /// long, ms.
    public var takeoverMs: Int64 = 1_000

    /// The proxies that are believed when they say whose a connection is, and who is not let in, at
    /// the start.
    public var trusted = AddressRanges()
    public var bans = AddressRanges()

    /// Settings with their defaults.
    public init() {}

    /// How long a feed may have no start point, a track or sound before that is said, ms.
    static let adviceAfterMs: Int64 = 3_000
    /// A publisher that sends nothing for this long is stalled, ms.
    static let stalledAfterMs: Int64 = 1_000
    /// From when on measured rates are compared with those that are declared, ms.
    static let ratesAfterMs: Int64 = 8_000
    /// Keyframes that are further apart keep viewers behind, ms.
    static let keyframeIntervalMsMax: Int64 = 4_000
    /// Packets of sound up to this size hold nothing that is heard, bytes: under 10 kbit/s.
    static let silentPacketByteCountMax = 24
    /// How far apart picture and sound of the same time may come, ms.
    static let tracksApartMsMax: Int64 = 1_000
    /// How much of a clock may be put right before that is said, ms.
    static let clockCorrectedMsMax: Int64 = 1_000
    /// A warning that has gone and comes back is logged again after this time, ms.
    static let warnAgainMs: Int64 = 60_000
    /// Orders of the staff that wait to be done.
    static let orderCountMax = 64

    /// Publishers over TLS that wait to be taken in.
    static let arrivalCountMax = 64

    /// The application in the push URL.
    static let app = "live"
    /// So long a handshake may take before newcomers go first, ms.
    static let handshakeMs: Int64 = 2_000
    /// How long a peer may take to hang up after our last word, ms.
    static let lingerMsMax: Int64 = 2_000
    /// Receive buffers of the kernel's pool, and the size of each, bytes.
    static let receiveBufferCount = 64
    static let receiveBufferByteCount = 64 << 10
    static let ringEntryCount = 256
    static let ringCompletionCount = 1_024
    /// Completions handled before time-outs and newcomers are looked at again.
    static let completionsPerTurnMax = 1_024
    /// How often it is looked whether a tag that was held up has room now, ms.
    static let heldUpRetryMs: Int64 = 2
    /// How often time-outs are looked for, ns.
    static let tickNs: Int64 = 250_000_000
    /// How long to leave a listener alone on which an accept failed, ns.
    static let acceptRetryNs: Int64 = 10_000_000
}
