// What a question and a plan may be.

import Testing
import Trivia

@Suite struct PlanTests {
    private func fault(
        id: String = "q", text: String = "What?", options: [String] = ["a", "b"],
        correct: Int = 0, windowMs: Int = 10_000, explanation: String? = nil,
        mediaURL: String? = nil
    ) -> QuestionFault? {
        do throws(QuestionFault) {
            _ = try Question(
                id: id, text: text, options: options, correctOption: correct, windowMs: windowMs,
                explanation: explanation, mediaURL: mediaURL)
            return nil
        } catch { return error }
    }

    @Test func aQuestionWithinItsLimitsIsOne() {
        #expect(fault() == nil)
        #expect(fault(options: (1...8).map { "\($0)" }, correct: 7) == nil)
        #expect(fault(text: "Two\nlines?", explanation: "Two\nlines.") == nil)
        #expect(fault(mediaURL: "https://example.org/a.png") == nil)
        #expect(fault(mediaURL: "/media/a.png") == nil)
        #expect(fault(text: String(repeating: "é", count: 500)) == nil)
    }

    @Test func eachPartOfAQuestionHasItsFault() {
        #expect(fault(id: "") == .id(.empty))
        #expect(fault(id: "a b") == .id(.notAnID))
        #expect(fault(text: " \n ") == .text(.empty))
        #expect(
            fault(text: String(repeating: "é", count: 501))
                == .text(.tooLong(byteCount: 1002, byteCountMax: 1000)))
        #expect(fault(text: "bell\u{7}") == .text(.controlCharacter))
        #expect(fault(text: "C1\u{85}") == .text(.controlCharacter))
        #expect(fault(options: ["a"]) == .optionCount(1))
        #expect(fault(options: (1...9).map { "\($0)" }) == .optionCount(9))
        #expect(fault(options: ["a", ""]) == .option(number: 2, .empty))
        #expect(fault(options: ["a", "b\nc"]) == .option(number: 2, .controlCharacter))
        #expect(fault(options: ["a", "b", "a"]) == .sameOptions(1, 3))
        for same in ["b ", " b", "b\u{200B}", "b\u{2060}", "\u{FEFF}b"] {
            #expect(fault(options: ["a", "b", same]) == .sameOptions(2, 3), "it looks the same")
        }
        #expect(fault(options: ["a b", "ab"]) == nil)
        #expect(fault(correct: 2) == .correctOption(number: 3, optionCount: 2))
        #expect(fault(correct: -1) == .correctOption(number: 0, optionCount: 2))
        #expect(fault(windowMs: 99) == .windowMs(99))
        #expect(fault(windowMs: 600_001) == .windowMs(600_001))
        #expect(fault(explanation: "") == .explanation(.empty))
        #expect(fault(mediaURL: "javascript:1") == .mediaURL(.notAnAddress))
        #expect(
            fault(options: ["a"])?.description == "The question has 1 option; give it 2 to 8.")
    }

    @Test func eachPartOfAPlanHasItsFault() throws {
        #expect(throws: PlanFault.title(.empty)) { try ShowPlan(title: "").check() }
        #expect(throws: PlanFault.reviveCount(11)) { try ShowPlan(title: "t", reviveCount: 11) }
        #expect(throws: PlanFault.entryClosesAtQuestion(0)) {
            try ShowPlan(title: "t", entryClosesAtQuestion: 0)
        }
        #expect(throws: PlanFault.winnerCount(0)) {
            try ShowPlan(title: "t", winnerRule: .best(0))
        }
        #expect(throws: PlanFault.graceMs(-1)) { try AnswerTiming(graceMs: -1) }
        #expect(throws: PlanFault.lagMs(max: 10, default: 11)) {
            try AnswerTiming(lagMsMax: 10, defaultLagMs: 11)
        }
        #expect(throws: PlanFault.speedLagMs(-1)) { try AnswerTiming(speedLagMsMax: -1) }
        #expect(throws: PlanFault.speedLagMs(60_001)) { try AnswerTiming(speedLagMsMax: 60_001) }
        #expect(throws: PlanFault.points(base: 0, speed: 1)) { try Scoring(base: 0, speed: 1) }
        #expect(throws: PlanFault.prize(minorUnits: -1)) {
            try PrizePool(minorUnits: -1, currency: "EUR")
        }
        #expect(throws: PlanFault.currency("eur")) {
            try PrizePool(minorUnits: 1, currency: "eur")
        }
        #expect(throws: PlanFault.currency("EURO")) {
            try PrizePool(minorUnits: 1, currency: "EURO")
        }
        #expect(throws: ShowRefusal.badShowID(.notAnID)) {
            try Show(id: "a/b", plan: ShowPlan(title: "t"))
        }
    }

    @Test func theStandardTimingIsTheDesigns() {
        #expect(AnswerTiming.standard.lagMsMax == 4000)
        #expect(AnswerTiming.standard.defaultLagMs == 2000)
        #expect(AnswerTiming.standard.graceMs == 500)
        #expect(AnswerTiming.standard.speedLagMsMax == 1000)
    }
}
