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
            try Row.fetchOne(
                db,
                sql: """
                    SELECT shows.key FROM events JOIN shows ON shows.key = events.show
                    WHERE events.kind = 'settled' AND NOT shows.is_rehearsal
                    ORDER BY events.log DESC LIMIT 1
                    """
            ).flatMap { row in try? RowReader(row).integer("key", as: Int64.self) }
                .map { ShowKey(rawValue: $0) }
        }
    }

    /// All shows in the order in which they were made, and apart from them those that can't be read
    /// so far.
    public func digests() throws(LedgerError) -> (digests: [ShowDigest], damaged: [DamagedShow]) {
        try reading { db in
            var digests: [ShowDigest] = []
            var damaged: [DamagedShow] = []
            for row in try Row.fetchAll(db, sql: "SELECT * FROM shows ORDER BY key") {
                do {
                    digests.append(try digest(db, try entry(row)))
                } catch {
                    let error = LedgerError(error, path: path)
                    guard error.isDamage else { throw error }
                    damaged.append(DamagedShow(id: Self.name(of: row), error: error))
                }
            }
            return (digests, damaged)
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
                case .opened(let number, _, _): history.opened.append(number)
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
        guard let plan = try newest.flatMap({ row in try Self.event(row, show: entry.id).plan })
        else { throw LedgerError.badRow(show: entry.id, place: "event 0", reason: "it is missing") }
        // Players and receipts are counted without a gap, so the newest says how many there are.
        let counts = try Row.fetchOne(
            db,
            sql: """
                SELECT (SELECT count(*) FROM questions WHERE show = ? AND state != 'withdrawn')
                    AS questions,
                    (SELECT ifnull(max(number), -1) FROM players WHERE show = ?) AS player,
                    (SELECT ifnull(max(receipt), 0) FROM answers WHERE show = ?) AS receipt
                """,
            arguments: [key, key, key])
        return try LedgerError.reading("the numbers of its players or answers", of: entry.id) {
            () throws(ColumnError) in
            guard let counts else { throw .kind("questions", "a whole number") }
            let reader = RowReader(counts)
            return ShowDigest(
                entry: entry, plan: plan, questionCount: try reader.integer("questions"),
                playerCount: Int(try reader.integer("player", as: Int32.self)) + 1,
                answerCount: Int(try reader.integer("receipt", as: UInt32.self)))
        }
    }

    /// The newest of what hosts and the clock did to a show; nil where there is no such show.
    public func newestEvent(ofShow id: String) throws(LedgerError) -> ShowEvent? {
        try reading { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT events.* FROM events JOIN shows ON shows.key = events.show
                    WHERE shows.id = ? ORDER BY events.revision DESC LIMIT 1
                    """,
                arguments: [id])
            return try row.map { try Self.event($0, show: id) }
        }
    }

    private static func event(_ row: Row, show: String) throws -> ShowEvent {
        let reader = RowReader(row)
        let revision = (try? reader.integer("revision", as: Int64.self)).map { "\($0)" } ?? "?"
        do {
            return try StoredEvent.decode(
                kind: try reader.text("kind"), format: try reader.integer("format"),
                json: try reader.text("json"))
        } catch {
            throw LedgerError.badRow(show: show, place: "event \(revision)", reason: "\(error)")
        }
    }
}
