// Announcements as cues of the programmes on air.

import AudienceProtocol
import Broadcast
import ControlRoom
import FLV
import IORing

/// Puts the staff's announcements into the streams.
struct LiveAnnouncements: AnnouncementDesk {
    let programs: Programmes

    /// There is one announcement at a time.
    private static let key = "announcement"

    func announce(
        _ announcement: Announcement, on stream: String
    ) throws(AnnouncementRefusal) -> AnnouncementReceipt {
        let cue = Self.cue(
            .announcement,
            [
                AMF0Property(.text, .string(announcement.text)),
                AMF0Property(.level, .string(announcement.level.rawValue)),
            ], keeping: .state(key: Self.key))
        let program = try program(stream)
        do throws(CueRefusal) {
            let place = try program.insert(cue, nowNs: MonotonicClock.nowNs())
            return AnnouncementReceipt(seq: place.seq, pts: place.ptsMs)
        } catch {
            // It is kept, and everyone who comes gets it: that is what was asked for.
            if error == .nothingShown(isKept: true) { return .pending }
            throw .notNow(error.description)
        }
    }

    func clearAnnouncement(on stream: String) throws(AnnouncementRefusal) {
        let program = try program(stream)
        do throws(CueRefusal) {
            try program.takeDown(key: Self.key, nowNs: MonotonicClock.nowNs()) { seq in
                Self.cue(
                    .retract, [AMF0Property(.ids, .strictArray([.number(Double(seq))]))],
                    keeping: .event)
            }
        } catch {
            throw .notNow(error.description)
        }
    }

    private static func cue(
        _ kind: MessageKind, _ properties: [AMF0Property], keeping: Cue.Keeping
    ) -> Cue {
        let told = [AMF0Property(.kind, .string(kind.rawValue))] + properties
        assert(kind.allows(told.map(\.name)), "clients are promised something else")
        return Cue(.message, told, keeping: keeping)
    }

    private func program(_ name: String) throws(AnnouncementRefusal) -> Programme {
        guard let program = programs.programme(named: name) else { throw .unknownStream }
        return program
    }
}
