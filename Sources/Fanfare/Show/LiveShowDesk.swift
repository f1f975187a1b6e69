// The staff's side of the game: what the control room asks, and what the game answers.

import ControlRoom
import Game
import Ledger
import Trivia
import WireBytes

/// Shows the control room the game's shows, and hands the host's orders to the game.
///
/// What is on is read from memory, so that staff see it even while the disk fails.
final class LiveShowDesk: ShowDesk {
    let game: GameDesk
    let reader: LedgerReader
    private let ledger: Ledger
    private let archive: ShowArchive
    private let search = PlayerSearch()

    init(game: GameDesk, ledger: Ledger) {
        self.game = game
        self.ledger = ledger
        reader = LedgerReader(ledger)
        archive = ShowArchive(game: game, ledger: ledger)
    }

    /// A show at this moment.
    func report(
        _ show: String, withPlayers: Bool = false
    ) async throws(ShowDeskRefusal) -> ShowReport {
        let held =
            withPlayers ? await game.fullReport(show: show) : game.heldReport(show: show)
        if let held { return held }
        return try await archive.report(show)
    }

    // MARK: Shows

    func shows() async throws(ShowDeskRefusal) -> [ShowSummary] {
        let (digests, damaged) = try await reader.read { ledger throws(LedgerError) in
            try ledger.digests()
        }
        let summaries = digests.reversed().map { digest in
            var summary = ShowSummary(
                id: digest.entry.id, stream: digest.entry.stream, title: digest.plan.title,
                mode: digest.plan.mode,
                isRehearsal: digest.plan.isRehearsal,
                phase: digest.entry.phase, version: digest.entry.revision,
                questionCount: digest.questionCount, playerCount: digest.playerCount,
                startsAtMs: digest.plan.startsAtMs, prize: digest.plan.prize)
            summary.problem = game.setAside.first { $0.id == summary.id }?.error.description
            return summary
        }
        return summaries
            + damaged.map { show in
                ShowSummary(damaged: show.id, problem: show.error.description)
            }
    }

    func state(of show: String) async throws(ShowDeskRefusal) -> ShowState {
        let report = try await report(show)
        return ShowState(
            id: report.id, stream: report.stream, plan: report.plan,
            phase: report.phase, isPaused: report.isPaused,
            version: report.revision, tally: report.tally,
            question: QuestionOn(report), waitingCount: report.plannedOrder.count,
            nextQuestion: report.show.nextQuestion.flatMap { report.show.question($0) }?
                .question.id,
            settlement: SettlementPreview(report),
            onAir: report.sight.map(OnAir.init),
            notes: game.notes.filter { $0.show.hasSameBytes(as: show) }.map { note in
                ControlRoom.HostNote(atMs: note.atMs, text: note.text)
            },
            crowdedAddresses: report.crowdedAddresses.map {
                CrowdedAddress(address: $0.host.description, playerCount: $0.playerCount)
            }, spareCount: report.show.spareCount, askedCount: report.show.askedCount,
            plannedCount: report.show.plannedCount, isPlanDone: report.show.isPlanDone)
    }

    func changes(of show: String) -> AsyncStream<Void> { game.changes(ofShow: show) }

    func changes() -> AsyncStream<String> { game.changes() }

    // MARK: Commands

    func perform(
        _ command: Trivia.ShowCommand, on show: String, under ticket: OrderTicket
    ) async throws(ShowDeskRefusal) -> OrderReceipt {
        do throws(HostRefusal) {
            let receipt = try await game.perform(request(command, show, ticket))
            return OrderReceipt(
                id: receipt.commandID, show: receipt.show, version: receipt.revision,
                isPending: receipt.isPending)
        } catch { throw ShowDeskRefusal(error) }
    }

    func receipt(
        ofImport ticket: OrderTicket, replaces: Bool, on show: String
    ) async throws(ShowDeskRefusal) -> OrderReceipt? {
        let line = try await reader.read { ledger throws(LedgerError) in
            try ledger.line(ofCommand: ticket.id)
        }
        guard let line else { return nil }
        let command: Trivia.ShowCommand = replaces ? .replaceQuestions([]) : .addQuestions([])
        guard request(command, show, ticket).isRepeat(of: line) else { throw .idTaken }
        return OrderReceipt(
            id: ticket.id, show: show, version: line.revision, isPending: line.isPending)
    }

    private func request(
        _ command: Trivia.ShowCommand, _ show: String, _ ticket: OrderTicket
    ) -> HostRequest {
        HostRequest(
            commandID: ticket.id, who: ticket.by, show: show,
            expectedRevision: ticket.expectedVersion, command: command, file: ticket.file)
    }

    // MARK: Questions

    func questions(of show: String) async throws(ShowDeskRefusal) -> [QuestionRecord] {
        let report = try await report(show)
        let asked = askedEntries(report, try await history(of: show))
        let waiting = report.plannedOrder.compactMap { report.show.question($0) }
        return (asked + waiting).filter { $0.state != .withdrawn }.map { entry in
            QuestionRecord(question: entry.question, state: entry.state)
        }
    }

    private func history(of show: String) async throws(ShowDeskRefusal) -> ShowHistory {
        try await reader.read { ledger throws(LedgerError) in try ledger.history(ofShow: show) }
    }

    /// The questions that were opened, in that order. The history was read after the report, so it
    /// may have one that the report has still waiting.
    private func askedEntries(
        _ report: ShowReport, _ history: ShowHistory
    ) -> [QuestionEntry] {
        history.opened.compactMap { report.show.question($0) }.filter { $0.state != .waiting }
    }

    // MARK: Players

    func players(
        of show: String, matching text: String, from address: String?, countMax: Int
    ) async throws(ShowDeskRefusal) -> [PlayerRecord] {
        var host: HostKey?
        if let address {
            host = HostKey(address)
            guard host != nil else { throw .invalid(HostRefusal.badAddress.description) }
        }
        let report = try await report(show, withPlayers: true)
        return await search.players(of: report, matching: text, from: host, countMax: countMax)
    }

    func addresses(
        of show: String, countMax: Int
    ) async throws(ShowDeskRefusal) -> [AddressRecord] {
        let report = try await report(show, withPlayers: true)
        return await search.addresses(of: report, countMax: countMax)
    }

    // MARK: What came out

    func results(of show: String) async throws(ShowDeskRefusal) -> ShowResults {
        let report = try await report(show)
        let history = try await history(of: show)
        let results = askedEntries(report, history).compactMap { entry in
            QuestionResult(
                entry, report.show.reveal(of: entry.number),
                voidReason: history.voidReasons[entry.number],
                corrections: report.show.corrections(of: entry.number))
        }
        return ShowResults(
            show: report.id, phase: report.phase,
            tally: report.tally, questions: results)
    }

    func winners(of show: String) async throws(ShowDeskRefusal) -> ShowWinners {
        let report = try await report(show, withPlayers: true)
        guard let settlement = report.settlement else {
            throw .notNow(
                "The show is in phase \(report.phase.rawValue), and its winners aren't known. "
                    + "Finish it first.")
        }
        let winners = Self.winners(settlement, report.show)
        return ShowWinners(
            show: report.id, isSettled: report.phase == .settled,
            isRehearsal: settlement.isRehearsal, prize: report.plan.prize,
            keptMinorUnits: settlement.split?.keptMinorUnits ?? 0, winners: winners,
            due: Self.due(report.show))
    }

    private static func winners(
        _ settlement: Settlement, _ show: Show
    ) -> [ShowWinners.Winner] {
        settlement.payouts.map { payout in
            let standing = show.standing(of: payout.player)
            return ShowWinners.Winner(
                place: payout.place, id: payout.id, name: standing?.name ?? payout.name,
                score: standing?.score ?? 0, timeMs: standing?.timeMs ?? 0,
                minorUnits: payout.minorUnits, currency: settlement.currency,
                lags: show.lags(of: payout.player))
        }
    }

    /// What would have been due by what was put right after the prize was divided.
    private static func due(_ show: Show) -> ShowWinners.Due? {
        guard let corrected = show.correctedAfterSettling, let settlement = Settlement(corrected)
        else { return nil }
        return ShowWinners.Due(
            corrections: show.lateCorrections.map {
                CorrectionRecord($0, question: show.question($0.question)?.question.id)
            }, shareMinorUnits: settlement.split?.shareMinorUnits ?? 0,
            keptMinorUnits: settlement.split?.keptMinorUnits ?? 0,
            winners: winners(settlement, corrected))
    }

    func answers(of show: String) async throws(ShowDeskRefusal) -> any AnswerPages {
        let entry = try await reader.read { ledger throws(LedgerError) in
            try ledger.entry(ofShow: show)
        }
        guard entry != nil else { throw .unknownShow }
        return LiveAnswerPages(game: game, ledger: ledger, archive: archive, show: show)
    }

    func audit(of show: String) async throws(ShowDeskRefusal) -> ControlRoom.ShowAudit {
        try await archive.audit(show)
    }
}
