// What the audience sends up, as small JSON objects.

import TextWire
import WireBytes

/// A player's answer: `{"type":"answer","question":"…","choice":1}`, with `"show":"…"` optional.
///
/// Its strings stand in the bytes it was parsed from. Members with other names are passed over.
public struct AnswerMessage: Sendable, Equatable, BitwiseCopyable {
    /// The question's id, 1 to `AudienceLimits.idByteCountMax` bytes.
    public let question: JSONString
    /// The option chosen, counted as the question's `options` are, from 0; whether it exists is for
    /// the rules of the game to say.
    public let choice: Int
    /// The show's id, where the client names it.
    public let show: JSONString?

    /// Reads an answer that comes as a request's body, where `type` may be left out.
    ///
    /// - Throws: `AudienceMessageError`.
    public static func parse(_ bytes: RawSpan) throws(AudienceMessageError) -> AnswerMessage {
        let members = try AudienceMembers(bytes)
        if let type = members.type, !type.equals("answer", in: bytes) { throw .unknownType }
        return try members.answer()
    }
}

/// A sign of life: `{"type":"ping"}`, with a whole number `"t"` optional that comes back in the pong.
public struct PingMessage: Sendable, Equatable, BitwiseCopyable {
    /// What the client wants back, such as its clock; 0 to 2^53.
    public let echo: Int?

    /// What the answer takes at most, bytes.
    public static let pongByteCountMax = 48 + ClockReading.jsonByteCountMax

    /// Writes the answer, `{"type":"pong","t":…,"serverMs":…,"programmeMs":…,"targetDelayMs":…}`.
    ///
    /// - Parameter clock: the time now.
    /// - Returns: false if `output` has no room for it; `pongByteCountMax` is enough.
    public func appendPong(
        _ clock: ClockReading, to output: inout OutputSpan<UInt8>
    ) -> Bool {
        var writer = JSONWriter()
        writer.begin(to: &output)
        writer.member("type", "pong", to: &output)
        if let echo { writer.member("t", echo, to: &output) }
        clock.append(to: &output, by: &writer)
        writer.end(to: &output)
        return !writer.hasOverflowed
    }
}

/// A viewer who plays from now on: `{"type":"token","token":"…"}`.
public struct TokenMessage: Sendable, Equatable, BitwiseCopyable {
    /// The player's token, not verified; 1 to `AudienceLimits.tokenByteCountMax` bytes.
    public let token: JSONString
}

/// A text message of a viewer's WebSocket.
public enum AudienceMessage: Sendable, Equatable {
    case answer(AnswerMessage)
    case token(TokenMessage)
    case ping(PingMessage)
    case report(ReportMessage)

    /// Reads a message; one pass, no allocation.
    ///
    /// - Parameter bytes: the whole text. The message's strings stand in it.
    /// - Throws: `AudienceMessageError`: to be told the client, whose connection goes on.
    public static func parse(_ bytes: RawSpan) throws(AudienceMessageError) -> AudienceMessage {
        let members = try AudienceMembers(bytes)
        guard let type = members.type else { throw .missing(.type) }
        if type.equals("answer", in: bytes) { return .answer(try members.answer()) }
        if type.equals("ping", in: bytes) { return .ping(PingMessage(echo: members.echo)) }
        if type.equals("token", in: bytes) {
            guard let token = members.token else { throw .missing(.token) }
            return .token(TokenMessage(token: token))
        }
        if type.equals("report", in: bytes) { return .report(try members.report(in: bytes)) }
        throw .unknownType
    }
}

/// A guest who wants to play: `{"name":"…"}`, with `"show":"…"` and `"stream":"…"` optional.
public struct JoinMessage: Sendable, Equatable, BitwiseCopyable {
    /// The name to be shown, 1 byte at least and `AudienceLimits.nameByteCountMax` at most.
    public let name: JSONString
    /// The show's id, where the client names it.
    public let show: JSONString?
    /// The stream that is watched, where the client names it.
    public let stream: JSONString?

    /// Reads a request's body.
    ///
    /// - Throws: `AudienceMessageError`.
    public static func parse(_ bytes: RawSpan) throws(AudienceMessageError) -> JoinMessage {
        let members = try AudienceMembers(bytes)
        guard let name = members.name else { throw .missing(.name) }
        return JoinMessage(name: name, show: members.show, stream: members.stream)
    }
}

/// A message of the audience that can't be used.
public enum AudienceMessageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A member of a message, by its name on the wire.
    public enum Member: String, Sendable {
        case type, question, choice, show, name, token, stream
        case echo = "t"
        // Of a report.
        case state, firstFrameMs, stalls, stallMs, delayMs, offsetMs
    }

    /// Not the JSON we read.
    case json(JSONError)
    /// A member has a wrong value.
    case value(Member, JSONError)
    /// A member isn't there.
    case missing(Member)
    /// A text is empty or longer than its bound.
    case badLength(Member, byteCountMax: Int)
    /// A `type` nobody knows here.
    case unknownType
    /// A `state` that no player is in.
    case unknownState

    /// What is wrong, and what the client's author has to change.
    public var description: String {
        switch self {
        case .json(let error): error.description
        case .value(let member, let error): "\"\(member.rawValue)\": \(error)"
        case .missing(let member): "\"\(member.rawValue)\" is missing; send it."
        case .badLength(let member, let byteCountMax):
            "\"\(member.rawValue)\" must have 1 to \(byteCountMax) bytes."
        case .unknownType:
            "The message's \"type\" is unknown here; send \"answer\", \"token\", \"ping\" or "
                + "\"report\"."
        case .unknownState:
            "The report's \"state\" is unknown here; send \"playing\", \"buffering\", "
                + "\"connecting\", \"hidden\" or \"failed\"."
        }
    }
}
