// Lags of the rules as the staff API has them.

import ControlRoom
import Trivia

extension AnswerLagRecord {
    init(_ lag: AnswerLag) {
        self.init(
            question: lag.questionID, measuredMs: lag.measuredMs, countedMs: lag.windowMs,
            speedMs: lag.speedMs)
    }
}

extension WinnerLagRecord {
    init(_ winner: WinnerLags) {
        self.init(id: winner.id, name: winner.name, lags: winner.lags.map(AnswerLagRecord.init))
    }
}
