// Looking at the shows: at the newest snapshot from any thread, and at players through the desk's.

public import Ledger
public import Trivia

/// A show as its host sees it: with the right options.
public struct ShowReport: Sendable {
    /// What is on disk of it, for the list.
    public let id: String
    /// The stream it plays on.
    public let stream: String
    /// When it was made, ms since 1970.
    public let createdMs: Int64
    /// Its title, rules and prize.
    public let plan: ShowPlan
    /// How far it is.
    public let phase: ShowPhase
    /// What is on.
    public let stage: ShowStage
    /// Whether it is paused.
    public let isPaused: Bool
    /// What a command's `expectedRevision` is held against.
    public let revision: Int
    /// All questions by number, those taken out or voided included.
    public let questions: [QuestionEntry]
    /// The questions that are waiting, in the order of asking.
    public let plannedOrder: [QuestionNumber]
    /// How many players are what.
    public let tally: PlayerTally
    /// How the answers to the question that is on come in.
    public let numbers: LiveNumbers?
    /// What came out of the question that is on, or of the last; nil before its reveal.
    public let reveal: Reveal?
    /// How long answers can still be in time, ms; nil where no question is open, and in a pause.
    public let leftMs: Int64?
    /// Whether a lock waits for that.
    public let isLockPending: Bool
    /// How long the first viewers' window is still open, ms; in a pause, what was left as it began.
    /// nil where no question is open.
    public let windowLeftMs: Int64?
    /// Who can see its stream; nil for one that is settled.
    public let sight: SightReport?
    /// How it ended, once it has.
    public let settlement: Settlement?
    /// The addresses that most players came from, where many did.
    public let crowdedAddresses: [AddressCount]
    /// Where its players came from, by number; empty where they were not asked for. For staff only.
    public let origins: [PlayerOrigin]
    /// All of it; without its players where only the rest was asked for. Let go of one with players
    /// soon: while it is kept, the next answers copy what they change.
    public let show: Show
}

extension GameDesk {
    // MARK: By the newest snapshot

    /// A show that is in memory as the newest snapshot has it, without its players; nil where there is
    /// none of this id, and for most that are settled. It costs the same however many play.
    public func heldReport(show id: String) -> ShowReport? {
        publication.newest.view(ofShow: id).map { ShowReport($0, nowNs: clock.nowNs) }
    }

    /// The shows in memory and how many play them, for metrics.
    public func figures() -> [ShowFigures] {
        publication.newest.shows.map { view in
            ShowFigures(
                id: view.show.id, stream: view.stream, phase: view.show.phase,
                tally: view.show.tally)
        }
    }

    /// Whether a question of any show is open, in a pause or not.
    public var hasOpenQuestion: Bool { publication.newest.shows.contains(where: \.hasOpenQuestion) }

    /// What the desk counts about itself.
    public var health: GameHealth { publication.newest.health }

    /// What hosts should know, the oldest first.
    public var notes: [HostNote] { publication.newest.notes }

    /// What is on, on a stream, for everybody who asks.
    ///
    /// - Parameter stream: nil for the only stream that has a show; where none has, the one whose
    ///   show was over last.
    public func state(of stream: String?) -> StateText {
        publication.newest.states.state(of: stream)
    }

    /// An element for each change of a show, in memory or not: at once for what hosts and the clock do,
    /// and a few times a second at most while only numbers of players and answers change. Changes that
    /// nobody has taken yet are one. By then the newest snapshot has them.
    public func changes(ofShow id: String) -> AsyncStream<Void> {
        publication.changes(ofShow: id)
    }

    /// The id of each show that changes, as `changes(ofShow:)` would tell it. It ends when more have
    /// changed than anybody takes: whoever wants to know on looks at all anew.
    public func changes() -> AsyncStream<String> { publication.changes() }

    // MARK: By the desk's thread

    /// A show that is in memory, with its players, as it is when the desk's thread comes to it; nil
    /// where there is none of this id.
    public func fullReport(show id: String) async -> ShowReport? {
        await withCheckedContinuation { continuation in
            askReport(show: id) { continuation.resume(returning: $0) }
        }
    }

    /// As `fullReport`, for whoever can't wait. `reply` is called on the desk's thread.
    public func askReport(
        show id: String, reply: @escaping @Sendable (ShowReport?) -> Void
    ) {
        if !ask(.report(show: id, reply: reply)) { reply(nil) }
    }

    /// What came of answers of a show that is in memory; nil where it isn't. For a page of them: no
    /// answer is judged meanwhile.
    public func judged(_ records: [AnswerRecord], show id: String) async -> [JudgedAnswer]? {
        await withCheckedContinuation { continuation in
            let isTaken = ask(
                .judged(records, show: id) { continuation.resume(returning: $0) })
            if !isTaken { continuation.resume(returning: nil) }
        }
    }

    /// How a player stands, once all who have come in until now have their places.
    ///
    /// - Parameter reply: is called on the desk's thread, and has to be quick.
    /// - Returns: Whether there was room; else nobody replies.
    public func askStanding(
        of ticket: PlayerTicket, reply: @escaping @Sendable (PlayerStanding) -> Void
    ) -> Bool {
        ask(.standing(ticket, reply: reply))
    }

    /// Who players are; those who have no seat are left out.
    public func seats(of tickets: [PlayerTicket]) async -> [SeatedPlayer] {
        guard !tickets.isEmpty else { return [] }
        return await withCheckedContinuation { continuation in
            let isTaken = ask(.seats(tickets) { continuation.resume(returning: $0) })
            if !isTaken { continuation.resume(returning: []) }
        }
    }

    /// The ticket of a player of a show that is held; nil where there is none.
    public func ticket(ofPlayer id: String, show: String) -> PlayerTicket? {
        admission.ticket(of: id, show: show)
    }

    // MARK: By the ledger

    /// A show as the ledger has it, whether it is in memory or not; nil where there is none of this
    /// id. Takes its time.
    public func storedReport(show id: String) throws(LedgerError) -> ShowReport? {
        guard try ledger.entry(ofShow: id) != nil else { return nil }
        let stored = try ledger.load(show: id)
        var slot = ShowSlot(
            key: stored.entry.key, stream: stored.entry.stream, show: stored.show,
            createdMs: stored.entry.createdMs)
        slot.addOrigins(stored.origins)
        return ShowReport(slot, nowNs: clock.nowNs)
    }

    /// All shows, settled ones too, in the order in which they were made.
    public func shows() throws(LedgerError) -> [ShowEntry] { try ledger.shows() }

    /// Plays a show's log through again and compares (`Ledger.audit`). Takes its time.
    public func audit(show id: String) throws(LedgerError) -> ShowAudit {
        try ledger.audit(show: id)
    }

    /// The newest lines of a show's log, the oldest first.
    public func log(show id: String, countMax: Int = 1000) throws(LedgerError) -> [LogLine] {
        try ledger.log(ofShow: id, countMax: countMax)
    }
}

extension ShowReport {
    /// A show as a snapshot has it.
    init(_ view: ShowView, nowNs: Int64) {
        self.init(
            view.show, stream: view.stream, createdMs: view.createdMs,
            isLockPending: view.isLockPending, sight: view.sight, settlement: view.settlement,
            crowdedAddresses: view.crowdedAddresses, origins: [], nowNs: nowNs)
    }

    /// A show with its players.
    init(_ slot: ShowSlot, nowNs: Int64, sight: SightReport? = nil) {
        self.init(
            slot.show, stream: slot.stream, createdMs: slot.createdMs,
            isLockPending: slot.pendingLock != nil,
            sight: slot.show.phase == .settled ? nil : sight, settlement: slot.settlement,
            crowdedAddresses: slot.crowd.largest(GameLimits.crowdListCountMax),
            origins: slot.crowd.origins, nowNs: nowNs)
    }

    private init(
        _ show: Show, stream: String, createdMs: Int64, isLockPending: Bool, sight: SightReport?,
        settlement: Settlement?, crowdedAddresses: [AddressCount], origins: [PlayerOrigin],
        nowNs: Int64
    ) {
        var reveal: Reveal?
        if case .question(let number) = show.stage { reveal = show.reveal(of: number) }
        self.init(
            id: show.id, stream: stream, createdMs: createdMs, plan: show.plan,
            phase: show.phase, stage: show.stage, isPaused: show.isPaused,
            revision: show.revision, questions: show.questions, plannedOrder: show.plannedOrder,
            tally: show.tally, numbers: show.liveNumbers, reveal: reveal,
            leftMs: show.latestPossibleDeadlineNs.map { max(0, ($0 - nowNs) / 1_000_000) },
            isLockPending: isLockPending, windowLeftMs: show.windowLeftMs(atNs: nowNs),
            sight: sight, settlement: settlement, crowdedAddresses: crowdedAddresses,
            origins: origins, show: show)
    }
}
