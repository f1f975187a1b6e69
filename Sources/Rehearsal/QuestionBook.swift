// What the players of one ring have received of the quiz: cues, questions, and who holds which receipt.

import AudienceProtocol

/// Cues and questions by number, in the order in which they came first to any player of the ring.
struct QuestionBook {
    /// A cue, without what only people read.
    struct Cue {
        let phase: QuizPhase
        /// The number of its question; -1 for none.
        let question: Int
        /// When any player had it first, ns.
        let firstNs: Int64
        let windowMs: Int64
        let deadlineMs: Int64?
        let isPaused: Bool
    }

    struct Question {
        let show: String
        let id: String
        /// The same for all rings.
        let key: UInt64
        let optionCount: Int
        let firstNs: Int64
        /// It was revealed or taken back: the same id again is another question.
        var isClosed = false
        var isVoid = false
        var correct: Int?
        /// The option that each player holds a receipt for; `none` where it has none.
        var acknowledged: [UInt8]
    }

    static let none = UInt8.max

    private(set) var cues: [Cue] = []
    private(set) var questions: [Question] = []
    private var numbers: [UInt64: Int] = [:]
    /// How many players the ring has room for.
    private let slotCount: Int

    init(slotCount: Int) { self.slotCount = slotCount }

    /// Whether a show has come in that wasn't over.
    var hasShow: Bool { cues.contains { $0.phase != .winners && $0.phase != .over } }

    /// The number of a cue whose bytes came before.
    func number(ofCue hash: UInt64) -> Int? { numbers[hash] }

    /// Takes a cue that no player of the ring has had.
    ///
    /// - Parameters:
    ///   - hash: of its bytes.
    ///   - firstNs: when any player had it.
    /// - Returns: its number; nil when there are too many.
    mutating func take(
        _ received: ReceivedCue, hash: UInt64, firstNs: Int64, tally: inout QuizTally
    ) -> Int? {
        guard cues.count < QuizLimits.cueCountMax else { return nil }
        let question = questionNumber(received, firstNs: firstNs, &tally) ?? -1
        cues.append(
            Cue(
                phase: received.phase, question: question, firstNs: firstNs,
                windowMs: received.windowMs, deadlineMs: received.deadlineMs,
                isPaused: received.isPaused))
        tally.cues.append(
            QuizTally.Cue(
                hash: hash, phase: received.phase.rawValue, question: received.question ?? ""))
        numbers[hash] = cues.count - 1
        if question >= 0 { note(received, of: question, &tally) }
        return cues.count - 1
    }

    /// Keeps a receipt that says "accepted".
    ///
    /// - Returns: false if the player had it before.
    mutating func acknowledge(
        _ question: Int, slot: Int, choice: Int, tally: inout QuizTally
    ) -> Bool {
        guard questions[question].acknowledged[slot] == Self.none else { return false }
        questions[question].acknowledged[slot] = UInt8(clamping: choice)
        tally.acceptedCount += 1
        if tally.questions[question].acceptedCounts.indices.contains(choice) {
            tally.questions[question].acceptedCounts[choice] += 1
        }
        return true
    }

    /// Compares what a player holds receipts for with what the server says that it keeps.
    func check(_ slot: Int, against standing: HeardStanding, tally: inout QuizTally) {
        for question in questions where !question.isVoid {
            let choice = question.acknowledged[slot]
            guard choice != Self.none else { continue }
            tally.checkedAnswerCount += 1
            switch standing.receipts.first(where: { $0.question == question.id })?.choice {
            case nil: tally.missingCount += 1
            case Int(choice): break
            default: tally.differingCount += 1
            }
        }
    }

    // MARK: Within

    private mutating func questionNumber(
        _ received: ReceivedCue, firstNs: Int64, _ tally: inout QuizTally
    ) -> Int? {
        guard let id = received.question else { return nil }
        let known = questions.lastIndex { $0.id == id && $0.show == received.show }
        guard received.phase == .question else { return known }
        if let known, !questions[known].isClosed { return known }
        guard questions.count < QuizLimits.questionCountMax, received.optionCount > 0 else {
            return nil
        }
        // A question that was taken back may come again under its id.
        let turn = questions.count { $0.id == id && $0.show == received.show }
        let name = Array("\(received.show)/\(id)/\(turn)".utf8)
        let key = unsafe contentHash(name.span.bytes)
        questions.append(
            Question(
                show: received.show, id: id, key: key, optionCount: received.optionCount,
                firstNs: firstNs,
                acknowledged: [UInt8](repeating: Self.none, count: slotCount)))
        tally.questions.append(
            QuizTally.Question(
                key: key, id: id,
                acceptedCounts: [Int](repeating: 0, count: received.optionCount)))
        return questions.count - 1
    }

    private mutating func note(
        _ received: ReceivedCue, of question: Int, _ tally: inout QuizTally
    ) {
        switch received.phase {
        case .reveal:
            questions[question].isClosed = true
            questions[question].correct = received.correct
            tally.questions[question].revealedCounts = received.counts
        case .void:
            questions[question].isClosed = true
            questions[question].isVoid = true
            tally.questions[question].isVoid = true
        default: break
        }
    }
}
