// What the host sees while a question is on.

/// How the answers to the question that is on come in. For staff only: it tells what others chose.
public struct LiveNumbers: Equatable, Sendable {
    /// The question.
    public let question: QuestionNumber
    /// How many were in as the numbers were taken, and asked.
    public let askedCount: Int
    /// How many of them have answered.
    public let answeredCount: Int
    /// How many of them chose each option.
    public let counts: [Int]
}

extension Show {
    /// The numbers of the question that is on, before its reveal; nil where there is none. It looks
    /// at every player once.
    ///
    /// Whoever was kicked meanwhile isn't in them, as in the reveal.
    public var liveNumbers: LiveNumbers? {
        guard let round = roundOn, round.effect == nil else { return nil }
        var askedCount = 0
        var counts = [Int](repeating: 0, count: round.optionCount)
        for index in 0..<round.playerCount where players.seats[index].isIn {
            askedCount += 1
            let choice = round.sheet.choices[index]
            if choice != AnswerSheet.none { counts[Int(choice)] += 1 }
        }
        return LiveNumbers(
            question: round.question, askedCount: askedCount,
            answeredCount: counts.reduce(0, +), counts: counts)
    }
}
