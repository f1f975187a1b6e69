// Players' tokens: JWTs signed with a key that the producer's backend shares with us.

import Digests
import TextWire
import WireBytes

/// Who a player is, as whoever holds the player key has signed it: a JWT (RFC 7519) of HS256
/// (RFC 7518, section 3.2) in compact form, with the claims `sub`, `name`, `show` and `exp`.
public struct PlayerToken: Sendable, Equatable {
    /// The player's id (`sub`), 1 to 64 bytes.
    public let subject: String
    /// The name to be shown (`name`), 1 to 64 bytes, fit to be shown to everyone.
    public let name: String
    /// The show it is good for (`show`), 1 to 64 bytes.
    public let show: String
    /// When it ceases to be good (`exp`), in seconds since 1970.
    public let expiresAtUnixS: Int

    /// A player's identity, to be minted.
    ///
    /// - Throws: `PlayerTokenError.claim` for a text that is empty, too long or not fit to be shown,
    ///   and for a time before 1970 or after 9999.
    public init(
        subject: String, name: String, show: String, expiresAtUnixS: Int
    ) throws(PlayerTokenError) {
        guard PlayerText.isFit(subject, byteCountMax: PlayerTokenLimits.subjectByteCountMax)
        else { throw .claim(.subject) }
        guard PlayerText.isFit(name, byteCountMax: PlayerTokenLimits.nameByteCountMax) else {
            throw .claim(.name)
        }
        guard PlayerText.isFit(show, byteCountMax: PlayerTokenLimits.showByteCountMax) else {
            throw .claim(.show)
        }
        guard (0...PlayerTokenLimits.unixSMax).contains(expiresAtUnixS) else {
            throw .claim(.expiry)
        }
        self.subject = subject
        self.name = name
        self.show = show
        self.expiresAtUnixS = expiresAtUnixS
    }

    /// Signs the identity.
    ///
    /// - Throws: `PlayerTokenError.noHMAC`.
    public func mint(key: PlayerKey) throws(PlayerTokenError) -> String {
        var claims = Array(#"{"sub":"#.utf8)
        JSONText.append(subject, to: &claims)
        claims.append(contentsOf: #","name":"#.utf8)
        JSONText.append(name, to: &claims)
        claims.append(contentsOf: #","show":"#.utf8)
        JSONText.append(show, to: &claims)
        claims.append(contentsOf: #","exp":\#(expiresAtUnixS)}"#.utf8)
        var token = unsafe Base64.encode(
            Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8).span.bytes, .url)
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: unsafe Base64.encode(claims.span.bytes, .url))
        guard let code = unsafe key.hmac.code(of: token.span.bytes) else {
            throw .noHMAC
        }
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: unsafe Base64.encode(code.span.bytes, .url))
        return String(decoding: token, as: UTF8.self)
    }

    /// Reads a token and believes it only if all of it is right.
    ///
    /// The algorithm is HS256 and nothing else, whatever the token says; its claims are looked at
    /// only once the signature is found good, which takes the same time wherever it is wrong.
    /// - Parameters:
    ///   - token: its characters, straight from the network.
    ///   - key: the one it must be signed with.
    ///   - show: the show it must be for; nil for whichever it names.
    ///   - nowUnixS: the time now, in seconds since 1970. `exp` and `nbf` are held against it with
    ///     `PlayerTokenLimits.leewayS` in the token's favour; `iat` is not judged (RFC 7519, section
    ///     4.1.6, gives it no such meaning).
    /// - Throws: `PlayerTokenError`, one case for each cause.
    public static func verify(
        _ token: RawSpan, key: PlayerKey, show: String?, nowUnixS: Int
    ) throws(PlayerTokenError) -> PlayerToken {
        guard token.byteCount <= PlayerTokenLimits.characterCountMax else { throw .tooLong }
        guard let firstDot = dot(in: token, from: 0),
            let secondDot = dot(in: token, from: firstDot + 1),
            dot(in: token, from: secondDot + 1) == nil,
            let claims = Self.decode(token.extracting((firstDot + 1)..<secondDot)),
            let signature = Self.decode(token.extracting(droppingFirst: secondDot + 1))
        else { throw .malformed }
        try Self.check(header: token.extracting(0..<firstDot))
        guard let code = key.hmac.code(of: token.extracting(0..<secondDot)) else { throw .noHMAC }
        let isSigned = unsafe ConstantTime.isSame(code.span.bytes, as: signature.span.bytes)
        guard isSigned else { throw .signature }
        return try unsafe PlayerTokenClaims(claims.span.bytes)
            .judged(in: claims.span.bytes, show: show, nowUnixS: nowUnixS)
    }

    private static func dot(in token: RawSpan, from start: Int) -> Int? {
        token.firstIndex(of: UInt8(ascii: "."), in: start..<token.byteCount)
    }

    /// Nearly all tokens have the very same header, which needs no reading.
    private static func check(header: RawSpan) throws(PlayerTokenError) {
        if Self.isPlainHeader(header) { return }
        guard let bytes = decode(header) else { throw .malformed }
        try unsafe PlayerTokenHeader.check(bytes.span.bytes)
    }

    /// Whether it is `{"alg":"HS256","typ":"JWT"}`.
    private static func isPlainHeader(_ header: RawSpan) -> Bool {
        header.equals("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" as StaticString)
    }

    private static func decode(_ text: RawSpan) -> [UInt8]? {
        guard text.byteCount > 0 else { return nil }
        var isGood = false
        let bytes = [UInt8](capacity: text.byteCount) { output in
            isGood = Base64.decode(text, .url, to: &output)
        }
        return isGood ? bytes : nil
    }
}

/// What may be said of a player to everyone.
public enum PlayerText {
    /// Whether a text is 1 to so many bytes of UTF-8, with something to see in it
    /// (`VisibleText`), and without characters that would break or turn around the line it is shown
    /// in.
    public static func isFit(_ text: String, byteCountMax: Int) -> Bool {
        guard (1...byteCountMax).contains(text.utf8.count) else { return false }
        var isVisible = false
        for scalar in text.unicodeScalars {
            // The letters of most names, without a look into the tables of Unicode.
            if 0x20...0x7E ~= scalar.value {
                if scalar != " " { isVisible = true }
                continue
            }
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .privateUse:
                return false
            case .format:
                // Emoji are joined with U+200D, and some scripts need U+200C; the other format
                // characters turn lines around or hide things.
                guard scalar.value == 0x200C || scalar.value == 0x200D else { return false }
            default: if VisibleText.isVisible(scalar) { isVisible = true }
            }
        }
        return isVisible
    }
}
