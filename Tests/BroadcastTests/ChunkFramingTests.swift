// A framing that is more than a head before each tag is added with rules alone: chunks, as RTMP has
// them, with neither FLV's header nor its trailer.

import Broadcast
import FLV
import Testing

/// A head of ten bytes, and a byte after every 128 of the body.
private struct ChunkFraming: TagFraming {
    static let framing = Framing(id: 7, ChunkFraming())
    private static let chunkByteCount = 128
    private static let headByteCount = 10

    func byteCount(ofBody bodyByteCount: Int) -> Int {
        Self.headByteCount + bodyByteCount + max(0, bodyByteCount - 1) / Self.chunkByteCount
    }

    func write(
        _ header: FLVTagHeader, _ body: RawSpan, into place: UnsafeMutableRawBufferPointer
    ) {
        let head: [UInt8] =
            [0x03] + Self.bigEndian(header.timestampMs) + Self.bigEndian(UInt32(body.byteCount))
            + [header.type.rawValue]
        place.copyBytes(from: head)
        var end = Self.headByteCount
        for index in 0..<body.byteCount {
            if index > 0, index % Self.chunkByteCount == 0 {
                place[end] = 0xC3
                end += 1
            }
            place[end] = body.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            end += 1
        }
        #expect(end == place.count)
    }

    func byteCount(at address: UnsafeRawPointer) -> Int? {
        guard address.load(as: UInt8.self) == 0x03 else { return nil }
        let length = address.loadUnaligned(fromByteOffset: 5, as: UInt32.self).bigEndian
        return byteCount(ofBody: Int(length))
    }

    func bytes(of part: PreamblePart) -> [UInt8] {
        part.tags.flatMap { tag in
            var bytes = [UInt8](repeating: 0, count: byteCount(ofBody: tag.body.count))
            let header = FLVTagHeader(
                type: tag.type, bodyByteCount: tag.body.count, timestampMs: tag.timestampMs)
            bytes.withUnsafeMutableBytes { write(header, tag.body.span.bytes, into: $0) }
            return bytes
        }
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// The tags that such chunks hold.
    static func tags(_ bytes: [UInt8]) throws -> [ReadTag] {
        var tags: [ReadTag] = []
        var rest = bytes[...]
        func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
            bytes.reduce(0) { $0 << 8 | UInt32($1) }
        }
        while !rest.isEmpty {
            #expect(rest.first == 0x03)
            let head = Array(rest.prefix(headByteCount))
            let length = Int(number(head[5..<9]))
            rest = rest.dropFirst(headByteCount)
            var body: [UInt8] = []
            while body.count < length {
                if !body.isEmpty {
                    #expect(rest.first == 0xC3)
                    rest = rest.dropFirst()
                }
                let count = min(chunkByteCount, length - body.count)
                body += rest.prefix(count)
                rest = rest.dropFirst(count)
            }
            tags.append(
                ReadTag(
                    type: try #require(FLVTagType(rawValue: head[9])),
                    timestampMs: number(head[1..<5]), body: body))
        }
        return tags
    }
}

@Suite struct ChunkFramingTests {
    private func bytes(_ timeline: Timeline, from position: UInt64) -> [UInt8] {
        let view = timeline.view
        return Array(
            UnsafeRawBufferPointer(
                start: view.address(of: position), count: Int(view.head - position)))
    }

    @Test func chunksHoldWhatTheTagsHoldAndBeginInTheSamePlaces() throws {
        let stand = try Stand(header: Body.avc240)
        let framing = ChunkFraming.framing
        for round in 0..<1_000 {
            // Made in mid-programme, and then written along until it has gone round.
            if round == 5 { _ = try stand.programme.timeline(framing) }
            let body =
                round % 10 == 0 ? Body.keyframe(1 + round % 700) : Body.frame(1 + round % 3_000)
            try stand.append(.video, body, at: UInt32(round * 40))
            if round % 50 == 7 {
                let cue = Cue(.message, [], keeping: .state(key: "k"))
                try stand.programme.insert(cue, nowNs: 0)
            }
            stand.nowMs += 40
        }
        let chunks = try stand.programme.timeline(framing)
        #expect(chunks.tail > 0)
        let start = try #require(stand.programme.startPoint(framing))
        let plain = try #require(stand.programme.startPoint())
        #expect(start.timestampMs == plain.timestampMs)
        let tags = try ChunkFraming.tags(bytes(chunks, from: start.position))
        #expect(try tags == stand.timeline(from: plain.position))
        #expect(
            try ChunkFraming.tags(start.preamble.bytes)
                == Stand.tags(plain.preamble.bytes.dropFirst(FLVFileHeader.byteCount)))
        let boundary = stand.programme.tagBoundary(atOrAfter: start.position + 1, framing)
        let first = try #require(tags.first)
        #expect(
            boundary == start.position
                + UInt64(ChunkFraming().byteCount(ofBody: first.body.count)))
    }
}
