// Where a player's token may be in a request.

import WireBytes

/// A player's token as it came with a request, not yet verified.
public struct PlayerCredential: Sendable, Equatable {
    /// Where it was.
    public enum Source: Sendable, Equatable {
        /// `Authorization: Bearer <token>`.
        case authorization
        /// The WebSocket subprotocol `fanfare.token.<token>`, for browsers, which can't send
        /// Authorization with a WebSocket.
        case webSocketProtocol
        /// `?token=<token>`, for players that take nothing but a URL.
        case query
    }

    /// Where it was.
    public let source: Source
    /// The token's bytes within the head.
    public let range: Range<Int>

    /// Looks for a token. Where there are several, the first of Authorization, subprotocol and
    /// query counts: what is least likely to have been copied from somebody else's URL.
    ///
    /// - Parameters:
    ///   - head: the request's.
    ///   - bytes: those the head was parsed from.
    /// - Returns: nil for an anonymous request.
    public static func find(in head: HTTPRequestHead, of bytes: RawSpan) -> PlayerCredential? {
        if let token = head.bearerToken(in: bytes) {
            return PlayerCredential(source: .authorization, range: token)
        }
        let prefix: StaticString = "fanfare.token."
        var protocols = WebSocketProtocols(head)
        while let offered = protocols.next(in: bytes) {
            let tokenStart = offered.lowerBound + prefix.utf8CodeUnitCount
            guard tokenStart < offered.upperBound,
                bytes.equals(prefix, in: offered.lowerBound..<tokenStart)
            else { continue }
            return PlayerCredential(
                source: .webSocketProtocol, range: tokenStart..<offered.upperBound)
        }
        if let query = head.query,
            let token = Query.value(named: "token", in: query, of: bytes), !token.isEmpty
        {
            return PlayerCredential(source: .query, range: token)
        }
        return nil
    }
}

extension HTTPResponse {
    /// 401 with the challenge that RFC 9110, section 11.6.1, wants.
    ///
    /// - Parameters:
    ///   - message: what is wrong with the token and what to do, in plain language.
    ///   - isInvalid: whether there was a token, and not a good one (RFC 6750, section 3.1).
    ///   - fields: further fields, such as CORS's.
    ///   - keepAlive: whether the connection stays open after this answer.
    public static func unauthorized(
        _ message: String, isInvalid: Bool, fields: [Field] = [], keepAlive: Bool
    ) -> HTTPResponse {
        let challenge = isInvalid ? #"Bearer error="invalid_token""# : "Bearer"
        return .error(
            .unauthorized, message, fields: fields + [Field("WWW-Authenticate", challenge)],
            keepAlive: keepAlive)
    }
}
