// A wrong right option put right: whom that brings back, and whom it spares.

/// A right option that was put right after it had been told.
public struct KeyCorrection: Equatable, Sendable {
    /// The question.
    public let question: QuestionNumber
    /// The option that was right until then, counted from 0.
    public let formerOption: Int
    /// The option that is right.
    public let option: Int
    /// Why.
    public let reason: String
    /// How many it brought back into the game; 0 where it was only recorded.
    public internal(set) var returnedCount = 0
}

extension Show {
    /// What a question's right option is by all that is recorded, counted from 0.
    func knownOption(of number: QuestionNumber) -> Int {
        lateCorrections.last { $0.question == number }?.option
            ?? questions[number.index].question.correctOption
    }

    /// What was put right about a question after its reveal, the first first; for one of a settled
    /// show, what was only recorded, too.
    public func corrections(of number: QuestionNumber) -> [KeyCorrection] {
        guard let round = question(number)?.round, round >= 0 else { return [] }
        return rounds[round].corrections + lateCorrections.filter { $0.question == number }
    }

    /// The finished show as it would have been, had the right options been known that were put right
    /// after it was settled: its settlement is what would have been due. nil where none was.
    public var correctedAfterSettling: Show? {
        guard phase == .settled, !lateCorrections.isEmpty else { return nil }
        var show = self
        show.phase = .finished
        show.lateCorrections = []
        for correction in lateCorrections {
            show.correct(correction.question, to: correction.option, reason: correction.reason)
        }
        return show
    }

    /// What the audience is to be told of a question's newest correction.
    public func correctionCue(of number: QuestionNumber) -> ShowCue? {
        guard let correction = corrections(of: number).last else { return nil }
        return .correction(
            CorrectionCue(
                question: questions[number.index].question.id, correction: correction,
                survivorCount: tally.survivors))
    }

    func checkCorrection(
        _ number: QuestionNumber, option: Int, reason: String
    ) throws(ShowRefusal) {
        guard let entry = question(number), entry.state != .withdrawn else {
            throw .unknownQuestion("number \(number.rawValue)")
        }
        let id = entry.question.id
        guard entry.state != .void else { throw .questionVoid(id) }
        let isTold = entry.state == .revealed
        if !isTold, phase == .finished || phase == .settled {
            throw .wrongPhase(phase, allowed: [.draft, .lobby, .live])
        }
        let optionCount = entry.question.options.count
        guard 0..<optionCount ~= option else {
            throw .noSuchOption(id, option: option, optionCount: optionCount)
        }
        guard option != knownOption(of: number) else { throw .sameKey(id) }
        guard isTold || !reason.isEmpty else { return }
        do {
            try TextRule.check(reason, byteCountMax: TriviaLimits.reasonByteCountMax)
        } catch { throw .badReason(error) }
    }

    mutating func correct(_ number: QuestionNumber, to option: Int, reason: String) {
        var correction = KeyCorrection(
            question: number, formerOption: knownOption(of: number), option: option,
            reason: reason)
        guard phase != .settled else {
            lateCorrections.append(correction)
            return
        }
        questions[number.index].question.correctOption = option
        guard questions[number.index].state == .revealed else { return }
        let round = questions[number.index].round
        rounds[round].corrections.append(correction)
        correction.returnedCount = judgeAnew(from: round)
        rounds[round].corrections[rounds[round].corrections.count - 1] = correction
    }

    /// Judges a question anew, and all that came after it, by the right options as they are known now.
    ///
    /// Nobody is worse off in the game by it: an answer that was right until then is forgiven, and in
    /// later questions only those are judged who were judged then. So who was wrongly out is back
    /// with the revives it had, unless a later answer of its own says otherwise. Scores and times are
    /// those of the right options alone.
    ///
    /// - Returns: how many are in the game again.
    private mutating func judgeAnew(from first: Int) -> Int {
        let told = (first..<rounds.count).filter { rounds[$0].effect != nil }
        let wasOut = players.seats.map { $0.place == .eliminated }
        var inBefore: [Int] = []
        for round in told.reversed() {
            guard let effect = rounds[round].effect else { continue }
            inBefore.append(inCount(effect))
            takeBack(effect)
        }
        for round in told {
            guard let old = rounds[round].effect, let before = inBefore.popLast() else { continue }
            var effect = judge(round, old.attendance)
            let change = inCount(effect) - before
            effect.reveal.survivorCount = old.reveal.survivorCount + change
            rounds[round].effect = effect
        }
        var returnedCount = 0
        for index in wasOut.indices where wasOut[index] && players.seats[index].place == .playing {
            if players.seats[index].isIn { returnedCount += 1 }
            returnDuringRound(index)
        }
        return returnedCount
    }

    /// How many of those who were there for a question are in as things stand, whom the host had out
    /// at its reveal not counted.
    private func inCount(_ effect: RevealEffect) -> Int {
        effect.attendance.indices.count { index in
            players.seats[index].place == .playing && !effect.attendance[index].contains(.removed)
        }
    }

    /// Whoever is back while a question is open or locked may answer it, as far as there is time, and
    /// need not.
    private mutating func returnDuringRound(_ index: Int) {
        guard let last = rounds.indices.last, rounds[last].effect == nil,
            index < rounds[last].terms.playerCount
        else { return }
        let question = rounds[last].terms.question
        players.change(index) { $0.returnedDuring = question }
        if players.seats[index].isIn { rounds[last].sheet.count(index, 1) }
    }
}
