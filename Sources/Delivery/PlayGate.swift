// Who may watch, where not everybody may.

public import WireBytes

/// What becomes of a request for a stream.
public enum PlayVerdict: Sendable, Equatable {
    /// It may have it.
    case allowed
    /// It may not, for a reason in a sentence for who watches, and by whose word.
    case refused(String, by: PlayRefuser)
    /// Somebody else is asked: the same is to be asked again in a moment. Whoever isn't decided about
    /// for `DeliverySettings.verdictMsMax` is let in: the audience doesn't go away with who decides.
    case undecided
}

/// Whose word it is that somebody may not watch.
public enum PlayRefuser: Sendable, Equatable {
    /// The URL's signature.
    case signature
    /// Another system that was asked.
    case backend

    /// How the refusal is counted.
    var kind: RefusalKind { self == .signature ? .signature : .backend }
}

/// What lets viewers in, handed in by whoever composes the two.
///
/// It is asked on the shards' threads, for each request for a stream until it has decided and never
/// again, and so must not wait.
public protocol PlayGate: Sendable {
    /// Whether anybody is refused at all.
    var isShut: Bool { get }

    /// Whether a request may have its stream.
    ///
    /// - Parameters:
    ///   - stream: the stream's name, which may not be on air.
    ///   - host: where the request comes from.
    ///   - item: the decoded value of the query's first item of a name; nil where there is none.
    func verdict(
        stream: String, host: HostKey, item: (StaticString) -> String?
    ) -> PlayVerdict
}
