// The members of what the audience sends up, read and checked in one pass.

import TextWire
import WireBytes

/// All members that any of the messages has, each checked as it comes.
struct AudienceMembers {
    var type: JSONString?
    var question: JSONString?
    var choice: Int?
    var show: JSONString?
    var name: JSONString?
    var token: JSONString?
    var stream: JSONString?
    var echo: Int?
    private var report = Report()

    /// Of a report.
    private struct Report {
        var state: JSONString?
        var firstFrameMs: Int?
        var stalls: Int?
        var stallMs: Int?
        var delayMs: Int?
        var offsetMs: Int?
    }

    init(_ bytes: RawSpan) throws(AudienceMessageError) {
        var member: AudienceMessageError.Member?
        do throws(JSONError) {
            var reader = try JSONReader(bytes)
            while let name = try reader.nextName(in: bytes) {
                member = Self.member(named: name, in: bytes)
                switch member {
                case .type: type = try reader.string(in: bytes)
                case .question: question = try reader.string(in: bytes)
                case .choice:
                    choice = try reader.wholeNumber(
                        in: bytes, within: 0...AudienceLimits.choiceMax)
                case .show: show = try reader.string(in: bytes)
                case .token: token = try reader.string(in: bytes)
                case .name: self.name = try reader.string(in: bytes)
                case .stream: stream = try reader.string(in: bytes)
                case .echo:
                    echo = try reader.wholeNumber(in: bytes, within: 0...AudienceLimits.echoMax)
                case .state: report.state = try reader.string(in: bytes)
                case .firstFrameMs, .stalls, .stallMs, .delayMs, .offsetMs:
                    try takeOfReport(member, &reader, in: bytes)
                case nil: break
                }
                member = nil
            }
        } catch {
            guard let member else { throw .json(error) }
            throw .value(member, error)
        }
        try Self.check(question, .question, AudienceLimits.idByteCountMax, in: bytes)
        try Self.check(show, .show, AudienceLimits.idByteCountMax, in: bytes)
        try Self.check(token, .token, AudienceLimits.tokenByteCountMax, in: bytes)
        try Self.check(stream, .stream, AudienceLimits.idByteCountMax, in: bytes)
        try Self.check(self.name, .name, AudienceLimits.nameByteCountMax, in: bytes)
    }

    func answer() throws(AudienceMessageError) -> AnswerMessage {
        guard let question else { throw .missing(.question) }
        guard let choice else { throw .missing(.choice) }
        return AnswerMessage(question: question, choice: choice, show: show)
    }

    /// A number of a report: measured, so it may have a fraction, which says nothing.
    private mutating func takeOfReport(
        _ member: AudienceMessageError.Member?, _ reader: inout JSONReader, in bytes: RawSpan
    ) throws(JSONError) {
        let time = 0...AudienceLimits.reportMsMax
        switch member {
        case .firstFrameMs:
            report.firstFrameMs = try reader.truncatedNumber(in: bytes, within: time)
        case .stalls:
            report.stalls = try reader.truncatedNumber(
                in: bytes, within: 0...AudienceLimits.reportCountMax)
        case .stallMs: report.stallMs = try reader.truncatedNumber(in: bytes, within: time)
        case .delayMs:
            report.delayMs = try reader.truncatedNumber(
                in: bytes, within: -AudienceLimits.reportMsMax...AudienceLimits.reportMsMax)
        case .offsetMs:
            report.offsetMs = try reader.truncatedNumber(
                in: bytes, within: -AudienceLimits.reportMsMax...AudienceLimits.reportMsMax)
        default: break
        }
    }

    func report(in bytes: RawSpan) throws(AudienceMessageError) -> ReportMessage {
        guard let word = report.state else { throw .missing(.state) }
        guard let state = ReportedState(word, in: bytes) else { throw .unknownState }
        return ReportMessage(
            state: state, firstFrameMs: report.firstFrameMs, stalls: report.stalls,
            stallMs: report.stallMs, delayMs: report.delayMs, offsetMs: report.offsetMs)
    }

    private static func member(
        named name: JSONString, in bytes: RawSpan
    ) -> AudienceMessageError.Member? {
        if name.equals("type", in: bytes) { return .type }
        if name.equals("question", in: bytes) { return .question }
        if name.equals("choice", in: bytes) { return .choice }
        if name.equals("show", in: bytes) { return .show }
        if name.equals("name", in: bytes) { return .name }
        if name.equals("token", in: bytes) { return .token }
        if name.equals("stream", in: bytes) { return .stream }
        if name.equals("t", in: bytes) { return .echo }
        return memberOfReport(named: name, in: bytes)
    }

    private static func memberOfReport(
        named name: JSONString, in bytes: RawSpan
    ) -> AudienceMessageError.Member? {
        if name.equals("state", in: bytes) { return .state }
        if name.equals("firstFrameMs", in: bytes) { return .firstFrameMs }
        if name.equals("stalls", in: bytes) { return .stalls }
        if name.equals("stallMs", in: bytes) { return .stallMs }
        if name.equals("delayMs", in: bytes) { return .delayMs }
        if name.equals("offsetMs", in: bytes) { return .offsetMs }
        return nil
    }

    private static func check(
        _ string: JSONString?, _ member: AudienceMessageError.Member, _ byteCountMax: Int,
        in bytes: RawSpan
    ) throws(AudienceMessageError) {
        guard let string else { return }
        guard (1...byteCountMax).contains(string.byteCount(in: bytes)) else {
            throw .badLength(member, byteCountMax: byteCountMax)
        }
    }
}
