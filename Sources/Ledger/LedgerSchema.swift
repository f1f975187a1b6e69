// The ledger's tables, and how they came to be what they are.

import GRDB

/// The schema. A migration that was released is never changed; a new one is added behind it.
enum LedgerSchema {
    /// "FANF": by this a file says that it is a ledger.
    static let applicationID: Int32 = 0x4641_4E46

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 shows") { db in
            for statement in shows + host + derived { try db.execute(sql: statement) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        // What a command said, to tell a repeat from another command under the same id; NULL in
        // lines of before, and where there was no command.
        migrator.registerMigration("2 digests of commands") { db in
            try db.execute(sql: "ALTER TABLE host_log ADD COLUMN digest TEXT")
        }
        // How much of a lag may count at most; NULL in answers of before there was such a bound.
        migrator.registerMigration("3 bounds of lags") { db in
            try db.execute(sql: "ALTER TABLE answers ADD COLUMN lag_ns_max INTEGER")
        }
        // Where and when a player came in; NULL in rows of before, and where it isn't known.
        migrator.registerMigration("4 origins of players") { db in
            try db.execute(sql: "ALTER TABLE players ADD COLUMN address TEXT")
            try db.execute(sql: "ALTER TABLE players ADD COLUMN joined_ms INTEGER")
        }
        // What is to be told to other systems. It belongs to no show.
        migrator.registerMigration("5 callbacks") { db in
            for statement in callbacks { try db.execute(sql: statement) }
        }
        return migrator
    }

    /// What is still to be told to whom, and what was given up.
    private static let callbacks = [
        """
        CREATE TABLE callbacks (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            event TEXT NOT NULL,
            url TEXT NOT NULL,
            body TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due_ms INTEGER NOT NULL,
            dead INTEGER NOT NULL,
            failure TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX callbacks_by_place ON callbacks (url, dead, due_ms)",
    ]

    /// What a show is made of again: its host's events, its players and its answers, each in its
    /// order, and for each event how many players and answers came before it.
    private static let shows = [
        """
        CREATE TABLE shows (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            stream TEXT NOT NULL,
            title TEXT NOT NULL,
            phase TEXT NOT NULL,
            is_rehearsal INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            created_ms INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE events (
            show INTEGER NOT NULL REFERENCES shows (key),
            revision INTEGER NOT NULL,
            kind TEXT NOT NULL,
            format INTEGER NOT NULL,
            json TEXT NOT NULL,
            players_before INTEGER NOT NULL,
            answers_before INTEGER NOT NULL,
            log INTEGER NOT NULL,
            PRIMARY KEY (show, revision)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE players (
            show INTEGER NOT NULL,
            number INTEGER NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (show, number)
        ) STRICT, WITHOUT ROWID
        """,
        // handed_over_ns: when the player got the question; NULL where nobody knows.
        """
        CREATE TABLE answers (
            show INTEGER NOT NULL,
            receipt INTEGER NOT NULL,
            player INTEGER NOT NULL,
            question INTEGER NOT NULL,
            choice INTEGER NOT NULL,
            received_ns INTEGER NOT NULL,
            handed_over_ns INTEGER,
            PRIMARY KEY (show, receipt)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// Who did what, when, by which command; for good. And when the show's clock was last seen.
    private static let host = [
        """
        CREATE TABLE host_log (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at_ms INTEGER NOT NULL,
            who TEXT NOT NULL,
            command TEXT UNIQUE,
            show TEXT NOT NULL,
            action TEXT NOT NULL,
            detail TEXT NOT NULL,
            revision INTEGER NOT NULL,
            is_pending INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TRIGGER host_log_is_not_changed BEFORE UPDATE ON host_log
        BEGIN SELECT RAISE(ABORT, 'the host log is append-only'); END
        """,
        """
        CREATE TRIGGER host_log_is_not_cut BEFORE DELETE ON host_log
        BEGIN SELECT RAISE(ABORT, 'the host log is append-only'); END
        """,
        "CREATE INDEX host_log_by_show ON host_log (show, number)",
        "CREATE TABLE alive (one INTEGER PRIMARY KEY CHECK (one = 1), at_ns INTEGER NOT NULL) STRICT",
    ]

    /// What follows from the above, written in the same transaction: to be looked at, to be paid
    /// by, and to be compared by an audit.
    private static let derived = [
        """
        CREATE TABLE questions (
            show INTEGER NOT NULL,
            number INTEGER NOT NULL,
            id TEXT NOT NULL,
            text TEXT NOT NULL,
            correct_option INTEGER NOT NULL,
            state TEXT NOT NULL,
            PRIMARY KEY (show, number)
        ) STRICT, WITHOUT ROWID
        """,
        // What a reveal or a void did. counts: how many chose each option, with commas between.
        """
        CREATE TABLE rulings (
            show INTEGER NOT NULL,
            question INTEGER NOT NULL,
            verdict TEXT NOT NULL,
            reason TEXT NOT NULL,
            correct_option INTEGER NOT NULL,
            counts TEXT NOT NULL,
            correct INTEGER NOT NULL,
            wrong INTEGER NOT NULL,
            missing INTEGER NOT NULL,
            revived INTEGER NOT NULL,
            eliminated INTEGER NOT NULL,
            survivors INTEGER NOT NULL,
            PRIMARY KEY (show, question)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE payouts (
            show INTEGER NOT NULL,
            place INTEGER NOT NULL,
            player INTEGER NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            minor_units INTEGER NOT NULL,
            currency TEXT NOT NULL,
            PRIMARY KEY (show, place)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// The tables that have rows of a show, by its key.
    static let tablesOfShow = [
        "events", "players", "answers", "questions", "rulings", "payouts",
    ]
}
