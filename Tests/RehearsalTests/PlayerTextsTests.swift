// Tests of what players understand of cues, receipts and their standing.

import FLV
import Testing

@testable import Rehearsal

@Suite("What players hear") struct PlayerTextsTests {
    @Test("a question and its reveal are read")
    func cues() {
        let question = HeardCue(Samples.question("q1", options: 4).span.bytes)
        #expect(question?.phase == .question && question?.question == "q1")
        #expect(question?.show == "final" && question?.optionCount == 4)
        #expect(question?.windowMs == 8_000 && question?.deadlineMs == 9_000)
        #expect(question?.isPaused == false)
        let reveal = HeardCue(Samples.reveal("q1", correct: 2, counts: [1, 0, 5]).span.bytes)
        #expect(reveal?.correct == 2 && reveal?.counts == [1, 0, 5])
        let paused = HeardCue(
            Samples.cue("question", [AMF0Property("paused", .boolean(true))]).span.bytes)
        #expect(paused?.isPaused == true && paused?.question == nil)
    }

    @Test("other script tags are no cues")
    func noCues() {
        let message = AMF0.encode(.string("onMessage"), .object([]))
        #expect(!HeardCue.isCue(message.span.bytes) && HeardCue(message.span.bytes) == nil)
        #expect(HeardCue(Samples.cue("unheard-of").span.bytes) == nil)
        #expect(HeardCue(Array(Samples.question("q1").prefix(20)).span.bytes) == nil)
        #expect(!HeardCue.isCue([UInt8]().span.bytes))
    }

    @Test(
        "receipts and refusals are told apart",
        arguments: [
            (
                #"{"type":"receipt","question":"q1","choice":1,"status":"accepted"}"#, "q1",
                HeardReceipt.Verdict.accepted
            ),
            (
                #"{"type":"receipt","question":"q1","choice":1,"status":"refused","code":"too_late","reason":"Late."}"#,
                "q1", .refused("too_late")
            ),
            (#"{"type":"error","status":429,"error":"Too fast."}"#, nil, .refused("http_429")),
            (#"{"error":"Busy.","status":503}"#, nil, .refused("http_503")),
            (#"{"type":"error","error":"No."}"#, nil, .refused("error")),
        ])
    func receipts(_ text: String, _ question: String?, _ verdict: HeardReceipt.Verdict) {
        let receipt = HeardReceipt(Array(text.utf8).span.bytes)
        #expect(receipt?.verdict == verdict && receipt?.question == question)
    }

    @Test(
        "what is no receipt is none",
        arguments: [#"{"type":"pong","t":1}"#, "{}", "[1]", #"{"type":"receipt"#])
    func noReceipts(_ text: String) {
        #expect(HeardReceipt(Array(text.utf8).span.bytes) == nil)
    }

    @Test("a standing is read with all its receipts, whatever the names are")
    func standing() {
        let text = #"""
            {"show":"final","player":"guest.x","name":"},{\"receipts\":[{","status":"playing",
            "revivesLeft":1,"score":2,"receipts":[{"question":"q\"}1","choice":0},
            {"choice":7,"question":"q2"}]}
            """#
        let standing = HeardStanding(Array(text.utf8).span.bytes)
        #expect(standing?.status == "playing")
        #expect(
            standing?.receipts == [
                .init(question: "q\"}1", choice: 0), .init(question: "q2", choice: 7),
            ])
        let none = #"{"status":"eliminated","receipts":[]}"#
        #expect(HeardStanding(Array(none.utf8).span.bytes)?.receipts.isEmpty == true)
        #expect(HeardStanding(Array(#"{"error":"no"}"#.utf8).span.bytes) == nil)
    }

    @Test("tokens and sentences are found")
    func strings() {
        #expect(
            JoinText.token(in: Array(#"{"token":"a.b.c"}"#.utf8).span.bytes) == Array("a.b.c".utf8))
        #expect(JoinText.token(in: Array("{}".utf8).span.bytes) == nil)
        let error = Array(#"{"error":"No guests.","status":403}"#.utf8)
        #expect(ErrorText.sentence(in: error.span.bytes) == "No guests.")
    }
}
