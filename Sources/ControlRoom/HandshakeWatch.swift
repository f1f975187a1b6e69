// What the staff plane needs to bound and count its handshakes: one small protocol.

public import TLS
public import WireBytes

/// What has become of a handshake.
public enum HandshakeOutcome: Sendable, Equatable {
    /// It is over, and the connection open.
    case finished(version: TLSVersion, suite: CipherSuite, isResumed: Bool)
    /// It came to nothing.
    case failed(HandshakeFailure)
    /// The client hung up.
    case hungUp
    /// It took too long.
    case tooSlow
}

/// Who bounds and counts handshakes. Asked on the staff plane's thread, and answers at once.
public protocol HandshakeWatch: Sendable {
    /// Whether somebody may begin one; if so, `end` is called when it is over.
    func begin(_ peer: IPEndpoint) -> Bool

    /// One that had begun is over.
    func end(_ peer: IPEndpoint, _ outcome: HandshakeOutcome)
}
