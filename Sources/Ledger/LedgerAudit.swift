// The audit: what follows from the log, against what is written down beside it.

import GRDB
public import Trivia
import WireBytes

/// What an audit of one show found.
public struct ShowAudit: Equatable, Sendable {
    /// The show's id.
    public let show: String
    /// How many of the host's events there are.
    public let eventCount: Int
    /// How many players there are.
    public let playerCount: Int
    /// How many answers count.
    public let answerCount: Int
    /// How it ended, computed anew; nil where it isn't finished.
    public let settlement: Settlement?
    /// What was counted of the lags of the winners, the first `LedgerLimits.auditedLagCountMax` of them.
    public let winnerLags: [WinnerLags]
    /// What is written down otherwise than it follows, a sentence each.
    public let differences: [String]

    /// Whether all that is written down follows.
    public var isSound: Bool { differences.isEmpty }
}

extension Ledger {
    /// Plays a show's log through again, and compares what comes out with what was written down as
    /// it was played: its rulings, its payouts, its state.
    ///
    /// - Throws: `LedgerError` where the log can't even be played.
    public func audit(show id: String) throws(LedgerError) -> ShowAudit {
        try reading { db in
            guard
                let entry = try Row.fetchOne(
                    db, sql: "SELECT * FROM shows WHERE id = ?", arguments: [id]
                ).map({ row in try self.entry(row) })
            else { throw LedgerError.unknownShow(id) }
            var show: Show?
            var rulings: [RulingRow] = []
            let log = try ShowLog(db, entry)
            defer { log.end() }
            for event in log {
                if show == nil {
                    show = try Self.replayStart(event, of: entry)
                    continue
                }
                do throws(ShowRefusal) {
                    try show?.apply(event)
                } catch {
                    throw LedgerError.badLog(
                        show: id, ReplayError(index: show?.revision ?? 0, refusal: error))
                }
                guard event.isByHost, let show else { continue }
                for ruling in RulingRow.all(event, show) {
                    rulings.removeAll { $0.question == ruling.question }
                    rulings.append(ruling)
                }
            }
            if let error = log.trouble.error { throw error }
            guard let show else {
                throw LedgerError.badRow(show: id, place: "event 0", reason: "it is missing")
            }
            let settlement = Settlement(show)
            return ShowAudit(
                show: id, eventCount: show.revision + 1, playerCount: show.tally.players,
                answerCount: Int(show.acceptedCount), settlement: settlement,
                winnerLags: settlement?.winnerLags(
                    in: show, countMax: LedgerLimits.auditedLagCountMax) ?? [],
                differences: try Self.differences(db, entry, show, rulings, settlement))
        }
    }

    private static func replayStart(_ event: ShowEvent, of entry: ShowEntry) throws -> Show {
        do throws(ReplayError) { return try Show(replaying: [event]) } catch {
            throw LedgerError.badLog(show: entry.id, error)
        }
    }

    private static func differences(
        _ db: Database, _ entry: ShowEntry, _ show: Show, _ rulings: [RulingRow],
        _ settlement: Settlement?
    ) throws -> [String] {
        var found: [String] = []
        if show.phase != entry.phase || show.revision != entry.revision {
            found.append(
                "The list says \(entry.phase.rawValue) at revision \(entry.revision); it is "
                    + "\(show.phase.rawValue) at revision \(show.revision).")
        }
        let key = entry.key.rawValue
        var written: [RulingRow] = []
        for row in try Row.fetchAll(
            db, sql: "SELECT * FROM rulings WHERE show = ? ORDER BY question", arguments: [key])
        {
            do throws(ColumnError) { written.append(try RulingRow(RowReader(row))) } catch {
                found.append("A ruling can't be read: \(error).")
            }
        }
        let due = rulings.sorted { $0.question < $1.question }
        for question in Set(written.map(\.question) + due.map(\.question)).sorted() {
            let one = written.first { $0.question == question }
            let other = due.first { $0.question == question }
            guard one != other else { continue }
            let id = show.question(QuestionNumber(rawValue: UInt16(clamping: question)))
            found.append(
                "The ruling on question “\(id?.question.id ?? "\(question)")” is written down "
                    + "otherwise than it follows from the answers.")
        }
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM questions WHERE show = ? ORDER BY number", arguments: [key])
        if rows.count != show.questions.count {
            found.append("\(rows.count) questions are listed, and \(show.questions.count) follow.")
        }
        for row in rows {
            do throws(ColumnError) {
                let written = try QuestionRow(RowReader(row))
                let number = QuestionNumber(rawValue: UInt16(clamping: written.number))
                let due = show.question(number).map { QuestionRow($0) }
                guard due != written else { continue }
                found.append("Question \(written.number) is listed otherwise than in the log.")
            } catch { found.append("A question of the list can't be read: \(error).") }
        }
        return found + (try payoutDifferences(db, key, show, settlement))
    }

    private static func payoutDifferences(
        _ db: Database, _ key: Int64, _ show: Show, _ settlement: Settlement?
    ) throws -> [String] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM payouts WHERE show = ? ORDER BY place", arguments: [key])
        let due = show.phase == .settled ? settlement?.payouts ?? [] : []
        guard rows.count == due.count else {
            return ["\(rows.count) payouts are written down, and \(due.count) follow."]
        }
        var found: [String] = []
        for (place, (row, payout)) in zip(rows, due).enumerated() {
            let due = PayoutRow(payout, place: place + 1, currency: settlement?.currency ?? "")
            do throws(ColumnError) {
                guard try PayoutRow(RowReader(row)) != due else { continue }
                found.append(
                    "Payout \(place + 1) is written down otherwise than it follows: "
                        + "“\(payout.id)” gets \(payout.minorUnits).")
            } catch { found.append("Payout \(place + 1) can't be read: \(error).") }
        }
        return found
    }
}

/// Rows are compared by their bytes: a text that only looks the same was changed.
private struct QuestionRow: Equatable {
    let number: Int64
    let id: ByteString
    let text: ByteString
    let correctOption: Int
    let state: String

    init(_ entry: QuestionEntry) {
        number = Int64(entry.number.rawValue)
        id = ByteString(entry.question.id)
        text = ByteString(entry.question.text)
        correctOption = entry.question.correctOption
        state = "\(entry.state)"
    }

    init(_ row: RowReader) throws(ColumnError) {
        number = try row.integer("number")
        id = ByteString(try row.text("id"))
        text = ByteString(try row.text("text"))
        correctOption = try row.integer("correct_option")
        state = try row.text("state")
    }
}

private struct PayoutRow: Equatable {
    let place: Int
    let player: Int32
    let id: ByteString
    let name: ByteString
    let minorUnits: Int64
    let currency: String

    init(_ payout: Payout, place: Int, currency: String) {
        self.place = place
        player = payout.player.rawValue
        id = ByteString(payout.id)
        name = ByteString(payout.name)
        minorUnits = payout.minorUnits
        self.currency = currency
    }

    init(_ row: RowReader) throws(ColumnError) {
        place = try row.integer("place")
        player = try row.integer("player")
        id = ByteString(try row.text("id"))
        name = ByteString(try row.text("name"))
        minorUnits = try row.integer("minor_units")
        currency = try row.text("currency")
    }
}
