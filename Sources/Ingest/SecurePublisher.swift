// Publishers whose TLS handshake somebody else has done.

import Glibc
import Synchronization
public import TLS
public import WireBytes

/// A connection over TLS, whose handshake is over.
public struct SecurePublisher: Sendable, KeyHolder {
    /// Its socket; the ingest closes it.
    public var descriptor: Int32
    /// Where it comes from.
    public var peer: IPEndpoint
    /// What its records are sealed with.
    public var keys: SessionKeys
    /// What has come behind the handshake and was not opened.
    public var pending: [UInt8]

    /// A connection whose handshake is over.
    public init(descriptor: Int32, peer: IPEndpoint, keys: SessionKeys, pending: [UInt8]) {
        self.descriptor = descriptor
        self.peer = peer
        self.keys = keys
        self.pending = pending
    }

    /// Nobody takes it.
    mutating func drop() {
        close(descriptor)
        keys.wipe()
    }
}

/// Such connections on their way to the ingest's thread.
final class SecurePublishers: Sendable {
    private struct State {
        var waiting: [SecurePublisher] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Puts one in; false when nobody will take it.
    func add(_ publisher: SecurePublisher) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.waiting.count < IngestSettings.arrivalCountMax
            else { return false }
            state.waiting.appendAndWipe(publisher)
            return true
        }
    }

    /// Those that wait.
    func take() -> [SecurePublisher] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// Takes no more, and lets those go that wait.
    func close() {
        var left = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for index in left.indices { left[index].drop() }
    }
}
