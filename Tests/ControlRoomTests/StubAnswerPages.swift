// Answers for an export, in the control room's tests.

import ControlRoom
import Synchronization

/// Three answers on two pages, the last of a question that was taken back.
final class StubAnswerPages: AnswerPages {
    private let pages = Mutex<[[AnswerLine]]>([
        [
            AnswerLine(
                receipt: 1, player: "u-1", name: "Ada", question: "capital", choice: 2,
                choiceText: "Canberra", ruling: "right", receivedAtMs: 1_795_000_000_000,
                afterOpeningMs: 900, lagMeasuredMs: 80, lagWindowMs: 80, lagSpeedMs: 80,
                elapsedMs: 820),
            AnswerLine(
                receipt: 2, player: "u-2", name: "\u{FF1D}cmd|' /C calc'!A0",
                question: "capital", choice: 1, choiceText: "Sydney", ruling: "wrong",
                receivedAtMs: 1_795_000_000_100, afterOpeningMs: 1_000, lagWindowMs: 2_000,
                lagSpeedMs: 0, elapsedMs: 1_000),
        ],
        [
            AnswerLine(
                receipt: 3, player: "u-1", name: "Ada", question: "sum", choice: 1,
                choiceText: "2", ruling: "void", receivedAtMs: 1_795_000_009_000)
        ],
    ])

    func next() async throws(ShowDeskRefusal) -> [AnswerLine] {
        pages.withLock { $0.isEmpty ? [] : $0.removeFirst() }
    }
}
