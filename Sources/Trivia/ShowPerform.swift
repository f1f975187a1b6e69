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
    /// - Returns: the event for the log.
    /// - Throws: `ShowRefusal` with a sentence for the host; then nothing has changed.
    public mutating func perform(
        _ command: ShowCommand, atNs: Int64, expectedRevision: Int? = nil
    ) throws(ShowRefusal) -> ShowEvent {
        let event = try event(for: command, atNs: atNs, expectedRevision: expectedRevision)
        try apply(event)
        return event
    }

    /// The event a command would be, for whoever writes it down before it is applied. It changes
    /// nothing.
    ///
    /// - Throws: `ShowRefusal` with a sentence for the host.
    public func event(
        for command: ShowCommand, atNs: Int64, expectedRevision: Int? = nil
    ) throws(ShowRefusal) -> ShowEvent {
        if let expectedRevision, expectedRevision != revision {
            throw .stale(expected: expectedRevision, revision: revision)
        }
        let event = try translate(command, atNs: max(atNs, newestNs))
        try check(event)
        try Self.checkTexts(of: event)
        return event
    }

    /// What a host writes keeps to more than what an older ledger has.
    private static func checkTexts(of event: ShowEvent) throws(ShowRefusal) {
        switch event {
        case .voided(_, let reason): try checkReason(reason, from: .people)
        case .edited(let plan): do { try plan.check() } catch { throw .badPlan(error) }
        case .questionAdded(let question), .questionEdited(_, let question):
            do { try question.check() } catch { throw .badQuestion(error) }
        default: break
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
        _ command: ShowCommand, atNs: Int64
    ) throws(ShowRefusal) -> ShowEvent {
        switch command {
        case .edit(let plan): return .edited(plan: plan)
        case .addQuestion(let question): return .questionAdded(question)
        case .editQuestion(let id, let question):
            return .questionEdited(try requireQuestion(id), question)
        case .withdrawQuestion(let id): return .questionWithdrawn(try requireQuestion(id))
        case .orderQuestions(let ids):
            var order: [QuestionNumber] = []
            for id in ids { order.append(try requireQuestion(id)) }
            return .questionsOrdered(order)
        case .openLobby: return .lobbyOpened
        case .open(let id, let isLast):
            let number: QuestionNumber
            if let id {
                number = try requireQuestion(id)
            } else {
                if isPlanDone, !plannedOrder.isEmpty { throw .planDone(plannedCount) }
                guard let next = nextQuestion else { throw .noQuestions }
                number = next
            }
            return .opened(number, atNs: atNs, isLast: isLast || isNextTheLast)
        case .planLast(let number): return .lastPlanned(number: number ?? askedCount + 1)
        case .correct(let id, let option, let reason):
            if let id {
                return .keyCorrected(try requireQuestion(id), option: option, reason: reason)
            }
            guard case .question(let number) = stage else { throw .nothingOn }
            return .keyCorrected(number, option: option, reason: reason)
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
        case .kick(let player): return .kicked(player)
        case .ban(let player): return .banned(player)
        case .reinstate(let player): return .reinstated(player)
        case .banAddress(let address, let players): return .addressBanned(address, players)
        case .unbanAddress(let address): return .addressUnbanned(address)
        }
    }

    private func requireQuestion(_ id: String) throws(ShowRefusal) -> QuestionNumber {
        guard let number = questionNumber(forID: id) else { throw .unknownQuestion(id) }
        return number
    }
}
