// How long what names something may be: each of these is checked at more than one door.

/// Bounds of names and ids, in bytes of UTF-8.
public enum NameLimits {
    /// The id of a show or a question, and a stream's name.
    public static let idByteCountMax = 64
    /// A player's id: the `sub` of a token, which other people's systems choose.
    public static let playerIDByteCountMax = 64
    /// What a player is called.
    public static let playerNameByteCountMax = 64
    /// A whole player's token: what fits into a URL with the rest.
    public static let playerTokenByteCountMax = 1_792
    /// The id of a host's command.
    public static let commandIDByteCountMax = 64
    /// Who of the staff did something.
    public static let staffNameByteCountMax = 64
}
