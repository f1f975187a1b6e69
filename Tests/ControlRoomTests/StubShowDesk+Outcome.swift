// What comes out of the shows of a desk for tests.

import Trivia

@testable import ControlRoom

extension StubShowDesk {
    func results(of show: String) throws(ShowDeskRefusal) -> ShowResults {
        let state = try look(at: show)
        let asked = try entry(show).questions.filter { $0.state != .waiting }
        return ShowResults(
            show: show, phase: state.phase, tally: state.tally,
            questions: asked.map {
                QuestionResult(
                    question: $0.question, state: $0.state, counts: [1, 2, 0], correctCount: 2,
                    wrongCount: 1, survivorCount: 2)
            })
    }

    func winners(of show: String) throws(ShowDeskRefusal) -> ShowWinners {
        let entry = try entry(show)
        guard entry.phase == .finished || entry.phase == .settled else {
            throw .notNow("The show isn't finished; finish it first.")
        }
        let winners = entry.players.filter { $0.status == .playing }
        return ShowWinners(
            show: show, isSettled: entry.phase == .settled, isRehearsal: entry.plan.isRehearsal,
            prize: entry.plan.prize,
            winners: winners.enumerated().map { index, player in
                ShowWinners.Winner(
                    place: index + 1, id: player.id, name: player.name, score: 2, timeMs: 3_000,
                    minorUnits: 50_000, currency: entry.plan.prize?.currency, lags: [Self.lag])
            })
    }

    func answers(of show: String) throws(ShowDeskRefusal) -> any AnswerPages {
        _ = try entry(show)
        return StubAnswerPages()
    }

    func audit(of show: String) throws(ShowDeskRefusal) -> ShowAudit {
        let entry = try entry(show)
        return ShowAudit(
            show: show, agrees: true, playerCount: entry.players.count, answerCount: 3,
            entries: [
                ShowAudit.Entry(
                    number: 1, atMs: 1_795_000_000_000, by: "ada", orderID: "x", what: "created"),
                ShowAudit.Entry(number: 2, atMs: 1_795_000_001_000, by: "machine", what: "locked"),
            ],
            winnerLags: [
                WinnerLags(
                    id: "u-1", name: "Ann",
                    lags: [
                        Self.lag,
                        AnswerLag(
                            question: "q2", measuredMs: nil, windowMs: 2_000, speedMs: 0),
                    ])
            ])
    }

    private static let lag = AnswerLag(
        question: "q1", measuredMs: 3_900, windowMs: 500, speedMs: 400)
}
