// Writing: one transaction for each call, and one fsync for each transaction.

import GRDB
import Trivia

extension Ledger {
    /// Puts what came from the audience on disk, all of it in one transaction.
    public func write(_ writes: [AudienceWrite], aliveNs: Int64) throws(LedgerError) {
        try writing { db in
            let player = try RawStatement(
                db,
                "INSERT INTO players (show, number, id, name, address, joined_ms) "
                    + "VALUES (?, ?, ?, ?, ?, ?)")
            let answer = try RawStatement(
                db,
                "INSERT INTO answers (show, receipt, player, question, choice, received_ns, "
                    + "handed_over_ns, lag_ns_max) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            for write in writes {
                player.bind(1, write.show.rawValue)
                for row in write.players {
                    player.bind(2, Int64(row.number.rawValue))
                    player.bind(3, row.id)
                    player.bind(4, row.name)
                    if let address = row.address {
                        player.bind(5, address)
                    } else {
                        player.bindNull(5)
                    }
                    if let joinedMs = row.joinedMs {
                        player.bind(6, joinedMs)
                    } else {
                        player.bindNull(6)
                    }
                    try player.run()
                }
                answer.bind(1, write.show.rawValue)
                for record in write.answers {
                    answer.bind(2, Int64(record.receipt))
                    answer.bind(3, Int64(record.player.rawValue))
                    answer.bind(4, Int64(record.question.rawValue))
                    answer.bind(5, Int64(record.choice))
                    answer.bind(6, record.receivedAtNs)
                    answer.bindNull(7)
                    answer.bindNull(8)
                    if case .at(let ns, let lagNsMax) = record.handover {
                        answer.bind(7, ns)
                        if let lagNsMax { answer.bind(8, lagNsMax) }
                    }
                    try answer.run()
                }
            }
            try Self.stayAlive(db, atNs: aliveNs)
        }
    }

    /// Puts what a host did on disk.
    public func write(_ write: HostWrite, aliveNs: Int64) throws(LedgerError) -> ShowKey {
        try writing { db in
            let key = try write.show ?? Self.insertShow(db, write)
            try Self.add(write.line, to: db)
            let logNumber = db.lastInsertedRowID
            let show = write.after
            var revision = show.revision - write.events.count
            // The creation counts as none: it is where the revisions begin.
            if write.show == nil { revision += 1 }
            for event in write.events {
                if case .created = event {} else { revision += 1 }
                try Self.insert(event, revision: revision, of: key, show: show, log: logNumber, db)
                try Self.derive(event, of: key, show: show, db)
            }
            if write.events.contains(where: \.changesQuestions) {
                try Self.writeQuestions(of: key, show: show, db)
            }
            try db.execute(
                sql: """
                    UPDATE shows SET stream = ?, title = ?, phase = ?, is_rehearsal = ?,
                        revision = ? WHERE key = ?
                    """,
                arguments: [
                    write.stream, show.plan.title, show.phase.rawValue, show.plan.isRehearsal,
                    show.revision, key.rawValue,
                ])
            try Self.stayAlive(db, atNs: aliveNs)
            return key
        }
    }

    /// Takes a show out with all it has. The log keeps the line.
    public func remove(_ show: ShowKey, line: LogLine) throws(LedgerError) {
        try writing { db in
            for table in LedgerSchema.tablesOfShow {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE show = ?", arguments: [show.rawValue])
            }
            try db.execute(sql: "DELETE FROM shows WHERE key = ?", arguments: [show.rawValue])
            try Self.add(line, to: db)
        }
    }

    /// Adds a line to the log, without anything else.
    public func note(_ line: LogLine, aliveNs: Int64) throws(LedgerError) {
        try writing { db in
            try Self.add(line, to: db)
            try Self.stayAlive(db, atNs: aliveNs)
        }
    }

    /// Adds a line about what was done to no show.
    public func note(server line: LogLine) throws(LedgerError) {
        precondition(line.show == LogLine.noShow)
        try writing { db in try Self.add(line, to: db) }
    }

    /// Notes that the shows' clock was at this instant, ns.
    public func stayAlive(atNs: Int64) throws(LedgerError) {
        try writing { db in try Self.stayAlive(db, atNs: atNs) }
    }

    // MARK: Rows

    private static func stayAlive(_ db: Database, atNs: Int64) throws {
        let alive = try RawStatement(
            db, "INSERT OR REPLACE INTO alive (one, at_ns) VALUES (1, ?)")
        alive.bind(1, atNs)
        try alive.run()
    }

    private static func insertShow(_ db: Database, _ write: HostWrite) throws -> ShowKey {
        let id = write.after.id
        let isTaken = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM shows WHERE id = ?)", arguments: [id])
        guard isTaken == false else { throw LedgerError.sameShow(id) }
        try db.execute(
            sql: """
                INSERT INTO shows (id, stream, title, phase, is_rehearsal, revision, created_ms)
                VALUES (?, ?, '', '', 0, 0, ?)
                """,
            arguments: [id, write.stream, write.line.atMs])
        return ShowKey(rawValue: db.lastInsertedRowID)
    }

    private static func add(_ line: LogLine, to db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO host_log
                    (at_ms, who, command, show, action, detail, revision, is_pending, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                line.atMs, line.who, line.commandID, line.show, line.action, line.detail,
                line.revision, line.isPending, line.digest,
            ])
    }

    private static func insert(
        _ event: ShowEvent, revision: Int, of key: ShowKey, show: Show, log: Int64, _ db: Database
    ) throws {
        let (kind, json) = try StoredEvent.encode(event)
        try db.execute(
            sql: """
                INSERT INTO events
                    (show, revision, kind, format, json, players_before, answers_before, log)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.rawValue, revision, kind, StoredEvent.format, json, show.tally.players,
                Int64(show.acceptedCount), log,
            ])
    }

    /// Writes what follows from an event.
    private static func derive(
        _ event: ShowEvent, of key: ShowKey, show: Show, _ db: Database
    ) throws {
        switch event {
        case .revealed, .voided, .keyCorrected:
            for ruling in RulingRow.all(event, show) { try write(ruling, of: key, db) }
        case .settled:
            guard let settlement = Settlement(show) else { return }
            let statement = try RawStatement(
                db,
                """
                INSERT INTO payouts (show, place, player, id, name, minor_units, currency)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
            for (place, payout) in settlement.payouts.enumerated() {
                statement.bind(1, key.rawValue)
                statement.bind(2, Int64(place + 1))
                statement.bind(3, Int64(payout.player.rawValue))
                statement.bind(4, payout.id)
                statement.bind(5, payout.name)
                statement.bind(6, payout.minorUnits)
                statement.bind(7, settlement.currency ?? "")
                try statement.run()
            }
        default: break
        }
    }

    private static func writeQuestions(of key: ShowKey, show: Show, _ db: Database) throws {
        let statement = try RawStatement(
            db,
            """
            INSERT OR REPLACE INTO questions (show, number, id, text, correct_option, state)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        for entry in show.questions {
            statement.bind(1, key.rawValue)
            statement.bind(2, Int64(entry.number.rawValue))
            statement.bind(3, entry.question.id)
            statement.bind(4, entry.question.text)
            statement.bind(5, Int64(entry.question.correctOption))
            statement.bind(6, "\(entry.state)")
            try statement.run()
        }
    }

    private static func write(_ ruling: RulingRow, of key: ShowKey, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO rulings
                    (show, question, verdict, reason, correct_option, counts, correct, wrong,
                    missing, revived, eliminated, survivors)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.rawValue, ruling.question, ruling.verdict, ruling.reason.text,
                ruling.correctOption, ruling.counts, ruling.correct, ruling.wrong, ruling.missing,
                ruling.revived, ruling.eliminated, ruling.survivors,
            ])
    }
}

extension ShowEvent {
    fileprivate var changesQuestions: Bool {
        switch self {
        case .questionAdded, .questionEdited, .questionWithdrawn, .opened, .locked, .revealed,
            .voided, .keyCorrected:
            true
        default: false
        }
    }
}
