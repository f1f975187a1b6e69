// Somebody else's word on who may publish.

/// A publisher whose key or signature was found good.
public struct PublishQuestion: Sendable, Equatable {
    /// The stream's name.
    public var stream: String
    /// Where it comes from.
    public var address: String
    /// What it calls its software, if it does.
    public var encoder: String?
}

/// What somebody else has decided.
public enum PublishVerdict: Sendable, Equatable {
    /// It may publish.
    case allowed
    /// It may not, for a reason in a sentence.
    case refused(String)
}

/// What asks somebody else, handed in by whoever composes the two.
public protocol PublishAsker: Sendable {
    /// Asks, and never waits: called on the ingest's thread.
    ///
    /// - Parameter answer: to be called once, from any thread, however it goes.
    func ask(_ question: PublishQuestion, answer: @escaping @Sendable (PublishVerdict) -> Void)
}
