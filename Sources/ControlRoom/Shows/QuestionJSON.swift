// Questions as JSON, in bodies and in files.

import TextWire
import Trivia

/// `{"questions": [{"id", "text", "options", "correct", "windowMs", "explanation", "mediaURL", "spare"}]}`,
/// or the list alone. `correct` is the right option's number counted from 1, or its text.
enum QuestionJSON {
    static let keys = Question.CodingKeys.allCases.map(\.rawValue)

    /// Everything in the tree that can be read, with what can't.
    static func read(_ tree: JSONTree) -> QuestionRows {
        var result = QuestionRows()
        var list = tree
        if case .object(let fields) = tree { list = fields["questions"] ?? .null }
        guard case .array(let items) = list else {
            result.note(0, "the file has no list of questions: {\"questions\": [{…}, …]}")
            return result
        }
        guard items.count <= Limits.questionRowCountMax else {
            result.note(
                0,
                "the file has \(items.count) questions, and \(Limits.questionRowCountMax) are "
                    + "the most at once")
            return result
        }
        for (index, item) in items.enumerated() {
            do throws(Complaint) {
                result.rows.append(try row(item, number: index + 1))
            } catch {
                result.note(index + 1, error.sentence)
            }
        }
        return result
    }

    /// One question.
    static func row(_ tree: JSONTree, number: Int) throws(Complaint) -> QuestionRow {
        let fields = try JSONFields(tree, what: "a question", keys: keys)
        guard let text = try fields.string("text") else { throw fields.missing("text") }
        guard let options = try fields.strings("options") else { throw fields.missing("options") }
        return QuestionRow(
            row: number, id: try fields.string("id"), text: text, options: options,
            correct: try correct(fields, options), windowMs: try fields.integer("windowMs"),
            explanation: try fields.string("explanation"),
            mediaURL: try fields.string("mediaURL"), isSpare: try fields.bool("spare") ?? false)
    }

    private static func correct(
        _ fields: JSONFields, _ options: [String]
    ) throws(Complaint) -> Int {
        switch fields.value("correct") {
        case .integer(let number):
            do throws(OptionFault) { return try OptionName.checked(number, among: options) } catch {
                throw Complaint(error.description)
            }
        case .string(let text):
            guard let index = options.firstIndex(of: text) else {
                throw Complaint(
                    "“correct” is “\(text.quoted)”, which is no option; give an option's text, "
                        + "or its number from 1 without quotes")
            }
            return index + 1
        case nil: throw fields.missing("correct")
        default: throw Complaint("“correct” must be an option's number from 1, or its text")
        }
    }
}

/// What `GET …/questions.json` gives, and what an import takes.
struct QuestionFileJSON: Codable, Equatable {
    var questions: [Question]
}
