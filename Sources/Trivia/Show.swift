// One show: what it is at this moment, and what can be seen of it.

import WireBytes

/// What is on for the audience.
public enum ShowStage: Equatable, Sendable {
    /// No question: the lobby, the standings or the winners.
    case empty
    /// This question, as its state says.
    case question(QuestionNumber)
    /// A question that was taken back, until something else comes.
    case voided(QuestionNumber, reason: String)
}

/// A show under its rules. A plain value without a clock: the same events give the same show.
///
/// `apply` is the only way to change it, and `perform`, `join` and `answer` go through it, so
/// whoever keeps the events can make the show again (`init(replaying:)`).
///
/// Its arrays grow with the players. Keep it in one place and change it there: a change while a
/// copy is around copies the arrays first.
public struct Show: Equatable, Sendable {
    /// The show's id.
    public let id: String
    /// Its title, rules and prize.
    public internal(set) var plan: ShowPlan
    /// How far it is.
    public internal(set) var phase = ShowPhase.draft
    /// Whether the host has stopped it for a while.
    public internal(set) var isPaused = false
    /// What is on.
    public internal(set) var stage = ShowStage.empty
    /// Grows by one with each of the host's events, so that a stale command can be told.
    public internal(set) var revision = 0
    /// All questions by their numbers, those taken out or voided included. For staff only.
    public internal(set) var questions: [QuestionEntry] = []
    /// The questions that are waiting, in the order in which they are asked.
    public internal(set) var plannedOrder: [QuestionNumber] = []
    /// How the prize was divided, once it was.
    public internal(set) var settledSplit: PrizeSplit?
    /// How many answers were accepted so far: the newest receipt's number.
    public internal(set) var acceptedCount: UInt32 = 0

    /// How many questions are to be asked, once that is fixed; and whether the host has said so.
    var fixedCount: Int?
    var isCountGiven = false
    /// Whether it was settled when players could win who had never answered.
    var silentWin = false
    /// What was put right after the show was settled, and changed nothing.
    public internal(set) var lateCorrections: [KeyCorrection] = []

    var players = Players()
    /// By address.
    var addressBans: [String: AddressBan] = [:]
    /// The questions that were opened and not voided, in that order.
    var rounds: [Round] = []
    var pause = PauseSpan()
    /// The newest instant in the log, ns. An older reading counts as this one.
    public internal(set) var newestNs: Int64 = 0

    /// A new show, as a draft. Its log begins with `ShowEvent.created`.
    ///
    /// - Throws: `ShowRefusal.badShowID` or `.badPlan`.
    public init(id: String, plan: ShowPlan) throws(ShowRefusal) {
        do { try TextRule.checkID(id) } catch { throw .badShowID(error) }
        // Whoever writes a plan is told more by `ShowPlan.check`; what a ledger has was let in once.
        do { try plan.check(from: .ledger) } catch { throw .badPlan(error) }
        self.id = id
        self.plan = plan
    }

    /// The show without its players and their answers, for whoever looks at everything else: it
    /// shares nothing with what the next answers change.
    public var withoutPlayers: Show {
        var bare = self
        bare.players = Players(tally: players.tally)
        bare.rounds = rounds.map { round in
            Round(
                terms: round.terms, sheet: AnswerSheet(playerCount: 0, like: round.sheet),
                effect: round.effect, corrections: round.corrections)
        }
        return bare
    }
}

// MARK: Players

extension Show {
    /// How many players are what.
    public var tally: PlayerTally { players.tally }

    /// The number of whoever joined with this id.
    public func playerNumber(forID id: String) -> PlayerNumber? { players.number(forID: id) }

    /// Whether whoever joins now plays.
    public var isEntryOpen: Bool {
        (phase == .lobby || phase == .live) && rounds.count < plan.entryClosesAtQuestion
    }

    /// A player's standing; nil where there is no such player.
    public func standing(of player: PlayerNumber) -> Standing? {
        guard players.contains(player) else { return nil }
        let seat = players.seats[player.index]
        return Standing(
            player: player, id: players.ids[player.index], name: players.shownName(of: player),
            joinedName: players.names[player.index],
            isNameHidden: players.isNameHidden(of: player), status: Self.status(of: seat),
            revivesLeft: Int(seat.revivesLeft),
            score: Int(seat.score), timeMs: seat.timeMs)
    }

    private static func status(of seat: Seat) -> PlayerStatus {
        switch (seat.removal, seat.place) {
        case (.banned, _): return .banned
        case (.kicked, _): return .kicked
        case (.none, .playing): return .playing
        case (.none, .watching): return .watching
        case (.none, .eliminated): return .eliminated(by: seat.eliminatedBy)
        }
    }

    /// A player's answer to one question; nil where none counts.
    func receipt(of player: PlayerNumber, inRound round: Int) -> Receipt? {
        // Straight from the arrays: a round that is passed on is a copy of all its references.
        guard rounds[round].sheet.choices.indices.contains(player.index) else { return nil }
        let choice = rounds[round].sheet.choices[player.index]
        guard choice != AnswerSheet.none else { return nil }
        return Receipt(
            number: rounds[round].sheet.receipts[player.index],
            question: rounds[round].terms.question, choice: choice)
    }

    /// A player's answers that count, in the order of the questions.
    public func receipts(of player: PlayerNumber) -> [Receipt] {
        rounds.indices.compactMap { receipt(of: player, inRound: $0) }
    }
}

// MARK: Questions

extension Show {
    /// The number of the question with this id. A question that was taken out has none.
    public func questionNumber(forID id: String) -> QuestionNumber? {
        questions.first { $0.question.id.hasSameBytes(as: id) && $0.state != .withdrawn }?.number
    }

    /// A question with its right option: for staff only. nil where there is no such number.
    public func question(_ number: QuestionNumber) -> QuestionEntry? {
        questions.indices.contains(number.index) ? questions[number.index] : nil
    }

    /// The state of the question that is on.
    var stateOn: QuestionState? {
        guard case .question(let number) = stage else { return nil }
        return questions[number.index].state
    }

    /// How many questions were asked and not voided.
    public var askedCount: Int { rounds.count }

    /// The instant, ns, after which no answer to the open question can be in time. nil where none
    /// is open, and in a pause.
    public var latestPossibleDeadlineNs: Int64? {
        guard stateOn == .open, !isPaused else { return nil }
        return rounds.last?.terms.clock.latestDeadlineNs
    }

    /// How long the window is still open for the first viewers at this instant, ms; in a pause, what
    /// was left as it began. 0 when it is over, nil where no question is open.
    public func windowLeftMs(atNs: Int64) -> Int64? {
        guard stateOn == .open, let clock = rounds.last?.terms.clock else { return nil }
        let endNs = clock.openedNs + Int64(clock.windowMs) * 1_000_000 + clock.extensionNs
        let fromNs = isPaused ? min(pause.fromNs, atNs) : atNs
        return max(0, (endNs - fromNs) / 1_000_000)
    }

    /// The last instant, ns, at which an answer from a viewer with this handover is in time. nil
    /// where no question is open.
    public func deadlineNs(for handover: Handover) -> Int64? {
        guard stateOn == .open else { return nil }
        return rounds.last?.terms.clock.deadlineNs(handover, receivedAtNs: .max)
    }

    /// What came out of a question; nil before its reveal.
    public func reveal(of number: QuestionNumber) -> Reveal? {
        guard let round = question(number)?.round, round >= 0 else { return nil }
        return rounds[round].effect?.reveal
    }
}
