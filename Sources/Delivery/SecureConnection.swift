// Connections whose TLS handshake is over, on their way to a shard.

import Glibc
import Synchronization
public import TLS
public import WireBytes

/// A connection of the audience whose handshake somebody else has done.
public struct SecureConnection: Sendable, KeyHolder {
    /// Its socket; whoever has this value last closes it.
    public var descriptor: Int32
    /// Whose it is. A proxy's own, if that has said nothing of whom it brings.
    public var address: IPAddress
    /// What its records are sealed with.
    public var keys: SessionKeys
    /// What has come behind the handshake and was not opened.
    public var pending: [UInt8]

    /// A connection whose handshake is over.
    public init(descriptor: Int32, address: IPAddress, keys: SessionKeys, pending: [UInt8]) {
        self.descriptor = descriptor
        self.address = address
        self.keys = keys
        self.pending = pending
    }

    /// Nobody takes it: its socket is closed and its keys are overwritten.
    mutating func drop() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        keys.wipe()
    }
}

/// Connections that a shard is to take, put there by another thread.
final class SecureInbox: Sendable {
    private struct State {
        var connections: [SecureConnection] = []
        var isOpen = true
    }

    private let state = Mutex(State())
    private let isFilled = Atomic<Bool>(false)

    /// Hands a connection over.
    ///
    /// - Returns: nil if the inbox didn't take it, since too many are waiting or the shard has
    ///   stopped; else whether the shard has to be woken.
    func add(_ connection: SecureConnection) -> Bool? {
        let isTaken = state.withLock { state in
            guard state.isOpen, state.connections.count < DeliverySettings.secureInboxCountMax
            else { return false }
            state.connections.appendAndWipe(connection)
            return true
        }
        guard isTaken else { return nil }
        return !isFilled.exchange(true, ordering: .acquiringAndReleasing)
    }

    /// Takes all there is.
    func takeAll() -> [SecureConnection] {
        guard isFilled.load(ordering: .relaxed) else { return [] }
        // Before they are taken, so that none is added without a wake-up.
        isFilled.store(false, ordering: .sequentiallyConsistent)
        return state.withLock { state in
            defer { state.connections = [] }
            return state.connections
        }
    }

    /// Nothing more is taken.
    ///
    /// - Returns: what was not fetched, which is the caller's to drop.
    func close() -> [SecureConnection] {
        state.withLock { state in
            defer { state.connections = [] }
            state.isOpen = false
            return state.connections
        }
    }
}
