// The two secrets of the appliance: the publisher's stream key and the staff's token.

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

/// What a publisher must know to go on air.
public typealias StreamKey = Secret<StreamKeyKind>

/// What a host or operator must know to use the staff plane from beyond loopback.
public typealias StaffToken = Secret<StaffTokenKind>
