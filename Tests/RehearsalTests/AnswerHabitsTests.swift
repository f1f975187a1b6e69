// Tests of how simulated people answer.

import Testing

@testable import Rehearsal

@Suite("AnswerHabits") struct AnswerHabitsTests {
    private static func decisions(
        _ share: Double = 0.8, seed: UInt64 = 1, question: UInt64 = 5, options: Int = 3
    ) -> [AnswerDecision] {
        let habits = AnswerHabits(answeringShare: share, seed: seed)
        return (0..<20_000).map {
            habits.decision(player: $0, question: question, optionCount: options)
        }
    }

    @Test("the share answers, and most of it in the last third", arguments: [0.2, 0.8, 1.0])
    func shares(_ share: Double) {
        let all = Self.decisions(share)
        let answering = all.filter(\.answers)
        #expect(abs(Double(answering.count) / Double(all.count) - share) < 0.02)
        let late = answering.count { $0.patience >= 2.0 / 3 }
        let early = answering.count { $0.patience < 1.0 / 3 }
        #expect(abs(Double(late) / Double(answering.count) - 0.75) < 0.02)
        #expect(early > 0 && early < late / 5)
    }

    @Test("every option is chosen about as often as another")
    func choices() {
        let all = Self.decisions(options: 4)
        for option in 0..<4 {
            let count = all.count { $0.choice == option }
            #expect(abs(Double(count) / Double(all.count) - 0.25) < 0.02)
        }
        #expect(Self.decisions(options: 1).allSatisfy { $0.choice == 0 })
    }

    @Test("the same seed gives the same, another one doesn't, and neither does another question")
    func seeds() {
        let once = Self.decisions(seed: 3)
        #expect(Self.decisions(seed: 3) == once)
        #expect(Self.decisions(seed: 4) != once)
        #expect(Self.decisions(seed: 3, question: 6) != once)
    }

    @Test(
        "nobody answers before it could read or after its window",
        arguments: [100, 4_000, 600_000] as [Int64])
    func delays(_ windowMs: Int64) {
        for decision in Self.decisions() {
            let delayMs = decision.delayMs(windowMs: windowMs)
            #expect(delayMs >= windowMs / 20 && delayMs < windowMs)
        }
    }
}
