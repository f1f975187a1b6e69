// What the control room needs to take a publisher off air: one small protocol.

/// The publisher that was taken off.
public struct TakenOffPublisher: Sendable, Codable, Equatable {
    /// Where it came from.
    public var address: String
    /// What it called its software, if it did.
    public var encoder: String?

    /// A publisher.
    public init(address: String, encoder: String? = nil) {
        self.address = address
        self.encoder = encoder
    }
}

/// Why no publisher was taken off.
public enum PublisherRefusal: Error, Sendable, Equatable {
    /// There is no such stream.
    case unknownStream
    /// Nobody publishes there whom one could take off; the sentence says why.
    case notNow(String)
}

/// Where publishers are taken off. An implementation answers within moments.
public protocol PublisherDesk: Sendable {
    /// Ends whoever publishes a stream. It comes back only if its encoder connects again.
    func takeOff(stream: String) async throws(PublisherRefusal) -> TakenOffPublisher
}
