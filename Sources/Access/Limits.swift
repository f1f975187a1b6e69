// The bounds of what Access takes from operators and from the network.

import WireBytes

/// How long a secret may be, and of how many random bytes one of ours is made.
public enum SecretLimits {
    /// The shortest secret an operator may choose, in characters.
    public static let characterCountMin = 8
    /// A chosen secret with fewer characters can be guessed: it is taken, with a warning.
    public static let safeCharacterCount = 16
    /// So can one with fewer different characters, however long it is.
    public static let safeDifferentCount = 6
    /// The longest secret an operator may choose, in characters. A longer candidate never matches.
    public static let characterCountMax = 128
    /// How many random bytes are in a secret made by us: 192 bits, 32 characters.
    public static let randomByteCount = 24
    /// Wrong secrets that one address may bring at once, and how many more a minute.
    public static let wrongCountMax = 30
    public static let wrongPerMinute = 30
    /// Addresses whose wrong secrets are remembered.
    public static let guesserCountMax = 4_096
}

/// The bounds of players' tokens, and of what they say.
public enum PlayerTokenLimits {
    /// A whole token, in characters: what fits into a URL with the rest.
    public static let characterCountMax = NameLimits.playerTokenByteCountMax
    /// The player's id, in bytes of UTF-8.
    public static let subjectByteCountMax = NameLimits.playerIDByteCountMax
    /// The name to be shown, in bytes of UTF-8.
    public static let nameByteCountMax = NameLimits.playerNameByteCountMax
    /// The show's id, in bytes of UTF-8.
    public static let showByteCountMax = NameLimits.idByteCountMax
    /// How far the clock of whoever issued a token may be off from ours, in seconds: a token is
    /// good for so long after `exp`, and before `nbf`.
    public static let leewayS = 30
    /// The latest time a token may name, in seconds since 1970: the end of the year 9999.
    public static let unixSMax = 253_402_300_799
}

/// The bounds of signed addresses.
public enum SignedURLLimits {
    /// The shortest key they may be signed with: whoever has an address may try keys on it.
    public static let keyCharacterCountMin = 16
    /// How long an address may be good, in seconds: one that is good for longer is refused.
    public static let validSMax = 366 * 86_400
    /// The longest value of an item that belongs to a signature, in characters.
    public static let itemCharacterCountMax = 128
    /// The digits of a time in Tencent's form. Name and time stand side by side in what is signed:
    /// only where the time's length is known is it known where the name ends.
    public static let tencentTimeDigitCount = 8
    /// The other streams that a wrong signature is tried on, to say what it is for.
    public static let otherStreamCountMax = 64
}

/// The bounds of the staff's people and their sessions.
public enum StaffLimits {
    /// People at once.
    public static let personCountMax = 64
    /// A person's name, in bytes: two of them with " and " between fit where one does.
    public static let nameByteCountMax = 28
    /// Names, in small letters, that say who nobody is: the operator's own token, and the machine.
    public static let takenNames: Set = ["staff", "appliance", "fanfare"]
    /// Random bytes of a person's token, and of a session's id: 256 bits.
    public static let tokenByteCount = 32
    /// How long a session is good, ms.
    public static let sessionMsMax: Int64 = 12 * 3_600_000
    /// Sessions at once.
    public static let sessionCountMax = 256
    /// Of them by one token.
    public static let sessionsPerTokenMax = 32
    /// The files that keep them, in bytes.
    public static let fileByteCountMax = 128 << 10
}
