// A desk whose time, stage and disk are the test's; it takes its turns when it is told to.

import Access
import Broadcast
import FLV
import Foundation
import Game
import Ledger
import Synchronization
import Testing
import Trivia

/// A folder that goes with the test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fanfare-game-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What a crash would leave at this moment.
    func crashCopy() throws -> Folder {
        let copy = try Folder()
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            let from = path + "/" + name
            guard FileManager.default.fileExists(atPath: from) else { continue }
            try FileManager.default.copyItem(atPath: from, toPath: copy.path + "/" + name)
        }
        return copy
    }
}

/// A clock that goes when it is told to.
final class HandClock: Sendable {
    let nowMs = Mutex<Int64>(1_700_000_000_000)
    /// The monotonic clock of another boot begins elsewhere.
    let bootMs: Int64

    init(bootMs: Int64 = 0, nowMs: Int64 = 1_700_000_000_000) {
        self.bootMs = bootMs
        self.nowMs.withLock { $0 = nowMs }
    }

    func pass(ms: Int64) { nowMs.withLock { $0 += ms } }

    var monotonicNs: Int64 { (nowMs.withLock { $0 } - bootMs) * 1_000_000 }

    var clock: GameClock {
        GameClock(monotonicNs: { self.monotonicNs }, wallMs: { self.nowMs.withLock { $0 } })
    }
}

/// A programme that remembers its cues.
final class TestStage: CueStage {
    struct Content: Sendable {
        var programme: UInt64? = 1
        var isSilent = false
        var viewerCount = 1
        var cues: [Cue] = []
        /// What the next cue is refused for.
        var refusal: CueRefusal?
    }
    let content = Mutex(Content())

    func view(of stream: String) -> StageView? {
        content.withLock { content in
            content.programme.map { StageView(programme: $0, ptsMs: 10_000) }
        }
    }

    func sight(of stream: String, nowNs: Int64) -> StageSight {
        content.withLock { content in
            StageSight(
                feed: content.programme == nil ? .off : content.isSilent ? .silent : .live,
                viewerCount: content.viewerCount)
        }
    }

    func insert(_ cue: Cue, into stream: String, nowNs: Int64) throws(CueRefusal) -> CuePlace? {
        try content.withLock { content throws(CueRefusal) in
            guard content.programme != nil else { return nil }
            if let refusal = content.refusal {
                content.refusal = nil
                throw refusal
            }
            content.cues.append(cue)
            let count = UInt64(content.cues.count)
            return CuePlace(
                seq: count, ptsMs: 10_000, position: count, endPosition: count + 1,
                isKept: true, insertedNs: nowNs, question: cue.question)
        }
    }

    var phases: [String] {
        content.withLock { $0.cues }.compactMap { $0["phase"]?.stringValue }
    }
}

extension Cue {
    subscript(_ name: String) -> AMF0Value? { properties.first { $0.name == name }?.value }
}

/// A ledger that fails when it is told to.
final class FragileWriter: ShowWriting {
    let ledger: Ledger
    let isBroken = Mutex(false)

    init(_ ledger: Ledger) { self.ledger = ledger }

    private func check() throws(LedgerError) {
        if isBroken.withLock({ $0 }) { throw .full(path: ledger.path) }
    }

    func write(_ writes: [AudienceWrite], aliveNs: Int64) throws(LedgerError) {
        try check()
        try ledger.write(writes, aliveNs: aliveNs)
    }

    func write(_ write: HostWrite, aliveNs: Int64) throws(LedgerError) -> ShowKey {
        try check()
        return try ledger.write(write, aliveNs: aliveNs)
    }

    func remove(_ show: ShowKey, line: LogLine) throws(LedgerError) {
        try check()
        try ledger.remove(show, line: line)
    }

    func note(_ line: LogLine, aliveNs: Int64) throws(LedgerError) {
        try check()
        try ledger.note(line, aliveNs: aliveNs)
    }

    func stayAlive(atNs: Int64) throws(LedgerError) {
        try check()
        try ledger.stayAlive(atNs: atNs)
    }
}

/// What was called back, in its order.
final class Heard<Item: Sendable>: Sendable {
    private let items = Mutex<[Item]>([])
    func add(_ item: Item) { items.withLock { $0.append(item) } }
    var all: [Item] { items.withLock { $0 } }
}

/// A desk and all around it.
final class DeskStand {
    let folder: Folder
    let clock: HandClock
    let stage = TestStage()
    let ledger: Ledger
    let writer: FragileWriter
    let desk: GameDesk
    let key: PlayerKey
    let receipts = Receipts()
    private var commandCount = 0

    final class Receipts: Sendable {
        let texts = Mutex<[UInt64: String]>([:])
        func take(_ batch: ReceiptBatch) {
            texts.withLock { texts in
                for entry in batch.entries {
                    texts[entry.address] = String(
                        decoding: batch.bytes[entry.range], as: UTF8.self)
                }
            }
        }
        subscript(_ address: UInt64) -> String? { texts.withLock { $0[address] } }
    }

    init(
        folder: Folder? = nil, clock: HandClock = HandClock(), isOnAir: Bool = true,
        tuning: GroupTuning = GroupTuning(), allowsGuests: Bool = false,
        news: @escaping @Sendable (DeskNews) -> Void = { _ in },
        steps: @escaping @Sendable (ShowStep) -> Void = { _ in }
    ) throws {
        self.folder = try folder ?? Folder()
        self.clock = clock
        if !isOnAir { stage.content.withLock { $0.programme = nil } }
        key = try PlayerKey(validating: String(repeating: "k", count: 32))
        ledger = try Ledger(folderPath: self.folder.path)
        writer = FragileWriter(ledger)
        let receipts = receipts
        desk = try GameDesk(
            ledger: ledger, writer: writer, stage: stage, clock: clock.clock,
            settings: DeskSettings(playerKey: key, allowsGuests: allowsGuests, tuning: tuning),
            news: news, steps: steps
        ) { receipts.take($0) }
        desk.turn()
    }

    /// The same folder after a crash, by a new process.
    func crashed(downMs: Int64 = 0, isOnAir: Bool = true) throws -> DeskStand {
        let now = clock.nowMs.withLock { $0 } + downMs
        return try DeskStand(
            folder: folder.crashCopy(), clock: HandClock(bootMs: now - 5000, nowMs: now),
            isOnAir: isOnAir)
    }

    func send(_ request: HostRequest) -> Result<CommandReceipt, HostRefusal> {
        let result = Mutex<Result<CommandReceipt, HostRefusal>?>(nil)
        withExtendedLifetime(result) {
            let box = Box(result: result.withLock { $0 })
            desk.enqueue(request) { answer in box.value.withLock { $0 = answer } }
            desk.turn()
            result.withLock { $0 = box.value.withLock { $0 } }
        }
        return result.withLock { $0 } ?? .failure(.busy)
    }

    private final class Box: Sendable {
        let value: Mutex<Result<CommandReceipt, HostRefusal>?>
        init(result: Result<CommandReceipt, HostRefusal>?) { value = Mutex(result) }
    }

    @discardableResult
    func host(
        _ command: ShowCommand, id: String? = nil, show: String = "show", expected: Int? = nil
    ) throws -> CommandReceipt {
        commandCount += 1
        let request = HostRequest(
            commandID: id ?? "c\(commandCount)-\(UUID().uuidString)", who: "anna", show: show,
            expectedRevision: expected, command: command)
        return try send(request).get()
    }

    @discardableResult
    func play(_ command: ShowCommand) throws -> CommandReceipt { try host(command) }

    /// A show in its lobby, with questions `q0`, `q1`, … of three options; option 1 is right.
    func open(questionCount: Int = 3, plan: ShowPlan? = nil, show: String = "show") throws {
        let plan =
            try plan
            ?? ShowPlan(title: "Quiz", prize: PrizePool(minorUnits: 999, currency: "EUR"))
        try host(.create(plan, stream: "main"), show: show)
        try host(.replaceQuestions(Self.questions(questionCount)), show: show)
        try host(.openLobby, show: show)
    }

    static func questions(_ count: Int) throws -> [Question] {
        try (0..<count).map { index in
            try Question(
                id: "q\(index)", text: "What?", options: ["a", "b", "c"], correctOption: 1,
                windowMs: 10_000)
        }
    }

    func admit(_ id: String, show: String = "show") throws -> PlayerTicket {
        let token = try PlayerToken(
            subject: id, name: "Player \(id)", show: show, expiresAtUnixS: 1_800_000_000
        ).mint(key: key)
        return try desk.admit(token: Array(token.utf8).span.bytes).get()
    }

    /// Sends an answer; its receipt comes with the next turn.
    func answer(
        _ ticket: PlayerTicket, _ question: String, _ choice: Int32, address: UInt64,
        show: String? = nil, handedOverNs: Int64? = nil
    ) throws {
        let name = try #require(QuestionName(question))
        let isTaken = desk.submit(
            PlayerAnswer(
                ticket: ticket, question: name, choice: choice,
                receivedNs: clock.monotonicNs,
                handover: handedOverNs.map { StreamHandover(atNs: $0, sinceNs: 0) },
                show: show.flatMap { QuestionName($0) }, address: address))
        #expect(isTaken)
    }

    /// A player's connection has the question now.
    ///
    /// - Parameters:
    ///   - countedNs: when it counts as having it; nil for now.
    ///   - sinceNs: since when it is the player's; nil for ever.
    func handOver(
        _ question: String, _ ticket: PlayerTicket, countedNs: Int64? = nil, sinceNs: Int64? = nil
    ) {
        guard let name = QuestionName(question) else { return }
        let handover = StreamHandover(
            atNs: clock.monotonicNs, countedNs: countedNs, sinceNs: sinceNs ?? 0)
        desk.handedOver(name, [HandoverReport(ticket: ticket, handover: handover)])
    }

    var report: ShowReport? { try? desk.report(show: "show") }
}

extension ShowCommand {
    /// - Parameter option: counted from 0.
    static func correct(question: String?, option: Int, reason: String) -> ShowCommand {
        .correct(question: question, correct: "#\(option &+ 1)", reason: reason)
    }
}
