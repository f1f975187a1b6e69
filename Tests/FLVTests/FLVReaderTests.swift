// The FLV reader: real streams in every cutting, damage, bounds.

import TestSupport
import Testing
import WireBytes

@testable import FLV

private struct Tag: Equatable {
    var header: FLVTagHeader
    var body: [UInt8]

    init(_ header: FLVTagHeader, _ body: RawSpan) {
        self.header = header
        self.body = (0..<body.byteCount).map { body[$0] }
    }

    init(_ type: FLVTagType, _ timestampMs: UInt32, _ body: [UInt8]) {
        header = FLVTagHeader(type: type, bodyByteCount: body.count, timestampMs: timestampMs)
        self.body = body
    }

    var bytes: [UInt8] {
        FLVTagHeader.tag(header.type, timestampMs: header.timestampMs, body: body.span.bytes)
    }
}

@discardableResult
private func verify(_ input: [UInt8], limits: FLVLimits = .init()) -> [Tag] {
    verifyChunking(of: input) {
        FLVReader(limits: limits)
    } feed: { reader, chunk, emit in
        try reader.receive(chunk) { emit(Tag($0, $1)) }
    }
}

/// All tags of an input in one piece, and the error that ended it.
private func read(
    _ input: [UInt8], limits: FLVLimits = .init()
) -> (tags: [Tag], failure: FLVError?) {
    var reader = FLVReader(limits: limits)
    var tags: [Tag] = []
    do {
        try reader.receive(input.span.bytes) { tags.append(Tag($0, $1)) }
        return (tags, nil)
    } catch {
        return (tags, error as? FLVError)
    }
}

private let fileHeader = FLVFileHeader.bytes(hasAudio: true, hasVideo: true)

@Suite("FLV reader")
struct FLVReaderTests {
    private let tags: [Tag] = [
        Tag(
            .script, 0, AMF0.encode(.string("onMetaData"), .ecmaArray([.init("width", .number(2))]))
        ),
        Tag(.video, 0, [0x17, 0, 0, 0, 0, 1]),
        Tag(.audio, 0, [0xAF, 0, 0x12, 0x10]),
        Tag(.video, 40, []),
        Tag(.audio, 0xFF00_0001, [UInt8](repeating: 0x5A, count: 300)),
    ]

    @Test("tags come out the same however the bytes are cut")
    func everyCutting() {
        #expect(verify(fileHeader + tags.flatMap(\.bytes)) == tags)
    }

    @Test("a stream recorded from ffmpeg is read in every cutting and written again bit for bit")
    func realStream() throws {
        let bytes = try Corpus.bytes("flv-reader", "ffmpeg-h264-aac.flv")
        let found = verify(bytes)
        #expect(found.first?.header.type == .script)
        #expect(found.contains { $0.header.type == .video })
        #expect(found.contains { $0.header.type == .audio })
        #expect(Array(bytes[..<FLVFileHeader.byteCount]) + found.flatMap(\.bytes) == bytes)
    }

    @Test("a tag is handed on before the size that follows it has come")
    func noDelay() throws {
        var reader = FLVReader()
        var count = 0
        let bytes = fileHeader + tags[0].bytes.dropLast(4)
        try reader.receive(bytes.span.bytes) { _, _ in count += 1 }
        #expect(count == 1)
    }

    @Test("the file header is known as soon as it has come, a longer one is stepped over")
    func fileHeaders() throws {
        var reader = FLVReader()
        try reader.receive([UInt8](hex: "464C56 01 04 0000000B").span.bytes) { _, _ in }
        #expect(reader.fileHeader == nil)
        try reader.receive([UInt8](hex: "FFFF").span.bytes) { _, _ in }
        #expect(reader.fileHeader == FLVFileHeader(hasAudio: true, hasVideo: false))
        let bytes = [UInt8](hex: "464C56 01 05 0000000B FFFF 00000000") + tags[1].bytes
        #expect(verify(bytes) == [tags[1]])
    }

    @Test("what is not FLV is refused")
    func notFLV() {
        verify(Array("HTTP/1.1 404 Not Found".utf8))
        #expect(read(Array("HTTP/1.1 404 Not Found".utf8)).failure == .notFLV)
        #expect(read([UInt8](hex: "464C56 02 05 00000009")).failure == .unknownVersion(2))
        #expect(read([UInt8](hex: "464C56 01 05 00000008")).failure == .badFileHeaderLength(8))
        #expect(
            read([UInt8](hex: "464C56 01 05 FFFFFFFF")).failure
                == .badFileHeaderLength(0xFFFF_FFFF))
    }

    @Test("a wrong PreviousTagSize is found, after the tags before it were handed on")
    func wrongPreviousTagSize() {
        var bytes = fileHeader + tags[0].bytes + tags[1].bytes
        let position = fileHeader.count + tags[0].bytes.count - 1
        bytes[position] += 1
        #expect(verify(bytes) == [tags[0]])
        let expected = UInt32(tags[0].bytes.count - 4)
        #expect(
            read(bytes).failure == .wrongPreviousTagSize(found: expected + 1, expected: expected))
    }

    @Test("a body over the limit is refused by its header alone")
    func bodyTooLarge() {
        let limits = FLVLimits(bodyByteCountMax: 299)
        let bytes = fileHeader + tags[4].bytes
        #expect(verify(bytes, limits: limits) == [])
        #expect(
            read(Array(bytes[..<(fileHeader.count + 11)]), limits: limits).failure
                == .bodyTooLarge(byteCount: 300, byteCountMax: 299))
    }

    @Test("after damage the reader says the same for ever")
    func failureIsFinal() throws {
        var reader = FLVReader()
        let garbage = [UInt8](repeating: 0x20, count: 64)
        #expect(throws: FLVError.notFLV) { try reader.receive(garbage.span.bytes) { _, _ in } }
        #expect(throws: FLVError.notFLV) { try reader.receive(fileHeader.span.bytes) { _, _ in } }
    }

    @Test("an error of the receiver comes through")
    func receiverError() {
        struct Stop: Error {}
        var reader = FLVReader()
        let bytes = fileHeader + tags[0].bytes
        #expect(throws: Stop.self) {
            try reader.receive(bytes.span.bytes) { _, _ throws(Stop) in throw Stop() }
        }
    }

    @Test(
        "damaged streams end in the same error however they are cut",
        arguments: 0..<40 as Range<UInt64>)
    func damage(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var bytes = fileHeader + tags.flatMap(\.bytes)
        for _ in 0..<3 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = random.bytes(1)[0]
        }
        let found = verify(bytes)
        #expect(found.count <= tags.count, "seed \(seed)")
    }
}
