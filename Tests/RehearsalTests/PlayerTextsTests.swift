// Tests of what players understand of cues, receipts and their standing.

import FLV
import Testing

@testable import Rehearsal

@Suite("What players hear") struct PlayerTextsTests {
    @Test("a question and its reveal are read")
    func cues() {
        let question = Samples.read(Samples.question("q1", options: 4))
        #expect(question?.phase == .question && question?.question == "q1")
        #expect(question?.show == "final" && question?.optionCount == 4)
        #expect(question?.windowMs == 8_000 && question?.deadlineMs == 9_000)
        #expect(question?.isPaused == false)
        let reveal = Samples.read(Samples.reveal("q1", correct: 2, counts: [1, 0, 5]))
        #expect(reveal?.correct == 2 && reveal?.counts == [1, 0, 5])
        let paused = Samples.read(
            Samples.cue("question", [AMF0Property("paused", .boolean(true))]))
        #expect(paused?.isPaused == true && paused?.question == nil)
    }

    @Test("other script tags are no cues")
    func noCues() {
        let message = AMF0.encode(.string("onMessage"), .object([]))
        for body in [message, Samples.cue("unheard-of"), Array(Samples.question("q1").prefix(20))] {
            #expect(Samples.read(body) == nil)
        }
        let isMessage = ReceivedCue.isCue(message.span.bytes)
        let isNothing = ReceivedCue.isCue([UInt8]().span.bytes)
        #expect(!isMessage && !isNothing)
    }

    @Test("receipts and refusals are told apart")
    func receipts() {
        func hear(_ text: String) -> HeardReceipt? { HeardReceipt(Array(text.utf8).span.bytes) }
        let accepted = hear(
            #"{"type":"receipt","question":"q1","choice":1,"status":"accepted"}"#)
        #expect(accepted?.verdict == .accepted)
        #expect(accepted?.question == "q1" && accepted?.choice == 1)
        let refused = hear(
            #"{"type":"receipt","question":"q1","choice":1,"status":"refused","code":"too_late"}"#)
        #expect(refused?.verdict == .refused("too_late") && refused?.question == "q1")
        #expect(
            hear(#"{"type":"error","status":429,"error":"Too fast."}"#)?.verdict
                == .refused("http_429"))
        #expect(hear(#"{"error":"Busy.","status":503}"#)?.verdict == .refused("http_503"))
        #expect(hear(#"{"type":"error","error":"No."}"#)?.verdict == .refused("error"))
    }

    @Test(
        "what is no receipt is none",
        arguments: [#"{"type":"pong","t":1}"#, "{}", "[1]", #"{"type":"receipt"#])
    func noReceipts(_ text: String) {
        let receipt = HeardReceipt(Array(text.utf8).span.bytes)
        #expect(receipt == nil)
    }

    @Test("a standing is read with all its receipts, whatever the names are")
    func standing() {
        func hear(_ text: String) -> HeardStanding? {
            HeardStanding(Array(text.utf8).span.bytes)
        }
        let text = #"""
            {"show":"final","player":"guest.x","name":"},{\"receipts\":[{","status":"playing",
            "revivesLeft":1,"score":2,"receipts":[{"question":"q\"}1","choice":0},
            {"choice":7,"question":"q2"}]}
            """#
        let standing = hear(text)
        #expect(standing?.status == "playing")
        #expect(
            standing?.receipts == [
                .init(question: "q\"}1", choice: 0), .init(question: "q2", choice: 7),
            ])
        #expect(hear(#"{"status":"eliminated","receipts":[]}"#)?.receipts.isEmpty == true)
        #expect(hear(#"{"error":"no"}"#) == nil)
    }

    @Test("tokens and sentences are found")
    func strings() {
        func token(_ text: String) -> [UInt8]? { JoinText.token(in: Array(text.utf8).span.bytes) }
        #expect(token(#"{"token":"a.b.c"}"#) == Array("a.b.c".utf8))
        #expect(token("{}") == nil)
        let error = Array(#"{"error":"No guests.","status":403}"#.utf8)
        let sentence = ErrorText.sentence(in: error.span.bytes)
        #expect(sentence == "No guests.")
    }
}
