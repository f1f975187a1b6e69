// A desk that notes announcements, for the control room's tests.

import Synchronization

@testable import ControlRoom

/// Knows the stream `show`, which takes announcements, and `backup`, which doesn't yet.
final class StubDesk: AnnouncementDesk {
    private let list = Mutex<[Announcement]>([])

    /// What stands, the newest last.
    var announcements: [Announcement] { list.withLock { $0 } }

    static let reason = "The stream has no picture yet."

    func announce(
        _ announcement: Announcement, on stream: String
    ) throws(AnnouncementRefusal) -> AnnouncementReceipt {
        if stream == "backup" { throw .notNow(Self.reason) }
        if stream == "early" { return .pending }
        guard stream == "show" else { throw .unknownStream }
        let count = list.withLock { list in
            list.append(announcement)
            return list.count
        }
        return AnnouncementReceipt(seq: UInt64(count), pts: 61_000)
    }

    func clearAnnouncement(on stream: String) throws(AnnouncementRefusal) {
        guard stream == "show" || stream == "backup" else { throw .unknownStream }
        list.withLock { $0 = [] }
    }
}
