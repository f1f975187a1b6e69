// What came out of a show: results, winners, and the record of how it came about.

import TextWire
public import Trivia

/// A right option that was put right after it had been told.
public struct CorrectionRecord: Sendable, Codable, Equatable {
    /// The question's id.
    public var question: String
    /// The option that was right until then, counted from 1.
    public var formerCorrect: Int
    /// The option that is right, counted from 1.
    public var correct: Int
    /// Why.
    public var reason: String
    /// How many players it brought back; 0 where it was only recorded.
    public var returnedCount: Int

    /// A correction.
    public init(
        question: String, formerCorrect: Int, correct: Int, reason: String, returnedCount: Int
    ) {
        self.question = question
        self.formerCorrect = formerCorrect
        self.correct = correct
        self.reason = reason
        self.returnedCount = returnedCount
    }
}

/// What came out of one question.
public struct QuestionResult: Sendable, Codable, Equatable {
    /// The question.
    public var question: Question
    /// Revealed, void, or not as far yet.
    public var state: QuestionState
    /// Why it was taken back, where it was.
    public var voidReason: String?
    /// How many chose each option.
    public var counts: [Int]
    /// How many were right.
    public var correctCount: Int
    /// How many were wrong.
    public var wrongCount: Int
    /// How many didn't answer.
    public var missingCount: Int
    /// How many were revived.
    public var revivedCount: Int
    /// How many were thrown out.
    public var eliminatedCount: Int
    /// How many were in after it.
    public var survivorCount: Int
    /// What was put right about it after its reveal, the first first.
    public var corrections: [CorrectionRecord]

    /// A result; one that was taken back has only zeros.
    public init(
        question: Question, state: QuestionState, voidReason: String? = nil,
        counts: [Int] = [], correctCount: Int = 0, wrongCount: Int = 0, missingCount: Int = 0,
        revivedCount: Int = 0, eliminatedCount: Int = 0, survivorCount: Int = 0,
        corrections: [CorrectionRecord] = []
    ) {
        self.question = question
        self.state = state
        self.voidReason = voidReason
        self.counts = counts
        self.correctCount = correctCount
        self.wrongCount = wrongCount
        self.missingCount = missingCount
        self.revivedCount = revivedCount
        self.eliminatedCount = eliminatedCount
        self.survivorCount = survivorCount
        self.corrections = corrections
    }
}

/// What came out of all questions that were asked.
public struct ShowResults: Sendable, Codable, Equatable {
    /// The show's id.
    public var show: String
    /// How far it is: final from `finished` on, unless it is reopened.
    public var phase: ShowPhase
    /// How many players are what.
    public var tally: PlayerTally
    /// The questions in the order in which they were asked.
    public var questions: [QuestionResult]

    /// Results.
    public init(show: String, phase: ShowPhase, tally: PlayerTally, questions: [QuestionResult]) {
        self.show = show
        self.phase = phase
        self.tally = tally
        self.questions = questions
    }
}

/// A player as the staff see it.
public struct PlayerRecord: Sendable, Codable, Equatable {
    /// What a player is at this moment.
    public enum Status: String, Sendable, Codable, CaseIterable {
        /// Still in.
        case playing
        /// Out by an answer.
        case eliminated
        /// Came too late to play.
        case watching
        /// Put out of the game by the host.
        case kicked
        /// Put out for good by the host.
        case banned
    }

    /// The id the player joined with.
    public var id: String
    /// The name the player joined with.
    public var name: String
    /// What the audience sees instead; nil where it sees that name.
    public var shownName: String?
    /// Whether the host has hidden the name; nil where not.
    public var isNameHidden: Bool?
    /// What the player is.
    public var status: Status
    /// Points; in a knockout show the number of right answers.
    public var score: Int
    /// Time taken over all questions that were revealed, ms.
    public var timeMs: Int64
    /// How often the player may still be revived.
    public var revivesLeft: Int
    /// Where it came from as it joined; nil where that isn't known.
    public var address: String?
    /// When it joined, ms since 1970; nil where that isn't known.
    public var joinedAtMs: Int64?

    /// A player.
    public init(
        id: String, name: String, status: Status, score: Int = 0, timeMs: Int64 = 0,
        revivesLeft: Int = 0, address: String? = nil, joinedAtMs: Int64? = nil,
        shownName: String? = nil, isNameHidden: Bool? = nil
    ) {
        self.shownName = shownName
        self.isNameHidden = isNameHidden
        self.address = address
        self.joinedAtMs = joinedAtMs
        self.id = id
        self.name = name
        self.status = status
        self.score = score
        self.timeMs = timeMs
        self.revivesLeft = revivesLeft
    }
}

/// Who has won and gets what.
public struct ShowWinners: Sendable, Codable, Equatable {
    /// One of them.
    public struct Winner: Sendable, Codable, Equatable {
        /// From 1. Whom the rule holds for equal has the same, and the next has as many before it.
        public var place: Int
        /// The id the winner joined with.
        public var id: String
        /// The name the audience saw.
        public var name: String
        /// Points; in a knockout show the number of right answers.
        public var score: Int
        /// Time taken over all questions that were revealed, ms.
        public var timeMs: Int64
        /// What the winner gets, minor units; 0 where there is no prize.
        public var minorUnits: Int64
        /// What was counted of the winner's lags, in the order of the questions.
        public var lags: [AnswerLag]
        /// The same as money; nil where there is no prize.
        public var amount: String?

        /// A winner.
        ///
        /// - Parameter currency: that of the prize, where there is one.
        public init(
            place: Int, id: String, name: String, score: Int, timeMs: Int64, minorUnits: Int64,
            currency: String? = nil, lags: [AnswerLag] = []
        ) {
            self.place = place
            self.id = id
            self.name = name
            self.score = score
            self.timeMs = timeMs
            self.minorUnits = minorUnits
            self.lags = lags
            amount = currency.map { Money.amount(minorUnits, currency: $0) }
        }
    }

    /// What would have been due.
    public struct Due: Sendable, Codable, Equatable {
        /// What was put right, the first first.
        public var corrections: [CorrectionRecord]
        /// How many would have won.
        public var winnerCount: Int
        /// What each would have got, minor units, without what the rule for the rest may add.
        public var shareMinorUnits: Int64
        /// What nobody would have got, minor units.
        public var keptMinorUnits: Int64
        /// Who would have won, the best first.
        public var winners: [Winner]

        /// What would have been due.
        public init(
            corrections: [CorrectionRecord], shareMinorUnits: Int64, keptMinorUnits: Int64,
            winners: [Winner]
        ) {
            self.corrections = corrections
            winnerCount = winners.count
            self.shareMinorUnits = shareMinorUnits
            self.keptMinorUnits = keptMinorUnits
            self.winners = winners
        }
    }

    /// The show's id.
    public var show: String
    /// Whether the prize is divided for good.
    public var isSettled: Bool
    /// A rehearsal's winners get nothing, whatever is in the list.
    public var isRehearsal: Bool
    /// The prize; nil where there is none.
    public var prize: PrizePool?
    /// What nobody gets of it, minor units.
    public var keptMinorUnits: Int64
    /// The same as money; nil where there is no prize.
    public var keptAmount: String?
    /// The best first. Their sum and `keptMinorUnits` are the whole prize.
    public var winners: [Winner]
    /// What would have been due by what was put right after the prize was divided, where anything
    /// was. Nothing of it is paid.
    public var due: Due?

    /// Winners.
    public init(
        show: String, isSettled: Bool, isRehearsal: Bool, prize: PrizePool? = nil,
        keptMinorUnits: Int64 = 0, winners: [Winner], due: Due? = nil
    ) {
        self.show = show
        self.isSettled = isSettled
        self.isRehearsal = isRehearsal
        self.prize = prize
        self.keptMinorUnits = keptMinorUnits
        keptAmount = prize.map { Money.amount(keptMinorUnits, currency: $0.currency) }
        self.winners = winners
        self.due = due
    }
}

/// What the host did, and whether the record agrees with itself.
public struct ShowAudit: Sendable, Codable, Equatable {
    /// One thing the host did, or the machine in the host's place.
    public struct Entry: Sendable, Codable, Equatable {
        /// Its place in the record, from 1.
        public var number: Int
        /// When, ms since 1970.
        public var atMs: Int64
        /// Who.
        public var by: String
        /// The order's id; nil for what the machine did.
        public var orderID: String?
        /// What, in a word: "opened".
        public var what: String
        /// Which question, which player, for what reason.
        public var detail: String

        /// An entry.
        public init(
            number: Int, atMs: Int64, by: String, orderID: String? = nil, what: String,
            detail: String = ""
        ) {
            self.number = number
            self.atMs = atMs
            self.by = by
            self.orderID = orderID
            self.what = what
            self.detail = detail
        }
    }

    /// The show's id.
    public var show: String
    /// Whether winners and shares computed anew from the record are those that are stored.
    public var agrees: Bool
    /// Where it doesn't agree, in sentences.
    public var findings: [String]
    /// Players in the record.
    public var playerCount: Int
    /// Answers in the record.
    public var answerCount: Int
    /// What the host did, the first first.
    public var entries: [Entry]
    /// What was counted of the lags of the winners, the first thousand of them; the export of winners
    /// has all.
    public var winnerLags: [WinnerLags]

    /// An audit.
    public init(
        show: String, agrees: Bool, findings: [String] = [], playerCount: Int, answerCount: Int,
        entries: [Entry], winnerLags: [WinnerLags] = []
    ) {
        self.show = show
        self.agrees = agrees
        self.findings = findings
        self.playerCount = playerCount
        self.answerCount = answerCount
        self.entries = entries
        self.winnerLags = winnerLags
    }
}
