// An answer as it comes in, and what becomes of it.

/// When the question's tag was handed to the kernel on the connection the answer belongs to.
///
/// All instants are in nanoseconds on one clock of the show's: any that never steps back and goes
/// on over a restart.
public enum Handover: Equatable, Sendable, Codable {
    /// Nobody knows: the player has no connection of ours that shows the stream.
    case unknown
    /// The connection is known, and the question hasn't been handed to it.
    case notYet
    /// At this instant, ns, of which at most so much counts as lag: the rest was the player's own
    /// making. nil in logs of before there was such a bound: those answers are judged as they were.
    case at(ns: Int64, lagNsMax: Int64? = nil)
}

/// One player's answer.
public struct Answer: Equatable, Sendable {
    /// Who answers.
    public var player: PlayerNumber
    /// Which question.
    public var question: QuestionNumber
    /// Which option, counted from 0.
    public var choice: Int
    /// When we got it, ns. What a player sends twice on one connection must have different ones.
    public var receivedAtNs: Int64
    /// When the player got the question.
    public var handover: Handover
    /// Whatever the caller needs to find the way back, such as a connection. Nobody reads it here.
    public var tag: UInt64

    /// An answer that nobody has looked at.
    public init(
        player: PlayerNumber, question: QuestionNumber, choice: Int, receivedAtNs: Int64,
        handover: Handover, tag: UInt64 = 0
    ) {
        self.player = player
        self.question = question
        self.choice = choice
        self.receivedAtNs = receivedAtNs
        self.handover = handover
        self.tag = tag
    }
}

/// An answer that counts, as the log keeps it: of fixed size.
public struct AnswerRecord: Equatable, Sendable, Codable {
    /// Its receipt: which of the show's accepted answers this is, from 1.
    public let receipt: UInt32
    /// Who answered.
    public let player: PlayerNumber
    /// Which question.
    public let question: QuestionNumber
    /// Which option, counted from 0.
    public let choice: UInt8
    /// When we got it, ns.
    public let receivedAtNs: Int64
    /// When the player got the question.
    public let handover: Handover

    /// A record as a log has it. Applying it to a show judges it again.
    public init(
        receipt: UInt32, player: PlayerNumber, question: QuestionNumber, choice: UInt8,
        receivedAtNs: Int64, handover: Handover
    ) {
        self.receipt = receipt
        self.player = player
        self.question = question
        self.choice = choice
        self.receivedAtNs = receivedAtNs
        self.handover = handover
    }

    /// The record of an answer that was accepted.
    ///
    /// - Precondition: `receipt` is that of `answer`.
    public init(_ answer: Answer, _ receipt: Receipt) {
        precondition(answer.question == receipt.question && answer.choice == Int(receipt.choice))
        self.init(
            receipt: receipt.number, player: answer.player, question: answer.question,
            choice: receipt.choice, receivedAtNs: answer.receivedAtNs, handover: answer.handover)
    }

    var answer: Answer {
        Answer(
            player: player, question: question, choice: Int(choice), receivedAtNs: receivedAtNs,
            handover: handover)
    }
}

/// What a player holds in hand for an answer that counts.
public struct Receipt: Equatable, Sendable {
    /// Which of the show's accepted answers it is, from 1. No two answers of a show have the same.
    public let number: UInt32
    /// The question.
    public let question: QuestionNumber
    /// The option that stands, counted from 0.
    public let choice: UInt8
}

/// What becomes of an answer.
public enum AnswerRuling: Equatable, Sendable {
    /// It counts.
    case accepted(Receipt)
    /// The same answer came before and counts; the receipt is that of the first.
    case repeated(Receipt)
    /// It doesn't count.
    case refused(AnswerRefusal)
}

/// Why an answer doesn't count. The raw value is the word for it in the API.
public enum AnswerRefusal: String, Error, Equatable, Sendable, CaseIterable {
    /// The player isn't one of this show's.
    case notJoined = "not_joined"
    /// The host has banned the player.
    case banned
    /// The host has put the player out of the game.
    case kicked
    /// The player came too late to play.
    case watching
    /// The player is out.
    case eliminated
    /// The player joined after this question was opened.
    case joinedAfterOpening = "joined_after_opening"
    /// The answer is for another show.
    case otherShow = "other_show"
    /// The show has no such question.
    case unknownQuestion = "unknown_question"
    /// The question isn't open yet, or not on this connection.
    case notOpen = "not_open"
    /// The question was taken back.
    case voided
    /// The question is closed, or this viewer's window is.
    case tooLate = "too_late"
    /// The question has no such option.
    case noSuchOption = "no_such_option"
    /// Another answer of the player's came before, and stands.
    case alreadyAnswered = "already_answered"
    /// The host has paused the show.
    case paused
}

extension AnswerRefusal: CustomStringConvertible {
    /// A sentence a player understands.
    public var description: String {
        switch self {
        case .notJoined: return "You haven't joined this show."
        case .banned: return "You have been banned from this show."
        case .kicked: return "The host has taken you out of the game; you can go on watching."
        case .watching: return "You joined after the entry closed; you can watch, not play."
        case .eliminated: return "You are out of the game; you can go on watching."
        case .joinedAfterOpening:
            return "You joined while this question was on; you play from the next one."
        case .otherShow: return "This answer is for another show."
        case .unknownQuestion: return "This show has no such question."
        case .notOpen: return "This question isn't open yet."
        case .voided: return "This question was taken back; it doesn't count for anybody."
        case .tooLate: return "Your answer came too late."
        case .noSuchOption: return "This question has no such option."
        case .alreadyAnswered: return "You have already answered; your first answer stands."
        case .paused: return "The show is paused; answer when it goes on."
        }
    }
}
