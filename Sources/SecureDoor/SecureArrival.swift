// Who has come through the door.

public import TLS
public import WireBytes

/// A connection whose handshake is over.
public struct SecureArrival: Sendable {
    /// The socket; whoever takes the arrival closes it.
    public let descriptor: Int32
    /// Where it comes from: behind a proxy that is trusted, who connected to that.
    public let peer: IPEndpoint
    /// The host that it asked for.
    public let serverName: String?
    /// To be wiped by whoever drops them.
    public var keys: SessionKeys
    /// What has come after the handshake, ciphertext still.
    public let pending: [UInt8]
}

/// Why somebody didn't come through.
public enum DoorFailure: Hashable, Sendable {
    /// The handshake came to nothing.
    case handshake(HandshakeFailure)
    /// It took too long.
    case tooSlow
    /// The client hung up.
    case hungUp
    /// Its address has too many handshakes, or begins them too fast.
    case tooMany
    /// It gave way to others when there were as many as there may be.
    case gaveWay
    /// What a proxy said of it is broken.
    case brokenProxyHeader
    /// It says that it is a proxy, and isn't one of those that are trusted.
    case untrustedProxy

    /// Each of them.
    public static let all: [DoorFailure] =
        HandshakeFailure.allCases.map { .handshake($0) }
        + [.tooSlow, .hungUp, .tooMany, .gaveWay, .brokenProxyHeader, .untrustedProxy]

    /// Its label in metrics.
    public var label: String {
        switch self {
        case .handshake(let failure): failure.label
        case .tooSlow: "too_slow"
        case .hungUp: "hung_up"
        case .tooMany: "too_many"
        case .gaveWay: "gave_way"
        case .brokenProxyHeader: "broken_proxy_header"
        case .untrustedProxy: "untrusted_proxy"
        }
    }

    /// What happened, for the log; nil for what happens every day.
    public var news: String? {
        switch self {
        case .handshake(.ended), .handshake(.givenUp), .hungUp: nil
        case .handshake(let failure): failure.description
        case .tooSlow: "a client's handshake took longer than it may"
        case .tooMany: "an address has more handshakes than it may, or begins them too fast"
        case .gaveWay: "there are as many handshakes as there may be; the oldest give way"
        case .brokenProxyHeader: "a proxy's PROXY header is broken"
        case .untrustedProxy:
            "a PROXY header came from an address that isn't trusted: name the proxy in "
                + "--trusted-proxies"
        }
    }
}
