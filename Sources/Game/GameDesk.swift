// The desk: the running shows, their players' answers and their hosts' commands.

public import Access
public import IORing
public import Ledger
import Synchronization

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
/// only then tells the audience. The shows belong to that thread alone (`DeskCore`). The others meet
/// it in three places, each behind a lock that is never held while anything is judged or written:
/// - `Inbox`: what `submit`, `handedOver`, `enqueue` and those who want to look have put down, until
///   the thread's next turn;
/// - `Publication`: the newest snapshot, which everybody may look at;
/// - `Admission`: who may come in. It gives out tickets at once, and the next turn the places.
///
/// Whoever starts no thread takes the turns himself by `turn()`.
public final class GameDesk: Sendable {
    let settings: DeskSettings
    let ledger: Ledger
    let clock: ShowClock
    let inbox: Inbox
    let publication: Publication
    let admission: Admission

    /// Shows that can't be read, and stay in the ledger as they are while the others are played.
    public let setAside: [DamagedShow]

    private let core: ThreadConfined<DeskCore>
    private let wakeSignal: WakeSignal
    private let heartbeat: Heartbeat
    private let isStopping = Atomic<Bool>(false)
    private let threads = Mutex<[PlainThread]>([])

    /// A desk with the shows of a ledger: each goes on where it was.
    ///
    /// - Parameters:
    ///   - writer: what writes instead of the ledger: tests let it fail.
    ///   - news: is called on the desk's thread with what belongs in a log.
    ///   - steps: is called on the desk's thread with what happens in the shows, and is to be quick.
    ///   - receipts: is called on the desk's thread with what is on disk, and is to be quick.
    /// - Throws: `LedgerError` where the ledger can't be read, `RingError` where the process has no
    ///   descriptor left. A show that is damaged is `setAside`.
    public init(
        ledger: Ledger, writer: (any ShowWriting)? = nil, stage: any CueStage,
        clock: GameClock = .system, settings: DeskSettings,
        news: @escaping @Sendable (DeskNews) -> Void = { _ in },
        steps: @escaping @Sendable (ShowStep) -> Void = { _ in },
        receipts: @escaping @Sendable (ReceiptBatch) -> Void
    ) throws {
        self.ledger = ledger
        self.settings = settings
        wakeSignal = try WakeSignal()
        let restored = try DeskCore.restore(ledger, nowMs: clock.wallMs())
        self.clock = ShowClock(clock, newestNs: restored.newestNs)
        setAside = restored.setAside
        inbox = Inbox()
        heartbeat = Heartbeat()
        admission = Admission(restored.admission)
        publication = Publication(GameSnapshot())
        core = ThreadConfined(
            DeskCore(
                parts: DeskParts(
                    settings: settings, ledger: ledger, writer: writer ?? ledger, stage: stage,
                    clock: self.clock, receipts: receipts, news: news, steps: steps,
                    setAside: setAside, inbox: inbox, admission: admission,
                    publication: publication, heartbeat: heartbeat),
                shows: restored.shows))
        // Whoever looks before the first turn sees what the ledger has.
        core.withValue { $0.publish() }
    }

    /// Server time, by which shows are played, minus the monotonic clock's, ns.
    public var serverOffsetNs: Int64 { clock.offsetNs }

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
        inbox.close()
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
            if settings.tuning.delayUs > 0, inbox.hasAnswers {
                MonotonicClock.sleep(us: settings.tuning.delayUs)
            }
            turn()
        }
        while turn() {}
    }

    /// Deals with what waits: players, answers, commands, what is due by the clock, and those who want
    /// to look. By one thread at a time.
    ///
    /// - Returns: Whether some who want to look are left for the next turn, which is to come at once.
    @discardableResult
    public func turn() -> Bool {
        var isBusy = false
        core.withValue { isBusy = $0.turn() }
        if isBusy { wakeSignal.raise() }
        return isBusy
    }

    /// Answers those who want to look, and does nothing else. For whoever takes the turns himself.
    public func answerQueries() { core.withValue { $0.answerQueriesAlone() } }

    // MARK: What comes in

    /// Takes an answer, to be judged soon. Waits for nothing.
    ///
    /// - Returns: Whether there was room; else the player is to be told to try again.
    public func submit(_ answer: PlayerAnswer) -> Bool {
        let isTaken = inbox.add(answer)
        wakeSignal.raise()
        return isTaken
    }

    /// Takes reports of players whose stream has brought them a question, before the answers that
    /// follow on the same connections. Of several for one player the one counts that leaves the
    /// least time: to open a second connection later gains nothing.
    public func handedOver(_ question: QuestionName, _ reports: [HandoverReport]) {
        inbox.add(reports, of: question)
    }

    /// Does something on the desk's thread when those who have come in until now have their places,
    /// and are on disk where it can be written.
    ///
    /// - Parameter reply: has to be quick.
    /// - Returns: Whether there was room; else it is not done.
    public func afterNextTurn(_ reply: @escaping @Sendable () -> Void) -> Bool {
        ask(.turn(reply: reply))
    }

    /// Whether there was room.
    func ask(_ query: DeskQuery) -> Bool {
        let isTaken = inbox.add(query)
        wakeSignal.raise()
        return isTaken
    }

    /// Takes a host's command. `reply` is called on the desk's thread once it is on disk.
    public func enqueue(
        _ request: HostRequest,
        reply: @escaping @Sendable (Result<CommandReceipt, HostRefusal>) -> Void
    ) {
        guard inbox.add(QueuedCommand(request: request, reply: reply)) else {
            return reply(.failure(.busy))
        }
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
