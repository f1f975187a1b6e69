// Players in a show of their own, who answer at a given rate and time their receipts.

import Access
import Broadcast
import Game
import Glibc
import Ledger
import Synchronization
import Trivia

/// Nobody watches.
struct EmptyStage: CueStage {
    func view(of stream: String) -> StageView? { nil }
    func sight(of stream: String, nowNs: Int64) -> StageSight {
        StageSight(feed: .live, viewerCount: 1)
    }
    func insert(_ cue: Cue, into stream: String, nowNs: Int64) throws(CueRefusal) -> CuePlace? {
        nil
    }
}

/// When each answer was sent, and how long its receipt took. Written by two threads, each in its own
/// half, and read when both are done.
@safe final class Delays: @unchecked Sendable {
    let capacity: Int
    private let sentNs: UnsafeMutablePointer<Int64>
    private let delayNs: UnsafeMutablePointer<Int64>
    let receiptCount = Atomic<Int>(0)
    let refusedCount = Atomic<Int>(0)

    init(capacity: Int) {
        self.capacity = capacity
        unsafe sentNs = .allocate(capacity: capacity)
        unsafe delayNs = .allocate(capacity: capacity)
        unsafe sentNs.initialize(repeating: 0, count: capacity)
        unsafe delayNs.initialize(repeating: -1, count: capacity)
    }

    deinit {
        unsafe sentNs.deallocate()
        unsafe delayNs.deallocate()
    }

    func noteSent(_ index: Int, _ ns: Int64) { unsafe sentNs[index] = ns }

    func take(_ batch: ReceiptBatch) {
        let nowNs = GameClock.system.monotonicNs()
        for entry in batch.entries {
            let index = Int(entry.address)
            unsafe delayNs[index] = nowNs - sentNs[index]
            if !entry.isAccepted { refusedCount.add(1, ordering: .relaxed) }
        }
        receiptCount.add(batch.entries.count, ordering: .releasing)
    }

    /// The delays of so many answers in order, ms.
    func sortedMs(_ count: Int) -> [Double] {
        (0..<count).map { Double(unsafe delayNs[$0]) / 1e6 }.sorted()
    }
}

/// A desk with a lobby full of players.
final class Crowd {
    let delays: Delays
    let desk: GameDesk
    let folder: String
    private let tickets: [PlayerTicket]
    private var sentCount = 0
    private var commandCount = 0

    /// - Parameter watch: sees all receipts.
    init(
        folder: String, playerCount: Int, questionCount: Int, tuning: GroupTuning,
        plan: ShowPlan? = nil, watch: @escaping @Sendable (ReceiptBatch) -> Void = { _ in }
    ) throws {
        self.folder = folder
        let delays = Delays(capacity: playerCount * questionCount)
        self.delays = delays
        unsafe mkdir(folder, 0o700)
        let ledger = try Ledger(folderPath: folder)
        let key = try PlayerKey(validating: String(repeating: "k", count: 32))
        desk = try GameDesk(
            ledger: ledger, stage: EmptyStage(),
            settings: DeskSettings(playerKey: key, tuning: tuning)
        ) { batch in
            watch(batch)
            delays.take(batch)
        }
        let plan = try plan ?? ShowPlan(title: "Answers", reviveCount: 0)
        let desk = desk
        func host(_ id: String, _ command: ShowCommand) throws {
            let reply = Reply()
            desk.enqueue(
                HostRequest(commandID: id, who: "benchmark", show: "show", command: command)
            ) { reply.set($0) }
            desk.turn()
            _ = try reply.get()
        }
        try host("create", .create(plan, stream: "main"))
        let questions = try (0..<questionCount).map {
            try Question(
                id: "q\($0)", text: "What?", options: ["a", "b"], correctOption: 1,
                windowMs: 600_000)
        }
        try host("import", .replaceQuestions(questions))
        try host("lobby", .openLobby)
        tickets = try (0..<playerCount).map {
            try desk.admit(id: "player-\($0)", name: "Player \($0)", show: "show").get()
        }
        desk.turn()
        try desk.start()
    }

    func stop() { desk.stop() }

    func host(_ command: ShowCommand) throws {
        commandCount += 1
        let box = Reply()
        desk.enqueue(
            HostRequest(
                commandID: "c\(commandCount)", who: "benchmark", show: "show",
                command: command)
        ) { box.set($0) }
        _ = try box.get()
    }

    /// Everybody answers one question, so many a second. All are right, so that nobody is out.
    func answerAll(_ question: Int, perSecond: Int) throws {
        try open(question)
        send(question, perSecond: perSecond)
    }

    func open(_ question: Int) throws { try host(.open(question: "q\(question)")) }

    /// Sends everybody's answer, so many a second, and waits for the last receipt; 0 is as fast as
    /// it goes.
    func send(_ question: Int, perSecond: Int, choice: (Int) -> Int32 = { _ in 1 }) {
        guard let name = QuestionName("q\(question)") else { fatalError("an id of ours") }
        let startNs = GameClock.system.monotonicNs()
        let goal = tickets.count
        var done = 0
        while done < goal {
            var due = goal
            if perSecond > 0 {
                let elapsedNs = GameClock.system.monotonicNs() - startNs
                due = min(goal, Int(elapsedNs * Int64(perSecond) / 1_000_000_000))
            }
            while done < due {
                let nowNs = GameClock.system.monotonicNs()
                delays.noteSent(sentCount, nowNs)
                let isTaken = desk.submit(
                    PlayerAnswer(
                        ticket: tickets[done], question: name, choice: choice(done),
                        receivedNs: nowNs, handover: nil, address: UInt64(sentCount)))
                guard isTaken else { break }
                sentCount += 1
                done += 1
            }
            usleep(500)
        }
        while delays.receiptCount.load(ordering: .acquiring) < sentCount { usleep(200) }
    }

    func closeQuestion() throws {
        try host(.lock(isForced: true))
        try host(.reveal)
    }

    var answerCount: Int { sentCount }
}

/// The answer to a command, waited for.
final class Reply: Sendable {
    private let result = Mutex<Result<CommandReceipt, HostRefusal>?>(nil)

    func set(_ value: Result<CommandReceipt, HostRefusal>) { result.withLock { $0 = value } }

    func get() throws -> CommandReceipt {
        while true {
            if let value = result.withLock({ $0 }) { return try value.get() }
            usleep(200)
        }
    }
}
