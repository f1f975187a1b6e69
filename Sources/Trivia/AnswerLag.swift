// How late a question was at a player's connection, and how much of that counted.

/// The lag of one answer that counts.
public struct AnswerLag: Equatable, Sendable, Codable {
    /// The id of the question that was answered.
    public let question: String
    /// From the opening to when the question was handed to the player's connection, ms; nil where no
    /// connection of the player's had it.
    public let measuredMs: Int?
    /// How much later than the opening the player's window began, ms: at most what was measured, or
    /// the plan's default where nothing was.
    public let windowMs: Int
    /// How much later than the opening the player's time for points began, ms.
    public let speedMs: Int

    private enum CodingKeys: String, CodingKey {
        case question, measuredMs, speedMs
        case windowMs = "countedMs"
    }

    /// A lag.
    public init(question: String, measuredMs: Int?, windowMs: Int, speedMs: Int) {
        self.question = question
        self.measuredMs = measuredMs
        self.windowMs = windowMs
        self.speedMs = speedMs
    }

    /// As one cell of a table has it: "q1 3900 ms measured, 500 counted, 500 for speed".
    public var text: String {
        let measured = measuredMs.map { "\($0) ms measured" } ?? "not measured"
        return "\(question) \(measured), \(windowMs) counted, \(speedMs) for speed"
    }
}

/// A winner's lags.
public struct WinnerLags: Equatable, Sendable, Codable {
    /// The id the winner joined with.
    public let id: String
    /// The name the audience saw.
    public let name: String
    /// Of the answers that count, in the order of the questions.
    public let lags: [AnswerLag]

    /// Lags.
    public init(id: String, name: String, lags: [AnswerLag]) {
        self.id = id
        self.name = name
        self.lags = lags
    }
}

extension Settlement {
    /// What was counted of the lags of the first winners.
    ///
    /// - Parameter countMax: of so many at most.
    public func winnerLags(in show: Show, countMax: Int = .max) -> [WinnerLags] {
        payouts.prefix(countMax).map { payout in
            WinnerLags(id: payout.id, name: payout.name, lags: show.lags(of: payout.player))
        }
    }
}

/// A lag as a question's sheet keeps it, one for each player.
struct CountedLag: Equatable, Sendable, BitwiseCopyable {
    /// Nobody knows when the question came.
    static let unknown: Int32 = -1
    /// Of a player without an answer.
    static let none = CountedLag(measuredMs: unknown, windowMs: 0, speedMs: 0)

    var measuredMs: Int32
    var windowMs: Int32
    var speedMs: Int32
}

extension Show {
    /// The lag of a player's answer to a question; nil where no answer counts.
    public func lag(of player: PlayerNumber, on question: QuestionNumber) -> AnswerLag? {
        guard questions.indices.contains(question.index) else { return nil }
        let round = questions[question.index].round
        return round < 0 ? nil : lag(of: player, inRound: round)
    }

    /// The lags of a player's answers that count, in the order of the questions.
    public func lags(of player: PlayerNumber) -> [AnswerLag] {
        rounds.indices.compactMap { lag(of: player, inRound: $0) }
    }

    private func lag(of player: PlayerNumber, inRound round: Int) -> AnswerLag? {
        guard receipt(of: player, inRound: round) != nil else { return nil }
        let lag = rounds[round].sheet.lags[player.index]
        return AnswerLag(
            question: questions[rounds[round].terms.question.index].question.id,
            measuredMs: lag.measuredMs == CountedLag.unknown ? nil : Int(lag.measuredMs),
            windowMs: Int(lag.windowMs), speedMs: Int(lag.speedMs))
    }

    /// When a question was opened, ns on the show's clock; nil where it wasn't, or was taken back.
    public func openedNs(of question: QuestionNumber) -> Int64? {
        guard questions.indices.contains(question.index) else { return nil }
        let round = questions[question.index].round
        return round < 0 ? nil : rounds[round].terms.clock.openedNs
    }
}
