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
        for (text, pong) in [
            (#"{"type":"ping"}"#, #"{"type":"pong"}"#),
            (#"{"type":"ping","t":9007199254740992}"#, #"{"type":"pong","t":9007199254740992}"#),
        ] {
            let bytes = Array(text.utf8)
            guard case .ping(let ping) = try AudienceMessage.parse(bytes.span.bytes) else {
                Issue.record("\(text) is no ping")
                continue
            }
            for capacity in [48, pong.utf8.count - 1] {
                var isWhole = false
                let written = [UInt8](capacity: capacity) { isWhole = ping.appendPong(to: &$0) }
                #expect(isWhole == (capacity == 48))
                if isWhole { #expect(String(decoding: written, as: UTF8.self) == pong) }
            }
        }
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
