// What the control room needs for announcements: one small protocol.

/// Something the staff say to everyone who watches a stream.
public struct Announcement: Sendable, Equatable {
    /// How a player shows it.
    public enum Level: String, Sendable, CaseIterable {
        /// By the way.
        case info
        /// So that nobody misses it.
        case warning
    }

    /// What is said; 1 to 2000 bytes of UTF-8 without control characters other than line ends.
    public var text: String
    /// How it is shown.
    public var level: Level

    /// An announcement.
    public init(text: String, level: Level = .info) {
        self.text = text
        self.level = level
    }
}

/// Where an announcement came to stand in its stream.
public struct AnnouncementReceipt: Sendable, Codable, Equatable {
    /// The number of the cue, as viewers see it; nil as long as there is no picture.
    public var seq: UInt64?
    /// The programme time, ms; nil as long as there is no picture.
    public var pts: UInt32?
    /// Whether it is kept for when there is one: then everyone who comes gets it.
    public var isPending: Bool

    /// A receipt of what was said.
    public init(seq: UInt64, pts: UInt32) {
        self.seq = seq
        self.pts = pts
        isPending = false
    }

    private init() { isPending = true }

    /// A receipt of what is kept until there is a picture.
    public static let pending = AnnouncementReceipt()
}

/// Why an announcement was not made.
public enum AnnouncementRefusal: Error, Sendable, Equatable {
    /// There is no such stream.
    case unknownStream
    /// The stream can't take it now; the sentence says why.
    case notNow(String)
}

/// Where announcements go. Called on the staff plane's thread; an implementation returns at once.
public protocol AnnouncementDesk: Sendable {
    /// Tells everyone who watches and everyone who comes, in the place of the last one.
    func announce(
        _ announcement: Announcement, on stream: String
    ) throws(AnnouncementRefusal) -> AnnouncementReceipt

    /// Takes the announcement down, for those who watch and those who come. There needn't be one.
    func clearAnnouncement(on stream: String) throws(AnnouncementRefusal)
}
