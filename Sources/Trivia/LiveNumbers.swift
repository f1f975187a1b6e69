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
    /// The numbers of the question that is on, before its reveal; nil where there is none. They are
    /// kept as the answers come, so asking costs the same with any number of players.
    ///
    /// Whoever was kicked meanwhile isn't in them, as in the reveal.
    public var liveNumbers: LiveNumbers? {
        guard case .question = stage, let last = rounds.indices.last,
            !rounds[last].terms.isRevealed
        else { return nil }
        let counts = rounds[last].sheet.counts
        return LiveNumbers(
            question: rounds[last].terms.question, askedCount: rounds[last].sheet.askedCount,
            answeredCount: counts.reduce(0, +), counts: counts)
    }

    /// Puts a player out of the game, or back into it, and out of the numbers or back into them.
    mutating func setRemoval(_ removal: Removal, of player: PlayerNumber) {
        let wasIn = players.seats[player.index].isIn
        let never = QuestionNumber(rawValue: .max)
        var lockedOn = never
        var forgivesAbsence = false
        if let terms = rounds.last?.terms, terms.lockedNs != nil, !terms.isRevealed {
            lockedOn = terms.question
            forgivesAbsence = terms.forgivesAbsence
        }
        players.change(player.index) { seat in
            if seat.removal == .none { seat.removedAfter = lockedOn }
            if removal == .none {
                // It was out when the answers ended: to have let it pass is no fault.
                if forgivesAbsence, seat.removal != .none, seat.removedAfter != lockedOn {
                    seat.returnedDuring = lockedOn
                }
                seat.removedAfter = never
            }
            seat.removal = removal
        }
        let isIn = players.seats[player.index].isIn
        guard wasIn != isIn, let last = rounds.indices.last, !rounds[last].terms.isRevealed,
            player.index < rounds[last].terms.playerCount
        else { return }
        rounds[last].sheet.count(player.index, isIn ? 1 : -1)
    }
}
