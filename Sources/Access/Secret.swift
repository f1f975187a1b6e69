// A secret text: what people and programs hand in to be let in, or sign with.

import Digests
import WireBytes

/// What a kind of secret is called, for its messages.
public protocol SecretKind: Sendable {
    /// Its name in a sentence: "stream key".
    static var name: String { get }
    /// The option by which an operator sets it: "--publish-key".
    static var option: String { get }
    /// The shortest that is safe for what it is used for, in characters.
    static var characterCountMin: Int { get }
}

extension SecretKind {
    public static var characterCountMin: Int { SecretLimits.characterCountMin }
}

/// A secret text, compared without telling by its timing how much of a guess was right.
///
/// It never shows itself in logs: `description` and mirrors leave the text out.
public struct Secret<Kind: SecretKind>: Sendable {
    /// The secret itself, of letters, digits and `- . _ ~`, so that it needs no encoding in a URL.
    public let text: String
    /// Of one length whatever was digested, so comparing two tells nothing of it.
    private let digest: [UInt8]
    /// Signs under this secret.
    let hmac: HMACSHA256

    /// A new secret of 192 random bits, as 32 characters of base64url (RFC 4648, section 5).
    ///
    /// - Throws: `SecretError.noRandomness` or `.noDigest`.
    public static func random() throws(SecretError) -> Secret {
        let bytes = try randomBytes(count: SecretLimits.randomByteCount)
        let text = unsafe Base64.encode(bytes.span.bytes, .url)
        return try Secret(validating: String(decoding: text, as: UTF8.self))
    }

    /// A secret that an operator chose.
    ///
    /// - Throws: `SecretError` telling what to change. The text itself isn't in the error.
    public init(validating text: String) throws(SecretError) {
        let count = text.count
        guard count >= Kind.characterCountMin else {
            throw .tooShort(
                name: Kind.name, option: Kind.option, count: count,
                countMin: Kind.characterCountMin)
        }
        guard count <= SecretLimits.characterCountMax else {
            throw .tooLong(name: Kind.name, option: Kind.option, count: count)
        }
        var position = 0
        for byte in text.utf8 {
            position += 1
            guard byte.isUnreserved else {
                throw .badCharacter(name: Kind.name, option: Kind.option, position: position)
            }
        }
        self.text = text
        let bytes = Array(text.utf8)
        guard let digest = unsafe SHA256.digest(of: bytes.span.bytes),
            let hmac = HMACSHA256(key: bytes)
        else { throw .noDigest }
        self.digest = digest
        self.hmac = hmac
    }

    /// What the operator is to be told of a secret that can be guessed, as it is short, or has little in
    /// it; nil for another. The text itself isn't in it.
    public var warning: String? {
        let countMin = SecretLimits.safeCharacterCount
        let better = "give \(Kind.option) one of \(countMin) or more, chosen at random"
        let bytes = Array(text.utf8)
        guard bytes.count >= countMin else {
            return "the \(Kind.name) has only \(bytes.count) characters and can be guessed; "
                + "give \(Kind.option) one of \(countMin) or more"
        }
        let periodCount = Self.period(of: bytes)
        if periodCount < countMin, periodCount < bytes.count {
            let what = periodCount == 1 ? "character" : "\(periodCount) characters"
            return "the \(Kind.name) is the same \(what) over and over and can be guessed; "
                + better
        }
        let differentCount = Set(bytes).count
        guard differentCount < SecretLimits.safeDifferentCount else { return nil }
        return "the \(Kind.name) has only \(differentCount) different characters and can be "
            + "guessed; \(better)"
    }

    /// After how many bytes a text begins again, until its end; its length where it doesn't.
    private static func period(of bytes: [UInt8]) -> Int {
        (1..<bytes.count).first { period in
            bytes[period...].elementsEqual(bytes.dropLast(period))
        } ?? bytes.count
    }

    /// Whether a candidate is this secret. The time it takes depends on the candidate alone.
    public func matches(_ candidate: String) -> Bool {
        unsafe matches(Array(candidate.utf8).span.bytes)
    }

    /// Whether a candidate is this secret, for bytes straight from the network.
    public func matches(_ candidate: RawSpan) -> Bool {
        guard candidate.byteCount <= SecretLimits.characterCountMax,
            let candidateDigest = SHA256.digest(of: candidate)
        else { return false }
        return unsafe ConstantTime.isSame(digest.span.bytes, as: candidateDigest.span.bytes)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind's name without the text.
    public var description: String { "\(Kind.name) (hidden)" }
    /// The kind's name without the text.
    public var debugDescription: String { description }
    /// Nothing: `dump` is no way to the text either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What makes a secret unusable.
public enum SecretError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Shorter than its kind's `characterCountMin`.
    case tooShort(name: String, option: String, count: Int, countMin: Int)
    /// Longer than `SecretLimits.characterCountMax`.
    case tooLong(name: String, option: String, count: Int)
    /// A character that would need encoding in a URL; its position counts UTF-8 bytes from 1.
    case badCharacter(name: String, option: String, position: Int)
    /// The operating system gave no random bytes.
    case noRandomness
    /// libcrypto has no SHA-256.
    case noDigest

    /// What is wrong, and what to do.
    public var description: String {
        let countMax = SecretLimits.characterCountMax
        switch self {
        case .tooShort(let name, let option, let count, let countMin):
            return "The \(name) has \(count) characters; give \(option) one of \(countMin) to "
                + "\(countMax)."
        case .tooLong(let name, let option, let count):
            return "The \(name) has \(count) characters; give \(option) one of at most \(countMax)."
        case .badCharacter(let name, let option, let position):
            return "The \(name)'s character \(position) isn't allowed; give \(option) only letters "
                + "(a-z, A-Z), digits and - . _ ~"
        case .noRandomness:
            return "The system gives no random bytes; is /dev/urandom missing in this container?"
        case .noDigest:
            return "libcrypto has no SHA-256; install Debian's libssl3 unchanged."
        }
    }
}
