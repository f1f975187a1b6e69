// Who wins a knockout show, told anew from what the players themselves noted, in the plainest way.

/// What one question did to whom.
struct PlainRound: Equatable {
    var question: String
    /// How many of those who were in chose each option.
    var counts: [Int]
    var missingCount = 0
    var revived: Set<String> = []
    var eliminated: Set<String> = []
    /// Who was in when it was asked.
    var asked: Set<String>
}

/// A knockout show.
struct PlainJudge {
    private(set) var survivors: Set<String>
    private(set) var rounds: [PlainRound] = []
    private var revivesLeft: [String: Int]

    init(players: [String], reviveCount: Int) {
        survivors = Set(players)
        revivesLeft = Dictionary(uniqueKeysWithValues: players.map { ($0, reviveCount) })
    }

    /// Judges a question that was revealed.
    ///
    /// - Parameters:
    ///   - accepted: what each player's first accepted answer was.
    ///   - isLast: nobody is revived on the last.
    mutating func reveal(
        _ question: QuestionSheet.Entry, accepted: [String: Int], isLast: Bool
    ) {
        var round = PlainRound(
            question: question.id, counts: [Int](repeating: 0, count: question.optionCount),
            asked: survivors)
        for player in survivors {
            if let choice = accepted[player] {
                round.counts[choice] += 1
                if choice == question.correct { continue }
            } else {
                round.missingCount += 1
            }
            if revivesLeft[player, default: 0] > 0, !isLast {
                revivesLeft[player, default: 0] -= 1
                round.revived.insert(player)
            } else {
                round.eliminated.insert(player)
            }
        }
        survivors.subtract(round.eliminated)
        rounds.append(round)
    }
}

extension SimulatedPlayer {
    /// The choice that stands for a question, by its own receipts.
    func acceptedChoice(_ question: String) -> Int? {
        sent.first { $0.question == question && $0.receipt?.isAccepted == true }?.choice
    }
}
