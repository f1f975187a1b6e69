// Fuzzes the JSON reader, and the audience's messages on top of it.

import AudienceProtocol
import TextWire
import WireBytes

/// libFuzzer's entry: the input is a JSON text as a viewer sends it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    if let members = try? members(of: input) {
        checkAnew(members)
        precondition(input.count <= JSONLimits().byteCountMax)
        precondition(members.count <= JSONLimits().memberCountMax)
        precondition(Set(members.map { Array($0.name.utf8) }).count == members.count)
        // Passing over all of it finds it good as well.
        precondition((try? memberCount(of: input)) == members.count)
    } else {
        precondition((try? memberCount(of: input)) == nil)
    }
    checkMessages(input)
    return 0
}

private enum Value: Equatable {
    case string(String)
    case number(Int)
    case boolean(Bool)
    case null, other
}

private struct Member: Equatable {
    var name: String
    var value: Value
}

private func members(of bytes: [UInt8]) throws(JSONError) -> [Member] {
    let span = bytes.span.bytes
    var reader = try JSONReader(span)
    var members: [Member] = []
    while let name = try reader.nextName(in: span) {
        members.append(Member(name: text(name, in: span), value: try value(&reader, in: span)))
    }
    return members
}

/// Tries out on copies what the value is.
private func value(_ reader: inout JSONReader, in bytes: RawSpan) throws(JSONError) -> Value {
    var trial = reader
    if let string = try? trial.string(in: bytes) {
        reader = trial
        return .string(text(string, in: bytes))
    }
    trial = reader
    if let number = try? trial.wholeNumber(in: bytes) {
        reader = trial
        return .number(number)
    }
    trial = reader
    if let boolean = try? trial.boolean(in: bytes) {
        reader = trial
        return .boolean(boolean)
    }
    return bytes.equals("null", in: try reader.valueRange(in: bytes)) ? .null : .other
}

private func memberCount(of bytes: [UInt8]) throws(JSONError) -> Int {
    var reader = try JSONReader(bytes.span.bytes)
    var count = 0
    while try reader.nextName(in: bytes.span.bytes) != nil { count += 1 }
    return count
}

/// A string's text; all ways to look at the string agree.
private func text(_ string: JSONString, in bytes: RawSpan) -> String {
    let text = string.text(in: bytes)
    let expected = Array(text.utf8)
    precondition(string.byteCount(in: bytes) == expected.count)
    precondition(string.equals(expected.span.bytes, in: bytes))
    precondition(string.rawRange.count >= expected.count)
    return text
}

/// What was read is written and read again, and must be the same.
private func checkAnew(_ members: [Member]) {
    var bytes = Array("{".utf8)
    for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        switch member.value {
        case .string(let text): JSONText.append(text, to: &bytes)
        case .number(let number): bytes += Array("\(number)".utf8)
        case .boolean(let boolean): bytes += Array("\(boolean)".utf8)
        case .null: bytes += Array("null".utf8)
        case .other: bytes += Array("[{}]".utf8)
        }
    }
    bytes.append(UInt8(ascii: "}"))
    // Our escapes are longer than the characters may have been.
    guard bytes.count <= JSONLimits().byteCountMax else { return }
    precondition((try? JSONFuzz.members(of: bytes)) == members, "\(members) came back otherwise")
}

private func checkMessages(_ bytes: [UInt8]) {
    if let message = try? AudienceMessage.parse(bytes.span.bytes) {
        switch message {
        case .answer(let answer):
            checkAnswer(answer, in: bytes.span.bytes)
            precondition((try? AnswerMessage.parse(bytes.span.bytes)) == answer)
        case .token(let message):
            let byteCount = message.token.byteCount(in: bytes.span.bytes)
            precondition((1...AudienceLimits.tokenByteCountMax).contains(byteCount))
        case .ping(let ping):
            var isWhole = false
            let clock = ClockReading(serverMs: .max, programmeMs: .max, targetDelayMs: .max)
            let pong = [UInt8](capacity: PingMessage.pongByteCountMax) {
                isWhole = ping.appendPong(clock, to: &$0)
            }
            precondition(isWhole && (try? memberCount(of: pong)) == (ping.echo == nil ? 4 : 5))
        case .report(let report):
            let times = [report.firstFrameMs, report.delayMs, report.offsetMs, report.stallMs]
            for ms in times.compactMap({ $0 }) {
                precondition(abs(ms) <= AudienceLimits.reportMsMax)
            }
            precondition((0...AudienceLimits.reportCountMax).contains(report.stalls ?? 0))
        }
    }
    if let answer = try? AnswerMessage.parse(bytes.span.bytes) {
        checkAnswer(answer, in: bytes.span.bytes)
    }
    if let join = try? JoinMessage.parse(bytes.span.bytes) {
        let byteCount = join.name.byteCount(in: bytes.span.bytes)
        precondition((1...AudienceLimits.nameByteCountMax).contains(byteCount))
    }
}

private func checkAnswer(_ answer: AnswerMessage, in bytes: RawSpan) {
    precondition((0...AudienceLimits.choiceMax).contains(answer.choice))
    for id in [answer.question, answer.show ?? answer.question] {
        precondition((1...AudienceLimits.idByteCountMax).contains(id.byteCount(in: bytes)))
    }
}
