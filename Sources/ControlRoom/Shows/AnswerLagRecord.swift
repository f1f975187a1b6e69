// How late a question was at a winner's connection, and what counted of it, as the staff see it.

/// The lag of one answer that counts.
public struct AnswerLagRecord: Sendable, Codable, Equatable {
    /// The question's id.
    public var question: String
    /// From the opening to when the question was handed to the player's connection, ms; nil where no
    /// connection of the player's had it.
    public var measuredMs: Int?
    /// How much later than the opening the player's window began, ms.
    public var countedMs: Int
    /// How much later than the opening the player's time for points began, ms.
    public var speedMs: Int

    /// A lag.
    public init(question: String, measuredMs: Int?, countedMs: Int, speedMs: Int) {
        self.question = question
        self.measuredMs = measuredMs
        self.countedMs = countedMs
        self.speedMs = speedMs
    }

    static let schema: Schema = .object([
        .must("question", .string()),
        .may(
            "measuredMs", .integer("Until the player's connection had it; none had without this.")),
        .must("countedMs", .integer("How much later than the opening the player's window began.")),
        .must("speedMs", .integer("How much of it counted for points.")),
    ])

    /// As one cell of a table has it: "q1 3900 ms measured, 500 counted, 500 for speed".
    public var text: String {
        let measured = measuredMs.map { "\($0) ms measured" } ?? "not measured"
        return "\(question) \(measured), \(countedMs) counted, \(speedMs) for speed"
    }
}

/// What was counted of a winner's lags.
public struct WinnerLagRecord: Sendable, Codable, Equatable {
    /// The id the winner joined with.
    public var id: String
    /// The name the audience saw.
    public var name: String
    /// Of the answers that count, in the order of the questions.
    public var lags: [AnswerLagRecord]

    /// Lags.
    public init(id: String, name: String, lags: [AnswerLagRecord]) {
        self.id = id
        self.name = name
        self.lags = lags
    }

    static let schema: Schema = .object([
        .must("id", .string()), .must("name", .string()),
        .must("lags", .array(of: .named("AnswerLag"))),
    ])
}
