// Questions as a file, CSV or JSON: every row that won't do is named in one answer.

import TextWire
import Trivia
import WireBytes

/// What is wrong with one row of a file.
public struct RowFault: Error, Sendable, Codable, Equatable {
    /// In CSV the row a spreadsheet shows, so that the column names are row 1; in JSON the
    /// question's place in the list, from 1. 0 for the file as a whole.
    public var row: Int
    /// What is wrong, and what to do.
    public var error: String

    /// A fault.
    public init(row: Int, error: String) {
        self.row = row
        self.error = error
    }
}

/// A question as a file has it.
struct QuestionRow {
    var row: Int
    /// Nil where the file leaves it to us.
    var id: String?
    var text: String
    var options: [String]
    var correct: Int
    var windowMs: Int?
    var explanation: String?
    var mediaURL: String?
    var isSpare = false

    /// The question, not looked at yet.
    func question(id: String) -> Question {
        Question(
            id: id, text: text, options: options, correct: correct,
            windowMs: windowMs ?? Question.windowMsStandard, explanation: explanation,
            mediaURL: mediaURL, isSpare: isSpare)
    }
}

/// All rows of a file: those that could be read, and what is wrong with the others.
struct QuestionRows {
    var rows: [QuestionRow] = []
    var faults: [RowFault] = []

    mutating func note(_ row: Int, _ sentence: String) {
        guard faults.count < Limits.rowFaultCountMax else { return }
        faults.append(RowFault(row: row, error: sentence))
    }
}

extension QuestionRows {
    /// The questions, if all rows will do.
    ///
    /// - Parameter takenIDs: ids that other questions of the show have.
    /// - Throws: what is wrong, in the order of the rows.
    func questions(
        takenIDs: Set<ByteString>
    ) throws(QuestionFileRefusal) -> [Question] {
        var faults = self.faults
        var questions: [Question] = []
        var rowsByID: [ByteString: Int] = [:]
        for row in rows {
            guard let id = row.id else { continue }
            let key = ByteString(id)
            if let first = rowsByID[key] {
                faults.append(
                    RowFault(
                        row: row.row,
                        error: "the id “\(id.quoted)” is that of row \(first) as well; "
                            + "change one of them"))
            } else if takenIDs.contains(key) {
                faults.append(
                    RowFault(
                        row: row.row,
                        error: "the show has a question “\(id.quoted)” already; choose another id"))
            }
            rowsByID[key] = rowsByID[key] ?? row.row
        }
        var number = 0
        for row in rows {
            var id = row.id
            while id == nil {
                number += 1
                let candidate = "q\(number)"
                let key = ByteString(candidate)
                if !takenIDs.contains(key), rowsByID[key] == nil { id = candidate }
            }
            let question = row.question(id: id ?? "")
            do throws(QuestionFault) {
                try question.check()
                questions.append(question)
            } catch {
                faults.append(RowFault(row: row.row, error: error.description))
            }
        }
        if faults.isEmpty, questions.isEmpty {
            faults.append(RowFault(row: 0, error: "the file has no questions"))
        }
        guard faults.isEmpty else {
            throw QuestionFileRefusal(faults: faults.sorted { $0.row < $1.row })
        }
        return questions
    }
}

/// Why a file was not taken.
struct QuestionFileRefusal: Error, Equatable {
    var faults: [RowFault]
}
