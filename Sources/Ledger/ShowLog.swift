// A show's log read back: its events, players and answers in the order in which they came.

import GRDB
import Trivia

/// Goes through the log once, from a connection's cursors, without an object for each answer.
///
/// Each of the host's events says how many players and answers came before it. Between two events
/// players come before answers: an answer never hinders a player from joining.
struct ShowLog: Sequence, IteratorProtocol {
    /// What went wrong on the way; the sequence just ends then.
    final class Trouble {
        var error: (any Error)?
    }

    let trouble = Trouble()
    /// More players or answers than any show has.
    private static let countMax = Int64(UInt32.max)
    private let id: String
    private let events: RawStatement
    private let players: RawStatement
    private let answers: RawStatement
    private var nextEvent: ShowEvent?
    /// How many players and answers come before the next event; without one, all that are left.
    private var playersBefore = Int64.max
    private var answersBefore = Int64.max
    private var playerCount: Int64 = 0
    private var answerCount: Int64 = 0
    private var revision: Int64 = -1
    /// A cursor that is stepped behind its end begins again.
    private var hasPlayers = true
    private var hasAnswers = true

    init(_ db: Database, _ entry: ShowEntry) throws {
        id = entry.id
        events = try RawStatement(
            db,
            "SELECT revision, kind, format, json, players_before, answers_before FROM events "
                + "WHERE show = ? ORDER BY revision")
        players = try RawStatement(
            db, "SELECT number, id, name FROM players WHERE show = ? ORDER BY number")
        answers = try RawStatement(
            db,
            "SELECT receipt, player, question, choice, received_ns, handed_over_ns, lag_ns_max "
                + "FROM answers WHERE show = ? ORDER BY receipt")
        for statement in [events, players, answers] {
            statement.reset()
            statement.bind(1, entry.key.rawValue)
        }
        try readEvent()
    }

    mutating func next() -> ShowEvent? {
        guard trouble.error == nil else { return nil }
        do {
            if hasPlayers, playerCount < playersBefore, let event = try readPlayer() {
                return event
            }
            if hasAnswers, answerCount < answersBefore, let event = try readAnswer() {
                return event
            }
            guard let event = nextEvent else { return nil }
            try readEvent()
            return event
        } catch {
            trouble.error = error
            return nil
        }
    }

    /// Gives the cursors back.
    func end() {
        for statement in [events, players, answers] { statement.reset() }
    }

    private mutating func readEvent() throws {
        guard try events.step() else {
            nextEvent = nil
            playersBefore = .max
            answersBefore = .max
            return
        }
        revision += 1
        let place = "event \(revision)"
        do {
            guard try events.integer(0, "revision") == revision else {
                throw bad(place, "it is missing")
            }
            let format = try events.integer(2, "format")
            nextEvent = try StoredEvent.decode(
                kind: events.text(1, "kind"), format: Int(format), json: events.text(3, "json"))
            playersBefore = try events.integer(4, "players_before")
            answersBefore = try events.integer(5, "answers_before")
        } catch let error as LedgerError {
            throw error
        } catch { throw bad(place, "\(error)") }
        guard 0...Self.countMax ~= playersBefore, 0...Self.countMax ~= answersBefore else {
            throw bad(place, "it says how many came before it, and so many can't be")
        }
    }

    private mutating func readPlayer() throws -> ShowEvent? {
        let place = "player \(playerCount)"
        guard try players.step() else {
            guard playersBefore == .max else { throw bad(place, "it is missing") }
            hasPlayers = false
            return nil
        }
        do {
            guard try players.integer(0, "number") == playerCount else {
                throw bad(place, "it is missing")
            }
            playerCount += 1
            return .joined(id: try players.text(1, "id"), name: try players.text(2, "name"))
        } catch let error as ColumnError { throw bad(place, error.description) }
    }

    private mutating func readAnswer() throws -> ShowEvent? {
        let place = "answer \(answerCount + 1)"
        guard try answers.step() else {
            guard answersBefore == .max else { throw bad(place, "it is missing") }
            hasAnswers = false
            return nil
        }
        answerCount += 1
        do {
            guard let receipt = UInt32(exactly: try answers.integer(0, "receipt")),
                let player = Int32(exactly: try answers.integer(1, "player")),
                let question = UInt16(exactly: try answers.integer(2, "question")),
                let choice = UInt8(exactly: try answers.integer(3, "choice")),
                receipt == answerCount
            else { throw bad(place, "it is missing or has impossible numbers") }
            return .answered(
                AnswerRecord(
                    receipt: receipt, player: PlayerNumber(rawValue: player),
                    question: QuestionNumber(rawValue: question), choice: choice,
                    receivedAtNs: try answers.integer(4, "received_ns"),
                    handover: try handover()))
        } catch let error as ColumnError { throw bad(place, error.description) }
    }

    private func handover() throws(ColumnError) -> Handover {
        guard !answers.isNull(5) else { return .unknown }
        let lagNsMax = answers.isNull(6) ? nil : try answers.integer(6, "lag_ns_max")
        return .at(ns: try answers.integer(5, "handed_over_ns"), lagNsMax: lagNsMax)
    }

    private func bad(_ place: String, _ reason: String) -> LedgerError {
        .badRow(show: id, place: place, reason: reason)
    }
}

extension Ledger {
    /// Makes a show again of its log: as it was after the last write.
    ///
    /// - Throws: `LedgerError.unknownShow`, `.badRow` and `.badLog` besides those of the disk.
    public func load(show id: String) throws(LedgerError) -> StoredShow {
        try reading { db in
            guard
                let entry = try Row.fetchOne(
                    db, sql: "SELECT * FROM shows WHERE id = ?", arguments: [id]
                ).map({ row in try self.entry(row) })
            else { throw LedgerError.unknownShow(id) }
            let show = try Self.replay(db, entry) { log throws(ReplayError) in
                try Show(replaying: log)
            }
            guard show.id == entry.id else {
                throw LedgerError.badRow(
                    show: entry.id, place: "event 0", reason: "it made show “\(show.id)”")
            }
            guard LedgerLimits.instantNs.contains(show.newestNs) else {
                throw LedgerError.badRow(
                    show: entry.id, place: "its newest event",
                    reason: "it is later than any clock of ours")
            }
            // A lock waits for the question that was opened last, if it was asked for since.
            let pending = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM host_log WHERE show = ? AND is_pending = 1 AND number >
                        (SELECT max(log) FROM events WHERE show = ? AND kind = 'opened')
                    ORDER BY number DESC LIMIT 1
                    """,
                arguments: [id, entry.key.rawValue])
            return StoredShow(
                entry: entry, show: show, origins: try Self.origins(db, entry.key),
                pendingLock: try pending.map { try Self.line($0) })
        }
    }

    /// What isn't a text or a whole number isn't known: no show is set aside for where somebody came from.
    private static func origins(_ db: Database, _ key: ShowKey) throws -> [StoredOrigin] {
        let rows = try RawStatement(
            db, "SELECT address, joined_ms FROM players WHERE show = ? ORDER BY number")
        rows.reset()
        rows.bind(1, key.rawValue)
        defer { rows.reset() }
        var origins: [StoredOrigin] = []
        while try rows.step() {
            origins.append(
                StoredOrigin(
                    address: try? rows.text(0, "address"),
                    joinedMs: try? rows.integer(1, "time of joining")))
        }
        return origins
    }

    /// Gives a show's log to whoever makes something of it.
    static func replay<Value>(
        _ db: Database, _ entry: ShowEntry, _ body: (ShowLog) throws(ReplayError) -> Value
    ) throws -> Value {
        let log = try ShowLog(db, entry)
        defer { log.end() }
        let result: Result<Value, ReplayError>
        do throws(ReplayError) {
            result = .success(try body(log))
        } catch { result = .failure(error) }
        if let error = log.trouble.error { throw error }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw LedgerError.badLog(show: entry.id, error)
        }
    }
}
