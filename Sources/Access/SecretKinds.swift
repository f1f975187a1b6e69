// The secrets of the appliance: the publisher's stream key, the staff's token, the players' key, the
// keys of addresses, the secret of callbacks.

public import Digests

/// What `StreamKey` is called.
public enum StreamKeyKind: SecretKind {
    public static let name = "stream key"
    public static let option = "--publish-key"
}

/// What `StaffToken` is called.
public enum StaffTokenKind: SecretKind {
    public static let name = "staff token"
    public static let option = "--staff-token"
}

/// What `PlayerKey` is called.
public enum PlayerKeyKind: SecretKind {
    public static let name = "player key"
    public static let option = "--player-key"
    /// RFC 7518, section 3.2: a key for HS256 has at least the 256 bits of its digest.
    public static let characterCountMin = 32
}

/// What `URLKey` is called.
public enum URLKeyKind: SecretKind {
    public static let name = "key for signed URLs"
    public static let option = "--play-key and --push-key"
    public static let characterCountMin = SignedURLLimits.keyCharacterCountMin
}

/// What `CallbackSecret` is called.
public enum CallbackSecretKind: SecretKind {
    public static let name = "secret of callbacks"
    public static let option = "--callback-secret"
    public static let characterCountMin = 16
}

/// What a publisher must know to go on air.
public typealias StreamKey = Secret<StreamKeyKind>

/// What a host or operator must know to use the staff plane from beyond loopback.
public typealias StaffToken = Secret<StaffTokenKind>

/// What players' tokens are signed with, shared with the producer's own backend. Players never see
/// it.
public typealias PlayerKey = Secret<PlayerKeyKind>

/// What addresses to play or to push are signed with, shared with the producer's own backend.
public typealias URLKey = Secret<URLKeyKind>

/// What callbacks are signed with, for their receivers to know that they are ours.
public typealias CallbackSecret = Secret<CallbackSecretKind>

extension Secret<CallbackSecretKind> {
    /// Signs under this secret.
    public var signer: HMACSHA256 { hmac }
}
