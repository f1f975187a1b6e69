// What stands in a player's token: its header and its claims.

import TextWire

/// The header of a JWT (RFC 7515, section 4.1).
enum PlayerTokenHeader {
    /// Refuses every header but HS256's. Names that ask for nothing, such as `kid`, are passed over.
    static func check(_ bytes: RawSpan) throws(PlayerTokenError) {
        var algorithm: JSONString?
        var isJWT = true
        var hasCritical = false
        do throws(JSONError) {
            var reader = try JSONReader(bytes, limits: PlayerTokenClaims.limits)
            while let name = try reader.nextName(in: bytes) {
                if name.equals("alg", in: bytes) {
                    algorithm = try reader.string(in: bytes)
                } else if name.equals("typ", in: bytes) {
                    let type = try reader.string(in: bytes)
                    isJWT = type.equals("JWT", in: bytes) || type.equals("jwt", in: bytes)
                } else if name.equals("crit", in: bytes) || name.equals("b64", in: bytes) {
                    // What must be understood, and isn't here (RFC 7515, section 4.1.11).
                    hasCritical = true
                }
            }
        } catch {
            throw .malformed
        }
        guard let algorithm, !hasCritical, isJWT else { throw .malformed }
        guard algorithm.equals("HS256", in: bytes) else { throw .algorithm }
    }
}

/// The claims of a token whose signature is good (RFC 7519, section 4).
struct PlayerTokenClaims {
    /// A backend's JWT library may add claims of its own, which are passed over.
    static let limits = JSONLimits(
        byteCountMax: PlayerTokenLimits.characterCountMax, memberCountMax: 32)

    private var subject: JSONString?
    private var name: JSONString?
    private var show: JSONString?
    private var expiresAtUnixS: Int?
    private var notBeforeUnixS: Int?

    init(_ bytes: RawSpan) throws(PlayerTokenError) {
        var claim: PlayerTokenError.Claim?
        do throws(JSONError) {
            var reader = try JSONReader(bytes, limits: Self.limits)
            while let member = try reader.nextName(in: bytes) {
                claim = Self.claim(named: member, in: bytes)
                switch claim {
                case .subject: subject = try reader.string(in: bytes)
                case .name: name = try reader.string(in: bytes)
                case .show: show = try reader.string(in: bytes)
                case .expiry: expiresAtUnixS = try Self.time(&reader, in: bytes)
                case .notBefore: notBeforeUnixS = try Self.time(&reader, in: bytes)
                case .issuedAt: _ = try Self.time(&reader, in: bytes)
                case nil: break
                }
                claim = nil
            }
        } catch {
            guard let claim else { throw .malformed }
            throw .claim(claim)
        }
    }

    /// The identity these claims give now.
    func judged(
        in bytes: RawSpan, show expectedShow: String?, nowUnixS: Int
    ) throws(PlayerTokenError) -> PlayerToken {
        guard let subject else { throw .claim(.subject) }
        guard let name else { throw .claim(.name) }
        guard let show else { throw .claim(.show) }
        guard let expiresAtUnixS else { throw .claim(.expiry) }
        let token = try PlayerToken(
            subject: subject.text(in: bytes), name: name.text(in: bytes),
            show: show.text(in: bytes), expiresAtUnixS: expiresAtUnixS)
        guard nowUnixS < expiresAtUnixS + PlayerTokenLimits.leewayS else { throw .expired }
        if let notBeforeUnixS {
            guard nowUnixS >= notBeforeUnixS - PlayerTokenLimits.leewayS else {
                throw .notYetValid
            }
        }
        if let expectedShow {
            guard token.show.utf8.elementsEqual(expectedShow.utf8) else { throw .otherShow }
        }
        return token
    }

    private static func claim(
        named name: JSONString, in bytes: RawSpan
    ) -> PlayerTokenError.Claim? {
        if name.equals("sub", in: bytes) { return .subject }
        if name.equals("name", in: bytes) { return .name }
        if name.equals("show", in: bytes) { return .show }
        if name.equals("exp", in: bytes) { return .expiry }
        if name.equals("nbf", in: bytes) { return .notBefore }
        if name.equals("iat", in: bytes) { return .issuedAt }
        return nil
    }

    private static func time(
        _ reader: inout JSONReader, in bytes: RawSpan
    ) throws(JSONError) -> Int {
        try reader.truncatedNumber(in: bytes, within: 0...PlayerTokenLimits.unixSMax)
    }
}

/// A player's token that isn't good.
public enum PlayerTokenError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A claim, by its name in the token.
    public enum Claim: String, Sendable {
        case subject = "sub"
        case name
        case show
        case expiry = "exp"
        case notBefore = "nbf"
        case issuedAt = "iat"
    }

    /// Longer than `PlayerTokenLimits.characterCountMax`.
    case tooLong
    /// Not three parts of base64url with a JWT's header in front.
    case malformed
    /// Signed otherwise than by HS256, or not at all.
    case algorithm
    /// The signature is another key's, or the token was changed.
    case signature
    /// A claim is missing, of a wrong type, too long, or not fit to be shown.
    case claim(Claim)
    /// Its time is over.
    case expired
    /// Its time hasn't come.
    case notYetValid
    /// It is for another show.
    case otherShow
    /// libcrypto has no HMAC-SHA-256.
    case noHMAC

    /// What is wrong, and what to do: in words for a player where a player can do something.
    public var description: String {
        switch self {
        case .tooLong:
            "The player token is too long; issue one with fewer claims, of at most "
                + "\(PlayerTokenLimits.characterCountMax) characters."
        case .malformed: "The player token is damaged; copy all of it, or sign in again."
        case .algorithm: "The player token isn't signed with HS256; issue one that is."
        case .signature:
            "The player token isn't signed with this server's player key; sign in again."
        case .claim(let claim):
            "The player token's \"\(claim.rawValue)\" is missing or can't be used; issue one with it."
        case .expired: "The player token has expired; sign in again."
        case .notYetValid: "The player token isn't valid yet; come back later."
        case .otherShow: "The player token is for another show; sign in to this one."
        case .noHMAC: "libcrypto has no HMAC-SHA-256; install Debian's libssl3 unchanged."
        }
    }
}
