// What a shard needs of the game: who somebody is, and where answers go.

import AudienceProtocol
public import HTTPWire
import TextWire
public import WireBytes

/// A player, as the service numbers them.
public struct PlayerTicket: Hashable, Sendable, BitwiseCopyable {
    /// The player's number, over all shows; never another player's.
    public let player: UInt64

    /// A ticket.
    public init(player: UInt64) { self.player = player }
}

/// Why somebody is told no.
public struct AudienceRefusal: Error, Equatable, Sendable {
    /// The status of the answer.
    public let status: HTTPStatus
    /// What is wrong and what to do, in words a player understands.
    public let sentence: String
    /// Whether it is about a token that nobody has signed: whoever sends many guesses.
    public let isGuess: Bool

    /// A refusal.
    public init(_ status: HTTPStatus, _ sentence: String, isGuess: Bool = false) {
        self.status = status
        self.sentence = sentence
        self.isGuess = isGuess
    }

    /// As whoever asked is told: `{"type":"error","status":429,"error":"…"}`.
    public var json: [UInt8] {
        [UInt8](capacity: AudienceReply.textByteCountMax) { output in
            var writer = JSONWriter()
            writer.begin(to: &output)
            writer.member("type", "error", to: &output)
            writer.member("status", Int(status.rawValue), to: &output)
            writer.member("error", sentence, to: &output)
            writer.end(to: &output)
        }
    }
}

/// Where a reply has to go: a request, or a message on a WebSocket. It is of use once.
public struct ReplyAddress: Hashable, Sendable, BitwiseCopyable {
    let shard: UInt16
    let slot: UInt32
    /// The low 24 bits of the slot's generation.
    let generation: UInt32

    init(shard: UInt16, slot: UInt32, generation: UInt32) {
        self.shard = shard
        self.slot = slot
        self.generation = generation
    }

    /// The address as a number, for services that keep many.
    public var rawValue: UInt64 {
        UInt64(shard) << 48 | UInt64(slot & 0xFF_FFFF) << 24 | UInt64(generation & 0xFF_FFFF)
    }

    /// The address that a number stands for.
    public init(rawValue: UInt64) {
        shard = UInt16(rawValue >> 48)
        slot = UInt32(rawValue >> 24 & 0xFF_FFFF)
        generation = UInt32(rawValue & 0xFF_FFFF)
    }
}

/// A player's answer to a question, as it came in.
public struct AudienceAnswer: Sendable {
    /// Who answers.
    public let player: PlayerTicket
    /// The question's id, 1 to `AudienceLimits.idByteCountMax` bytes of UTF-8.
    public let question: String
    /// The option chosen, from 0 to `AudienceLimits.choiceMax`; it may not exist.
    public let choice: Int
    /// The show's id, where the client names it.
    public let show: String?
    /// When it came, ns of the monotonic clock.
    public let receivedNs: Int64
    /// How this very question came to the connection that the answer came on. Nil for one that came
    /// by POST, or before its question; then `PlayerService.handedOver` has said what is known of the
    /// player's other connections.
    public let handover: QuestionHandover?
    /// Where the reply goes.
    public let replyTo: ReplyAddress
}

/// A guest who wants to play.
public struct AudienceJoin: Sendable {
    /// The name to be shown, 1 to `AudienceLimits.nameByteCountMax` bytes of UTF-8.
    public let name: String
    /// The show's id, where the client names it.
    public let show: String?
    /// The stream it watches, where the client names it.
    public let stream: String?
    /// Where it comes from.
    public let host: HostKey
    /// Where the reply goes.
    public let replyTo: ReplyAddress
}

/// A player who now has a question in the hands of the kernel.
public struct QuestionHandover: Equatable, Sendable, BitwiseCopyable {
    /// Who.
    public let player: PlayerTicket
    /// When, ns of the monotonic clock.
    public let atNs: Int64
    /// When it counts as handed over at the latest, ns: what comes after is of the connection's own
    /// making.
    public let countedNs: Int64
    /// Since when the connection is this player's, ns: who came after the opening has no lag.
    public let sinceNs: Int64
}

/// What the service says to somebody.
public struct AudienceReply: Sendable {
    /// To whom.
    public let address: ReplyAddress
    /// The status of the response to a request; a WebSocket isn't told.
    public let status: HTTPStatus
    /// A JSON object: at most `textByteCountMax` bytes for a WebSocket, `bodyByteCountMax` for a
    /// request.
    public let json: [UInt8]

    /// The most that goes down a WebSocket at a time, bytes.
    public static let textByteCountMax = AudienceLimits.textByteCountMax
    /// The most that goes into a response, bytes.
    public static let bodyByteCountMax = AudienceLimits.responseByteCountMax

    /// A reply. A text that is too long is a mistake of ours.
    public init(to address: ReplyAddress, status: HTTPStatus = .ok, json: [UInt8]) {
        precondition(json.count <= AudienceReply.bodyByteCountMax)
        self.address = address
        self.status = status
        self.json = json
    }
}

/// Bytes made once and served to everyone.
public struct SharedBytes: Equatable, Sendable {
    /// The JSON. Given again, it is the same array, and so compared at once.
    public let json: [UInt8]
    /// What changes with them.
    public let version: UInt64

    /// Bytes with a version that no others of the same stream have, nor had before a restart.
    public init(json: [UInt8], version: UInt64) {
        self.json = json
        self.version = version
    }

    /// The version in quotes, as RFC 9110, section 8.8.3, has it.
    public var entityTag: String { "\"\(version)\"" }
}

/// The game's side of the audience, handed in by whoever composes the two.
///
/// All of it is called on the shards' threads, where nobody may wait: what takes time is answered
/// later, by `AudienceReplies`. Everything with a `ReplyAddress` must be replied to once, however
/// it goes.
public protocol PlayerService: Sendable {
    /// Who comes with a token.
    ///
    /// - Parameters:
    ///   - token: as it was sent, not verified.
    ///   - stream: the stream that is to be watched; nil for a request of its own.
    ///   - host: where it comes from.
    func admit(
        token: RawSpan, stream: String?, host: HostKey
    ) -> Result<PlayerTicket, AudienceRefusal>

    /// A guest wants a token. Replied to later.
    func join(_ join: AudienceJoin)

    /// A player answers. Replied to when the answer is kept, or refused.
    func submit(_ answer: AudienceAnswer)

    /// A player asks how it stands. Replied to later.
    func tellStanding(of player: PlayerTicket, to address: ReplyAddress)

    /// What goes on, for everyone.
    ///
    /// - Parameter stream: the stream's name; nil where the client names none.
    func state(of stream: String?) -> SharedBytes

    /// These players' streams have brought them a question. A player with several is named for
    /// each.
    func handedOver(_ question: String, to players: [QuestionHandover])
}

/// The game as the shards know it.
public struct Audience: Sendable {
    let service: any PlayerService
    let replies: AudienceReplies

    /// A service, and what it replies by.
    public init(service: any PlayerService, replies: AudienceReplies) {
        self.service = service
        self.replies = replies
    }
}
