// The bounds of what Access takes from operators and from the network.

/// How long a secret may be, and of how many random bytes one of ours is made.
public enum SecretLimits {
    /// The shortest secret an operator may choose, in characters.
    public static let characterCountMin = 8
    /// The longest secret an operator may choose, in characters. A longer candidate never matches.
    public static let characterCountMax = 128
    /// How many random bytes are in a secret made by us: 192 bits, 32 characters.
    public static let randomByteCount = 24
}
