// Where a player's token may be in a request.

import AudienceProtocol
import HTTPWire
import WireBytes

/// A player's token as it came with a request, not yet verified.
struct PlayerCredential: Sendable, Equatable {
    /// Where it was.
    enum Source: Sendable, Equatable {
        /// `Authorization: Bearer <token>`.
        case authorization
        /// The WebSocket subprotocol `fanfare.token.<token>`, for browsers, which can't send
        /// Authorization with a WebSocket.
        case webSocketProtocol
        /// `?token=<token>`, for players that take nothing but a URL.
        case query
    }

    /// Where it was.
    let source: Source
    /// The token's bytes within the head.
    let range: Range<Int>

    /// Looks for a token. Where there are several, the first of Authorization, subprotocol and
    /// query counts: what is least likely to have been copied from somebody else's URL.
    ///
    /// - Parameters:
    ///   - head: the request's.
    ///   - bytes: those the head was parsed from.
    /// - Returns: nil for an anonymous request.
    static func find(in head: HTTPRequestHead, of bytes: RawSpan) -> PlayerCredential? {
        if let token = head.bearerToken(in: bytes) {
            return PlayerCredential(source: .authorization, range: token)
        }
        let prefix = TokenPlace.subprotocolPrefix
        var protocols = WebSocketSubprotocols(head)
        while let offered = protocols.next(in: bytes) {
            let tokenStart = offered.lowerBound + prefix.utf8CodeUnitCount
            guard tokenStart < offered.upperBound,
                bytes.extracting(offered.lowerBound..<tokenStart).equals(prefix)
            else { continue }
            return PlayerCredential(
                source: .webSocketProtocol, range: tokenStart..<offered.upperBound)
        }
        if let query = head.query,
            let token = Query.value(named: TokenPlace.queryItem, in: query, of: bytes),
            !token.isEmpty
        {
            return PlayerCredential(source: .query, range: token)
        }
        return nil
    }
}
