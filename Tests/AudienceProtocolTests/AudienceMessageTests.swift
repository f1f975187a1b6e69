// What the audience sends up: answers, pings, guests who join.

import AudienceProtocol
import TestSupport
import Testing
import TextWire

/// A message, with its strings as text.
private enum Read: Equatable {
    case answer(question: String, choice: Int, show: String?)
    case ping(Int?)
    case token(String)
    case report(ReportMessage)
}

private func read(_ text: String) throws -> Read {
    let bytes = Array(text.utf8)
    switch try AudienceMessage.parse(bytes.span.bytes) {
    case .answer(let answer):
        return .answer(
            question: answer.question.text(in: bytes.span.bytes), choice: answer.choice,
            show: answer.show?.text(in: bytes.span.bytes))
    case .ping(let ping): return .ping(ping.echo)
    case .token(let message): return .token(message.token.text(in: bytes.span.bytes))
    case .report(let report): return .report(report)
    }
}

@Suite struct AudienceMessageTests {
    @Test func answersAreRead() throws {
        #expect(
            try read(#"{"type":"answer","question":"q7","choice":1}"#)
                == .answer(question: "q7", choice: 1, show: nil))
        #expect(
            try read(
                #" {"choice":0,"sentAt":1.5e3,"show":"fr\u0069day","x":[{"choice":9}],"#
                    + #""question":"é","type":"answer"} "#)
                == .answer(question: "é", choice: 0, show: "friday"))
    }

    @Test func pingsAreReadAndAnswered() throws {
        #expect(try read(#"{"type":"ping"}"#) == .ping(nil))
        #expect(try read(#"{"t":9007199254740992,"type":"ping"}"#) == .ping(1 << 53))
        let clock = ClockReading(
            serverMs: 1_732_000_000_123, programmeMs: 61_240, targetDelayMs: 1_200)
        let idle = ClockReading(serverMs: 5, programmeMs: nil, targetDelayMs: 400)
        let longest = ClockReading(serverMs: .min, programmeMs: .min, targetDelayMs: .min)
        for (text, clock, pong) in [
            (
                #"{"type":"ping"}"#, idle,
                #"{"type":"pong","serverMs":5,"targetDelayMs":400}"#
            ),
            (
                #"{"type":"ping","t":9007199254740992}"#, idle,
                #"{"type":"pong","t":9007199254740992,"serverMs":5,"targetDelayMs":400}"#
            ),
            (
                #"{"type":"ping","t":7}"#, clock,
                #"{"type":"pong","t":7,"serverMs":1732000000123,"programmeMs":61240,"targetDelayMs":1200}"#
            ),
            (
                #"{"type":"ping","t":9007199254740992}"#, longest,
                #"{"type":"pong","t":9007199254740992,"serverMs":-9223372036854775808,"#
                    + #""programmeMs":-9223372036854775808,"targetDelayMs":-9223372036854775808}"#
            ),
        ] as [(String, ClockReading, String)] {
            let bytes = Array(text.utf8)
            guard case .ping(let ping) = try AudienceMessage.parse(bytes.span.bytes) else {
                Issue.record("\(text) is no ping")
                continue
            }
            for capacity in [PingMessage.pongByteCountMax, pong.utf8.count - 1] {
                var isWhole = false
                let written = [UInt8](capacity: capacity) {
                    isWhole = ping.appendPong(clock, to: &$0)
                }
                #expect(isWhole == (capacity == PingMessage.pongByteCountMax))
                if isWhole { #expect(String(decoding: written, as: UTF8.self) == pong) }
            }
        }
        #expect(
            String(decoding: idle.json, as: UTF8.self) == #"{"serverMs":5,"targetDelayMs":400}"#)
    }

    @Test func reportsAreRead() throws {
        let text =
            #"{"type":"report","state":"playing","firstFrameMs":310,"stalls":2,"stallMs":90.5,"#
            + #""offsetMs":-12.7,"delayMs":1204,"else":[1]}"#
        guard case .report(let whole) = try read(text) else {
            Issue.record("it is no report")
            return
        }
        #expect(whole.state == .playing && whole.firstFrameMs == 310)
        #expect(whole.stalls == 2 && whole.stallMs == 90)
        #expect(whole.offsetMs == -12 && whole.delayMs == 1_204)
        for state in ReportedState.allCases {
            guard
                case .report(let report) = try read(
                    #"{"state":"\#(state.word)","type":"report"}"#)
            else {
                Issue.record("\(state) is no report")
                continue
            }
            #expect(report.state == state && report.delayMs == nil && report.stalls == nil)
            #expect(report.firstFrameMs == nil && report.stallMs == nil)
        }
    }

    @Test(arguments: [
        #"{"type":"report"}"#, #"{"type":"report","state":"winning"}"#,
        #"{"type":"report","state":"playing","delayMs":1e3}"#,
        #"{"type":"report","state":"playing","delayMs":"1"}"#,
        #"{"type":"report","state":"playing","delayMs":99999999999}"#,
        #"{"type":"report","state":"playing","offsetMs":-99999999999}"#,
        #"{"type":"report","state":"playing","stalls":-1}"#,
        #"{"type":"report","state":"playing","stalls":3000000000}"#,
        #"{"type":"report","state":"playing","state":"playing"}"#,
    ])
    func nonsenseInAReportIsRefused(text: String) {
        #expect(throws: AudienceMessageError.self) { try read(text) }
    }

    @Test func tokensAreRead() throws {
        #expect(try read(#"{"type":"token","token":"a.b-c_\u0064"}"#) == .token("a.b-c_d"))
        let longest = String(repeating: "x", count: AudienceLimits.tokenByteCountMax)
        #expect(try read(#"{"token":"\#(longest)","type":"token"}"#) == .token(longest))
        let byteCountMax = AudienceLimits.tokenByteCountMax
        #expect(throws: AudienceMessageError.badLength(.token, byteCountMax: byteCountMax)) {
            try read(#"{"token":"\#(longest)x","type":"token"}"#)
        }
    }

    @Test func aBodyNeedsNoType() throws {
        for text in [
            #"{"question":"q","choice":2}"#, #"{"type":"answer","question":"q","choice":2}"#,
        ] {
            let bytes = Array(text.utf8)
            #expect(try AnswerMessage.parse(bytes.span.bytes).choice == 2)
        }
        #expect(throws: AudienceMessageError.unknownType) {
            let bytes = Array(#"{"type":"ping","question":"q","choice":2}"#.utf8)
            _ = try AnswerMessage.parse(bytes.span.bytes)
        }
    }

    @Test func guestsJoin() throws {
        let bytes = Array(#"{"name":"Zo\u00eb","show":"s1"}"#.utf8)
        let join = try JoinMessage.parse(bytes.span.bytes)
        #expect(join.name.text(in: bytes.span.bytes) == "Zo\u{eb}")
        #expect(join.show?.text(in: bytes.span.bytes) == "s1")
        #expect(throws: AudienceMessageError.missing(.name)) {
            let bytes = Array(#"{"show":"s1"}"#.utf8)
            _ = try JoinMessage.parse(bytes.span.bytes)
        }
        #expect(throws: AudienceMessageError.badLength(.name, byteCountMax: 64)) {
            let bytes = Array(#"{"name":""}"#.utf8)
            _ = try JoinMessage.parse(bytes.span.bytes)
        }
    }

    @Test(arguments: [
        ("", AudienceMessageError.json(.unexpectedEnd)), ("answer", .json(.notAnObject)),
        ("{}", .missing(.type)), (#"{"type":"answer","choice":1}"#, .missing(.question)),
        (#"{"type":"answer","question":"q"}"#, .missing(.choice)),
        (#"{"type":"cheer"}"#, .unknownType), (#"{"type":"Answer"}"#, .unknownType),
        (#"{"type":7}"#, .value(.type, .wrongType(expected: .string))),
        (
            #"{"type":"answer","question":7,"choice":1}"#,
            .value(.question, .wrongType(expected: .string))
        ),
        (
            #"{"type":"answer","question":"q","choice":"1"}"#,
            .value(.choice, .wrongType(expected: .wholeNumber))
        ),
        (
            #"{"type":"answer","question":"q","choice":1.5}"#,
            .value(.choice, .wrongType(expected: .wholeNumber))
        ),
        (#"{"type":"answer","question":"q","choice":-1}"#, .value(.choice, .numberOutOfRange)),
        (#"{"type":"answer","question":"q","choice":256}"#, .value(.choice, .numberOutOfRange)),
        (
            #"{"type":"answer","question":"q","choice":1,"show":null}"#,
            .value(.show, .wrongType(expected: .string))
        ),
        (#"{"type":"answer","question":"","choice":1}"#, .badLength(.question, byteCountMax: 64)),
        (#"{"type":"answer","question":"q","choice":1,"choice":2}"#, .json(.duplicateName)),
        (#"{"type":"answer","question":"q","choice":1}{}"#, .json(.trailingBytes)),
        (#"{"type":"token"}"#, .missing(.token)),
        (#"{"type":"token","token":1}"#, .value(.token, .wrongType(expected: .string))),
        (#"{"type":"ping","t":-1}"#, .value(.echo, .numberOutOfRange)),
    ])
    func otherMessagesAreRefused(text: String, error: AudienceMessageError) {
        #expect(throws: error) { try read(text) }
        #expect(!error.description.isEmpty)
    }

    @Test func idsHaveTheirBound() throws {
        func answer(_ idByteCount: Int) -> String {
            let id = String(repeating: "q", count: idByteCount)
            return #"{"type":"answer","choice":1,"question":"\#(id)"}"#
        }
        _ = try read(answer(64))
        #expect(throws: AudienceMessageError.badLength(.question, byteCountMax: 64)) {
            try read(answer(65))
        }
    }
}
