// The certificates in force, which change while everything runs.

import Synchronization
public import TLS

/// Holds a context that can be put in another's place. Handshakes that have begun go on with theirs.
public final class LiveContext: Sendable {
    private let held: Mutex<SecureContext>

    /// Holds one.
    public init(_ context: SecureContext) { held = Mutex(context) }

    /// The one in force.
    public var current: SecureContext { held.withLock { $0 } }

    /// Another is in force from now on.
    public func replace(by context: SecureContext) { held.withLock { $0 = context } }
}
