// What may happen to a show next: every guard in one place, for commands and for replays alike.

extension Show {
    /// Whether this event may come next. It changes nothing.
    ///
    /// - Throws: `ShowRefusal` with the reason.
    public func check(_ event: ShowEvent) throws(ShowRefusal) {
        switch event {
        case .created: throw .creation
        case .edited:
            try require(.draft)
            try event.checkContents(from: .ledger)
        case .questionAdded, .questionEdited, .questionWithdrawn, .questionsOrdered:
            try checkWriting(event)
        case .lobbyOpened:
            try require(.draft)
            guard !plannedOrder.isEmpty else { throw .noQuestions }
        case .joined(let id, let name): try checkJoin(id: id, name: name)
        case .answered(let record): try check(record)
        case .opened(let number, let atNs, _): try checkOpening(number, atNs: atNs)
        case .lastPlanned(let number):
            try require(.lobby, .live)
            guard number > askedCount, number <= TriviaLimits.questionCountMax else {
                throw .badLast(number: number, askedCount: askedCount)
            }
        case .keyCorrected(let number, let option, let reason):
            try checkCorrection(number, option: option, reason: reason)
        case .locked(let atNs, let isForced): try checkLock(atNs: atNs, isForced: isForced)
        case .revealed:
            try require(.live)
            try requireRunning()
            guard stateOn == .locked else { throw .noLockedQuestion }
        case .voided(let number, let reason): try checkVoid(number, reason: reason)
        case .stageCleared:
            try require(.live)
            try requireRunning()
            try requireNothingRunning()
            guard stage != .empty else { throw .nothingOn }
        case .paused(let atNs):
            try require(.live)
            try requireRunning()
            try requireOrder(atNs)
        case .resumed(let atNs):
            guard isPaused else { throw .notPaused }
            try requireOrder(atNs)
        case .outageMadeUp(let ms, let atNs):
            try requireRunning()
            guard stateOn == .open else { throw .noOpenQuestion }
            guard 1...TriviaLimits.outageMsMax ~= ms else { throw .badOutage(ms: ms) }
            try requireOrder(atNs)
        case .finished:
            try require(.live)
            try requireRunning()
            try requireNothingRunning()
        case .reopened: try require(.finished)
        case .settled(let split, let silentWin):
            try require(.finished)
            guard split == winnersSplit(silentWin: silentWin) else { throw .settlementDiffers }
        case .kicked(let player), .banned(let player), .reinstated(let player),
            .renamed(let player, _), .nameHidden(let player), .nameShown(let player):
            try checkPlayer(player, event)
        case .addressBanned(let address, let removed):
            try require(.draft, .lobby, .live)
            try checkBan(of: address, removed)
        case .addressUnbanned(let address):
            try require(.draft, .lobby, .live)
            guard addressBans[address] != nil else { throw .addressNotBanned(address) }
        }
    }

    private func require(_ allowed: ShowPhase...) throws(ShowRefusal) {
        guard allowed.contains(phase) else { throw .wrongPhase(phase, allowed: allowed) }
    }

    /// What the host does to one player. A name may be changed as long as anybody may see it: after
    /// the end, too.
    private func checkPlayer(
        _ player: PlayerNumber, _ event: ShowEvent
    ) throws(ShowRefusal) {
        switch event {
        case .renamed, .nameHidden, .nameShown: try require(.lobby, .live, .finished, .settled)
        default: try require(.lobby, .live)
        }
        guard players.contains(player) else { throw .unknownPlayer }
        let removal = players.seats[player.index].removal
        switch event {
        case .banned where removal == .kicked: return
        case .kicked, .banned: guard removal == .none else { throw .removedBefore }
        case .reinstated: guard removal != .none else { throw .notRemoved }
        case .renamed(_, let name): try Self.checkName(name, from: .ledger)
        case .nameHidden:
            guard !players.isNameHidden(of: player) else { throw .nameHidden }
        default:
            guard players.isNameHidden(of: player) else { throw .nameNotHidden }
        }
    }

    private func requireRunning() throws(ShowRefusal) {
        guard !isPaused else { throw .paused }
    }

    private func requireOrder(_ atNs: Int64) throws(ShowRefusal) {
        guard newestNs...TriviaLimits.instantNsMax ~= atNs else { throw .clockWentBack }
    }

    /// No question is on that still has to come to its end.
    private func requireNothingRunning() throws(ShowRefusal) {
        guard case .question(let number) = stage else { return }
        let entry = questions[number.index]
        guard entry.state == .revealed else { throw .questionOn(entry.question.id, entry.state) }
    }

    private func checkWriting(_ event: ShowEvent) throws(ShowRefusal) {
        try require(.draft, .lobby, .live)
        switch event {
        case .questionAdded(let question):
            let count = questions.count { $0.state != .withdrawn }
            guard count < TriviaLimits.questionCountMax,
                questions.count < TriviaLimits.questionNumberMax
            else { throw .tooManyQuestions }
            guard questionNumber(forID: question.id) == nil else {
                throw .sameQuestionID(question.id)
            }
            try event.checkContents(from: .ledger)
        case .questionEdited(let number, let question):
            try requireWaiting(number)
            let owner = questionNumber(forID: question.id) ?? number
            guard owner == number else { throw .sameQuestionID(question.id) }
            try event.checkContents(from: .ledger)
        case .questionWithdrawn(let number): try requireWaiting(number)
        case .questionsOrdered(let order):
            let isSame =
                order.count == plannedOrder.count && Set(order) == Set(plannedOrder)
            guard isSame else { throw .badOrder }
        default: preconditionFailure("not about writing questions")
        }
    }

    private func requireWaiting(_ number: QuestionNumber) throws(ShowRefusal) {
        guard let entry = question(number) else {
            throw .unknownQuestion("number \(number.rawValue)")
        }
        guard entry.state == .waiting else {
            throw .questionNotWaiting(entry.question.id, entry.state)
        }
    }

    private func checkJoin(id: String, name: String) throws(ShowRefusal) {
        try require(.lobby, .live)
        // Whoever is in a ledger was let in; who comes now is looked at by `join`.
        try Self.checkPlayer(id: id, name: name, from: .ledger)
        guard players.number(forID: id) == nil else { throw .joinedBefore }
        guard players.tally.players < TriviaLimits.playerCountMax else { throw .full }
    }

    /// Whether somebody can play under this id and name.
    static func checkPlayer(
        id: String, name: String, from source: TextSource
    ) throws(ShowRefusal) {
        do {
            try TextRule.check(
                id, byteCountMax: TriviaLimits.playerIDByteCountMax, from: source)
        } catch { throw .badPlayerID(error) }
        try checkName(name, from: source)
    }

    /// Whether somebody can be called so.
    static func checkName(_ name: String, from source: TextSource) throws(ShowRefusal) {
        do {
            try TextRule.check(name, byteCountMax: TriviaLimits.nameByteCountMax, from: source)
        } catch { throw .badPlayerName(error) }
    }

    private func check(_ record: AnswerRecord) throws(ShowRefusal) {
        switch judge(record.answer) {
        case .accepted(let receipt):
            guard receipt.number == record.receipt else {
                throw .badReceipt(record.receipt, expected: receipt.number)
            }
        case .repeated(let receipt):
            throw .badReceipt(record.receipt, expected: receipt.number)
        case .refused(let refusal): throw .answer(refusal)
        }
    }

    private func checkOpening(_ number: QuestionNumber, atNs: Int64) throws(ShowRefusal) {
        try require(.lobby, .live)
        try requireRunning()
        try requireNothingRunning()
        try requireWaiting(number)
        try requireOrder(atNs)
    }

    private func checkLock(atNs: Int64, isForced: Bool) throws(ShowRefusal) {
        try require(.live)
        try requireRunning()
        guard let round = rounds.last, stateOn == .open else { throw .noOpenQuestion }
        try requireOrder(atNs)
        let leftNs = round.terms.clock.latestDeadlineNs - atNs
        // The latest instant itself is still in time, so the lock comes after it.
        let isDone = plan.locksWhenAllAnswered && hasEverybodyAnswered
        guard isForced || isDone || leftNs < 0 else {
            throw .answersStillInTime(ms: leftNs / 1_000_000 + 1)
        }
    }

    private func checkVoid(_ number: QuestionNumber, reason: String) throws(ShowRefusal) {
        try require(.live)
        guard let entry = question(number) else {
            throw .unknownQuestion("number \(number.rawValue)")
        }
        guard let newest = rounds.last else { throw .nothingToVoid }
        guard newest.terms.question == number else {
            throw .notNewest(
                entry.question.id, newest: questions[newest.terms.question.index].question.id)
        }
        try Self.checkReason(reason, from: .ledger)
    }

    /// Whether a question can be voided for this reason.
    static func checkReason(_ reason: String, from source: TextSource) throws(ShowRefusal) {
        do {
            try TextRule.check(
                reason, byteCountMax: TriviaLimits.reasonByteCountMax, from: source)
        } catch { throw .badReason(error) }
    }
}
