// What is still to be told to other systems, in the ledger: it survives whatever happens to us.

import GRDB

/// Something to be told to one place.
public struct CallbackRow: Equatable, Sendable {
    /// Its number in the queue.
    public let number: Int64
    /// The same for each place and each try: by this a receiver knows what it has seen.
    public let id: String
    /// What happened, in a word.
    public let event: String
    /// Whom to tell.
    public let url: String
    /// What to tell: JSON.
    public let body: String
    /// When it happened, ms since 1970.
    public let createdMs: Int64
    /// How often it was tried.
    public let attempts: Int
    /// When it is tried next, ms since 1970.
    public let dueMs: Int64
    /// Whether it is tried no more unless somebody says so.
    public let isDead: Bool
    /// Why the last try failed; empty before one has.
    public let failure: String
}

/// Something new to be told.
public struct CallbackNews: Equatable, Sendable {
    /// By which receivers know it.
    public var id: String
    /// What happened, in a word.
    public var event: String
    /// JSON.
    public var body: String
    /// When it happened, ms since 1970.
    public var createdMs: Int64

    /// Something new.
    public init(id: String, event: String, body: String, createdMs: Int64) {
        self.id = id
        self.event = event
        self.body = body
        self.createdMs = createdMs
    }
}

/// How much there is in the queue.
public struct CallbackCounts: Equatable, Sendable {
    /// To be told yet.
    public var waiting: Int
    /// Given up.
    public var dead: Int
    /// Of those to be told, the ones of the place with the most.
    public var longest: Int

    /// So much.
    ///
    /// - Parameter longest: nil for all that wait.
    public init(waiting: Int, dead: Int, longest: Int? = nil) {
        self.waiting = waiting
        self.dead = dead
        self.longest = longest ?? waiting
    }
}

extension Ledger {
    /// Puts news into the queue, once for each place: all of it is on disk when the call returns.
    ///
    /// - Returns: How many found no room: the queue holds `LedgerLimits.callbackCountMax` for each
    ///   place.
    public func addCallbacks(
        _ news: [CallbackNews], to urls: [String]
    ) throws(LedgerError) -> Int {
        try writing { db in
            var rooms: [Int] = []
            for url in urls {
                let held = try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM callbacks WHERE url = ? AND dead = 0",
                    arguments: [url])
                rooms.append(LedgerLimits.callbackCountMax - (held ?? 0))
            }
            var lost = 0
            for one in news {
                for (index, url) in urls.enumerated() {
                    guard rooms[index] > 0 else {
                        lost += 1
                        continue
                    }
                    rooms[index] -= 1
                    try db.execute(
                        sql: """
                            INSERT INTO callbacks
                                (id, event, url, body, created_ms, attempts, due_ms, dead, failure)
                            VALUES (?, ?, ?, ?, ?, 0, ?, 0, '')
                            """,
                        arguments: [
                            one.id, one.event, url, one.body, one.createdMs, one.createdMs,
                        ])
                }
            }
            return lost
        }
    }

    /// What is to be told to a place now: of all that is due, the oldest.
    ///
    /// Nothing waits because a clock was set back: what was never tried is due, and so is what would
    /// have to wait for longer than anything does.
    ///
    /// - Parameter delayMsMax: the longest that something waits for its next try.
    public func dueCallback(
        to url: String, nowMs: Int64, delayMsMax: Int64
    ) throws(LedgerError) -> CallbackRow? {
        try reading { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM callbacks WHERE url = ? AND dead = 0
                        AND (attempts = 0 OR due_ms <= ? OR due_ms > ?)
                    ORDER BY number LIMIT 1
                    """, arguments: [url, nowMs, nowMs + delayMsMax]
            ).map { row in try Self.callback(row) }
        }
    }

    /// When something is to be told to a place next, where nothing is due: ms since 1970; nil where
    /// nothing waits.
    public func nextCallbackMs(to url: String) throws(LedgerError) -> Int64? {
        try reading { db in
            try Int64.fetchOne(
                db, sql: "SELECT min(due_ms) FROM callbacks WHERE url = ? AND dead = 0",
                arguments: [url])
        }
    }

    /// It was told: the receiver has said so.
    public func callbackTold(_ number: Int64) throws(LedgerError) {
        try writing { db in
            try db.execute(sql: "DELETE FROM callbacks WHERE number = ?", arguments: [number])
        }
    }

    /// A try has failed.
    ///
    /// - Parameter dueMs: when it is tried again, ms since 1970; nil if it is given up.
    public func callbackFailed(
        _ number: Int64, failure: String, dueMs: Int64?
    ) throws(LedgerError) {
        try writing { db in
            try db.execute(
                sql: """
                    UPDATE callbacks SET attempts = attempts + 1, failure = ?, dead = ?,
                        due_ms = ? WHERE number = ?
                    """,
                arguments: [
                    String(failure.prefix(LedgerLimits.callbackFailureCharacterCountMax)),
                    dueMs == nil ? 1 : 0, dueMs ?? 0, number,
                ])
            if dueMs == nil { try Self.trimDeadCallbacks(db) }
        }
    }

    /// Gives up what waits for places that nobody names any more.
    ///
    /// - Returns: How many those were.
    public func giveUpCallbacks(exceptTo urls: [String]) throws(LedgerError) -> Int {
        try writing { db in
            let places = databaseQuestionMarks(count: urls.count)
            try db.execute(
                sql: """
                    UPDATE callbacks SET dead = 1, failure = 'callback.url names it no more'
                    WHERE dead = 0 AND url NOT IN (\(places))
                    """, arguments: StatementArguments(urls))
            let count = db.changesCount
            try Self.trimDeadCallbacks(db)
            return count
        }
    }

    /// What is given up, or waits, the newest first.
    ///
    /// - Parameter countMax: so many at most.
    public func callbacks(dead: Bool, countMax: Int) throws(LedgerError) -> [CallbackRow] {
        try reading { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM callbacks WHERE dead = ? ORDER BY number DESC LIMIT ?",
                arguments: [dead ? 1 : 0, countMax]
            ).map { row in try Self.callback(row) }
        }
    }

    /// How much there is.
    public func callbackCounts() throws(LedgerError) -> CallbackCounts {
        try reading { db in
            let dead = try Int.fetchOne(db, sql: "SELECT count(*) FROM callbacks WHERE dead = 1")
            let waiting = try Int.fetchAll(
                db, sql: "SELECT count(*) FROM callbacks WHERE dead = 0 GROUP BY url")
            return CallbackCounts(
                waiting: waiting.reduce(0, +), dead: dead ?? 0, longest: waiting.max() ?? 0)
        }
    }

    /// Has what was given up told again, from the first try on.
    ///
    /// - Parameter number: which; nil for all.
    /// - Returns: How many those are.
    public func resendCallbacks(_ number: Int64?, nowMs: Int64) throws(LedgerError) -> Int {
        try writing { db in
            try db.execute(
                sql: """
                    UPDATE callbacks SET dead = 0, attempts = 0, due_ms = ?
                    WHERE dead = 1 AND (number = ? OR ? IS NULL)
                    """, arguments: [nowMs, number, number])
            return db.changesCount
        }
    }

    /// Removes what was given up.
    ///
    /// - Parameter number: which; nil for all.
    /// - Returns: How many those were.
    public func dropCallbacks(_ number: Int64?) throws(LedgerError) -> Int {
        try writing { db in
            try db.execute(
                sql: "DELETE FROM callbacks WHERE dead = 1 AND (number = ? OR ? IS NULL)",
                arguments: [number, number])
            return db.changesCount
        }
    }

    private static func trimDeadCallbacks(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM callbacks WHERE dead = 1 AND number NOT IN (
                    SELECT number FROM callbacks WHERE dead = 1 ORDER BY number DESC LIMIT ?)
                """, arguments: [LedgerLimits.deadCallbackCountMax])
    }

    private static func callback(_ row: Row) throws(LedgerError) -> CallbackRow {
        let reader = RowReader(row)
        return try LedgerError.reading("a callback", of: "the queue") { () throws(ColumnError) in
            CallbackRow(
                number: try reader.integer("number"), id: try reader.text("id"),
                event: try reader.text("event"), url: try reader.text("url"),
                body: try reader.text("body"), createdMs: try reader.integer("created_ms"),
                attempts: try reader.integer("attempts"), dueMs: try reader.integer("due_ms"),
                isDead: try reader.flag("dead"), failure: try reader.text("failure"))
        }
    }
}
