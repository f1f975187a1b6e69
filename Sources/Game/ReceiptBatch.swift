// Receipts: small JSON texts, many at once, in one buffer.

import TextWire
public import Trivia

/// The receipts of one group, to be handed to the connections that wait for them.
///
/// What was accepted is on disk. Nothing tells whether an answer is right.
public struct ReceiptBatch: Sendable {
    /// One receipt.
    public struct Entry: Sendable {
        /// The answer's way back.
        public let address: UInt64
        /// Who answered.
        public let ticket: PlayerTicket
        /// Whether the answer counts.
        public let isAccepted: Bool
        /// Whether it doesn't count, or may not, only because it could not be kept.
        public let canBeSentAgain: Bool
        /// Where its JSON is in `bytes`.
        public let range: Range<Int>
    }

    /// The receipts.
    public private(set) var entries: [Entry] = []
    /// All their JSON, without anything between.
    public private(set) var bytes: [UInt8] = []

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    /// - Parameter refusal: why the answer doesn't count; nil where it does.
    mutating func append(_ answer: PlayerAnswer, refusal: ReceiptRefusal?) {
        let start = bytes.count
        Self.append(#"{"type":"receipt","question":""#, to: &bytes)
        answer.question.append(to: &bytes)
        Self.append(#"","choice":"#, to: &bytes)
        Self.append(answer.choice, to: &bytes)
        if let refusal {
            bytes.append(contentsOf: refusal.tail)
        } else {
            Self.append(#","status":"accepted"}"#, to: &bytes)
        }
        entries.append(
            Entry(
                address: answer.address, ticket: answer.ticket, isAccepted: refusal == nil,
                canBeSentAgain: refusal == .notKept || refusal == .undecided,
                range: start..<bytes.count))
    }

    private static func append(_ choice: Int32, to bytes: inout [UInt8]) {
        if 0..<10 ~= choice {
            bytes.append(UInt8(ascii: "0") + UInt8(choice))
        } else {
            bytes.append(contentsOf: "\(choice)".utf8)
        }
    }

    /// Words of the program text: an array of them would be counted for each answer.
    private static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

/// Why there is a refusal instead of a receipt.
public enum ReceiptRefusal: Hashable, Sendable {
    /// By the rules.
    case rules(AnswerRefusal)
    /// It could not be written down.
    case notKept
    /// The disk has failed so that nobody knows whether it is written down. It is as if it had never
    /// come, unless the process ends before the disk works again.
    case undecided
    /// The ticket is nobody's.
    case unknownPlayer
    /// The ticket's show is over, and no longer held in memory.
    case showOver

    /// The word for it in the API.
    public var code: String {
        switch self {
        case .rules(let refusal): refusal.rawValue
        case .notKept: "not_kept"
        case .undecided: "undecided"
        case .unknownPlayer: AnswerRefusal.notJoined.rawValue
        case .showOver: "show_over"
        }
    }

    /// A sentence a player understands.
    public var sentence: String {
        switch self {
        case .rules(let refusal): refusal.description
        case .notKept: "Your answer could not be stored and doesn't count yet; send it again."
        case .undecided: "Nobody knows yet whether your answer is stored; send the same again."
        case .unknownPlayer: AnswerRefusal.notJoined.description
        case .showOver: "This show is over. If another is on, connect again to play."
        }
    }

    /// The end of its JSON. The words are fixed, so each is made once.
    var tail: [UInt8] { Self.tails[self] ?? makeTail() }

    private static let tails: [ReceiptRefusal: [UInt8]] = {
        let all = AnswerRefusal.allCases.map { ReceiptRefusal.rules($0) }
        return Dictionary(
            uniqueKeysWithValues: (all + [.notKept, .undecided, .unknownPlayer, .showOver]).map {
                ($0, $0.makeTail())
            })
    }()

    private func makeTail() -> [UInt8] {
        var tail = Array(#","status":"refused","code":"#.utf8)
        JSONText.append(code, to: &tail)
        tail.append(contentsOf: #","reason":"#.utf8)
        JSONText.append(sentence, to: &tail)
        tail.append(UInt8(ascii: "}"))
        return tail
    }
}
