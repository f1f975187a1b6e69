// What a rehearsal is to do.

public import WireBytes

/// A simulated audience: how many, how fast, how badly behaved.
public struct RehearsalPlan: Sendable {
    /// Where the server is.
    public var address: IPEndpoint
    /// The Host field of the requests.
    public var host: String
    /// Path and query of the requests.
    public var target: String
    /// Viewers at a time.
    public var viewerCount = 1_000
    /// Viewers who come in a second, until all are there.
    public var rampPerSecond = 2_000.0
    /// How long to watch once all are there, ms.
    public var watchMs: Int64 = 60_000
    /// The share that reads more slowly than the stream comes, 0 to 1.
    public var slowShare = 0.0
    /// The share that stops reading after the first bytes, 0 to 1.
    public var stuckShare = 0.0
    /// Viewers who leave, and others who come, in a second.
    public var churnPerSecond = 0.0
    /// The share whose every tag is checked, 0 to 1.
    public var verifiedShare = 0.01
    /// Connections that one ring holds; at most RLIMIT_NOFILE.
    public var connectionsPerRing = 19_000
    /// How the viewers play; nil where they only watch.
    public var quiz: QuizPlan?

    /// A plan for an address with the defaults.
    public init(address: IPEndpoint, host: String, target: String) {
        self.address = address
        self.host = host
        self.target = target
    }

    /// The rings, a thread each, that it takes.
    public var ringCount: Int {
        max(1, (viewerCount + viewersPerRing - 1) / viewersPerRing)
    }

    /// Connections of one ring for players' requests.
    var sideConnectionsPerRing: Int {
        quiz == nil ? 0 : min(QuizLimits.sideRequestCountMax, connectionsPerRing / 4)
    }

    /// Viewers that one ring holds.
    var viewersPerRing: Int { connectionsPerRing - sideConnectionsPerRing }

    /// How many of so many are one ring's.
    func share(of count: Int, _ index: Int) -> Int {
        count / ringCount + (index < count % ringCount ? 1 : 0)
    }

    /// The request of every viewer.
    var request: [UInt8] {
        Array(
            ("GET \(target) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: fanfare-rehearse\r\n"
                + "Accept: */*\r\nConnection: close\r\n\r\n").utf8)
    }

    /// A gap without a byte that counts as a stall, ms.
    public static let stallMs: Int64 = 1_000
    /// How long a connection may take to give its first byte of the stream, ms.
    static let startMsMax: Int64 = 15_000
    /// Viewers that come from one loopback address.
    static let viewersPerSource = 400
    /// What a slow viewer reads at a time, bytes, and how long it rests then, ms.
    static let slowByteCount = 24 << 10
    static let slowRestMs: Int64 = 400
    /// The most of a response's head, bytes.
    static let headByteCountMax = 16 << 10
    /// Delays are recorded up to this, µs.
    static let delayUsMax: UInt64 = 120_000_000
}
