// Questions as CSV: one row each, columns by their names in any order.

import TextWire
import Trivia

/// `id,text,option1,…,option8,correct,windowMs,explanation,mediaURL,spare`
///
/// `text`, `option1`, `option2` and `correct` are needed. `correct` is the right option's number
/// counted from 1, its number with a hash (`#2`), or its text.
enum QuestionCSV {
    private enum Column: Hashable {
        /// One that was asked to be left out.
        case ignored
        case id, text, correct, windowMs, explanation, mediaURL, spare
        case option(Int)

        init?(_ name: String) {
            switch name {
            case "id": self = .id
            case "text": self = .text
            case "correct": self = .correct
            case "windowms": self = .windowMs
            case "explanation": self = .explanation
            case "mediaurl": self = .mediaURL
            case "spare": self = .spare
            default:
                guard name.hasPrefix("option"), let number = Int(name.dropFirst(6)),
                    Limits.optionCount.contains(number) || number == 1
                else { return nil }
                self = .option(number)
            }
        }
    }

    static let columnNames =
        ["id", "text"] + (1...Limits.optionCount.upperBound).map { "option\($0)" }
        + ["correct", "windowMs", "explanation", "mediaURL", "spare"]

    /// Everything in the text that can be read, with what can't.
    ///
    /// - Parameter ignoresUnknownColumns: whether columns that no question has are left out.
    static func read(_ text: String, ignoresUnknownColumns: Bool = false) -> QuestionRows {
        var result = QuestionRows()
        let records: [CSVRecord]
        do throws(CSVFault) {
            records = try CSVReader.records(
                of: text, recordCountMax: Limits.questionRowCountMax + 1)
        } catch {
            result.note(error.row, error.sentence)
            return result
        }
        guard let head = records.first else {
            result.note(
                0,
                "the file is empty; its first row has the columns' names, as "
                    + "text,option1,option2,correct")
            return result
        }
        guard let columns = columns(head, ignoresUnknownColumns, &result) else { return result }
        for record in records.dropFirst() {
            // A spreadsheet writes rows that were emptied as separators alone.
            guard record.fields.contains(where: { !$0.isBlank }) else { continue }
            do throws(Complaint) {
                result.rows.append(try question(record, columns))
            } catch {
                result.note(record.row, error.sentence)
            }
        }
        return result
    }

    private static func columns(
        _ head: CSVRecord, _ ignoresUnknown: Bool, _ result: inout QuestionRows
    ) -> [Column?]? {
        var columns: [Column?] = []
        var unknown: [String] = []
        for name in head.fields {
            if name.isBlank {
                columns.append(ignoresUnknown ? .ignored : nil)
                continue
            }
            guard let column = Column(name.trimmed.lowercased()) else {
                columns.append(.ignored)
                if !ignoresUnknown { unknown.append("“\(name.trimmed.quoted)”") }
                continue
            }
            if columns.contains(column) {
                result.note(head.row, "the column “\(name.quoted)” is there twice")
            }
            columns.append(column)
        }
        if !unknown.isEmpty {
            let what = unknown.count == 1 ? "is no column" : "are no columns"
            result.note(
                head.row,
                "there \(what) \(unknown.joined(separator: ", ")); the columns are "
                    + columnNames.joined(separator: ", ")
                    + ". Rename or take out what is left, or import with --ignore-unknown-columns "
                    + "(by the API ignoreUnknownColumns=true)")
        }
        let needed: [(Column, String)] = [
            (.text, "text"), (.option(1), "option1"), (.option(2), "option2"),
            (.correct, "correct"),
        ]
        for (column, name) in needed where !columns.contains(column) {
            result.note(head.row, "the column “\(name)” is missing")
        }
        return result.faults.isEmpty ? columns : nil
    }

    private static func question(
        _ record: CSVRecord, _ columns: [Column?]
    ) throws(Complaint) -> QuestionRow {
        var values: [Column: String] = [:]
        for (index, field) in record.fields.enumerated() where !field.isBlank {
            guard index < columns.count, let column = columns[index] else {
                throw Complaint(
                    "field \(index + 1) (“\(field.quoted)”) has no column; "
                        + "put a text with commas into quotes")
            }
            if column != .ignored { values[column] = field }
        }
        let options = try options(values)
        guard let correct = values[.correct]?.trimmed else {
            throw Complaint(
                "“correct” is empty; give the right option's number from 1, or its text")
        }
        var windowMs: Int?
        if let text = values[.windowMs]?.trimmed {
            guard let number = Int(text) else {
                throw Complaint(
                    "“windowMs” is “\(text.quoted)”; give whole milliseconds, as 10000")
            }
            windowMs = number
        }
        return QuestionRow(
            row: record.row, id: values[.id]?.trimmed, text: values[.text] ?? "",
            options: options, correct: try Self.correct(correct, options),
            windowMs: windowMs, explanation: values[.explanation],
            mediaURL: values[.mediaURL]?.trimmed, isSpare: try isSpare(values[.spare]?.trimmed))
    }

    private static func correct(
        _ text: String, _ options: [String]
    ) throws(Complaint) -> Int {
        do throws(OptionFault) { return try OptionName.resolve(text, among: options) } catch {
            throw Complaint(error.description)
        }
    }

    private static func isSpare(_ text: String?) throws(Complaint) -> Bool {
        guard let text else { return false }
        switch text.lowercased() {
        case "yes", "true", "1", "x", "spare": return true
        case "no", "false", "0": return false
        default:
            throw Complaint(
                "“spare” is “\(text.quoted)”; write yes where the question is a spare, and nothing "
                    + "elsewhere")
        }
    }

    private static func options(_ values: [Column: String]) throws(Complaint) -> [String] {
        var options: [String] = []
        for number in 1...Limits.optionCount.upperBound {
            guard let option = values[.option(number)] else { continue }
            guard options.count == number - 1 else {
                throw Complaint("option\(number) is filled and option\(number - 1) is empty")
            }
            options.append(option)
        }
        return options
    }

    /// A file that `read` gives the same questions for.
    static func write(_ questions: [Question]) -> String {
        var writer = CSVWriter(.staff)
        writer.add(columnNames)
        for question in questions {
            let spare = Limits.optionCount.upperBound - question.options.count
            writer.add(
                [question.id, question.text] + question.options
                    + [String](repeating: "", count: max(0, spare)) + [
                        question.correctName, String(question.windowMs),
                        question.explanation ?? "", question.mediaURL ?? "",
                        question.isSpare ? "yes" : "",
                    ])
        }
        return writer.text
    }
}
