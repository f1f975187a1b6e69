// Tokens that were good a while ago: a wrong one from the same address doesn't keep their players out.

/// A table of so many hashes under a key of this process, the newest of each place; nobody can make
/// another token with the same.
struct KnownTokens {
    private var hashes = [Int](repeating: 0, count: DeliverySettings.knownTokenCount)

    /// Notes a token that was found good.
    mutating func insert(_ token: RawSpan) {
        let hash = Self.hash(token)
        hashes[Self.place(hash)] = hash
    }

    /// Whether this very token was noted, and no other has taken its place.
    func contains(_ token: RawSpan) -> Bool {
        let hash = Self.hash(token)
        return hashes[Self.place(hash)] == hash
    }

    private static func hash(_ token: RawSpan) -> Int {
        var hasher = Hasher()
        unsafe token.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        // 0 is an empty place.
        return hasher.finalize() | 1
    }

    private static func place(_ hash: Int) -> Int {
        (hash >> 1) & (DeliverySettings.knownTokenCount - 1)
    }
}
