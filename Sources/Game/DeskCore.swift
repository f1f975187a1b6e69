// All that belongs to the desk's thread, and the order of its turn.

import Ledger
import Synchronization

/// A value that no lock guards, since one thread has it. Whoever touches it while another does has
/// made a mistake, and the process ends there and then.
final class ThreadConfined<Value: ~Copyable>: @unchecked Sendable {
    private var value: Value
    private let isInUse = Atomic<Bool>(false)

    init(_ value: consuming Value) { self.value = value }

    func withValue(_ body: (inout Value) -> Void) {
        let wasInUse = isInUse.exchange(true, ordering: .acquiringAndReleasing)
        precondition(!wasInUse, "the desk's state is touched by one thread at a time")
        body(&value)
        isInUse.store(false, ordering: .releasing)
    }
}

/// What the desk is made of besides its state, given once.
struct DeskParts: Sendable {
    let settings: DeskSettings
    let ledger: Ledger
    let writer: any ShowWriting
    let stage: any CueStage
    let clock: ShowClock
    let receipts: @Sendable (ReceiptBatch) -> Void
    let news: @Sendable (DeskNews) -> Void
    let steps: @Sendable (ShowStep) -> Void
    /// Shows that can't be read.
    let setAside: [DamagedShow]
    let inbox: Inbox
    let admission: Admission
    let publication: Publication
    let heartbeat: Heartbeat
}

/// The running shows. Every change of them is one of three kinds, and each goes the same way:
/// *decided* by the rules, *written* by the ledger, and only then *published*, to whoever waits for
/// it, to the audience and to the snapshot. Answers: `commitGroup`. Hosts' commands and what is due by
/// the clock: `commit`. Shows that come and go: `create`, `delete`.
struct DeskCore: ~Copyable {
    let parts: DeskParts

    /// The shows in memory and their players' seats.
    var shows: ShowTable
    /// Who can see what.
    var sights = StreamSights()
    /// What hosts were told.
    var notes = HostNotes()
    /// What is counted.
    var health = GameHealth() {
        didSet { hasNews = true }
    }
    /// What the audience is told who asks.
    var states = PublicStates()

    /// Something has changed that the newest snapshot doesn't have.
    var hasNews = true
    /// When it was published, ns of the shows' clock.
    var publishedNs: Int64 = 0
    /// Its number.
    var snapshotNumber: UInt64 = 0

    // What is kept from turn to turn so that no memory is taken anew.
    var arrivals = Arrivals()
    var newcomers: [Newcomer] = []
    /// Answers by slot, while a group is judged.
    var groups: [SlotGroup] = []
    /// Why each answer of a group doesn't count; nil where it does. By its place in the group.
    var refusals: [ReceiptRefusal?] = []
    /// Whether each answer of a group came before, and is on disk.
    var repeats: [Bool] = []
    var batch = ReceiptBatch()
    /// The next of `arrivals.queries` to be answered; those that are left wait for another turn.
    var nextQuery = 0

    /// The newest instant that the ledger has for the shows' clock, ns.
    var aliveNs: Int64 = 0
    /// When the streams were looked at, ns of the shows' clock.
    var lookedNs: Int64 = 0
    /// The newest state's version.
    var stateVersion: UInt64 = 0
    /// What the operator has heard: so many notes, and why the ledger can't be written.
    var toldNoteCount = 0
    var toldFailure: String?
    var hasToldDamage = false

    init(parts: DeskParts, shows: consuming ShowTable) {
        self.parts = parts
        self.shows = shows
    }

    var settings: DeskSettings { parts.settings }
    var ledger: Ledger { parts.ledger }
    var writer: any ShowWriting { parts.writer }
    var stage: any CueStage { parts.stage }
    var clock: ShowClock { parts.clock }
    var admission: Admission { parts.admission }

    /// Deals with all that waits: players, answers, commands, what is due by the clock, and those who
    /// want to look.
    ///
    /// - Returns: Whether somebody still waits to look.
    mutating func turn() -> Bool {
        parts.inbox.take(into: &arrivals, withQueries: arrivals.queries.isEmpty)
        // What came in since a standstill has the time that it took.
        makeUpForStandstill()
        admitNewcomers()
        note(arrivals.handovers)
        commitAnswers()
        for command in arrivals.commands {
            let result = carryOut(command.request)
            // Whoever is told that it is done sees it done.
            publish()
            command.reply(result)
        }
        keepTime()
        if arrivals.overflowCount > 0 { health.overflowCount += arrivals.overflowCount }
        publishWhenDue()
        tellNews()
        arrivals.removeAllButQueries()
        return answerQueries()
    }

    /// Answers those who want to look, as many as leave answers their time.
    ///
    /// - Returns: Whether there are more.
    private mutating func answerQueries() -> Bool {
        let end = min(nextQuery + GameLimits.queryCountPerTurn, arrivals.queries.count)
        while nextQuery < end {
            answer(arrivals.queries[nextQuery])
            nextQuery += 1
        }
        guard nextQuery == arrivals.queries.count else { return true }
        arrivals.queries.removeAll(keepingCapacity: true)
        nextQuery = 0
        return false
    }

    /// Answers those who want to look now, and does nothing else.
    mutating func answerQueriesAlone() {
        for query in parts.inbox.takeQueries() { answer(query) }
    }
}
