// A live show desk over a real game on a temporary ledger, with a clock that goes when it is told to.

import Access
import Broadcast
import ControlRoom
import FoundationEssentials
import Game
import Ledger
import Synchronization
import Testing
import Trivia

@testable import Fanfare

/// Everything a show needs but a stream; the game's thread runs.
final class LiveShowDeskStand: Sendable {
    /// A programme that takes every cue.
    private final class Stage: CueStage {
        private let count = Mutex<UInt64>(0)

        func view(of stream: String) -> StageView? { StageView(programme: 1, ptsMs: 10_000) }

        func sight(of stream: String, nowNs: Int64) -> StageSight {
            StageSight(feed: .live, viewerCount: 1)
        }

        func insert(
            _ cue: Cue, into stream: String, nowNs: Int64
        ) throws(CueRefusal) -> CuePlace? {
            let seq = count.withLock { count in
                count += 1
                return count
            }
            return CuePlace(
                seq: seq, ptsMs: 10_000, position: seq, endPosition: seq + 1, isKept: true,
                insertedNs: nowNs, question: nil)
        }
    }

    let folder: String
    let ledger: Ledger
    let game: GameDesk
    let desk: LiveShowDesk
    let clock: Clock
    private let orderCount = Mutex(0)
    private let receipts = AsyncStream<Void>.makeStream()

    /// - Parameter folder: an older stand's copy, to go on with what it left.
    init(folder: String? = nil, nowMs: Int64 = 1_700_000_000_000) throws {
        self.folder =
            folder
            ?? FileManager.default.temporaryDirectory
            .appendingPathComponent("fanfare-desk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: self.folder, withIntermediateDirectories: true)
        ledger = try Ledger(folderPath: self.folder)
        let clock = Clock(nowMs: nowMs)
        self.clock = clock
        let arrived = receipts.continuation
        game = try GameDesk(
            ledger: ledger, stage: Stage(),
            clock: GameClock(
                monotonicNs: { clock.nowMs.withLock { $0 } * 1_000_000 },
                wallMs: { clock.nowMs.withLock { $0 } }),
            settings: DeskSettings(
                playerKey: try PlayerKey(validating: String(repeating: "k", count: 32)))
        ) { batch in
            for _ in batch.entries { arrived.yield() }
        }
        desk = LiveShowDesk(game: game, ledger: ledger)
        try game.start(findsStandstills: false)
    }

    /// A clock that goes when it is told to.
    final class Clock: Sendable {
        let nowMs: Mutex<Int64>
        init(nowMs: Int64) { self.nowMs = Mutex(nowMs) }
        func pass(ms: Int64) { nowMs.withLock { $0 += ms } }
    }

    /// Ends the game's thread, and takes the folder away.
    func end() {
        game.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What a crash would leave at this moment.
    func crashCopy() throws -> String {
        let copy = folder + "-copy"
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: true)
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            let from = folder + "/" + name
            guard FileManager.default.fileExists(atPath: from) else { continue }
            try FileManager.default.copyItem(atPath: from, toPath: copy + "/" + name)
        }
        return copy
    }

    @discardableResult
    func order(
        _ order: Trivia.ShowCommand, id: String? = nil, expected: Int? = nil, show: String = "show"
    ) async throws -> OrderReceipt {
        let number = orderCount.withLock { count in
            count += 1
            return count
        }
        return try await desk.perform(
            order, on: show,
            under: OrderTicket(id: id ?? "o-\(number)", expectedVersion: expected, by: "anna"))
    }

    /// Lets a player in.
    func admit(_ id: String) throws -> PlayerTicket {
        try game.admit(id: id, name: "Player \(id)", show: "show").get()
    }

    /// Gives these players' answers, and waits until all of them are judged.
    func answer(_ question: String, _ choices: [(PlayerTicket, Int32)]) async throws {
        let name = try #require(QuestionName(question))
        for (ticket, choice) in choices {
            let isTaken = game.submit(
                PlayerAnswer(
                    ticket: ticket, question: name, choice: choice,
                    receivedNs: clock.nowMs.withLock { $0 } * 1_000_000, handover: nil,
                    address: 1))
            #expect(isTaken)
        }
        var iterator = receipts.stream.makeAsyncIterator()
        for _ in choices { _ = await iterator.next() }
    }

    /// Questions `q1`, `q2`, … of three options; the second is right.
    static func questions(_ numbers: ClosedRange<Int>) -> [Question] {
        numbers.map { number in
            Question(
                id: "q\(number)", text: "What?", options: ["a", "b", "c"], correct: 2,
                explanation: "Because.")
        }
    }

    /// A show of three questions with its doors open.
    func openLobby(isRehearsal: Bool = false) async throws {
        var plan = ShowPlan(title: "Quiz")
        plan.prize = try PrizePool(minorUnits: 999, currency: "EUR")
        plan.isRehearsal = isRehearsal
        try await order(.create(plan, stream: "main"))
        try await order(.addQuestions(Self.questions(1...3)))
        try await order(.openLobby)
    }
}
