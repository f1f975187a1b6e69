// What staff look up in the ledger: the list of shows, and in which order questions were asked.

import GRDB
public import Trivia

/// A show of the list, with what a list says of its inside.
public struct ShowDigest: Equatable, Sendable {
    /// What the list itself has.
    public let entry: ShowEntry
    /// Its title, rules and prize.
    public let plan: ShowPlan
    /// Its questions, those taken out before they were asked not counted.
    public let questionCount: Int
    /// Everybody who joined.
    public let playerCount: Int
    /// All answers that count.
    public let answerCount: Int
}

/// The questions of a show that were ever opened.
public struct ShowHistory: Equatable, Sendable {
    /// In the order in which they were opened, those taken back included.
    public internal(set) var opened: [QuestionNumber] = []
    /// Why those that were taken back were.
    public internal(set) var voidReasons: [QuestionNumber: String] = [:]
}

extension Ledger {
    /// The show that was settled last, rehearsals left out; nil if none was.
    public func newestSettled() throws(LedgerError) -> ShowKey? {
        try reading { db in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT events.show FROM events JOIN shows ON shows.key = events.show
                    WHERE events.kind = 'settled' AND NOT shows.is_rehearsal
                    ORDER BY events.log DESC LIMIT 1
                    """
            ).map { ShowKey(rawValue: $0) }
        }
    }

    /// All shows in the order in which they were made.
    public func digests() throws(LedgerError) -> [ShowDigest] {
        try reading { db in
            try Row.fetchAll(db, sql: "SELECT * FROM shows ORDER BY key").map { row in
                try self.digest(db, try self.entry(row))
            }
        }
    }

    /// A show of the list; nil where there is none of this id.
    public func digest(ofShow id: String) throws(LedgerError) -> ShowDigest? {
        try reading { db in
            try Row.fetchOne(db, sql: "SELECT * FROM shows WHERE id = ?", arguments: [id])
                .map { row in try self.digest(db, try self.entry(row)) }
        }
    }

    /// Which of a show's questions were asked; without any where there is no such show.
    public func history(ofShow id: String) throws(LedgerError) -> ShowHistory {
        try reading { db in
            var history = ShowHistory()
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT revision, kind, format, json FROM events
                    WHERE show = (SELECT key FROM shows WHERE id = ?)
                        AND kind IN ('opened', 'voided') ORDER BY revision
                    """,
                arguments: [id])
            while let row = try rows.next() {
                switch try Self.event(row, show: id) {
                case .opened(let number, _): history.opened.append(number)
                case .voided(let number, let reason): history.voidReasons[number] = reason
                default: continue
                }
            }
            return history
        }
    }

    private func digest(_ db: Database, _ entry: ShowEntry) throws -> ShowDigest {
        let key = entry.key.rawValue
        let newest = try Row.fetchOne(
            db,
            sql: """
                SELECT revision, kind, format, json FROM events
                WHERE show = ? AND kind IN ('created', 'edited') ORDER BY revision DESC LIMIT 1
                """,
            arguments: [key])
        let plan: ShowPlan
        switch try newest.map({ row in try Self.event(row, show: entry.id) }) {
        case .created(_, let written), .edited(let written): plan = written
        default:
            throw LedgerError.badRow(show: entry.id, place: "event 0", reason: "it is missing")
        }
        let questionCount = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM questions WHERE show = ? AND state != 'withdrawn'",
            arguments: [key])
        // Both are counted without a gap, so the newest says how many there are.
        let newestPlayer = try Int.fetchOne(
            db, sql: "SELECT max(number) FROM players WHERE show = ?", arguments: [key])
        let newestReceipt = try Int.fetchOne(
            db, sql: "SELECT max(receipt) FROM answers WHERE show = ?", arguments: [key])
        return ShowDigest(
            entry: entry, plan: plan, questionCount: questionCount ?? 0,
            playerCount: newestPlayer.map { $0 + 1 } ?? 0, answerCount: newestReceipt ?? 0)
    }

    private static func event(_ row: Row, show: String) throws -> ShowEvent {
        do throws(StoredEventError) {
            return try StoredEvent.decode(
                kind: row["kind"], format: row["format"], json: row["json"])
        } catch {
            let revision: Int = row["revision"]
            throw LedgerError.badRow(
                show: show, place: "event \(revision)", reason: error.description)
        }
    }
}
