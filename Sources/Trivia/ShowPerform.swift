// Commands become events: the host's, and the audience's joining.

/// Whoever joined, and what of it goes into the log.
public struct Joining: Equatable, Sendable {
    /// The player's number.
    public let player: PlayerNumber
    /// The event for the log; nil where the player had joined before.
    public let event: ShowEvent?
}

extension Show {
    /// Does what the host says.
    ///
    /// - Parameters:
    ///   - atNs: now, ns on the show's clock. A reading older than the log's newest counts as that.
    ///   - expectedRevision: the revision the host was looking at, if the command is to be refused
    ///     when somebody has changed the show since.
    ///   - players: who came from the address that is to be banned; the rules don't know addresses.
    /// - Returns: the events for the log.
    /// - Throws: `ShowRefusal` with a sentence for the host; then nothing has changed.
    public mutating func perform(
        _ command: ShowCommand, atNs: Int64, expectedRevision: Int? = nil,
        cameFrom players: [PlayerNumber] = []
    ) throws(ShowRefusal) -> [ShowEvent] {
        let events = try events(
            for: command, atNs: atNs, expectedRevision: expectedRevision, cameFrom: players)
        for event in events { try apply(event) }
        return events
    }

    /// The events a command would be, for whoever writes them down before they are applied. It changes
    /// nothing. What the command names by an id, by its number or by a text is found here, and nowhere
    /// else.
    ///
    /// - Throws: `ShowRefusal` with a sentence for the host.
    public func events(
        for command: ShowCommand, atNs: Int64, expectedRevision: Int? = nil,
        cameFrom players: [PlayerNumber] = []
    ) throws(ShowRefusal) -> [ShowEvent] {
        if let expectedRevision, expectedRevision != revision {
            throw .stale(expected: expectedRevision, revision: revision)
        }
        let events = try translate(command, atNs: max(atNs, newestNs), players)
        for event in events { try Self.checkTexts(of: event) }
        if events.count == 1 {
            try check(events[0])
        } else {
            var scratch = self
            for event in events { try scratch.apply(event) }
        }
        return events
    }

    /// What a host writes keeps to more than what an older ledger has.
    private static func checkTexts(of event: ShowEvent) throws(ShowRefusal) {
        switch event {
        case .voided(_, let reason): try checkReason(reason, from: .people)
        case .renamed(_, let name): try checkName(name, from: .people)
        default: try event.checkContents(from: .people)
        }
    }

    /// Lets a player in: to play while the entry is open, and after it to watch.
    ///
    /// Who has joined before is welcome again and gets the same number; nothing changes then.
    ///
    /// - Throws: `ShowRefusal` with a sentence for the player; then nothing has changed.
    public mutating func join(id: String, name: String) throws(ShowRefusal) -> Joining {
        if let player = players.number(forID: id) {
            guard players.seats[player.index].removal != .banned else { throw .playerBanned }
            return Joining(player: player, event: nil)
        }
        let event = ShowEvent.joined(id: id, name: name)
        try check(event)
        try Self.checkPlayer(id: id, name: name, from: .people)
        try apply(event)
        let player = PlayerNumber(rawValue: Int32(players.tally.players - 1))
        return Joining(player: player, event: event)
    }

    private func translate(
        _ command: ShowCommand, atNs: Int64, _ players: [PlayerNumber]
    ) throws(ShowRefusal) -> [ShowEvent] {
        switch command {
        // A show's log begins with it; whoever keeps the shows sees to that.
        case .create: throw .creation
        // Nothing is left to have it in its log.
        case .delete:
            guard plan.isRehearsal || phase == .draft || phase == .lobby else { throw .kept(id) }
            return []
        case .addQuestions(let questions): return events(adding: questions)
        case .replaceQuestions(let questions): return try events(replacingBy: questions)
        case .shuffle: return [.questionsOrdered(plannedOrder.shuffled())]
        case .orderQuestions(let ids):
            var order: [QuestionNumber] = []
            for id in ids { order.append(try requireQuestion(id)) }
            return [.questionsOrdered(order)]
        default: return [try event(command, atNs: atNs, players)]
        }
    }

    private func event(
        _ command: ShowCommand, atNs: Int64, _ players: [PlayerNumber]
    ) throws(ShowRefusal) -> ShowEvent {
        switch command {
        case .edit(let plan): return .edited(plan: plan)
        case .editQuestion(let id, let question):
            return .questionEdited(try requireQuestion(id), question)
        case .withdrawQuestion(let id): return .questionWithdrawn(try requireQuestion(id))
        case .openLobby: return .lobbyOpened
        case .open(let id, _, let isLast):
            return .opened(try next(id), atNs: atNs, isLast: isLast || isNextTheLast)
        case .planLast(let number): return .lastPlanned(number: number ?? askedCount + 1)
        case .correct(let id, let correct, let reason):
            return try correction(of: id, to: correct, reason: reason)
        case .lock(let isForced): return .locked(atNs: atNs, isForced: isForced)
        case .reveal: return .revealed
        case .void(let id, let reason):
            if let id { return .voided(try requireQuestion(id), reason: reason) }
            guard case .question(let number) = stage else { throw .nothingToVoid }
            return .voided(number, reason: reason)
        case .next: return .stageCleared
        case .pause: return .paused(atNs: atNs)
        case .resume: return .resumed(atNs: atNs)
        case .makeUpOutage(let ms): return .outageMadeUp(ms: ms, atNs: atNs)
        case .finish:
            // The log has no need of this: that the host knew what it means is the desk's concern.
            try check(.finished)
            guard isPlanDone else { throw .early(FinishOutlook(self)) }
            return .finished
        case .finishEarly: return .finished
        case .reopen: return .reopened
        case .settle: return .settled(winnersSplit())
        case .kick(let id): return .kicked(try requirePlayer(id))
        case .ban(let id): return .banned(try requirePlayer(id))
        case .reinstate(let id): return .reinstated(try requirePlayer(id))
        case .rename(let id, let name): return .renamed(try requirePlayer(id), name: name)
        case .hideName(let id): return .nameHidden(try requirePlayer(id))
        case .showName(let id): return .nameShown(try requirePlayer(id))
        case .banAddress(let address): return .addressBanned(address, players)
        case .unbanAddress(let address): return .addressUnbanned(address)
        case .create, .delete, .addQuestions, .replaceQuestions, .shuffle, .orderQuestions:
            throw .creation
        }
    }

    private func next(_ id: String?) throws(ShowRefusal) -> QuestionNumber {
        if let id { return try requireQuestion(id) }
        if isPlanDone, !plannedOrder.isEmpty { throw .planDone(plannedCount) }
        guard let next = nextQuestion else { throw .noQuestions }
        return next
    }

    private func correction(
        of id: String?, to correct: String, reason: String
    ) throws(ShowRefusal) -> ShowEvent {
        let number: QuestionNumber
        if let id {
            number = try requireQuestion(id)
        } else {
            guard case .question(let on) = stage else { throw .nothingToCorrect }
            number = on
        }
        do throws(OptionFault) {
            let option = try questions[number.index].question.option(named: correct)
            return .keyCorrected(number, option: option - 1, reason: reason)
        } catch { throw .badOption(error) }
    }

    private func requirePlayer(_ id: String) throws(ShowRefusal) -> PlayerNumber {
        guard let number = players.number(forID: id) else { throw .unknownPlayerID(id) }
        return number
    }

    private func requireQuestion(_ id: String) throws(ShowRefusal) -> QuestionNumber {
        guard let number = questionNumber(forID: id) else { throw .unknownQuestion(id) }
        return number
    }
}
