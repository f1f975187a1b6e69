// What a reveal does to whom, and how it is taken back to the last point.

extension Show {
    /// Judges everybody who was there when the question opened and isn't out.
    ///
    /// Whom the host has put out meanwhile is judged, too, if there is an answer or was all the time
    /// for one: a kick that is taken back must not undo a mistake, nor a right answer. The numbers that
    /// are told are of those who are in.
    mutating func revealNewest() {
        let round = rounds.count - 1
        let question = questions[rounds[round].terms.question.index].question
        let terms = rounds[round].terms
        let playerCount = terms.playerCount
        var effect = RevealEffect(
            reveal: Reveal(
                question: rounds[round].terms.question, correctOption: question.correctOption,
                counts: [Int](repeating: 0, count: question.options.count)),
            gained: [Int32](repeating: 0, count: playerCount),
            spentMs: [Int32](repeating: 0, count: playerCount))

        for index in 0..<playerCount where isJudged(index, inRound: round) {
            let isIn = players.seats[index].isIn
            let choice = rounds[round].sheet.choices[index]
            let isCorrect = Int(choice) == question.correctOption
            if !isIn {
                // Nobody is told of those.
            } else if choice == AnswerSheet.none {
                effect.reveal.missingCount += 1
            } else {
                effect.reveal.counts[Int(choice)] += 1
            }
            if isCorrect {
                let elapsedMs = rounds[round].sheet.elapsedMs[index]
                effect.spentMs[index] = min(elapsedMs, Int32(question.windowMs))
                effect.gained[index] =
                    plan.mode == .knockout
                    ? 1 : plan.scoring.points(elapsedMs: elapsedMs, windowMs: question.windowMs)
            } else {
                effect.spentMs[index] = Int32(question.windowMs)
                if plan.mode == .knockout {
                    knockOut(index, by: terms, effect: &effect)
                }
            }
            let gained = effect.gained[index]
            let spentMs = Int64(effect.spentMs[index])
            players.change(index) { seat in
                seat.score += gained
                seat.timeMs += spentMs
            }
        }

        let correctCount = effect.reveal.counts[question.correctOption]
        effect.reveal.correctCount = correctCount
        effect.reveal.wrongCount = effect.reveal.counts.reduce(0, +) - correctCount
        effect.reveal.revivedCount = effect.revived.count { !isRemoved($0) }
        effect.reveal.eliminatedCount = effect.eliminated.count { !isRemoved($0) }
        effect.reveal.survivorCount = players.tally.survivors
        rounds[round].effect = effect
    }

    private func isRemoved(_ player: PlayerNumber) -> Bool {
        players.seats[player.index].removal != .none
    }

    private func isJudged(_ index: Int, inRound round: Int) -> Bool {
        // The round isn't copied out: that would retain all it has for each player.
        guard players.seats[index].place == .playing else { return false }
        return players.seats[index].removal == .none
            || rounds[round].sheet.choices[index] != AnswerSheet.none
            || players.seats[index].removedAfter == rounds[round].terms.question
    }

    private mutating func knockOut(
        _ index: Int, by terms: RoundTerms, effect: inout RevealEffect
    ) {
        let player = PlayerNumber(rawValue: Int32(index))
        if players.seats[index].revivesLeft > 0 && !terms.isLast {
            players.change(index) { $0.revivesLeft -= 1 }
            effect.revived.append(player)
        } else {
            let question = terms.question
            players.change(index) { seat in
                seat.place = .eliminated
                seat.eliminatedBy = question
            }
            effect.eliminated.append(player)
        }
    }

    /// Takes back all that a reveal did.
    mutating func takeBack(_ effect: RevealEffect) {
        for player in effect.eliminated {
            players.change(player.index) { seat in
                seat.place = .playing
                seat.eliminatedBy = QuestionNumber(rawValue: .max)
            }
        }
        for player in effect.revived {
            players.change(player.index) { $0.revivesLeft += 1 }
        }
        for index in effect.gained.indices {
            players.change(index) { seat in
                seat.score -= effect.gained[index]
                seat.timeMs -= Int64(effect.spentMs[index])
            }
        }
    }
}
