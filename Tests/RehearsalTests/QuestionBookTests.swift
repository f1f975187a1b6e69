// Tests of the bookkeeping: who holds which receipt, and what the server says of it.

import TestSupport
import Testing

@testable import Rehearsal

@Suite("QuestionBook") struct QuestionBookTests {
    private final class Ring {
        var book = QuestionBook(slotCount: 10)
        var tally = QuizTally()

        /// Takes a cue; its number.
        func hear(_ body: [UInt8]) -> Int? {
            let hash = contentHash(body.span.bytes)
            if let number = book.number(ofCue: hash) { return number }
            return ReceivedCue(body.span.bytes).flatMap {
                book.take($0, hash: hash, firstNs: 5, tally: &tally)
            }
        }

        func accept(_ question: Int, _ slot: Int, _ choice: Int) -> Bool {
            book.acknowledge(question, slot: slot, choice: choice, tally: &tally)
        }

        func check(_ slot: Int, _ receipts: [(String, Int)]) throws {
            let list = receipts.map { #"{"question":"\#($0.0)","choice":\#($0.1)}"# }
            let text =
                #"{"status":"playing","receipts":["# + list.joined(separator: ",") + "]}"
            let heard = HeardStanding(Array(text.utf8).span.bytes)
            let standing = try #require(heard)
            book.check(slot, against: standing, tally: &tally)
        }
    }

    @Test("a cue is known again by its bytes, a question by its id")
    func numbers() throws {
        let ring = Ring()
        #expect(ring.hear(Samples.cue("lobby")) == 0)
        #expect(ring.hear(Samples.question("q1")) == 1)
        #expect(ring.hear(Samples.question("q1")) == 1)
        // Told anew, with more time: the same question.
        #expect(ring.hear(Samples.question("q1", windowMs: 9_000)) == 2)
        #expect(ring.hear(Samples.question("q2")) == 3)
        #expect(ring.book.cues.map(\.question) == [-1, 0, 0, 1])
        #expect(ring.tally.questions.map(\.id) == ["q1", "q2"])
        #expect(ring.tally.cues.map(\.phase) == ["lobby", "question", "question", "question"])
    }

    @Test("the end of a show before is not the end of this one")
    func shows() {
        let ring = Ring()
        _ = ring.hear(Samples.cue("winners"))
        _ = ring.hear(Samples.cue("over"))
        #expect(!ring.book.hasShow)
        _ = ring.hear(Samples.cue("lobby"))
        #expect(ring.book.hasShow)
    }

    @Test("a question that comes again after it was taken back is another one")
    func again() {
        let ring = Ring()
        _ = ring.hear(Samples.question("q1"))
        #expect(ring.accept(0, 3, 1))
        _ = ring.hear(Samples.void("q1"))
        _ = ring.hear(Samples.question("q1", windowMs: 7_000))
        #expect(ring.book.questions.count == 2 && ring.book.questions[0].isVoid)
        #expect(ring.accept(1, 3, 2))
        #expect(ring.tally.questions.map(\.acceptedCounts) == [[0, 1, 0], [0, 0, 1]])
    }

    @Test("a receipt counts once, whatever comes after it")
    func once() {
        let ring = Ring()
        _ = ring.hear(Samples.question("q1"))
        #expect(ring.accept(0, 4, 2))
        #expect(!ring.accept(0, 4, 2) && !ring.accept(0, 4, 0))
        #expect(ring.tally.acceptedCount == 1)
        #expect(ring.tally.questions[0].acceptedCounts == [0, 0, 1])
    }

    @Test("acknowledged answers that the server doesn't have are missing")
    func missing() throws {
        let ring = Ring()
        for id in ["q1", "q2", "q3"] { _ = ring.hear(Samples.question(id)) }
        for question in 0..<3 { #expect(ring.accept(question, 0, question)) }
        try ring.check(0, [("q1", 0), ("q2", 1), ("q3", 2)])
        #expect(ring.tally.isClean && ring.tally.checkedAnswerCount == 3)
        try ring.check(0, [("q3", 2), ("q1", 1)])
        #expect(ring.tally.missingCount == 1 && ring.tally.differingCount == 1)
        #expect(!ring.tally.isClean)
        // What the server has beyond is no fault: its receipt may be on its way.
        let other = Ring()
        _ = other.hear(Samples.question("q1"))
        try other.check(1, [("q1", 0)])
        #expect(other.tally.isClean && other.tally.checkedAnswerCount == 0)
    }

    @Test("answers to a question that was taken back aren't looked for")
    func void() throws {
        let ring = Ring()
        _ = ring.hear(Samples.question("q1"))
        #expect(ring.accept(0, 0, 0))
        _ = ring.hear(Samples.void("q1"))
        try ring.check(0, [])
        #expect(ring.tally.missingCount == 0 && ring.tally.isClean)
    }

    @Test("a reveal that counts fewer answers than there are receipts is not clean")
    func reveals() {
        let ring = Ring()
        _ = ring.hear(Samples.question("q1"))
        for slot in 0..<4 { #expect(ring.accept(0, slot, 1)) }
        _ = ring.hear(Samples.reveal("q1", correct: 1, counts: [3, 4, 0]))
        #expect(!ring.tally.questions[0].contradictsReveal && ring.tally.isClean)
        #expect(ring.accept(0, 9, 2))
        #expect(ring.tally.questions[0].contradictsReveal && !ring.tally.isClean)
    }

    @Test("the rings' numbers are put together by question and by cue")
    func sum() {
        let rings = [Ring(), Ring()]
        _ = rings[0].hear(Samples.cue("lobby"))
        for index in rings.indices {
            _ = rings[index].hear(Samples.question("q1"))
            #expect(rings[index].accept(0, 1, index))
            rings[index].tally.refuse("too_late")
            let cue = rings[index].tally.cues.count - 1
            rings[index].tally.cues[cue].delay.record(us: 2_000 * Int64(index + 1))
        }
        _ = rings[1].hear(Samples.reveal("q1", correct: 0, counts: [1, 1, 0]))
        var sum = QuizTally()
        for ring in rings { sum.add(ring.tally) }
        #expect(sum.questions.count == 1 && sum.questions[0].acceptedCounts == [1, 1, 0])
        #expect(sum.questions[0].revealedCounts == [1, 1, 0] && sum.isClean)
        #expect(sum.cues.map(\.phase) == ["lobby", "question", "reveal"])
        #expect(sum.cues[1].delay.count == 2 && sum.cues[1].delay.maxMs >= 4)
        #expect(sum.refusedCounts == ["too_late": 2] && sum.acceptedCount == 2)
    }

    @Test("not everything that a server says can fill the memory")
    func bounds() {
        let ring = Ring()
        for index in 0..<QuizLimits.questionCountMax + 5 {
            _ = ring.hear(Samples.question("q\(index)"))
        }
        #expect(ring.book.questions.count == QuizLimits.questionCountMax)
        for index in 0..<QuizLimits.reasonCountMax + 5 { ring.tally.refuse("r\(index)") }
        #expect(ring.tally.refusedCounts.count == QuizLimits.reasonCountMax + 1)
        #expect(ring.tally.refusedCounts["others"] == 5)
    }
}
