// The signature of an address as it comes with a request, and whether it lets somebody in.

import Digests
import WireBytes

/// The items of a query that sign an address.
public struct URLSignature: Equatable, Sendable {
    enum Form: Equatable, Sendable {
        /// Of ours.
        case own(purpose: String, expiry: String, address: String?, code: String)
        /// Of Tencent's and others.
        case tencent(secret: String, time: String)
        /// Only a part of one; with the item that is missing or can't be one.
        case broken(item: String)
    }

    let form: Form

    /// Looks for a signature.
    ///
    /// - Parameter item: the decoded value of the query's first item of that name; nil where there is
    ///   none.
    /// - Returns: nil for a query that has nothing of a signature.
    public init?(item: (StaticString) -> String?) {
        typealias Item = SignedURL.Item
        let purpose = item(Item.purpose)
        let expiry = item(Item.expiry)
        let code = item(Item.signature)
        let secret = item(Item.tencentSecret)
        let time = item(Item.tencentTime)
        if code != nil || (secret == nil && time == nil && (expiry != nil || purpose != nil)) {
            let address = item(Item.address)
            let found = [
                (Item.purpose, purpose), (Item.expiry, expiry), (Item.signature, code),
                (Item.address, address ?? "none"),
            ]
            guard let purpose, let expiry, let code, Self.broken(among: found) == nil else {
                form = .broken(item: Self.broken(among: found) ?? "\(Item.signature)")
                return
            }
            form = .own(purpose: purpose, expiry: expiry, address: address, code: code)
        } else if secret != nil || time != nil {
            let found = [(Item.tencentSecret, secret), (Item.tencentTime, time)]
            guard let secret, let time, Self.broken(among: found) == nil else {
                form = .broken(
                    item: Self.broken(among: found) ?? "\(Item.tencentSecret)")
                return
            }
            form = .tencent(secret: secret, time: time)
        } else {
            return nil
        }
    }

    /// The first that is missing, empty or too long.
    private static func broken(among items: [(StaticString, String?)]) -> String? {
        items.first { _, value in
            !(1...SignedURLLimits.itemCharacterCountMax).contains(value?.utf8.count ?? 0)
        }.map { "\($0.0)" }
    }
}

/// The keys of a server that lets people in by signed addresses.
public struct URLKeys: Sendable {
    /// For those who watch; nil where nobody needs a signature.
    public let play: URLKeyPair?
    /// For those who publish; nil where none is taken.
    public let push: URLKeyPair?

    /// Keys for both roles, or for one.
    public init(play: URLKeyPair? = nil, push: URLKeyPair? = nil) {
        self.play = play
        self.push = push
    }

    /// The keys of a role.
    public func pair(for role: URLRole) -> URLKeyPair? { role == .play ? play : push }

    /// Lets somebody in, or says why not. Nothing but the signature's own digits is compared in a time
    /// that could tell anything.
    ///
    /// - Parameters:
    ///   - signature: what came; nil if nothing did.
    ///   - role: what is asked for.
    ///   - stream: of which stream, without `.flv`.
    ///   - host: where the request comes from.
    ///   - nowUnixS: the time now, in seconds since 1970.
    ///   - others: names that a wrong signature is tried on, to say what it is for; asked only then.
    public func check(
        _ signature: URLSignature?, for role: URLRole, stream: String, from host: HostKey,
        nowUnixS: Int, others: () -> [String] = { [] }
    ) throws(SignedURLRefusal) {
        guard let pair = pair(for: role) else { throw .off }
        guard let signature else { throw .missing }
        switch signature.form {
        case .broken(let item): throw .malformed(item: item)
        case .own(let purpose, let expiry, let address, let code):
            let claim = try OwnClaim(purpose: purpose, expiry: expiry, address: address)
            let keys = self.pair(for: claim.role) ?? pair
            var isSigned = false
            for key in keys.all where !isSigned {
                isSigned = try Self.isCode(
                    code, purpose: purpose, expiry: expiry, address: address, key)
            }
            guard isSigned else { throw .wrong }
            guard claim.role == role else { throw .otherRole }
            guard claim.stream == stream else { throw .otherStream }
            if let address = claim.address, HostKey(address) != host { throw .otherAddress }
            try Self.check(expiresAtUnixS: claim.expiresAtUnixS, nowUnixS: nowUnixS)
        case .tencent(let secret, let time):
            guard let expiresAtUnixS = Self.time(hex: time) else {
                throw .malformed(item: "\(SignedURL.Item.tencentTime)")
            }
            guard try Self.isSecret(secret, stream: stream, time: time, pair) else {
                let other = self.pair(for: role == .play ? .push : .play)
                if let other, try Self.isSecret(secret, stream: stream, time: time, other) {
                    throw .otherRole
                }
                let names = others().prefix(SignedURLLimits.otherStreamCountMax)
                for name in names where name != stream {
                    if try Self.isSecret(secret, stream: name, time: time, pair) {
                        throw .otherStream
                    }
                }
                throw .wrong
            }
            try Self.check(expiresAtUnixS: expiresAtUnixS, nowUnixS: nowUnixS)
        }
    }

    private static func check(
        expiresAtUnixS: Int, nowUnixS: Int
    ) throws(SignedURLRefusal) {
        guard nowUnixS < expiresAtUnixS else { throw .expired }
        guard expiresAtUnixS - nowUnixS <= SignedURLLimits.validSMax else { throw .tooLong }
    }

    private static func isCode(
        _ given: String, purpose: String, expiry: String, address: String?, _ key: URLKey
    ) throws(SignedURLRefusal) -> Bool {
        guard
            let code = SignedURL.code(
                purpose: purpose, expiry: expiry, address: address, key: key)
        else { throw .noDigest }
        return unsafe ConstantTime.isSame(code.span.bytes, as: Array(given.utf8).span.bytes)
    }

    private static func isSecret(
        _ given: String, stream: String, time: String, _ pair: URLKeyPair
    ) throws(SignedURLRefusal) -> Bool {
        // Capitals are taken for the digits they are.
        let small = given.utf8.map { (0x41...0x46).contains($0) ? $0 | 0x20 : $0 }
        for key in pair.all {
            guard let secret = SignedURL.tencentSecret(stream: stream, time: time, key: key) else {
                throw .noDigest
            }
            if unsafe ConstantTime.isSame(secret.span.bytes, as: small.span.bytes) { return true }
        }
        return false
    }

    /// A time of exactly so many digits: with fewer or more of them, digits of the name could be the
    /// time's, and an address be good for other streams.
    private static func time(hex: String) -> Int? {
        guard hex.utf8.count == SignedURLLimits.tencentTimeDigitCount,
            hex.utf8.allSatisfy({ $0.hexDigitValue != nil })
        else { return nil }
        return Int(hex, radix: 16)
    }
}

/// What an address of our form says it is good for.
private struct OwnClaim {
    let role: URLRole
    let stream: Substring
    let expiresAtUnixS: Int
    let address: IPAddress?

    init(purpose: String, expiry: String, address: String?) throws(SignedURLRefusal) {
        let parts = purpose.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let role = URLRole(rawValue: String(parts[0])), !parts[1].isEmpty,
            purpose.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .malformed(item: "\(SignedURL.Item.purpose)") }
        guard expiry.utf8.count <= 12, expiry.utf8.allSatisfy(\.isDigit), let time = Int(expiry)
        else { throw .malformed(item: "\(SignedURL.Item.expiry)") }
        self.role = role
        stream = parts[1]
        expiresAtUnixS = time
        self.address = address.flatMap { IPAddress($0) }
        guard address == nil || self.address != nil else {
            throw .malformed(item: "\(SignedURL.Item.address)")
        }
    }
}
