// The bounds of what goes between the audience and us, in one place.

import WireBytes

/// The bounds of what the audience's messages may say.
public enum AudienceLimits {
    /// The id of a question or a show, in bytes of UTF-8.
    public static let idByteCountMax = NameLimits.idByteCountMax
    /// A guest's name, in bytes of UTF-8.
    public static let nameByteCountMax = NameLimits.playerNameByteCountMax
    /// A player's token, in bytes.
    public static let tokenByteCountMax = NameLimits.playerTokenByteCountMax
    /// The greatest option number that is read; the rules know how many there are.
    public static let choiceMax = 255
    /// The greatest number a ping gets back: what JavaScript counts exactly.
    public static let echoMax = 1 << 53
    /// The greatest time and the greatest count that a report may name: a month in ms, 2^31. What is more
    /// is no measurement.
    public static let reportMsMax = 31 * 86_400_000
    public static let reportCountMax = 1 << 31
    /// The longest name of a stream, in bytes.
    public static let streamNameByteCountMax = NameLimits.idByteCountMax
    /// What goes down a WebSocket as one text, in bytes.
    public static let textByteCountMax = 1_000
    /// A request's body, in bytes.
    public static let requestBodyByteCountMax = 4_096
    /// A response's body, in bytes.
    public static let responseByteCountMax = 32 << 10
}

/// The bounds of a cue.
public enum CueLimits {
    /// A cue's tag body: its name and its object, in bytes.
    public static let byteCountMax = 8 << 10
    /// How deep its objects and arrays may nest, its own object included.
    public static let depthMax = 8
}
