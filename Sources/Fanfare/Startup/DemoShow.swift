// The show of `--demo-quiz`: a rehearsal on the demo stream, ready to be opened at the console.

import Game
import Trivia

/// A short quiz for whoever tries Fanfare out: nothing is paid, and it goes with the next start.
enum DemoShow {
    /// Its id.
    static let id = "demo"

    /// Puts the show into the ledger, unless one of its name is there, somebody's own.
    ///
    /// - Returns: whether there is one now that wasn't there before.
    /// - Throws: `HostRefusal` where the desk doesn't take it, `LedgerError` where the list of shows
    ///   can't be read.
    static func prepare(_ game: GameDesk) async throws -> Bool {
        guard try !game.shows().contains(where: { $0.id == id }) else { return false }
        // An id of its own for each start: the show of the start before was thrown away.
        let start = GameClock.system.wallMs()
        try await game.perform(
            HostRequest(
                commandID: "demo-create-\(start)", who: "demo", show: id,
                command: .create(plan(), stream: Banner.demoStreamName)))
        try await game.perform(
            HostRequest(
                commandID: "demo-questions-\(start)", who: "demo", show: id,
                command: .addQuestions(questions())))
        return true
    }

    private static func plan() throws(PlanFault) -> ShowPlan {
        try ShowPlan(
            title: "The Demo Quiz", prize: PrizePool(minorUnits: 100_000, currency: "EUR"),
            isRehearsal: true)
    }

    private static func questions() -> [Question] {
        [
            Question(
                id: "q1", text: "Which is Australia's capital?",
                options: ["Sydney", "Canberra", "Perth"], correct: 2,
                explanation: "Sydney is larger, and older: Canberra was built to settle a quarrel."),
            Question(
                id: "q2", text: "How many legs has a spider?", options: ["6", "8", "10", "12"],
                correct: 2, explanation: "Eight. Insects have six."),
            Question(
                id: "q3", text: "Which of these planets has the most moons?",
                options: ["Earth", "Mars", "Saturn"], correct: 3,
                explanation: "Saturn has well over a hundred."),
            Question(
                id: "q4", text: "What does a lamp on each second of the demo picture tell?",
                options: ["That it is live", "The host's pulse"], correct: 1, windowMs: 8_000),
            Question(
                id: "q5", text: "Who played the first fanfare?",
                options: ["A trumpeter", "A violinist", "Nobody knows"], correct: 3,
                explanation: "It wasn't recorded.", isSpare: true),
        ]
    }
}
