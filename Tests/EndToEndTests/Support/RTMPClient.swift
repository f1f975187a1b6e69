// A publisher of our own over a real socket: it can say what no encoder says.

import FLV
import Foundation
import RTMP

/// A command that the server sent.
struct RTMPAnswer {
    var values: [AMF0Value]

    /// From the body of a command message.
    init(command body: [UInt8]) throws { values = try AMF0.decode(body.span.bytes) }

    var name: String? { values.first?.stringValue }
    var code: String? { values.last?["code"]?.stringValue }
    var level: String? { values.last?["level"]?.stringValue }
    var text: String { values.last?["description"]?.stringValue ?? "" }
}

/// An RTMP connection, from the handshake on.
final class RTMPClient {
    let connection: Connection
    private var reader = ChunkReader(limits: RTMPLimits())
    private var bytes: [UInt8] = []
    private var answers: [RTMPAnswer] = []
    private var isEnded = false

    /// The size of our chunks, which is announced with `connect`.
    static let chunkByteCount = 60_000

    /// Connects and shakes hands.
    init(port: UInt16) throws {
        connection = try Connection(port: port)
        let plain = [UInt8](repeating: 0x5A, count: 1_528)
        try connection.send([3] + [UInt8](repeating: 0, count: 8) + plain)
        while bytes.count < 1 + 2 * 1_536 {
            guard try receive(within: 15) else {
                throw TestFailure.ended("the server hung up in the handshake")
            }
        }
        // C2 echoes S1.
        try connection.send(Array(bytes[1..<1_537]))
        bytes.removeFirst(1 + 2 * 1_536)
    }

    // MARK: What encoders do

    /// Sends Set Chunk Size and `connect`, and waits for the answer.
    func connect(app: String = "live") throws -> RTMPAnswer {
        send(control: 1, value: UInt32(Self.chunkByteCount))
        let object: [AMF0Property] = [
            AMF0Property("app", .string(app)),
            AMF0Property("tcUrl", .string("rtmp://127.0.0.1/\(app)")),
            AMF0Property("flashVer", .string("FMLE/3.0 (compatible; end-to-end test)")),
        ]
        try command("connect", 1, .object(object))
        return try answer { $0.name == "_result" || $0.name == "_error" }
    }

    /// `connect`, `createStream`, `publish`; the status of the last.
    func publish(_ name: String, app: String = "live") throws -> RTMPAnswer {
        let connected = try connect(app: app)
        guard connected.name == "_result" else { return connected }
        try command("createStream", 2, .null)
        _ = try answer { $0.name == "_result" }
        try command(
            "publish", 3, .null, .string(name), .string("live"), messageStreamId: 1)
        return try answer { $0.name == "onStatus" }
    }

    /// A connection that publishes.
    static func publishing(_ name: String = "show", port: UInt16) throws -> RTMPClient {
        let client = try RTMPClient(port: port)
        let answer = try client.publish(name)
        guard answer.code == "NetStream.Publish.Start" else {
            throw TestFailure.unexpected("publishing \(name): \(answer)")
        }
        return client
    }

    /// Sends tags as they are.
    func send(_ tags: some Sequence<MediaTag>) throws {
        for tag in tags {
            try connection.send(
                message(
                    tag.type.rawValue, tag.body, chunkStreamId: tag.type == .audio ? 4 : 6,
                    timestampMs: tag.timestampMs))
        }
    }

    /// Sends `onMetaData` with these properties.
    func send(metadata: [AMF0Property]) throws {
        let body = AMF0.encode(
            .string("@setDataFrame"), .string("onMetaData"), .ecmaArray(metadata))
        try connection.send(message(18, body, chunkStreamId: 5))
    }

    func command(
        _ name: String, _ transactionId: Double, _ values: AMF0Value...,
        messageStreamId: UInt32 = 0
    ) throws {
        let body = AMF0.encode([.string(name), .number(transactionId)] + values)
        try connection.send(
            message(20, body, chunkStreamId: 3, messageStreamId: messageStreamId))
    }

    // MARK: The wire

    /// The chunks of a message, with a full header.
    func message(
        _ type: UInt8, _ body: [UInt8], chunkStreamId: UInt8, timestampMs: UInt32 = 0,
        messageStreamId: UInt32 = 1, announcing byteCount: Int? = nil
    ) -> [UInt8] {
        let isExtended = timestampMs >= 0xFF_FFFF
        let extended = isExtended ? Self.bigEndian(timestampMs, 4) : []
        var bytes = [chunkStreamId]
        bytes += Self.bigEndian(isExtended ? 0xFF_FFFF : timestampMs, 3)
        bytes += Self.bigEndian(UInt32(byteCount ?? body.count), 3)
        bytes.append(type)
        bytes += Self.bigEndian(messageStreamId.byteSwapped, 4) + extended
        var offset = 0
        repeat {
            if offset > 0 { bytes += [0xC0 | chunkStreamId] + extended }
            let end = min(offset + Self.chunkByteCount, body.count)
            bytes += body[offset..<end]
            offset = end
        } while offset < body.count
        return bytes
    }

    /// A protocol control message with one number. A failure shows when the answer is missing.
    func send(control type: UInt8, value: UInt32) {
        let body = Self.bigEndian(value, 4)
        try? connection.send(message(type, body, chunkStreamId: 2, messageStreamId: 0))
    }

    /// The low bytes of a number, the most significant first.
    static func bigEndian(_ value: UInt32, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }

    // MARK: Answers

    /// The next answer of that kind; others before it are passed over.
    func answer(
        within seconds: Double = 15, _ isWanted: (RTMPAnswer) -> Bool
    ) throws -> RTMPAnswer {
        let deadline = Deadline(seconds: seconds)
        while true {
            try readMessages()
            while !answers.isEmpty {
                let answer = answers.removeFirst()
                if isWanted(answer) { return answer }
            }
            guard try receive(within: Double(deadline.leftMs) / 1_000) else {
                throw TestFailure.ended("the server hung up without an answer")
            }
        }
    }

    /// Reads to the end of the connection.
    ///
    /// - Returns: the answers that came before it.
    func answersToEnd(within seconds: Double = 15) throws -> [RTMPAnswer] {
        bytes += try connection.receiveToEnd(within: seconds)
        try readMessages()
        defer { answers = [] }
        return answers
    }

    private func receive(within seconds: Double) throws -> Bool {
        guard !isEnded else { return false }
        let received = try connection.receive(within: seconds)
        bytes += received
        isEnded = received.isEmpty
        return !isEnded
    }

    private func readMessages() throws {
        var offset = 0
        let bytes = bytes
        while let (message, place) = try reader.next(bytes.span.bytes, at: &offset) {
            let body: [UInt8]
            switch place {
            case .assembled: body = reader.takeBody()
            case .skipped: body = []
            case .input(let start): body = Array(bytes[start..<(start + message.bodyByteCount)])
            }
            switch message.type {
            case 1: try reader.setChunkSize(body.reduce(0) { $0 << 8 | UInt32($1) })
            case 20: answers.append(try RTMPAnswer(command: body))
            default: break
            }
        }
        self.bytes.removeFirst(offset)
    }
}
