// Judging answers: no look-up, no allocation, and the same ruling in whatever order they come.

import WireBytes

extension Show {
    /// What would become of an answer. It changes nothing.
    public func judge(_ answer: Answer) -> AnswerRuling {
        guard players.contains(answer.player) else { return .refused(.notJoined) }
        let seat = players.seats[answer.player.index]
        guard seat.removal != .banned else { return .refused(.banned) }
        guard questions.indices.contains(answer.question.index) else {
            return .refused(.unknownQuestion)
        }
        switch questions[answer.question.index].state {
        case .withdrawn: return .refused(.unknownQuestion)
        case .void: return .refused(.voided)
        case .waiting: return .refused(refusal(of: seat) ?? .notOpen)
        case .open, .locked, .revealed: break
        }
        let round = questions[answer.question.index].round
        // A receipt stays good whatever happened to the player since.
        if let receipt = receipt(of: answer.player, inRound: round) {
            let isSame = Int(receipt.choice) == answer.choice
            return isSame ? .repeated(receipt) : .refused(.alreadyAnswered)
        }
        if let refusal = refusal(of: seat) { return .refused(refusal) }
        let terms = rounds[round].terms
        guard answer.player.index < terms.playerCount else {
            return .refused(.joinedAfterOpening)
        }
        if let refusal = terms.refusal(answer, pause: pause) { return .refused(refusal) }
        return .accepted(
            Receipt(
                number: acceptedCount + 1, question: answer.question, choice: UInt8(answer.choice)))
    }

    private func refusal(of seat: Seat) -> AnswerRefusal? {
        if seat.removal != .none { return .kicked }
        switch seat.place {
        case .playing: return nil
        case .watching: return .watching
        case .eliminated: return .eliminated
        }
    }

    /// Judges one answer, and takes it if it counts.
    ///
    /// Its event is `.answered(AnswerRecord(answer, receipt))`. A receipt is to be given out only
    /// when that is on disk; if it can't be, this show knows more than the log, and is to be made
    /// anew from the log.
    public mutating func answer(_ answer: Answer) -> AnswerRuling {
        let ruling = judge(answer)
        if case .accepted(let receipt) = ruling { take(answer, receipt) }
        return ruling
    }

    /// Judges the answers of one commit group, so that the order in which they came into it doesn't
    /// matter.
    ///
    /// - Parameters:
    ///   - group: is put into the order of receiving. Of a player's answers received at the very
    ///     same instant the one with the lowest option is first.
    ///   - rulings: is replaced by the rulings on the answers of `group` in that order. Its memory
    ///     is kept, so give the same array again and again.
    public mutating func answer(group: inout [Answer], rulings: inout [AnswerRuling]) {
        if !group.isSorted(by: Self.isEarlier) { group.sort(by: Self.isEarlier) }
        rulings.removeAll(keepingCapacity: true)
        for index in group.indices {
            rulings.append(answer(group[index]))
        }
    }

    /// Judges an answer as a player's message has it.
    ///
    /// - Parameters:
    ///   - show: the show the message names, if it names one.
    ///   - question: the question's id.
    public mutating func answer(
        show: String?, player: PlayerNumber, question: String, choice: Int, receivedAtNs: Int64,
        handover: Handover
    ) -> AnswerRuling {
        guard show?.hasSameBytes(as: id) ?? true else { return .refused(.otherShow) }
        guard let number = questionNumber(forID: question) else {
            return .refused(.unknownQuestion)
        }
        return answer(
            Answer(
                player: player, question: number, choice: choice, receivedAtNs: receivedAtNs,
                handover: handover))
    }

    private static func isEarlier(_ left: Answer, _ right: Answer) -> Bool {
        if left.receivedAtNs != right.receivedAtNs {
            return left.receivedAtNs < right.receivedAtNs
        }
        if left.player != right.player { return left.player < right.player }
        if left.question != right.question {
            return left.question.rawValue < right.question.rawValue
        }
        if left.choice != right.choice { return left.choice < right.choice }
        // The same answer by two ways: the one that leaves less time comes first.
        if left.handover.orderNs != right.handover.orderNs {
            return left.handover.orderNs < right.handover.orderNs
        }
        return left.handover.claimNs < right.handover.claimNs
    }

    /// Takes back the newest answers, for whoever could not write them down: as if they had never
    /// come.
    ///
    /// - Precondition: `records` are the newest answers that were accepted, in their order, and
    ///   nothing but players has come since.
    public mutating func forget(_ records: [AnswerRecord]) {
        for record in records.reversed() {
            precondition(record.receipt == acceptedCount, "only the newest can be forgotten")
            let round = questions[record.question.index].round
            rounds[round].sheet.erase(record.player.index)
            acceptedCount -= 1
        }
    }

    mutating func take(_ answer: Answer, _ receipt: Receipt) {
        let round = questions[answer.question.index].round
        let clock = rounds[round].terms.clock
        rounds[round].sheet.write(
            answer.player.index, choice: receipt.choice,
            elapsedMs: clock.elapsedMs(answer.handover, receivedAtNs: answer.receivedAtNs),
            receipt: receipt.number, lag: clock.lag(answer.handover))
        acceptedCount = receipt.number
    }
}

extension Handover {
    fileprivate var orderNs: Int64 {
        switch self {
        case .at(let ns, _): return ns
        case .notYet: return .max
        case .unknown: return .max - 1
        }
    }

    fileprivate var claimNs: Int64 {
        guard case .at(_, let claimNs?) = self else { return .max }
        return claimNs
    }
}

extension Array {
    fileprivate func isSorted(by isEarlier: (Element, Element) -> Bool) -> Bool {
        var index = 1
        while index < count {
            if isEarlier(self[index], self[index - 1]) { return false }
            index += 1
        }
        return true
    }
}
