// What the control room needs to make signed addresses: one small protocol.

public import Access

/// In which form an address is signed.
public enum URLForm: String, Sendable, CaseIterable {
    /// Of ours: bound to role, stream and expiry, and to an address where one is named.
    case own
    /// Tencent's and other networks'.
    case tencent
}

/// Why no address was signed.
public enum URLRefusal: Error, Sendable, Equatable {
    /// There is no key for that; the sentence says how there would be one.
    case noKey(String)
}

/// Where addresses are signed. An implementation answers within moments.
public protocol URLDesk: Sendable {
    /// Whether nobody may watch without a signed address.
    var isPlaySigned: Bool { get }

    /// The query that signs an address: `exp=…&sig=…`, without the `?`.
    func query(for url: SignedURL, form: URLForm) throws(URLRefusal) -> String
}
