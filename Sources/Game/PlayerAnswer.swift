// What comes from the shards: answers and reports of hand-overs, of fixed size.

import WireBytes

/// A player for as long as this process runs: a show's player, whatever its connections.
///
/// Its place is another's once its show is over; the number never is, so that whoever still holds an
/// old one is told that the show is over.
public struct PlayerTicket: Hashable, Sendable {
    /// The number itself.
    public let rawValue: UInt64

    /// A ticket as it was given out.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// - Parameters:
    ///   - index: the place among the seats.
    ///   - life: the how manieth ticket of that place it is, from 0.
    init(index: Int, life: UInt32) { rawValue = UInt64(life) << 32 | UInt64(UInt32(index)) }

    var index: Int { Int(UInt32(truncatingIfNeeded: rawValue)) }
    var life: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
}

/// A question's or a show's id within an answer, kept in place.
public struct QuestionName: Equatable, Sendable {
    private var words: InlineArray<8, UInt64>
    private let byteCount: UInt8

    /// A name of 1 to 64 letters, digits and `- . _ ~`, as questions' ids are; nil where it is none.
    public init?(utf8: RawSpan) {
        guard 1...GameLimits.questionNameByteCountMax ~= utf8.byteCount else { return nil }
        words = InlineArray(repeating: 0)
        byteCount = UInt8(utf8.byteCount)
        for index in 0..<utf8.byteCount {
            let byte = utf8[index]
            guard byte.isUnreserved else { return nil }
            words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
        }
    }

    /// A name from a text; nil where it is none.
    public init?(_ text: String) {
        var text = text
        let name = text.withUTF8 { bytes in unsafe QuestionName(utf8: bytes.span.bytes) }
        guard let name else { return nil }
        self = name
    }

    func append(to bytes: inout [UInt8]) {
        for index in 0..<Int(byteCount) {
            bytes.append(UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(index % 8 * 8)))
        }
    }

    var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same bytes.
    public static func == (left: QuestionName, right: QuestionName) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        for index in 0..<8 where left.words[index] != right.words[index] { return false }
        return true
    }
}

/// One answer as a shard has read it.
public struct PlayerAnswer: Sendable {
    /// Who answers.
    public var ticket: PlayerTicket
    /// Which question.
    public var question: QuestionName
    /// Which option, counted from 0.
    public var choice: Int32
    /// When its last byte came, ns of CLOCK_MONOTONIC.
    public var receivedNs: Int64
    /// How this very question came to the connection that the answer came on; nil where that isn't
    /// known.
    public var handover: StreamHandover?
    /// The show's id, where the client names it.
    public var show: QuestionName?
    /// The way back to whoever waits for the receipt. The desk only hands it back.
    public var address: UInt64

    /// An answer.
    public init(
        ticket: PlayerTicket, question: QuestionName, choice: Int32, receivedNs: Int64,
        handover: StreamHandover?, show: QuestionName? = nil, address: UInt64
    ) {
        self.ticket = ticket
        self.question = question
        self.choice = choice
        self.receivedNs = receivedNs
        self.handover = handover
        self.show = show
        self.address = address
    }
}

/// How a question came to a player's stream connection. All instants are ns of CLOCK_MONOTONIC.
public struct StreamHandover: Equatable, Sendable {
    /// When it was handed to the kernel.
    public var atNs: Int64
    /// When it counts as handed over at the latest: what comes after is of the connection's own
    /// making.
    public var countedNs: Int64
    /// Since when the connection is this player's.
    public var sinceNs: Int64

    /// A handover.
    ///
    /// - Parameter countedNs: nil where all of the lag counts.
    public init(atNs: Int64, countedNs: Int64? = nil, sinceNs: Int64) {
        self.atNs = atNs
        self.countedNs = countedNs ?? atNs
        self.sinceNs = sinceNs
    }
}

/// A question that was handed to the kernel on a player's stream connection.
public struct HandoverReport: Sendable {
    /// Whose connection.
    public var ticket: PlayerTicket
    /// How.
    public var handover: StreamHandover

    /// A report.
    public init(ticket: PlayerTicket, handover: StreamHandover) {
        self.ticket = ticket
        self.handover = handover
    }
}

/// A report that waits for the desk's next turn.
struct NamedHandover: Sendable {
    let question: QuestionName
    let report: HandoverReport
}
