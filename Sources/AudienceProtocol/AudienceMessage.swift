// What the audience sends up: answers and pings, as small JSON objects.

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

    /// Writes the answer, `{"type":"pong","t":…}`.
    ///
    /// - Returns: false if `output` has no room for it; 48 bytes are enough.
    public func appendPong(to output: inout OutputSpan<UInt8>) -> Bool {
        var writer = JSONWriter()
        writer.begin(to: &output)
        writer.member("type", "pong", to: &output)
        if let echo { writer.member("t", echo, to: &output) }
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

/// All members that any of the messages has, each checked as it comes.
private struct AudienceMembers {
    var type: JSONString?
    var question: JSONString?
    var choice: Int?
    var show: JSONString?
    var name: JSONString?
    var token: JSONString?
    var stream: JSONString?
    var echo: Int?

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

/// A message of the audience that can't be used.
public enum AudienceMessageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A member of a message, by its name on the wire.
    public enum Member: String, Sendable {
        case type, question, choice, show, name, token, stream
        case echo = "t"
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

    /// What is wrong, and what the client's author has to change.
    public var description: String {
        switch self {
        case .json(let error): error.description
        case .value(let member, let error): "\"\(member.rawValue)\": \(error)"
        case .missing(let member): "\"\(member.rawValue)\" is missing; send it."
        case .badLength(let member, let byteCountMax):
            "\"\(member.rawValue)\" must have 1 to \(byteCountMax) bytes."
        case .unknownType:
            "The message's \"type\" is unknown here; send \"answer\", \"token\" or \"ping\"."
        }
    }
}
