// A publisher's messages read from chunks, as they come from a socket.

import FLV
import RTMP

func measureRTMP() {
    // What ffmpeg and librtmp begin with, what OBS sets, and one chunk a message.
    for chunkByteCount in [128, 4_096, 65_536] {
        let feed = Feed(chunkByteCount: chunkByteCount)
        let byteCount = feed.bytes.count / Feed.messageCount
        let publisher = Publisher(chunkByteCount: chunkByteCount)
        measure("rtmp-message-\(chunkByteCount)", byteCount: byteCount) { count in
            for _ in 0..<(count / Feed.messageCount) { publisher.receive(feed.pieces) }
        }
    }
}

/// Media messages in chunks, cut as receives would cut them.
private struct Feed {
    /// Messages of a feed; a divisor of a sample's operations.
    static let messageCount = 100
    private static let pieceByteCount = 16 << 10

    let bytes: [UInt8]
    let pieces: [[UInt8]]

    init(chunkByteCount: Int) {
        var bytes: [UInt8] = []
        for index in 0..<Self.messageCount {
            let isVideo = index % 3 == 0
            // Six Mbit/s at 50 frames a second, with AAC.
            let frame: [UInt8] = isVideo ? [0x27, 1, 0, 0, 0] : [0xAF, 1]
            let body = frame + [UInt8](repeating: 0xA5, count: isVideo ? 15_000 : 370)
            bytes += Chunks.message(
                isVideo ? 9 : 8, body, chunkStreamId: isVideo ? 6 : 4,
                chunkByteCount: chunkByteCount)
        }
        self.bytes = bytes
        pieces = stride(from: 0, to: bytes.count, by: Self.pieceByteCount).map { start in
            Array(bytes[start..<min(start + Self.pieceByteCount, bytes.count)])
        }
    }
}

/// A session with a publisher that is on air.
private final class Publisher {
    private struct Counter: RTMPServerHandler {
        var messageCount = 0

        mutating func connect(app: String, tcUrl: String) -> RTMPDecision { .accept }
        mutating func publish(_ request: RTMPPublishRequest) -> RTMPDecision { .accept }
        mutating func media(_ type: FLVTagType, timestampMs: UInt32, body: RawSpan) {
            messageCount += 1
        }
        mutating func refused(reason: String) {}
        mutating func unpublish(reason: String) {}
    }

    private var session = RTMPServerSession(handshakeSeed: 1)
    private var counter = Counter()

    init(chunkByteCount: Int) {
        let hello: [UInt8] = [3] + [UInt8](repeating: 0, count: 8 + 1_528 + 1_536)
        let size = (0..<4).map { UInt8(truncatingIfNeeded: chunkByteCount >> (24 - 8 * $0)) }
        let createStream: [AMF0Value] = [.string("createStream"), .number(2), .null]
        let publish: [AMF0Value] = [
            .string("publish"), .number(3), .null, .string("show"), .string("live"),
        ]
        receive([
            hello,
            Chunks.message(1, size, chunkStreamId: 2, messageStreamId: 0, chunkByteCount: 128),
            Chunks.message(
                20, AMF0.encode(Samples.connect), chunkStreamId: 3, messageStreamId: 0,
                chunkByteCount: chunkByteCount),
            Chunks.message(
                20, AMF0.encode(createStream), chunkStreamId: 3, messageStreamId: 0,
                chunkByteCount: chunkByteCount),
            Chunks.message(
                20, AMF0.encode(publish), chunkStreamId: 3, chunkByteCount: chunkByteCount),
        ])
        precondition(session.isPublishing)
    }

    func receive(_ pieces: [[UInt8]]) {
        for piece in pieces {
            do throws(RTMPError) {
                unsafe try session.receive(piece.span.bytes, handler: &counter)
            } catch {
                preconditionFailure("the feed is no RTMP: \(error)")
            }
            _ = session.takeOutbox()
        }
    }
}

private enum Chunks {
    /// A message with a full header.
    static func message(
        _ type: UInt8, _ body: [UInt8], chunkStreamId: UInt8, messageStreamId: UInt8 = 1,
        chunkByteCount: Int
    ) -> [UInt8] {
        let size = (0..<3).map { UInt8(truncatingIfNeeded: body.count >> (16 - 8 * $0)) }
        var bytes = [chunkStreamId, 0, 0, 0] + size + [type, messageStreamId, 0, 0, 0]
        for start in stride(from: 0, to: body.count, by: chunkByteCount) {
            if start > 0 { bytes.append(0xC0 | chunkStreamId) }
            bytes += body[start..<min(start + chunkByteCount, body.count)]
        }
        return bytes
    }
}
