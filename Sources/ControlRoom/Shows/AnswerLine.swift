// Every player's answers as an export has them, and how they are written a page at a time.

import FoundationEssentials

/// An answer that counts, with its times, its lag and what became of it.
public struct AnswerLine: Sendable, Codable, Equatable {
    /// Its receipt: which of the show's answers it is, from 1.
    public var receipt: Int
    /// The id the player joined with.
    public var player: String
    /// The name the audience saw.
    public var name: String
    /// The question's id.
    public var question: String
    /// Which option, counted from 1.
    public var choice: Int
    /// The option's text.
    public var choiceText: String
    /// right, wrong, void, or waiting for the reveal.
    public var ruling: String
    /// When it came in, ms since 1970.
    public var receivedAtMs: Int64
    /// From the opening to when it came in, ms. This and what follows is nil where the question was
    /// taken back.
    public var afterOpeningMs: Int64?
    /// From the opening to when the player's connection had the question, ms; nil where nobody knows.
    public var lagMeasuredMs: Int?
    /// How much of it counted for the window, ms.
    public var lagWindowMs: Int?
    /// How much of it counted for points, ms.
    public var lagSpeedMs: Int?
    /// The time that counted, ms.
    public var elapsedMs: Int?

    /// A line.
    public init(
        receipt: Int, player: String, name: String, question: String, choice: Int,
        choiceText: String, ruling: String, receivedAtMs: Int64, afterOpeningMs: Int64? = nil,
        lagMeasuredMs: Int? = nil, lagWindowMs: Int? = nil, lagSpeedMs: Int? = nil,
        elapsedMs: Int? = nil
    ) {
        self.receipt = receipt
        self.player = player
        self.name = name
        self.question = question
        self.choice = choice
        self.choiceText = choiceText
        self.ruling = ruling
        self.receivedAtMs = receivedAtMs
        self.afterOpeningMs = afterOpeningMs
        self.lagMeasuredMs = lagMeasuredMs
        self.lagWindowMs = lagWindowMs
        self.lagSpeedMs = lagSpeedMs
        self.elapsedMs = elapsedMs
    }
}

/// A show's answers, a page at a time, so that a million of them need no more memory than one.
public protocol AnswerPages: Sendable {
    /// The next page; empty behind the last.
    func next() async throws(ShowDeskRefusal) -> [AnswerLine]
}

/// Pages of answers as a file, whose beginning, pages and end are written one after the other.
enum AnswerFile {
    static let columnNames = [
        "receipt", "player", "name", "question", "choice", "choiceText", "ruling", "receivedAtMs",
        "afterOpeningMs", "lagMeasuredMs", "lagWindowMs", "lagSpeedMs", "elapsedMs",
    ]

    static func csvHead() -> String {
        var writer = CSVWriter(.players)
        writer.add(columnNames)
        return writer.text
    }

    static func csv(_ lines: [AnswerLine]) -> String {
        func text(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "" }
        var writer = CSVWriter(.players, isContinued: true)
        for line in lines {
            writer.add([
                "\(line.receipt)", line.player, line.name, line.question, "\(line.choice)",
                line.choiceText, line.ruling, "\(line.receivedAtMs)", text(line.afterOpeningMs),
                text(line.lagMeasuredMs), text(line.lagWindowMs), text(line.lagSpeedMs),
                text(line.elapsedMs),
            ])
        }
        return writer.text
    }

    /// The lines of a page with commas between them, and one in front where a page came before.
    static func json(_ lines: [AnswerLine], isFirst: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = ""
        for (index, line) in lines.enumerated() {
            if index > 0 || !isFirst { text += ",\n" }
            text += String(decoding: try encoder.encode(line), as: UTF8.self)
        }
        return text
    }
}
