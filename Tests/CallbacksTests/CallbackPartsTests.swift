// The parts of callbacks that need nobody else: words, signatures, times.

import Access
import HTTPWire
import Testing

@testable import Callbacks

@Suite struct CallbackPartsTests {
    @Test func anEventIsJSONWhateverIsInIt() {
        let event = CallbackEvent(
            .publishBegan, atMs: 17,
            [("stream", .text("show")), ("encoder", .text("O\"BS\n")), ("none", nil)])
        #expect(
            event.json(id: "ab")
                == #"{"id":"ab","event":"publish.began","atMs":17,"stream":"show","encoder":"O\"BS\n"}"#
        )
    }

    @Test func aRequestIsSignedOverTimeAndBody() throws {
        let secret = try CallbackSecret(validating: "a-secret-of-callbacks")
        let url = try #require(HTTPURL("https://a.example:8443/x?y=z"))
        let request = CallbackRequest(
            url: url, event: "publish.began", id: "ab", body: #"{"id":"ab"}"#)
        let bytes = try #require(request.bytes(hmac: secret.signer, nowUnixS: 1_700_000_000))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("POST /x?y=z HTTP/1.1\r\nHost: a.example:8443\r\n"))
        #expect(text.hasSuffix("\r\n\r\n" + #"{"id":"ab"}"#))
        #expect(text.contains("\r\nFanfare-Id: ab\r\nFanfare-Time: 1700000000\r\n"))
        // By Python's hmac.
        let code = "6415544c581617886fdfcb57512918758f4737f14cc7984a880706c207aae246"
        #expect(text.contains("\r\nFanfare-Signature: sha256=\(code)\r\n"))
    }

    @Test func triesComeFartherAndFartherApartAndEnd() {
        func delay(_ attempts: Int, wishS: Int? = nil, chance: Double = 1) -> Int64? {
            RetrySchedule.delayMs(afterAttempts: attempts, wishS: wishS, chance: chance)
        }
        #expect((1...4).map { delay($0) } == [1_000, 2_000, 4_000, 8_000])
        #expect(delay(1, chance: 0) == 500)
        #expect(delay(23) == 600_000 && delay(24) == nil)
        // What the receiver asks for is done, within bounds.
        #expect(delay(1, wishS: 30) == 30_000 && delay(1, wishS: .max) == 600_000)
        #expect(delay(1, wishS: -5) == 1_000)
        var allMs: Int64 = 0
        for attempts in 1..<CallbackLimits.attemptCountMax { allMs += delay(attempts) ?? 0 }
        #expect((7_200_000...10_800_000).contains(allMs))
    }

    @Test(arguments: [
        ("", 200, CallbackVerdict.allowed), ("", 204, .allowed), ("yes", 200, .allowed),
        (#"{"allow":true,"reason":"x"}"#, 200, .allowed),
        (#"{"reason":"No.","allow":false}"#, 200, .refused(reason: "No.")),
        (#"{"allow":false}"#, 200, .refused(reason: nil)),
        (#"{"reason":"a\nb"}"#, 403, .refused(reason: "ab")),
        (#"{"allow":true}"#, 403, .refused(reason: nil)), ("", 403, .refused(reason: nil)),
        (#"{"allow":false,"#, 200, .refused(reason: nil)),
        // What isn't a text is no reason, and takes nothing from the word that counts.
        (#"{"reason":null,"allow":false}"#, 200, .refused(reason: nil)),
        (#"{"reason":{"a":1},"allow":false}"#, 200, .refused(reason: nil)),
        (#"{"allow":false,"reason":5}"#, 200, .refused(reason: nil)),
        (#"{"allow":false,"allow":true}"#, 200, .refused(reason: nil)),
        (#"{"allow":true,"reason":null}"#, 200, .allowed),
        (#"{"allow":"false"}"#, 403, .refused(reason: nil)),
        ("\u{FEFF}{\"allow\":false}", 200, .refused(reason: nil)),
        ("[false]", 200, .allowed), ("<html>", 200, .allowed),
    ])
    func aVerdictIsTheStatusAndWhatTheBodySays(
        _ body: String, _ status: Int, _ verdict: CallbackVerdict
    ) {
        let answer = CallAnswer(status: status, body: Array(body.utf8))
        #expect(CallbackAsk.verdict(of: answer) == verdict)
    }

    @Test(arguments: [
        #"{"allow":0}"#, #"{"allow":"false"}"#, #"{"allow":null}"#, #"{"allow":true"#, "{", " \n{]",
        #"{"allow":true,"allow":false}"#, "{\"a\":\"\u{1}\"}",
        "{" + (0..<40).map { #""a\#($0)":1"# }.joined(separator: ",") + #","allow":false}"#,
    ])
    func anObjectThatCannotBeReadIsNoAnswer(_ body: String) {
        let verdict = CallbackAsk.verdict(of: CallAnswer(status: 200, body: Array(body.utf8)))
        guard case .unanswered(let reason) = verdict else {
            Issue.record("\(body): \(verdict)")
            return
        }
        #expect(reason.hasPrefix("its answer can't be read: "), "\(reason)")
    }

    @Test func aReasonStaysInItsLine() {
        let body = #"{"allow":false,"reason":"a\u202Egnp.exe\u2066 b\u2028c\u200Bd"}"#
        let verdict = CallbackAsk.verdict(of: CallAnswer(status: 200, body: Array(body.utf8)))
        #expect(verdict == .refused(reason: "agnp.exe bcd"))
    }

    @Test func anErrorSaysThingsOnce() {
        let errors: [HTTPResponseError] = [
            .badStatusLine, .badContentLength, .unknownTransferCoding, .unsupportedVersion,
            .head(.tooManyFields),
        ]
        for error in errors {
            let words = CallError(error).description
            #expect(words.hasPrefix("its answer can't be read: "))
            #expect(words.ranges(of: "can't be read").count == 1, "\(words)")
            #expect(!words.contains(": The") && !words.hasSuffix("."), "\(words)")
        }
    }

    @Test func aReasonIsNotLongerThanALine() {
        let long = #"{"allow":false,"reason":"\#(String(repeating: "a", count: 5_000))"}"#
        let verdict = CallbackAsk.verdict(of: CallAnswer(status: 200, body: Array(long.utf8)))
        #expect(verdict == .refused(reason: String(repeating: "a", count: 200)))
    }
}
