// Every bound of the staff plane's listener, with its unit.

enum Limits {
    /// Connections at once. The staff are few; scrapers and dashboards are counted in.
    static let connectionCountMax = 256

    /// A connection that says nothing for so long is closed.
    static let idleSecondsMax: Int64 = 60

    /// What running requests get when the appliance shuts down.
    static let shutdownMs = 500

    /// A stream's name (`[A-Za-z0-9_-]`); anything longer cannot exist and is not quoted back.
    static let streamNameByteCountMax = 64

    /// How much of an unknown path is quoted back in its error.
    static let quotedPathCharacterCountMax = 128

    /// A request's body, bytes: an announcement with every character escaped fits.
    static let bodyByteCountMax = 16 << 10

    /// An announcement's text, bytes of UTF-8.
    static let announcementByteCountMax = 2_000
}
