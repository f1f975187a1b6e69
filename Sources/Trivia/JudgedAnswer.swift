// One answer that counts, with everything that came of it, for those who look at it afterwards.

/// An answer as an export has it.
public struct JudgedAnswer: Equatable, Sendable {
    /// What became of it.
    public enum Verdict: String, Equatable, Sendable {
        /// It was right.
        case right
        /// It was wrong.
        case wrong
        /// Its question was taken back, so it counts for nothing.
        case void
        /// Its question isn't revealed yet.
        case waiting
    }

    /// The answer as the log has it.
    public let record: AnswerRecord
    /// Its question; nil where the show has none of that number.
    public let question: Question?
    /// Right, wrong, or neither.
    public let verdict: Verdict
    /// How late the question was at the player's connection, and what of it counted; nil where the
    /// question was taken back.
    public let lag: AnswerLag?
    /// The time that counted, ms; nil where the question was taken back.
    public let elapsedMs: Int?
    /// From the opening to when it came in, ms; nil where the question was taken back.
    public let afterOpeningMs: Int64?
}

extension Show {
    /// What came of an answer of this show's log. The show has its players.
    public func judged(_ record: AnswerRecord) -> JudgedAnswer {
        guard questions.indices.contains(record.question.index) else {
            return JudgedAnswer(
                record: record, question: nil, verdict: .void, lag: nil, elapsedMs: nil,
                afterOpeningMs: nil)
        }
        let entry = questions[record.question.index]
        let isIn =
            entry.round >= 0
            && rounds[entry.round].sheet.elapsedMs.indices.contains(record.player.index)
        guard isIn else {
            return JudgedAnswer(
                record: record, question: entry.question, verdict: .void, lag: nil, elapsedMs: nil,
                afterOpeningMs: nil)
        }
        let isRight = Int(record.choice) == entry.question.correctOption
        let openedNs = rounds[entry.round].terms.clock.openedNs
        return JudgedAnswer(
            record: record, question: entry.question,
            verdict: entry.state != .revealed ? .waiting : isRight ? .right : .wrong,
            lag: lag(of: record.player, on: record.question),
            elapsedMs: Int(rounds[entry.round].sheet.elapsedMs[record.player.index]),
            afterOpeningMs: (record.receivedAtNs - openedNs) / 1_000_000)
    }
}
