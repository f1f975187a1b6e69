// WebSocket frames as we write them, and as a client of ours reads a server's.

import HTTPWire
import TestSupport
import Testing

@Suite struct WebSocketFrameTests {
    private func bytes(_ head: WebSocketFrameHead) -> [UInt8] {
        [UInt8](capacity: WebSocketFrameHead.byteCountMax) { head.append(to: &$0) }
    }

    @Test(arguments: [
        (0, "82 00"), (1, "82 01"), (125, "82 7D"), (126, "82 7E 00 7E"), (256, "82 7E 01 00"),
        (65_535, "82 7E FF FF"), (65_536, "82 7F 00 00 00 00 00 01 00 00"),
        (0x1_0203_0405, "82 7F 00 00 00 01 02 03 04 05"),
    ])
    func headsAreWrittenInTheFewestBytes(payloadByteCount: Int, hex: String) {
        let head = WebSocketFrameHead(.binary, payloadByteCount: payloadByteCount)
        #expect(bytes(head) == [UInt8](hex: hex))
        #expect(bytes(head).count == head.byteCount)
        let masked = WebSocketFrameHead(
            .binary, payloadByteCount: payloadByteCount, mask: 0x0102_0304)
        #expect(bytes(masked).suffix(4) == [1, 2, 3, 4])
        #expect(bytes(masked).count == masked.byteCount)
        #expect(bytes(masked)[1] == bytes(head)[1] | 0x80)
    }

    @Test func theRFCsExamplesAreWritten() {
        let hello = Array("Hello".utf8)
        func frame(_ opcode: WebSocketOpcode, isFinal: Bool = true, mask: UInt32? = nil) -> [UInt8]
        {
            WebSocketFrame.bytes(opcode, hello.span.bytes, isFinal: isFinal, mask: mask)
        }
        #expect(frame(.text) == [UInt8](hex: "81 05 48 65 6c 6c 6f"))
        #expect(
            frame(.text, mask: 0x37FA_213D)
                == [UInt8](hex: "81 85 37 fa 21 3d 7f 9f 4d 51 58"))
        #expect(frame(.text, isFinal: false) == [UInt8](hex: "01 05 48 65 6c 6c 6f"))
        #expect(frame(.continuation) == [UInt8](hex: "80 05 48 65 6c 6c 6f"))
        #expect(frame(.ping) == [UInt8](hex: "89 05 48 65 6c 6c 6f"))
    }

    @Test func aCloseFramesReasonIsCutAfterAWholeCharacter() {
        #expect(WebSocketFrame.close(.normal) == [0x88, 2, 0x03, 0xE8])
        let long = WebSocketFrame.close(.goingAway, reason: String(repeating: "é", count: 100))
        #expect(long.count == 2 + 2 + 122)
        #expect(String(validating: long[4...], as: UTF8.self) == String(repeating: "é", count: 61))
    }

    /// A client that reads a server's frames: pieces of payload, joined for the comparison.
    private struct Piece: Equatable {
        var opcode: WebSocketOpcode
        var isFinal: Bool
        var payload: [UInt8]
        var endsFrame: Bool
    }

    private func pieces(of input: [UInt8]) -> [Piece] {
        verifyChunking(
            of: input, makeParser: { WebSocketFrameReader(of: .server) },
            feed: { (reader: inout WebSocketFrameReader, chunk, emit: (Piece) -> Void) in
                var bytes: [UInt8] = []
                for offset in 0..<chunk.byteCount {
                    unsafe bytes.append(chunk.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
                }
                var offset = 0
                while let piece = try Self.next(&reader, in: &bytes, from: &offset) {
                    emit(
                        Piece(
                            opcode: piece.opcode, isFinal: piece.isFinal,
                            payload: Array(bytes[piece.range]), endsFrame: piece.endsFrame))
                }
            },
            normalise: { pieces in
                pieces.reduce(into: []) { joined, piece in
                    guard let last = joined.last, !last.endsFrame else {
                        joined.append(piece)
                        return
                    }
                    joined[joined.count - 1].payload += piece.payload
                    joined[joined.count - 1].endsFrame = piece.endsFrame
                }
            })
    }

    private static func next(
        _ reader: inout WebSocketFrameReader, in bytes: inout [UInt8], from offset: inout Int
    ) throws(WebSocketError) -> WebSocketFrameReader.Piece? {
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        return try reader.next(in: &raw, from: &offset, payloadByteCountMax: 1 << 20)
    }

    @Test func aServersFramesAreReadInPieces() {
        var random = SeededRandom(seed: 5)
        let media = random.bytes(70_000)
        let text = Array("receipt".utf8)
        let input =
            WebSocketFrame.bytes(.binary, media.span.bytes)
            + WebSocketFrame.bytes(.text, text.span.bytes)
            + WebSocketFrame.bytes(.ping, [UInt8]().span.bytes)
        #expect(
            pieces(of: input) == [
                Piece(opcode: .binary, isFinal: true, payload: media, endsFrame: true),
                Piece(opcode: .text, isFinal: true, payload: text, endsFrame: true),
                Piece(opcode: .ping, isFinal: true, payload: [], endsFrame: true),
            ])
    }

    @Test func aServerDoesNotMask() {
        var reader = WebSocketFrameReader(of: .server)
        var bytes = WebSocketFrame.bytes(.text, [1].span.bytes, mask: 7)
        var offset = 0
        #expect(throws: WebSocketError.masked) {
            try Self.next(&reader, in: &bytes, from: &offset)
        }
    }

    @Test func aLongerFrameThanExpectedIsRefused() {
        var reader = WebSocketFrameReader(of: .server)
        var bytes = [UInt8](hex: "82 7F 00 00 00 00 00 10 00 01")
        var offset = 0
        #expect(throws: WebSocketError.messageTooBig) {
            try Self.next(&reader, in: &bytes, from: &offset)
        }
    }
}
