// Chunked bodies, in any cutting.

import HTTPWire
import TestSupport
import Testing

/// What a chunked body came to.
private enum BodyEvent: Equatable {
    case body([UInt8])
    /// With the bytes that follow the body.
    case end
}

@Suite struct ChunkedBodyReaderTests {
    /// The body's bytes and whether it ended, or the error.
    private func read(
        _ bytes: [UInt8], limits: ChunkedBodyLimits = ChunkedBodyLimits()
    ) throws(ChunkedBodyError) -> (body: [UInt8], isFinished: Bool, rest: Int) {
        var reader = ChunkedBodyReader(limits: limits)
        var body: [UInt8] = []
        var offset = 0
        while let range = try reader.nextBody(in: bytes.span.bytes, from: &offset) {
            body.append(contentsOf: bytes[range])
        }
        return (body, reader.isFinished, bytes.count - offset)
    }

    private func events(of bytes: [UInt8], limits: ChunkedBodyLimits) -> [BodyEvent] {
        verifyChunking(
            of: bytes, makeParser: { ChunkedBodyReader(limits: limits) },
            feed: { (reader: inout ChunkedBodyReader, chunk, emit: (BodyEvent) -> Void) in
                let wasFinished = reader.isFinished
                var offset = 0
                while let range = try reader.nextBody(in: chunk, from: &offset) {
                    var part: [UInt8] = []
                    for index in range {
                        unsafe part.append(
                            chunk.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                    }
                    emit(.body(part))
                }
                if reader.isFinished && !wasFinished { emit(.end) }
            },
            normalise: { events in
                var joined: [BodyEvent] = []
                for event in events {
                    if case .body(let more) = event, case .body(let part) = joined.last {
                        joined[joined.count - 1] = .body(part + more)
                    } else {
                        joined.append(event)
                    }
                }
                return joined
            })
    }

    @Test func chunksAreJoined() throws {
        let result = try read(wire("4\nWiki\nA;name=value\n0123456789\n0\nTrailer: x\n\nnext"))
        #expect(result.body == Array("Wiki0123456789".utf8))
        #expect(result.isFinished)
        #expect(result.rest == 4)
    }

    @Test func anEmptyBodyEnds() throws {
        let result = try read(wire("0\n\n"))
        #expect(result.body.isEmpty && result.isFinished && result.rest == 0)
        #expect(try read(wire("000\n\n")).isFinished)
        #expect(try !read(wire("0\n")).isFinished)
    }

    @Test(
        arguments: [
            ("\n", ChunkedBodyError.badSize), ("x\n", .badSize), ("-1\n", .badSize),
            ("+1\n", .badSize),
            ("0x1\n", .badSize), (" 1\n", .badSize), ("1 \n", .badSize), (";a\n", .badSize),
            ("1;\u{0}\n", .badExtension), ("1\na\n1;\u{b}", .badExtension),
            ("1\nab\n", .badLineEnd), ("1\na\r\r", .badLineEnd), ("1\rx", .badLineEnd),
            ("0\nA: \u{0}", .badTrailer), ("0\n\rx", .badLineEnd), ("0\nA: b\rx", .badLineEnd),
            ("fffffffffffffffff\n", .bodyTooLarge), ("7fffffffffffffff\n", .bodyTooLarge),
        ] as [(WireText, ChunkedBodyError)])
    func badChunksAreRefused(body: WireText, error: ChunkedBodyError) {
        #expect(throws: error) { try read(wire(body.text)) }
        #expect(error.description.hasSuffix("."))
        #expect(events(of: wire(body.text), limits: ChunkedBodyLimits()).count <= 1)
    }

    @Test func aBareLineFeedIsNoLineEnd() {
        #expect(throws: ChunkedBodyError.badSize) { try read(Array("1\na\n0\n\n".utf8)) }
        #expect(throws: ChunkedBodyError.badExtension) { try read(Array("1;x\na".utf8)) }
        #expect(throws: ChunkedBodyError.badLineEnd) { try read(Array("1\r\na\n".utf8)) }
        #expect(throws: ChunkedBodyError.badLineEnd) { try read(Array("1\r\nab\n".utf8)) }
    }

    @Test func bodiesAreBounded() throws {
        let limits = ChunkedBodyLimits(bodyByteCountMax: 10)
        #expect(try read(wire("6\nabcdef\n4\nghij\n0\n\n"), limits: limits).body.count == 10)
        let error = ChunkedBodyError.bodyTooLarge
        #expect(error.status == .contentTooLarge)
        #expect(throws: error) { try read(wire("6\nabcdef\n5\n"), limits: limits) }
        #expect(throws: error) { try read(wire("b\n"), limits: limits) }
    }

    @Test func sizeLinesAndTrailersAreBounded() throws {
        let limits = ChunkedBodyLimits(sizeLineByteCountMax: 8, trailerByteCountMax: 6)
        #expect(try read(wire("0;abcdef\n\n"), limits: limits).isFinished)
        // Each line anew.
        #expect(try read(wire("1;abcdef\na\n0;abcdef\n\n"), limits: limits).isFinished)
        #expect(throws: ChunkedBodyError.sizeLineTooLong) {
            try read(wire("0;abcdefg\n\n"), limits: limits)
        }
        #expect(throws: ChunkedBodyError.sizeLineTooLong) {
            try read(wire("000000000\n\n"), limits: limits)
        }
        #expect(try read(wire("0\nA: b\n\n"), limits: limits).isFinished)
        #expect(throws: ChunkedBodyError.trailerTooLarge) {
            try read(wire("0\nA: bc\n\n"), limits: limits)
        }
        #expect(ChunkedBodyError.trailerTooLarge.status == .requestHeaderFieldsTooLarge)
    }

    @Test func anyCuttingGivesTheSame() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<20 {
            var bytes: [UInt8] = []
            var body: [UInt8] = []
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let part = random.bytes(Int.random(in: 1...40, using: &random))
                body += part
                bytes += wire(String(part.count, radix: 16, uppercase: Bool.random(using: &random)))
                bytes += wire("\n") + part + wire("\n")
            }
            bytes += wire("0\n\nnext")
            #expect(events(of: bytes, limits: ChunkedBodyLimits()) == [.body(body), .end])
        }
    }
}
