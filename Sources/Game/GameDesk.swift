// The desk: the running shows, their players' answers and their hosts' commands.

public import Access
public import IORing
public import Ledger
import Synchronization
import TextWire
import Trivia

/// How a desk is set up.
public struct DeskSettings: Sendable {
    /// What players' tokens are signed with.
    public var playerKey: PlayerKey
    /// Whether who has no token of the producer's may join by a name.
    public var allowsGuests: Bool
    /// How long the server may have been down for an open question to go on, s; after more it is
    /// voided.
    public var outageLimitS: Int
    /// How answers are grouped.
    public var tuning: GroupTuning

    /// Settings.
    public init(
        playerKey: PlayerKey, allowsGuests: Bool = false, outageLimitS: Int = 60,
        tuning: GroupTuning = GroupTuning()
    ) {
        precondition(GameLimits.outageLimitS.contains(outageLimitS))
        self.playerKey = playerKey
        self.allowsGuests = allowsGuests
        self.outageLimitS = outageLimitS
        self.tuning = tuning
    }
}

/// Runs the shows of one appliance.
///
/// One thread does everything that changes a show: it judges answers in groups, puts them on disk,
/// and only then hands out receipts; it checks a host's command, puts it on disk, applies it, and
/// only then tells the audience. No lock is ever held while the disk works, so shards and readers
/// never wait for it.
///
/// What `submit`, `handedOver`, `admit` and `enqueue` are given waits for the thread's next turn.
/// Whoever starts no thread takes the turns himself by `turn()`.
public final class GameDesk: Sendable {
    let settings: DeskSettings
    let ledger: Ledger
    let writer: any ShowWriting
    let stage: any CueStage
    let clock: ShowClock
    let receipts: @Sendable (ReceiptBatch) -> Void
    let news: @Sendable (DeskNews) -> Void

    /// Shows that can't be read, and stay in the ledger as they are while the others are played.
    public let setAside: [DamagedShow]

    let state: Mutex<DeskState>
    let roster: Mutex<Roster>
    let states = Mutex(SaidStates())
    private let inbox = Mutex(Inbox())
    private let work = Mutex(DeskWork())
    private let wakeSignal: WakeSignal
    private let isStopping = Atomic<Bool>(false)
    private let threads = Mutex<[PlainThread]>([])
    let heartbeat = Heartbeat()

    /// A desk with the shows of a ledger: each goes on where it was.
    ///
    /// - Parameters:
    ///   - writer: what writes instead of the ledger: tests let it fail.
    ///   - news: is called on the desk's thread with what belongs in a log.
    ///   - receipts: is called on the desk's thread with what is on disk, and is to be quick.
    /// - Throws: `LedgerError` where the ledger can't be read, `RingError` where the process has no
    ///   descriptor left. A show that is damaged is `setAside`.
    public init(
        ledger: Ledger, writer: (any ShowWriting)? = nil, stage: any CueStage,
        clock: GameClock = .system, settings: DeskSettings,
        news: @escaping @Sendable (DeskNews) -> Void = { _ in },
        receipts: @escaping @Sendable (ReceiptBatch) -> Void
    ) throws {
        self.ledger = ledger
        self.writer = writer ?? ledger
        self.stage = stage
        self.settings = settings
        self.receipts = receipts
        self.news = news
        wakeSignal = try WakeSignal()
        let restored = try Self.restore(ledger, nowMs: clock.wallMs())
        self.clock = ShowClock(clock, newestNs: restored.newestNs)
        setAside = restored.setAside
        state = Mutex(restored.state)
        roster = Mutex(restored.roster)
        inbox.withLock { inbox in
            inbox.answers.reserveCapacity(GameLimits.waitingAnswerCountMax / 8)
        }
    }

    // MARK: The thread

    /// Starts the desk's threads. At most once.
    ///
    /// - Parameter findsStandstills: whether a clock that jumps means that the process stood still; not
    ///   so where the clock is set by hand.
    /// - Throws: `RingError.thread` where the system has none.
    public func start(findsStandstills: Bool = true) throws(RingError) {
        try threads.withLock { threads throws(RingError) in
            precondition(threads.isEmpty, "started once")
            threads = [try PlainThread(name: "game desk") { [self] in run() }]
            guard findsStandstills else { return }
            beat()
            threads.append(
                try PlainThread(name: "game heartbeat") { [self] in
                    while !isStopping.load(ordering: .sequentiallyConsistent) {
                        beat()
                        MonotonicClock.sleep(ms: GameLimits.beatMs)
                    }
                })
        }
    }

    /// Says that the process runs. The thread of `start` does so all the time; whoever takes the turns
    /// himself need not, and then no standstill is looked for.
    public func beat() { heartbeat.note(nowNs: clock.monotonicNs) }

    /// Ends the thread after what waits has been dealt with.
    public func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        wakeSignal.raise()
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in running { thread.join() }
    }

    private func run() {
        turn()
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            wakeSignal.wait(ms: GameLimits.tickMs)
            if settings.tuning.delayUs > 0, inbox.withLock({ !$0.answers.isEmpty }) {
                MonotonicClock.sleep(us: settings.tuning.delayUs)
            }
            turn()
        }
        turn()
    }

    /// Deals with all that waits: players, answers, commands, and what is due by the clock.
    public func turn() {
        work.withLock { work in
            inbox.withLock { swap(&$0, &work.inbox) }
            // What came in since a standstill has the time that it took.
            makeUpForStandstill(&work)
            admitNewcomers(&work)
            take(work.inbox.handovers)
            commitAnswers(&work)
            for command in work.inbox.commands {
                let result = carryOut(command.request, &work)
                command.reply(result)
            }
            keepTime(&work)
            for errand in work.inbox.errands { errand() }
            let overflowCount = work.inbox.overflowCount
            if overflowCount > 0 { state.withLock { $0.health.overflowCount += overflowCount } }
            tellNews(&work)
            work.inbox.removeAll()
        }
    }

    // MARK: What comes in

    /// Takes an answer, to be judged soon. Waits for nothing.
    ///
    /// - Returns: Whether there was room; else the player is to be told to try again.
    public func submit(_ answer: PlayerAnswer) -> Bool {
        let isTaken = inbox.withLock { inbox in
            guard inbox.answers.count < GameLimits.waitingAnswerCountMax else {
                inbox.overflowCount += 1
                return false
            }
            inbox.answers.append(answer)
            return true
        }
        wakeSignal.raise()
        return isTaken
    }

    /// Takes reports of players whose stream has brought them a question, before the answers that
    /// follow on the same connections. Of several for one player the one counts that leaves the
    /// least time: to open a second connection later gains nothing.
    public func handedOver(_ question: QuestionName, _ reports: [HandoverReport]) {
        inbox.withLock { inbox in
            let room = GameLimits.waitingHandoverCountMax - inbox.handovers.count
            for report in reports.prefix(max(0, room)) {
                inbox.handovers.append(NamedHandover(question: question, report: report))
            }
        }
    }

    /// Does something on the desk's thread when those who have come in until now have their places,
    /// and are on disk where it can be written.
    ///
    /// - Parameter errand: has to be quick.
    /// - Returns: Whether there was room; else it is not done.
    public func afterNextTurn(_ errand: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = inbox.withLock { inbox in
            let hasRoom =
                inbox.errands.count < GameLimits.waitingErrandCountMax
                && !isStopping.load(ordering: .sequentiallyConsistent)
            if hasRoom { inbox.errands.append(errand) }
            return hasRoom
        }
        wakeSignal.raise()
        return isTaken
    }

    /// Takes a host's command. `reply` is called on the desk's thread once it is on disk.
    public func enqueue(
        _ request: HostRequest,
        reply: @escaping @Sendable (Result<CommandReceipt, HostRefusal>) -> Void
    ) {
        let isTaken = inbox.withLock { inbox in
            let hasRoom =
                inbox.commands.count < GameLimits.waitingCommandCountMax
                && !isStopping.load(ordering: .sequentiallyConsistent)
            if hasRoom { inbox.commands.append(QueuedCommand(request: request, reply: reply)) }
            return hasRoom
        }
        guard isTaken else { return reply(.failure(.busy)) }
        wakeSignal.raise()
    }

    /// Carries out a host's command.
    ///
    /// - Throws: `HostRefusal` with a sentence for the host; then nothing has changed.
    public func perform(_ request: HostRequest) async throws(HostRefusal) -> CommandReceipt {
        let result = await withCheckedContinuation { continuation in
            enqueue(request) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}
