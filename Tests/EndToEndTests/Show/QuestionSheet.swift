// Questions for a show, as a host's file has them and as a test knows them.

/// A file of questions with its right answers.
struct QuestionSheet: Sendable {
    struct Entry: Sendable {
        let id: String
        let optionCount: Int
        /// From 0.
        let correct: Int
        let windowMs: Int
        var explanation = ""
    }

    var entries: [Entry]

    /// As a spreadsheet saves it.
    var csv: String {
        let columns = "id,text,option1,option2,option3,option4,correct,windowMs,explanation"
        let rows = entries.map { entry in
            let options = (0..<4).map { $0 < entry.optionCount ? "\(entry.id) option \($0)" : "" }
            return
                ([entry.id, "What about \(entry.id)?"] + options
                + ["#\(entry.correct + 1)", "\(entry.windowMs)", entry.explanation])
                .joined(separator: ",")
        }
        return ([columns] + rows).joined(separator: "\n") + "\n"
    }

    /// Questions whose right answers are drawn.
    static func drawn(
        count: Int, windowMs: Int, using random: inout some RandomNumberGenerator
    ) -> QuestionSheet {
        QuestionSheet(
            entries: (1...count).map { number in
                let optionCount = Int.random(in: 2...4, using: &random)
                return Entry(
                    id: "q\(number)", optionCount: optionCount,
                    correct: Int.random(in: 0..<optionCount, using: &random), windowMs: windowMs)
            })
    }

    subscript(id: String) -> Entry? { entries.first { $0.id == id } }
}
