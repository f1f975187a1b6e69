// Two hundred players with lags, habits and mistakes, drawn by a seed.

import TestSupport

/// Makes the players of a big show.
struct ShowAudience {
    let show: String
    let sheet: QuestionSheet
    let seed: UInt64
    var graceMs = 500.0

    /// Of five players two read at once, two up to `lagMsMax` late, and one later still.
    func players(
        count: Int, lagMsMax: Double, door: PlayerDoor
    ) throws -> [SimulatedPlayer] {
        var random = SeededRandom(seed: seed)
        return try (0..<count).map { index in
            // The first two are what all others are held against.
            let way =
                index < 2
                ? SimulatedPlayer.Way.allCases[index]
                : SimulatedPlayer.Way.allCases.randomElement(using: &random) ?? .webSocket
            let lagMs =
                switch index % 5 {
                case 0, 1: 0.0
                case 2, 3: Double.random(in: 200...lagMsMax, using: &random)
                default: Double.random(in: lagMsMax...6_000, using: &random)
                }
            var token = try PlayerTokens.mint("p\(index)", show: show)
            if index % 4 == 3 { token = try door.join("Guest \(index)") }
            let id = PlayerDoor.subject(of: token) ?? "p\(index)"
            return SimulatedPlayer(id: id, token: token, way: way, lagMs: lagMs) { question in
                plan(question, player: UInt64(index))
            }
        }
    }

    /// What a player does with a question; the same whenever it is asked.
    private func plan(_ question: QuestionSeen, player: UInt64) -> [PlannedAnswer] {
        guard let entry = sheet[question.id] else { return [] }
        var random = SeededRandom(seed: seed &+ player &* 1_000 &+ UInt64(question.index))
        let closesMs = question.windowMs + graceMs
        let delayMs: Double
        switch Int.random(in: 0..<100, using: &random) {
        case ..<3: return []
        case ..<7: delayMs = closesMs + Double.random(in: 400...900, using: &random)
        case ..<15: delayMs = Double.random(in: question.windowMs / 2...closesMs, using: &random)
        default: delayMs = Double.random(in: 20...350, using: &random)
        }
        let isRight = Int.random(in: 0..<100, using: &random) < 93
        let other = (entry.correct + 1) % entry.optionCount
        let choice = isRight ? entry.correct : other
        var answers = [PlannedAnswer(delayMs: delayMs, choice: choice)]
        switch Int.random(in: 0..<10, using: &random) {
        case 0: answers.append(PlannedAnswer(delayMs: delayMs + 250, choice: choice))
        case 1:
            let changed = isRight ? other : entry.correct
            answers.append(PlannedAnswer(delayMs: delayMs + 250, choice: changed))
        default: break
        }
        return answers
    }
}
