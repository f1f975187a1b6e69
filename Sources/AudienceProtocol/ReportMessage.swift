// What a player says of how it fares: claims, of use for a picture of the whole and for nothing else.

import TextWire
import WireBytes

/// What a player is doing, by its word on the wire.
public enum ReportedState: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case playing, buffering, connecting, hidden, failed

    /// Its word.
    public var word: StaticString {
        switch self {
        case .playing: "playing"
        case .buffering: "buffering"
        case .connecting: "connecting"
        case .hidden: "hidden"
        case .failed: "failed"
        }
    }

    /// The state that a text says; nil for any other.
    init?(_ text: JSONString, in bytes: RawSpan) {
        guard let state = Self.allCases.first(where: { text.equals($0.word, in: bytes) }) else {
            return nil
        }
        self = state
    }
}

/// A player's report: `{"type":"report","state":"playing","delayMs":1204,"offsetMs":12,"stalls":0}`, and
/// more.
public struct ReportMessage: Sendable, Equatable, BitwiseCopyable {
    /// What it is doing.
    public let state: ReportedState
    /// From the start to the first picture, ms.
    public let firstFrameMs: Int?
    /// How often it had to wait for data since its start, and for how long in all, ms.
    public let stalls: Int?
    public let stallMs: Int?
    /// How far behind the programme it shows it, ms.
    public let delayMs: Int?
    /// How far it is from where all are to be, ms; late is positive.
    public let offsetMs: Int?
}
