// `fanfare show questions`: the questions as people read them, with the right options marked.

import ArgumentParser
import ControlRoom

/// `fanfare show questions`.
struct ShowQuestionsTable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "List the questions with their options; * marks the right one. For staff only.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            let next = try client.state(target.show).nextQuestion
            StandardOutput.write(
                ShowTables.questions(try client.questions(target.show), next: next))
        }
    }
}

extension ShowTables {
    /// One line each, in the order of asking.
    static func questions(_ records: [QuestionRecord], next: String?) -> String {
        guard !records.isEmpty else {
            return "no questions yet; fanfare show import brings some\n"
        }
        return table(
            ["no", "id", "state", "window", "question", "options"],
            records.enumerated().map { index, record in
                let question = record.question
                let options = question.options.enumerated().map { index, option in
                    "\(index + 1 == question.correct ? "*" : "")\(index + 1) \(option)"
                }
                let isNext = question.id == next
                return [
                    String(index + 1), question.id,
                    record.state.rawValue + (isNext ? ", next" : ""),
                    seconds(question.windowMs), question.text, options.joined(separator: " | "),
                ]
            }, numbers: [0, 3])
    }

    /// "8 s", "0.5 s".
    private static func seconds(_ ms: Int) -> String {
        let fraction = ms % 1_000
        guard fraction != 0 else { return "\(ms / 1_000) s" }
        var digits = String(fraction + 1_000).dropFirst()
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(ms / 1_000).\(digits) s"
    }
}
