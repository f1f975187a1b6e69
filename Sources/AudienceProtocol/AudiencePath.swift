// The addresses of the audience's side.

import WireBytes

/// What can be asked for on the audience's side.
public enum AudiencePath: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// A stream, over HTTP or a WebSocket: `/live/<name>.flv`.
    case stream
    /// A guest wants a token.
    case join
    /// A player answers.
    case answers
    /// A player asks how it stands.
    case me
    /// Anybody asks what goes on.
    case state
    /// Anybody asks what can be asked.
    case document
    /// Anybody asks which streams there are.
    case streams
    /// Anybody asks what time it is.
    case clock
    /// A load balancer asks whether newcomers are welcome.
    case health

    /// The path as documents write it, `{name}` standing for a stream's name.
    public var template: StaticString {
        switch self {
        case .stream: "/live/{name}.flv"
        case .join: "/api/v1/join"
        case .answers: "/api/v1/answers"
        case .me: "/api/v1/me"
        case .state: "/api/v1/state"
        case .document: "/api/v1/openapi.json"
        case .streams: "/api/v1/streams"
        case .clock: "/api/v1/clock"
        case .health: "/healthz"
        }
    }

    /// The address that a request's path is; allocates nothing.
    ///
    /// - Parameters:
    ///   - path: still percent-encoded; none of ours needs any encoding.
    ///   - bytes: those it lies in.
    public static func find(_ path: Range<Int>, in bytes: RawSpan) -> AudiencePath? {
        // Most who come want a stream.
        if StreamPath.name(in: path, of: bytes) != nil { return .stream }
        var index: UInt8 = 0
        while let candidate = AudiencePath(rawValue: index) {
            if candidate != .stream, bytes.equals(candidate.template, in: path) {
                return candidate
            }
            index += 1
        }
        return nil
    }
}

/// Where a player's token may be in a request, besides `Authorization: Bearer`.
public enum TokenPlace {
    /// The query's item, for players that take nothing but a URL.
    public static let queryItem: StaticString = "token"
    /// What a WebSocket's subprotocol begins with whose rest is the token, for browsers, which can't
    /// send Authorization with a WebSocket.
    public static let subprotocolPrefix: StaticString = "fanfare.token."
}

/// The subprotocol of our WebSocket: FLV down, JSON texts both ways.
public enum AudienceSubprotocol {
    /// Its name in Sec-WebSocket-Protocol.
    public static let name: StaticString = "fanfare"
}
