// What takes its time: shows read back from disk, audits, and looking through all players.

import ControlRoom
import Game
import Ledger
import Trivia
import WireBytes

/// Plays logs through, one at a time: however many ask, one thread at most is busy with it, and it
/// is none of those that answer requests.
actor ShowArchive {
    private let lane = SlowLane("show archive")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    private let game: GameDesk
    private let ledger: Ledger
    /// The show that was read last. One that is settled never changes, and staff who look on ask
    /// for it a few times a second.
    private var newest: (entry: ShowEntry, report: ShowReport)?

    init(game: GameDesk, ledger: Ledger) {
        self.game = game
        self.ledger = ledger
    }

    /// A show that isn't in memory.
    func report(_ show: String) throws(ShowDeskRefusal) -> ShowReport {
        do throws(LedgerError) {
            guard let entry = try ledger.entry(ofShow: show) else { throw .unknownShow(show) }
            if let newest, newest.entry == entry { return newest.report }
            guard let report = try game.storedReport(show: show) else { throw .unknownShow(show) }
            if report.phase == .settled { newest = (entry, report) }
            return report
        } catch { throw ShowDeskRefusal(error) }
    }

    func audit(_ show: String) throws(ShowDeskRefusal) -> ControlRoom.ShowAudit {
        do throws(LedgerError) {
            guard let digest = try ledger.digest(ofShow: show) else { throw .unknownShow(show) }
            var audit = ControlRoom.ShowAudit(
                show: show, agrees: false, playerCount: digest.playerCount,
                answerCount: digest.answerCount, entries: try entries(show))
            do throws(LedgerError) {
                let found = try game.audit(show: show)
                audit.agrees = found.isSound
                audit.findings = found.differences
                audit.playerCount = found.playerCount
                audit.answerCount = found.answerCount
                audit.winnerLags = found.winnerLags
            } catch {
                // A log that can't be played is just what an audit is to find.
                switch error {
                case .badLog, .badRow: audit.findings = [error.description]
                default: throw error
                }
            }
            return audit
        } catch { throw ShowDeskRefusal(error) }
    }

    private func entries(_ show: String) throws(LedgerError) -> [ControlRoom.ShowAudit.Entry] {
        try game.log(show: show, countMax: .max).enumerated().map { index, line in
            ControlRoom.ShowAudit.Entry(
                number: index + 1, atMs: line.atMs, by: line.who, orderID: line.commandID,
                what: Self.word(line), detail: line.detail)
        }
    }

    /// What a line of the log says was done.
    private static func word(_ line: LogLine) -> String {
        if line.isPending { return "lock awaited" }
        return CommandWord(rawValue: line.action)?.done ?? line.action
    }
}

/// Looks through players, one search at a time.
actor PlayerSearch {
    private let lane = SlowLane("player search")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    func players(
        of report: ShowReport, matching text: String, from host: HostKey?, countMax: Int
    ) -> [PlayerRecord] {
        let (show, origins) = (report.show, report.origins)
        let wanted = text.lowercased()
        var found: [PlayerRecord] = []
        for number in 0..<Int32(clamping: show.tally.players) where found.count < countMax {
            guard let standing = show.standing(of: PlayerNumber(rawValue: number)) else { continue }
            let origin = origins.indices.contains(Int(number)) ? origins[Int(number)] : nil
            if let host, !(origin?.host.map { host.contains($0) } ?? false) { continue }
            let isMatch =
                wanted.isEmpty || standing.name.lowercased().contains(wanted)
                || standing.joinedName.lowercased().contains(wanted)
                || standing.id.lowercased().contains(wanted)
            if isMatch { found.append(PlayerRecord(standing, origin)) }
        }
        return found
    }

    func addresses(of report: ShowReport, countMax: Int) -> [AddressRecord] {
        report.addresses(countMax: countMax).map { AddressRecord($0) }
    }
}
