// What a reveal or a void did, as its row has it.

import GRDB
import Trivia
import WireBytes

/// A row of `rulings`: a question's verdict and its numbers.
struct RulingRow: Equatable {
    var question: Int64
    /// `revealed` or `void`.
    var verdict: String
    /// Compared by its bytes.
    var reason: ByteString = ""
    var correctOption: Int64
    var counts = ""
    var correct: Int64 = 0
    var wrong: Int64 = 0
    var missing: Int64 = 0
    var revived: Int64 = 0
    var eliminated: Int64 = 0
    var survivors: Int64
}

extension RulingRow {
    /// The rulings that an event makes, or makes anew.
    ///
    /// - Parameter show: the show right after it.
    static func all(_ event: ShowEvent, _ show: Show) -> [RulingRow] {
        switch event {
        case .revealed:
            guard case .question(let number) = show.stage, let reveal = show.reveal(of: number)
            else { return [] }
            return [RulingRow(reveal)]
        case .keyCorrected:
            // Later questions may have thrown out others for it.
            return show.phase == .settled
                ? [] : show.questions.compactMap { show.reveal(of: $0.number).map(RulingRow.init) }
        case .voided(let number, let reason):
            guard let entry = show.question(number) else { return [] }
            return [
                RulingRow(
                    question: Int64(number.rawValue), verdict: "void", reason: ByteString(reason),
                    correctOption: Int64(entry.question.correctOption),
                    survivors: Int64(show.tally.survivors))
            ]
        default: return []
        }
    }

    init(_ reveal: Reveal) {
        self.init(
            question: Int64(reveal.question.rawValue), verdict: "revealed",
            correctOption: Int64(reveal.correctOption),
            counts: reveal.counts.map { "\($0)" }.joined(separator: ","),
            correct: Int64(reveal.correctCount), wrong: Int64(reveal.wrongCount),
            missing: Int64(reveal.missingCount), revived: Int64(reveal.revivedCount),
            eliminated: Int64(reveal.eliminatedCount), survivors: Int64(reveal.survivorCount))
    }

    init(_ row: RowReader) throws(ColumnError) {
        self.init(
            question: try row.integer("question"), verdict: try row.text("verdict"),
            reason: ByteString(try row.text("reason")),
            correctOption: try row.integer("correct_option"),
            counts: try row.text("counts"), correct: try row.integer("correct"),
            wrong: try row.integer("wrong"), missing: try row.integer("missing"),
            revived: try row.integer("revived"), eliminated: try row.integer("eliminated"),
            survivors: try row.integer("survivors"))
    }
}
