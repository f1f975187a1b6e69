// How a show changes: one event at a time, and only here.

extension Show {
    /// Makes a show again from its log.
    ///
    /// - Throws: `ReplayError` with the place of the first event that can't be: then the log isn't
    ///   a show's, not whole, or not in its order.
    public init(replaying events: some Sequence<ShowEvent>) throws(ReplayError) {
        self = try Show.replay(events).show
    }

    static func replay(
        _ events: some Sequence<ShowEvent>
    ) throws(ReplayError) -> (show: Show, eventCount: Int) {
        var show: Show?
        var index = 0
        for event in events {
            do throws(ShowRefusal) {
                if show != nil {
                    try show?.apply(event)
                } else if case .created(let id, let plan) = event {
                    show = try Show(id: id, plan: plan)
                } else {
                    throw .creation
                }
            } catch {
                throw ReplayError(index: index, refusal: error)
            }
            index += 1
        }
        guard let show else { throw ReplayError(index: 0, refusal: .creation) }
        return (show, index)
    }

    /// Applies one event after a look at whether it may come next.
    ///
    /// - Throws: `ShowRefusal` with the reason; then nothing has changed.
    public mutating func apply(_ event: ShowEvent) throws(ShowRefusal) {
        try check(event)
        change(by: event)
        if event.isByHost { revision += 1 }
    }

    private mutating func change(by event: ShowEvent) {
        switch event {
        case .created: preconditionFailure("check lets no second creation pass")
        case .edited(let plan): self.plan = plan
        case .questionAdded(let question):
            if !question.isSpare { changePlannedCount(1) }
            let number = QuestionNumber(rawValue: UInt16(questions.count))
            questions.append(QuestionEntry(number: number, question: question, state: .waiting))
            plannedOrder.append(number)
        case .questionEdited(let number, let question):
            let wasSpare = questions[number.index].question.isSpare
            if wasSpare != question.isSpare { changePlannedCount(wasSpare ? 1 : -1) }
            questions[number.index].question = question
        case .questionWithdrawn(let number):
            questions[number.index].state = .withdrawn
            if !questions[number.index].question.isSpare { changePlannedCount(-1) }
            plannedOrder.removeAll { $0 == number }
        case .questionsOrdered(let order): plannedOrder = order
        case .lobbyOpened: phase = .lobby
        case .joined(let id, let name): seat(id: id, name: name)
        case .opened(let number, let atNs, let isLast): open(number, atNs: atNs, isLast: isLast)
        case .lastPlanned(let number):
            fixedCount = number
            isCountGiven = true
        case .keyCorrected(let number, let option, let reason):
            correct(number, to: option, reason: reason)
        case .answered(let record):
            take(
                record.answer,
                Receipt(number: record.receipt, question: record.question, choice: record.choice))
        case .locked(let atNs, _):
            newestNs = atNs
            rounds[rounds.count - 1].terms.lockedNs = atNs
            setStateOn(.locked)
        case .revealed:
            setStateOn(.revealed)
            revealNewest()
        case .voided(let number, let reason): void(number, reason: reason)
        case .stageCleared: stage = .empty
        case .paused(let atNs):
            newestNs = atNs
            isPaused = true
            pause = PauseSpan(fromNs: atNs)
        case .resumed(let atNs): resume(atNs: atNs)
        case .outageMadeUp(let ms, let atNs):
            newestNs = atNs
            rounds[rounds.count - 1].terms.clock.extend(byNs: Int64(ms) * 1_000_000, atNs: atNs)
        case .finished:
            phase = .finished
            stage = .empty
        case .reopened: phase = .live
        case .settled(let split, let silentWin):
            phase = .settled
            settledSplit = split
            self.silentWin = silentWin
        case .kicked(let player): setRemoval(.kicked, of: player)
        case .banned(let player): setRemoval(.banned, of: player)
        case .reinstated(let player):
            setRemoval(.none, of: player)
            releaseFromAddressBans(player)
        case .renamed(let player, let name): players.rename(player, to: name)
        case .nameHidden(let player): players.setNameHidden(true, of: player)
        case .nameShown(let player): players.setNameHidden(false, of: player)
        case .addressBanned(let address, let removed): ban(address: address, removed)
        case .addressUnbanned(let address): takeBackBan(of: address)
        }
    }

    private mutating func setStateOn(_ state: QuestionState) {
        guard case .question(let number) = stage else {
            preconditionFailure("check lets this pass only with a question on")
        }
        questions[number.index].state = state
    }

    private mutating func seat(id: String, name: String) {
        players.append(
            id: id, name: name,
            seat: Seat(
                place: isEntryOpen ? .playing : .watching,
                revivesLeft: plan.mode == .knockout ? UInt8(plan.reviveCount) : 0))
    }

    private mutating func open(_ number: QuestionNumber, atNs: Int64, isLast: Bool?) {
        newestNs = atNs
        fixPlannedCount()
        if isLast == true, !isNextTheLast {
            fixedCount = rounds.count + 1
            isCountGiven = true
        }
        plannedOrder.removeAll { $0 == number }
        let question = questions[number.index].question
        questions[number.index].state = .open
        questions[number.index].round = rounds.count
        let terms = RoundTerms(
            question: number, optionCount: question.options.count,
            isLast: isLast ?? plannedOrder.isEmpty, forgivesAbsence: isLast != nil,
            playerCount: players.tally.players,
            clock: RoundClock(openedNs: atNs, windowMs: question.windowMs, timing: plan.timing))
        rounds.append(
            Round(
                terms: terms,
                sheet: AnswerSheet(
                    playerCount: players.tally.players, askedCount: players.tally.survivors,
                    optionCount: question.options.count)))
        phase = .live
        stage = .question(number)
    }

    private mutating func resume(atNs: Int64) {
        newestNs = atNs
        isPaused = false
        if stateOn == .open {
            // A question can't be opened in a pause, so all of the pause was lost to this one.
            rounds[rounds.count - 1].terms.clock.extend(byNs: atNs - pause.fromNs, atNs: atNs)
        }
        pause.untilNs = atNs
    }

    private mutating func void(_ number: QuestionNumber, reason: String) {
        let round = rounds.removeLast()
        questions[number.index].state = .void
        questions[number.index].round = -1
        stage = .voided(number, reason: reason)
        if let effect = round.effect { takeBack(effect) }
        for index in players.seats.indices
        where players.seats[index].removedAfter == round.terms.question {
            players.change(index) { $0.removedAfter = QuestionNumber(rawValue: .max) }
        }
        // Had it never been asked, these would have come before the entry closed.
        guard rounds.count < plan.entryClosesAtQuestion else { return }
        for index in round.terms.playerCount..<players.tally.players
        where players.seats[index].place == .watching {
            players.change(index) { $0.place = .playing }
        }
    }
}

/// Where a log stops being a show's.
public struct ReplayError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which event, counted from 0.
    public let index: Int
    /// Why it can't be.
    public let refusal: ShowRefusal

    /// The place and the reason.
    public init(index: Int, refusal: ShowRefusal) {
        self.index = index
        self.refusal = refusal
    }

    /// What is wrong.
    public var description: String { "Event \(index) of the log can't be: \(refusal)" }
}
