// The answers of a show for an export: a page from the ledger, judged by the show as it is.

import ControlRoom
import Game
import Ledger
import Trivia

/// One export. It reads on a thread of its own, and holds neither a connection of the ledger nor a
/// lock of the game between two pages.
actor LiveAnswerPages: AnswerPages {
    private let lane = SlowLane("answer export")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    /// Answers of one page.
    private static let pageCount = 1_000

    private let game: GameDesk
    private let ledger: Ledger
    private let archive: ShowArchive
    private let show: String
    private var newestReceipt: UInt32 = 0
    /// A show that isn't in memory any more, read back once.
    private var readBack: Show?

    init(game: GameDesk, ledger: Ledger, archive: ShowArchive, show: String) {
        self.game = game
        self.ledger = ledger
        self.archive = archive
        self.show = show
    }

    func next() async throws(ShowDeskRefusal) -> [AnswerLine] {
        let entries: [AnswerEntry]
        do throws(LedgerError) {
            entries = try ledger.answers(
                ofShow: show, after: newestReceipt, countMax: Self.pageCount)
        } catch { throw ShowDeskRefusal(error) }
        guard let newest = entries.last?.record.receipt else { return [] }
        newestReceipt = newest
        let judged = try await judge(entries.map(\.record))
        return zip(entries, judged).map { AnswerLine($0, $1) }
    }

    private func judge(
        _ records: [AnswerRecord]
    ) async throws(ShowDeskRefusal) -> [JudgedAnswer] {
        if readBack == nil, let judged = await game.judged(records, show: show) { return judged }
        let known: Show
        if let readBack { known = readBack } else { known = try await archive.report(show).show }
        readBack = known
        return records.map { known.judged($0) }
    }
}

extension AnswerLine {
    fileprivate init(_ entry: AnswerEntry, _ judged: JudgedAnswer) {
        let choice = Int(entry.record.choice)
        let options = judged.question?.options ?? []
        self.init(
            receipt: Int(entry.record.receipt), player: entry.playerID, name: entry.playerName,
            question: judged.question?.id ?? "number \(entry.record.question.rawValue)",
            choice: choice + 1,
            choiceText: options.indices.contains(choice) ? options[choice] : "",
            ruling: judged.verdict.rawValue,
            receivedAtMs: entry.record.receivedAtNs / 1_000_000,
            afterOpeningMs: judged.afterOpeningMs, lagMeasuredMs: judged.lag?.measuredMs,
            lagWindowMs: judged.lag?.windowMs, lagSpeedMs: judged.lag?.speedMs,
            elapsedMs: judged.elapsedMs)
    }
}
