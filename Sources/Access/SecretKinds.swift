// The secrets of the appliance: the publisher's stream key, the staff's token, the players' key.

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

/// What a publisher must know to go on air.
public typealias StreamKey = Secret<StreamKeyKind>

/// What a host or operator must know to use the staff plane from beyond loopback.
public typealias StaffToken = Secret<StaffTokenKind>

/// What players' tokens are signed with, shared with the producer's own backend. Players never see
/// it.
public typealias PlayerKey = Secret<PlayerKeyKind>
