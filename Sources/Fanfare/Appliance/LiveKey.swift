// A key that can be changed while it is asked for.

import Access
import Synchronization

/// The key that is in force.
final class LiveKey<Kind: SecretKind>: Sendable {
    private let state: Mutex<Secret<Kind>>

    init(_ key: Secret<Kind>) { state = Mutex(key) }

    /// Whether a candidate is the key, as `Secret.matches` has it.
    func matches(_ candidate: String) -> Bool { state.withLock { $0 }.matches(candidate) }

    /// What stands for the key; nil if libcrypto has no SHA-256.
    var digest: TokenDigest? { state.withLock { TokenDigest(of: $0.text) } }

    /// Whether it is so long that its digest tells nothing of it.
    var isLong: Bool { state.withLock { $0.warning == nil } }

    /// Puts another in its place.
    ///
    /// - Returns: whether it is another.
    func replace(by key: Secret<Kind>) -> Bool {
        state.withLock { held in
            defer { held = key }
            return !held.matches(key.text)
        }
    }
}
