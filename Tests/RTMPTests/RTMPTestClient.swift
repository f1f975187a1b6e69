// An RTMP client's writing half for the tests: handshake, chunks of every format, commands.
import FLV
import RTMP
import TestSupport

/// Writes messages as a client might, and some as none should.
struct RTMPTestClient {
    /// What decides how the next chunk's header is written.
    private struct Last {
        var type: UInt8
        var byteCount: Int
        var messageStreamId: UInt32
        var timestampMs: UInt32
        /// What the timestamp field of the last header was, extended or not.
        var field: UInt32
    }

    /// The client's chunk size, in bytes.
    var chunkSize = 128
    /// Whether format 3 chunks repeat an extended timestamp, as they have to.
    var repeatsExtendedTimestamp = true
    /// Whether headers leave out what they can; otherwise each message begins with format 0.
    var compressesHeaders = true
    private var last: [Int: Last] = [:]

    /// C0, a plain C1 and a C2, which the server doesn't check.
    static let handshake: [UInt8] = {
        var random = SeededRandom(seed: 1)
        return [3] + [0, 0, 0, 0, 0, 0, 0, 0] + random.bytes(1528) + random.bytes(1536)
    }()

    /// The bytes of a message's chunks.
    mutating func message(
        _ type: UInt8, _ body: [UInt8], chunkStreamId: Int = 4, timestampMs: UInt32 = 0,
        messageStreamId: UInt32 = 1
    ) -> [UInt8] {
        chunks(
            type, body, chunkStreamId: chunkStreamId, timestampMs: timestampMs,
            messageStreamId: messageStreamId
        ).flatMap { $0 }
    }

    /// The chunks of a message one by one, for tests that interleave them.
    mutating func chunks(
        _ type: UInt8, _ body: [UInt8], chunkStreamId: Int = 4, timestampMs: UInt32 = 0,
        messageStreamId: UInt32 = 1
    ) -> [[UInt8]] {
        var format: UInt8 = 0
        var field = timestampMs
        if compressesHeaders, let last = last[chunkStreamId],
            last.messageStreamId == messageStreamId, timestampMs >= last.timestampMs
        {
            field = timestampMs - last.timestampMs
            format = 1
            if last.type == type, last.byteCount == body.count {
                format = field == last.field && field < 0xFF_FFFF ? 3 : 2
            }
        }
        last[chunkStreamId] = Last(
            type: type, byteCount: body.count, messageStreamId: messageStreamId,
            timestampMs: timestampMs, field: field)
        return rawChunks(
            format: format, chunkStreamId: chunkStreamId, field: field, type: type,
            messageStreamId: messageStreamId, body: body)
    }

    /// The chunks of a message with the first header exactly as it is told.
    func rawChunks(
        format: UInt8, chunkStreamId: Int, field: UInt32, type: UInt8, messageStreamId: UInt32 = 1,
        announcing byteCount: Int? = nil, body: [UInt8]
    ) -> [[UInt8]] {
        var first = Self.basicHeader(format: format, chunkStreamId: chunkStreamId)
        let isExtended = field >= 0xFF_FFFF
        if format <= 2 { first += Self.bigEndian(isExtended ? 0xFF_FFFF : field, 3) }
        if format <= 1 { first += Self.bigEndian(UInt32(byteCount ?? body.count), 3) + [type] }
        if format == 0 { first += Self.bigEndian(messageStreamId.byteSwapped, 4) }
        if isExtended { first += Self.bigEndian(field, 4) }
        var next = Self.basicHeader(format: 3, chunkStreamId: chunkStreamId)
        if isExtended, repeatsExtendedTimestamp { next += Self.bigEndian(field, 4) }

        var chunks: [[UInt8]] = []
        var offset = 0
        repeat {
            let end = min(offset + chunkSize, body.count)
            chunks.append((offset == 0 ? first : next) + body[offset..<end])
            offset = end
        } while offset < body.count
        return chunks
    }

    /// A basic header in its shortest form.
    static func basicHeader(format: UInt8, chunkStreamId: Int) -> [UInt8] {
        switch chunkStreamId {
        case ..<64: [format << 6 | UInt8(chunkStreamId)]
        case ..<320: [format << 6, UInt8(chunkStreamId - 64)]
        default:
            [
                format << 6 | 1, UInt8((chunkStreamId - 64) & 0xFF),
                UInt8((chunkStreamId - 64) >> 8),
            ]
        }
    }

    /// The low bytes of a number, the most significant first.
    static func bigEndian(_ value: UInt32, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }

    // MARK: Messages

    /// A protocol control message with one 32-bit value, and what follows it.
    mutating func control(_ type: UInt8, _ value: UInt32, _ rest: [UInt8] = []) -> [UInt8] {
        message(type, Self.bigEndian(value, 4) + rest, chunkStreamId: 2, messageStreamId: 0)
    }

    /// Set Chunk Size, followed by the client itself.
    mutating func setChunkSize(_ size: Int) -> [UInt8] {
        defer { chunkSize = size }
        return control(1, UInt32(size))
    }

    /// A command of type 20, or wrapped in type 17.
    mutating func command(
        _ name: String, _ transactionId: Double, _ values: AMF0Value...,
        messageStreamId: UInt32 = 0,
        isAMF3: Bool = false
    ) -> [UInt8] {
        let body = AMF0.encode([.string(name), .number(transactionId)] + values)
        return message(
            isAMF3 ? 17 : 20, (isAMF3 ? [0] : []) + body, chunkStreamId: 3,
            messageStreamId: messageStreamId)
    }

    /// A `connect` to `app`.
    mutating func connect(
        app: String = "live", tcUrl: String = "rtmp://host/live", extra: [AMF0Property] = [],
        isAMF3: Bool = false
    ) -> [UInt8] {
        let properties: [AMF0Property] = [
            AMF0Property("app", .string(app)),
            AMF0Property("type", .string("nonprivate")),
            AMF0Property("flashVer", .string("FMLE/3.0 (compatible; test)")),
            AMF0Property("tcUrl", .string(tcUrl)),
        ]
        return command("connect", 1, .object(properties + extra), isAMF3: isAMF3)
    }

    /// `publish` on message stream 1.
    mutating func publish(_ name: String, type: String = "live", isAMF3: Bool = false) -> [UInt8] {
        command(
            "publish", 5, .null, .string(name), .string(type), messageStreamId: 1, isAMF3: isAMF3)
    }

    /// Everything up to an accepted publish, the handshake included.
    mutating func untilPublished(name: String = "show?key=secret") -> [UInt8] {
        Self.handshake + connect() + command("createStream", 2, .null) + publish(name)
    }
}
