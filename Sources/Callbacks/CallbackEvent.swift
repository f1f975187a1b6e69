// What is told to other systems: the words and the JSON.

import TextWire
import WireBytes

/// What can happen, by the word that receivers see.
public enum CallbackKind: String, Sendable, CaseIterable {
    /// Somebody publishes.
    case publishBegan = "publish.began"
    /// A publisher has ended, was lost or was taken off.
    case publishEnded = "publish.ended"
    /// Another publisher has taken a stream over.
    case sourceSwitched = "source.switched"
    /// Somebody watches, and nobody did.
    case firstViewer = "audience.first"
    /// Nobody watches any more.
    case lastViewer = "audience.last"
    /// A show has come into another phase.
    case showPhase = "show.phase"
    /// A recording has ended. The word is kept for recordings; nothing says it yet.
    case recordingEnded = "recording.ended"
    /// Something is wrong with what a publisher sends.
    case feedWarning = "feed.warning"
    /// Whether somebody may publish: asked, not told.
    case publishAsked = "publish.ask"
    /// Whether somebody may watch: asked, not told.
    case playAsked = "play.ask"

    /// Whether it is asked, and not told.
    public var isQuestion: Bool { self == .publishAsked || self == .playAsked }
}

/// A member of an event's JSON.
public enum CallbackValue: Sendable, Equatable {
    case text(String)
    case number(Int64)
}

/// Something that has happened.
public struct CallbackEvent: Sendable, Equatable {
    /// What.
    public var kind: CallbackKind
    /// When, ms since 1970.
    public var atMs: Int64
    /// More of it, in this order.
    public var members: [(name: String, value: CallbackValue)]

    /// Something that has happened.
    public init(
        _ kind: CallbackKind, atMs: Int64, _ members: [(name: String, value: CallbackValue?)]
    ) {
        self.kind = kind
        self.atMs = atMs
        self.members = members.compactMap { name, value in value.map { (name, $0) } }
    }

    /// Whether two say the same.
    public static func == (one: CallbackEvent, other: CallbackEvent) -> Bool {
        one.kind == other.kind && one.atMs == other.atMs
            && one.members.elementsEqual(other.members) { $0 == $1 }
    }

    /// A JSON object: `id`, `event`, `atMs` and the members.
    func json(id: String) -> String {
        var bytes = Array(#"{"id":"#.utf8)
        JSONText.append(id, to: &bytes)
        bytes += Array(#","event":"\#(kind.rawValue)","atMs":\#(atMs)"#.utf8)
        for (name, value) in members {
            bytes.append(UInt8(ascii: ","))
            JSONText.append(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): JSONText.append(text, to: &bytes)
            case .number(let number): bytes += Array("\(number)".utf8)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }
}
