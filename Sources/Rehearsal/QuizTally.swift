// What the players of a rehearsal went through, in numbers.

/// The players' numbers so far.
public struct QuizTally: Sendable {
    /// A cue, and how it spread.
    public struct Cue: Sendable {
        let hash: UInt64
        /// Its phase, as the stream has it.
        public let phase: String
        /// The question it is about; empty if it is about none.
        public let question: String
        /// Players who watched when it came first to any.
        public internal(set) var watchingCount = 0
        /// From its first arrival at any player to that at each of those who watched by then.
        public internal(set) var delay = Percentiles(
            usMax: QuizLimits.cueDelayUsMax, digits: .two)
    }

    /// A question, and what was answered.
    public struct Question: Sendable {
        let key: UInt64
        /// Its id.
        public let id: String
        /// Answers on their way or arrived.
        public internal(set) var sentCount = 0
        /// Answers with a receipt, by option.
        public internal(set) var acceptedCounts: [Int]
        /// What the reveal said of each option; nil before there was one.
        public internal(set) var revealedCounts: [Int]?
        /// Whether it was taken back.
        public internal(set) var isVoid = false

        /// Whether the reveal counts fewer answers to an option than got receipts.
        public var contradictsReveal: Bool {
            guard let revealedCounts, !isVoid else { return false }
            guard revealedCounts.count == acceptedCounts.count else { return true }
            return zip(revealedCounts, acceptedCounts).contains { $0 < $1 }
        }
    }

    /// Players with a token.
    public internal(set) var playerCount = 0
    /// Players who answer by POST.
    public internal(set) var postingCount = 0
    /// Times a player came back after its stream was lost.
    public internal(set) var returnCount = 0
    /// Players who were told that they are out, or came too late to play.
    public internal(set) var outCount = 0
    /// Answers, those sent once more left out.
    public internal(set) var sentCount = 0
    /// Answers sent once more, because the connection was lost before the receipt.
    public internal(set) var resentCount = 0
    /// Answers whose receipt says that they count.
    public internal(set) var acceptedCount = 0
    /// Answers that don't count, by the API's words for the reasons.
    public internal(set) var refusedCounts: [String: Int] = [:]
    /// Answers whose receipt is still expected.
    public internal(set) var pendingCount = 0
    /// Answers that had no receipt after 10 s, or lost it with their connection for good.
    public internal(set) var unreceiptedCount = 0
    /// Receipts for another option than was sent.
    public internal(set) var wrongReceiptCount = 0
    /// Questions that a player let pass.
    public internal(set) var abstainedCount = 0
    /// From an answer to its receipt, on WebSockets.
    public internal(set) var receiptDelay = Percentiles()
    /// From an answer to its receipt, by POST: with the making of a connection.
    public internal(set) var postReceiptDelay = Percentiles()
    /// The cues, in the order in which they came first.
    public internal(set) var cues: [Cue] = []
    /// The questions, in the order in which they came first.
    public internal(set) var questions: [Question] = []

    /// Rings that have begun to look for their players' answers in the ledger.
    public internal(set) var checkingRingCount = 0
    /// Players whose answers are to be looked for in the ledger, have been, and could not be.
    public internal(set) var toCheckCount = 0
    public internal(set) var checkedCount = 0
    public internal(set) var uncheckedCount = 0
    /// Acknowledged answers that were looked for.
    public internal(set) var checkedAnswerCount = 0
    /// Acknowledged answers that aren't in the ledger, and those there with another choice.
    public internal(set) var missingCount = 0
    public internal(set) var differingCount = 0

    /// Nothing yet.
    public init() {}

    /// Whether every receipt came, and every answer with one was looked for and is in the ledger.
    public var isClean: Bool {
        isChecked && unreceiptedCount == 0 && pendingCount == 0 && wrongReceiptCount == 0
            && missingCount == 0 && differingCount == 0 && uncheckedCount == 0
            && !questions.contains { $0.contradictsReveal }
    }

    /// Whether all checks have come to an end.
    public var isChecked: Bool { checkedCount + uncheckedCount >= toCheckCount }

    mutating func refuse(_ code: String) {
        let isKnown = refusedCounts[code] != nil
        let name = isKnown || refusedCounts.count < QuizLimits.reasonCountMax ? code : "others"
        refusedCounts[name, default: 0] += 1
    }

    mutating func add(_ other: QuizTally) {
        playerCount += other.playerCount
        postingCount += other.postingCount
        returnCount += other.returnCount
        outCount += other.outCount
        sentCount += other.sentCount
        resentCount += other.resentCount
        acceptedCount += other.acceptedCount
        refusedCounts.merge(other.refusedCounts, uniquingKeysWith: +)
        pendingCount += other.pendingCount
        unreceiptedCount += other.unreceiptedCount
        wrongReceiptCount += other.wrongReceiptCount
        abstainedCount += other.abstainedCount
        receiptDelay.add(other.receiptDelay)
        postReceiptDelay.add(other.postReceiptDelay)
        checkingRingCount += other.checkingRingCount
        toCheckCount += other.toCheckCount
        checkedCount += other.checkedCount
        uncheckedCount += other.uncheckedCount
        checkedAnswerCount += other.checkedAnswerCount
        missingCount += other.missingCount
        differingCount += other.differingCount
        for cue in other.cues { add(cue) }
        for question in other.questions { add(question) }
    }

    private mutating func add(_ cue: Cue) {
        if let index = cues.firstIndex(where: { $0.hash == cue.hash }) {
            cues[index].watchingCount += cue.watchingCount
            cues[index].delay.add(cue.delay)
        } else {
            cues.append(cue)
        }
    }

    private mutating func add(_ question: Question) {
        guard let index = questions.firstIndex(where: { $0.key == question.key }) else {
            questions.append(question)
            return
        }
        questions[index].sentCount += question.sentCount
        for (option, count) in question.acceptedCounts.enumerated()
        where option < questions[index].acceptedCounts.count {
            questions[index].acceptedCounts[option] += count
        }
        questions[index].revealedCounts =
            questions[index].revealedCounts ?? question.revealedCounts
        questions[index].isVoid = questions[index].isVoid || question.isVoid
    }
}
