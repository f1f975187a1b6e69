// The answers of a show read back page by page, so that nobody who reads slowly holds a connection.

import GRDB
public import Trivia

/// An answer with whoever gave it.
public struct AnswerEntry: Equatable, Sendable {
    /// The answer.
    public let record: AnswerRecord
    /// The id the player joined with.
    public let playerID: String
    /// The name the audience saw.
    public let playerName: String
}

extension Ledger {
    /// The next answers of a show, in the order of their receipts.
    ///
    /// - Parameters:
    ///   - receipt: those behind this one; 0 for the first.
    ///   - countMax: so many at most.
    /// - Returns: nothing behind the last, and where there is no such show.
    public func answers(
        ofShow id: String, after receipt: UInt32, countMax: Int
    ) throws(LedgerError) -> [AnswerEntry] {
        try reading { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT answers.receipt, answers.player, answers.question, answers.choice,
                        answers.received_ns, answers.handed_over_ns, answers.lag_ns_max,
                        players.id, players.name
                    FROM answers JOIN players
                        ON players.show = answers.show AND players.number = answers.player
                    WHERE answers.show = (SELECT key FROM shows WHERE shows.id = ?)
                        AND answers.receipt > ?
                    ORDER BY answers.receipt LIMIT ?
                    """,
                arguments: [id, Int64(receipt), countMax])
            return try rows.map { row in
                try LedgerError.reading("an answer", of: id) { () throws(ColumnError) in
                    try Self.entry(RowReader(row))
                }
            }
        }
    }

    private static func entry(_ row: RowReader) throws(ColumnError) -> AnswerEntry {
        var handover = Handover.unknown
        if let ns: Int64 = try row.integerIfAny("handed_over_ns") {
            handover = .at(ns: ns, lagNsMax: try row.integerIfAny("lag_ns_max"))
        }
        return AnswerEntry(
            record: AnswerRecord(
                receipt: try row.integer("receipt"),
                player: PlayerNumber(rawValue: try row.integer("player")),
                question: QuestionNumber(rawValue: try row.integer("question")),
                choice: try row.integer("choice"), receivedAtNs: try row.integer("received_ns"),
                handover: handover),
            playerID: try row.text("id"), playerName: try row.text("name"))
    }
}

extension RowReader {
    /// A whole number or NULL.
    fileprivate func integerIfAny(_ column: String) throws(ColumnError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }
}
