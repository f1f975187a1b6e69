// What a reveal does to whom, and how it is taken back to the last point.

extension Show {
    /// Judges everybody who was there when the question opened and isn't out.
    ///
    /// Whom the host has put out meanwhile is judged, too, if there is an answer or was all the time
    /// for one: a kick that is taken back must not undo a mistake, nor a right answer. The numbers that
    /// are told are of those who are in.
    mutating func revealNewest() {
        let round = rounds.count - 1
        let attendance = (0..<rounds[round].terms.playerCount).map { index in
            var attendance: Attendance = isJudged(index, inRound: round) ? .judged : []
            if players.seats[index].removal != .none { attendance.insert(.removed) }
            return attendance
        }
        var effect = judge(round, attendance)
        effect.reveal.survivorCount = players.tally.survivors
        rounds[round].effect = effect
    }

    /// Judges a question by its right option as it is known now. How many are in afterwards is left
    /// to whoever asks.
    mutating func judge(_ round: Int, _ attendance: [Attendance]) -> RevealEffect {
        let question = questions[rounds[round].terms.question.index].question
        let terms = rounds[round].terms
        let forgiven = Set(rounds[round].corrections.map { UInt8($0.formerOption) })
        var effect = RevealEffect(
            reveal: Reveal(
                question: terms.question, correctOption: question.correctOption,
                counts: [Int](repeating: 0, count: question.options.count)),
            attendance: attendance,
            gained: [Int32](repeating: 0, count: terms.playerCount),
            spentMs: [Int32](repeating: 0, count: terms.playerCount))

        for index in attendance.indices where attendance[index].contains(.judged) {
            let isTold = !attendance[index].contains(.removed)
            let choice = rounds[round].sheet.choices[index]
            let isCorrect = Int(choice) == question.correctOption
            if !isTold {
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
                if plan.mode == .knockout, !forgiven.contains(choice) {
                    knockOut(index, by: terms, isTold: isTold, effect: &effect)
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
        return effect
    }

    private func isJudged(_ index: Int, inRound round: Int) -> Bool {
        // The round isn't copied out: that would retain all it has for each player.
        guard players.seats[index].place == .playing else { return false }
        if rounds[round].sheet.choices[index] != AnswerSheet.none { return true }
        let question = rounds[round].terms.question
        guard players.seats[index].returnedDuring != question else { return false }
        return players.seats[index].removal == .none
            || players.seats[index].removedAfter == question
    }

    private mutating func knockOut(
        _ index: Int, by terms: RoundTerms, isTold: Bool, effect: inout RevealEffect
    ) {
        let player = PlayerNumber(rawValue: Int32(index))
        if players.seats[index].revivesLeft > 0 && !terms.isLast {
            players.change(index) { $0.revivesLeft -= 1 }
            effect.revived.append(player)
            if isTold { effect.reveal.revivedCount += 1 }
        } else {
            let question = terms.question
            players.change(index) { seat in
                seat.place = .eliminated
                seat.eliminatedBy = question
            }
            effect.eliminated.append(player)
            if isTold { effect.reveal.eliminatedCount += 1 }
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
