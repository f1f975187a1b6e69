// A programme and its publisher, for tests that append tags and look at what viewers would get.

import FLV
import TestSupport
import Testing

@testable import Broadcast

/// Bodies as encoders send them.
enum Body {
    /// x264's header for 1280x720 at 30 frames a second.
    static let avc720 = [UInt8](
        hex: """
            1700000000 0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f18319600100\
            0668ebe3cb22c0fdf8f800
            """)
    /// x264's header for 320x240 at 25 frames a second.
    static let avc240 = [UInt8](
        hex: """
            1700000000 0164000dffe100196764000df3650507ec05b2000003000200000300641e28532c010006\
            68ebe3cb22c0fcf8f800
            """)
    /// AAC-LC, 44 100 Hz, stereo.
    static let aacStereo = [UInt8](hex: "AF00 1210")
    /// AAC-LC, 48 000 Hz, six channels.
    static let aacSurround = [UInt8](hex: "AF00 11b0")

    static func keyframe(_ byteCount: Int = 50, mark: UInt8 = 1) -> [UInt8] {
        [0x17, 1, 0, 0, 0] + [UInt8](repeating: mark, count: byteCount)
    }
    static func frame(_ byteCount: Int = 50, mark: UInt8 = 2) -> [UInt8] {
        [0x27, 1, 0, 0, 0] + [UInt8](repeating: mark, count: byteCount)
    }
    static func sound(_ byteCount: Int = 20, mark: UInt8 = 3) -> [UInt8] {
        [0xAF, 1] + [UInt8](repeating: mark, count: byteCount)
    }
    static func script(_ name: String, _ properties: [AMF0Property]) -> [UInt8] {
        var writer = AMF0Writer()
        writer.write(.string(name))
        writer.write(.ecmaArray(properties))
        return writer.bytes
    }
}

/// One tag as a viewer would read it.
struct ReadTag: Equatable {
    var type: FLVTagType
    var timestampMs: UInt32
    var body: [UInt8]
}

/// Programmes with one publication that is fed by hand.
final class Stand {
    let programmes: Programmes
    var publication: Publication
    var nowMs: Int64 = 10_000
    private let header: [UInt8]?

    /// - Parameter header: what a publisher sends first, here and after a reconnect.
    init(
        header: [UInt8]? = nil, adjust: (inout BroadcastLimits) -> Void = { _ in }
    ) throws {
        var limits = BroadcastLimits()
        limits.timelineByteCount = 1 << 20
        adjust(&limits)
        self.header = header
        programmes = Programmes(limits: limits)
        publication = try programmes.publish(
            name: "show", publisher: Publisher(address: "a:1", encoder: "flash"), nowMs: nowMs)
        if let header { try append(.video, header, at: 0) }
    }

    var programme: Programme { publication.programme }

    func append(_ type: FLVTagType, _ body: [UInt8], at timestampMs: UInt32) throws {
        try publication.append(
            type, timestampMs: timestampMs, body: body.span.bytes, arrivalMs: nowMs)
    }

    func metadata(_ properties: [AMF0Property]) throws {
        try append(.script, Body.script("onMetaData", properties), at: 0)
    }

    /// The publisher leaves and another one comes after a while.
    func reconnect(afterMs: Int64) throws {
        publication.end(nowMs: nowMs)
        nowMs += afterMs
        publication = try programmes.publish(
            name: "show", publisher: Publisher(address: "b:2"), nowMs: nowMs)
        if let header { try append(.video, header, at: 0) }
    }

    /// The tags of the timeline from a position on.
    func timeline(from position: UInt64 = 0) throws -> [ReadTag] {
        let view = programme.timeline.view
        let bytes = unsafe Array(
            UnsafeRawBufferPointer(
                start: view.address(of: position), count: Int(view.head - position)))
        return try Stand.tags(bytes[...])
    }

    static func tags(_ bytes: ArraySlice<UInt8>) throws -> [ReadTag] {
        var tags: [ReadTag] = []
        var rest = bytes
        while !rest.isEmpty {
            let header = try FLVTagHeader.parse(Array(rest.prefix(11)).span.bytes)
            let body = Array(rest.dropFirst(11).prefix(header.bodyByteCount))
            let trailer = rest.dropFirst(11 + body.count).prefix(4).reduce(0) { $0 << 8 | Int($1) }
            #expect(trailer == 11 + body.count)
            tags.append(
                ReadTag(type: header.type, timestampMs: header.timestampMs, body: body))
            rest = rest.dropFirst(FLVTagHeader.tagByteCount(bodyByteCount: body.count))
        }
        return tags
    }

    /// What a viewer who comes now gets before the first frame.
    struct Opening {
        var hasAudio: Bool
        var hasVideo: Bool
        var metadata: AMF0Value
        var headers: [ReadTag]
        var start: StartPoint
    }

    func opening() throws -> Opening {
        let start = try #require(programme.startPoint())
        let bytes = start.preamble.bytes
        #expect(bytes.prefix(4) == [0x46, 0x4C, 0x56, 1])
        let tags = try Stand.tags(bytes[13...])
        let script = try #require(tags.first)
        #expect(script.type == .script)
        #expect(script.timestampMs == 0)
        let values = try AMF0.decode(script.body.span.bytes)
        #expect(values.count == 2)
        #expect(values[0] == .string("onMetaData"))
        #expect(start.preamble.resumeOffset == 13 + 11 + script.body.count + 4)
        let headers = Array(tags.dropFirst())
        #expect(headers.allSatisfy { $0.timestampMs == start.timestampMs })
        return Opening(
            hasAudio: bytes[4] & 4 != 0, hasVideo: bytes[4] & 1 != 0, metadata: values[1],
            headers: headers, start: start)
    }
}
