// Why an address that should be signed lets nobody in.

/// Why an address isn't good, each cause apart.
public enum SignedURLRefusal: Error, Equatable, Sendable, CaseIterable {
    /// This server takes no signed addresses for that.
    case off
    /// There is no signature.
    case missing
    /// A part of the signature is missing or can't be one: the item's name.
    case malformed(item: String)
    /// It is signed with another key, or was changed.
    case wrong
    /// Its time is over.
    case expired
    /// It would be good for longer than `SignedURLLimits.validSMax`.
    case tooLong
    /// It is for another stream.
    case otherStream
    /// It lets somebody watch who wants to publish, or the other way round.
    case otherRole
    /// It is bound to another address than the one it came from.
    case otherAddress
    /// libcrypto lacks what is needed to check it.
    case noDigest

    /// One of each.
    public static let allCases: [SignedURLRefusal] = [
        .off, .missing, .malformed(item: "sig"), .wrong, .expired, .tooLong, .otherStream,
        .otherRole, .otherAddress, .noDigest,
    ]

    /// Whether somebody may be trying signatures.
    public var isGuess: Bool { self == .wrong }
}

extension SignedURLRefusal: CustomStringConvertible {
    /// What is wrong, and what to do, for viewers and producers alike.
    public var description: String {
        switch self {
        case .off: "Signed URLs aren't taken here: the server has no key for them."
        case .missing:
            "This stream needs a signed URL, and this one has no signature. Ask for a new one."
        case .malformed(let item):
            "The signed URL's \"\(item)\" is missing or damaged. Copy all of the URL."
        case .wrong:
            "The URL's signature is wrong: it was changed, is for another stream, or was made with "
                + "another key. Ask for a new one."
        case .expired: "The signed URL has expired. Ask for a new one."
        case .tooLong:
            "The signed URL would be good for more than \(SignedURLLimits.validSMax / 86_400) days. "
                + "Ask for one that expires sooner."
        case .otherStream: "The signed URL is for another stream. Ask for one for this stream."
        case .otherRole:
            "The signed URL is for something else: one to play doesn't push, one to push doesn't "
                + "play. Ask for the other."
        case .otherAddress:
            "The signed URL is bound to another address than yours. Ask for one for this network."
        case .noDigest:
            "libcrypto can't check signed URLs; install Debian's libssl3 unchanged."
        }
    }
}
