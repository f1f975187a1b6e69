// The header of a tag and of a file: their bytes, their limits, and what is refused.

import TestSupport
import Testing

@testable import FLV

private func parse(_ hex: String) throws(FLVError) -> FLVTagHeader {
    let bytes = [UInt8](hex: hex)
    return try FLVTagHeader.parse(bytes.span.bytes)
}

@Suite("FLV tags")
struct FLVTagTests {
    @Test("the file header announces what there is")
    func fileHeader() {
        #expect(
            FLVFileHeader.bytes(hasAudio: true, hasVideo: true)
                == [UInt8](hex: "464C56 01 05 00000009 00000000"))
        #expect(FLVFileHeader.bytes(hasAudio: true, hasVideo: false)[4] == 4)
        #expect(FLVFileHeader.bytes(hasAudio: false, hasVideo: true)[4] == 1)
        #expect(
            FLVFileHeader.bytes(hasAudio: false, hasVideo: false).count == FLVFileHeader.byteCount)
    }

    @Test("a tag header is read with its timestamp's upper bits in their odd place")
    func parseHeader() throws {
        let header = try parse("09 000102 030405 FE 000000")
        #expect(header.type == .video)
        #expect(header.bodyByteCount == 0x102)
        #expect(header.timestampMs == 0xFE03_0405)
    }

    @Test("a whole tag has the specification's bytes")
    func wholeTag() {
        let body: [UInt8] = [0xAF, 0x01, 0x21]
        let tag = FLVTagHeader.tag(.audio, timestampMs: 0x0112_1314, body: body.span.bytes)
        #expect(tag == [UInt8](hex: "08 000003 121314 01 000000 AF0121 0000000E"))
        #expect(tag.count == FLVTagHeader.tagByteCount(bodyByteCount: 3))
    }

    @Test(
        "what is written is read again",
        arguments: [0, 1, 0xFF_FFFF, 0x100_0000, .max] as [UInt32], [0, 1, 0xFFFF, 0xFF_FFFF])
    func roundTrip(timestampMs: UInt32, bodyByteCount: Int) throws {
        let header = FLVTagHeader(
            type: .script, bodyByteCount: bodyByteCount, timestampMs: timestampMs)
        var bytes = [UInt8](repeating: 0xEE, count: 12)
        bytes.withUnsafeMutableBytes { unsafe header.write(into: $0) }
        let found = try FLVTagHeader.parse(bytes.span.bytes)
        #expect(found == header)
        #expect(bytes[11] == 0xEE)
    }

    @Test("writing a tag touches only its own bytes, at any alignment", arguments: 0..<8)
    func bounds(offset: Int) {
        let body = [UInt8](1...5)
        let header = FLVTagHeader(type: .video, bodyByteCount: 5, timestampMs: 7)
        var bytes = [UInt8](repeating: 0xEE, count: 48)
        let count = bytes.withUnsafeMutableBytes { buffer in
            unsafe header.writeTag(
                body: body.span.bytes, into: .init(rebasing: buffer[offset..<(offset + 20)]))
        }
        #expect(count == 20)
        #expect(bytes[..<offset].allSatisfy { $0 == 0xEE })
        #expect(bytes[(offset + 20)...].allSatisfy { $0 == 0xEE })
        #expect(
            Array(bytes[offset..<(offset + 20)])
                == FLVTagHeader.tag(.video, timestampMs: 7, body: body.span.bytes))
    }

    @Test("what no live stream carries is refused")
    func refusals() {
        #expect(throws: FLVError.truncatedBody(byteCount: 10)) {
            try parse("09 000000 000000 00 0000")
        }
        #expect(throws: FLVError.unknownTagType(10)) { try parse("0A 000000 000000 00 000000") }
        #expect(throws: FLVError.unknownTagType(0x89)) { try parse("89 000000 000000 00 000000") }
        #expect(throws: FLVError.filteredTag) { try parse("29 000000 000000 00 000000") }
        #expect(throws: FLVError.nonZeroStreamId(1)) { try parse("09 000000 000000 00 000001") }
    }
}
