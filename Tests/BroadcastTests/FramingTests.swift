// The same tags in WebSocket frames: byte for byte, place for place, and only when asked for.

import FLV
import HTTPWire
import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct FramingTests {
    /// The payloads of unmasked, final binary frames, back to back.
    private func payloads(_ bytes: [UInt8]) throws -> [[UInt8]] {
        var payloads: [[UInt8]] = []
        var bytes = bytes
        var reader = WebSocketFrameReader(of: .server)
        var elements = bytes.mutableSpan
        var span = elements.mutableBytes
        var offset = 0
        var ranges: [Range<Int>] = []
        while offset < span.byteCount {
            let piece = try #require(
                try reader.next(in: &span, from: &offset, payloadByteCountMax: 1 << 24))
            #expect(piece.opcode == .binary && piece.isFinal && piece.endsFrame)
            ranges.append(piece.range)
        }
        for range in ranges { payloads.append(Array(bytes[range])) }
        return payloads
    }

    private func bytes(_ timeline: Timeline, from position: UInt64 = 0) -> [UInt8] {
        let view = timeline.view
        return unsafe Array(
            UnsafeRawBufferPointer(
                start: view.address(of: position), count: Int(view.head - position)))
    }

    private func begin(_ stand: Stand) throws {
        try stand.append(.video, Body.avc240, at: 0)
        try stand.append(.audio, Body.aacStereo, at: 0)
    }

    private func gop(_ stand: Stand, from ms: UInt32, frames: Int = 5) throws {
        for index in 0..<frames {
            let body = index == 0 ? Body.keyframe(400) : Body.frame(index * 40)
            try stand.append(.video, body, at: ms + UInt32(index) * 40)
            try stand.append(.audio, Body.sound(), at: ms + UInt32(index) * 40)
            stand.nowMs += 40
        }
    }

    private func question(_ id: String) -> Cue {
        Cue(
            .quiz, [AMF0Property("phase", .string("question"))],
            keeping: .state(key: "quiz", isRepeated: true), question: id)
    }

    // MARK: The bytes

    @Test func everyTagStandsInAFrameOfItsOwn() throws {
        let stand = try Stand()
        let framed = try stand.programme.timeline(.webSocket)
        try begin(stand)
        try gop(stand, from: 0)
        try stand.programme.insert(question("q1"), nowNs: 1)
        try gop(stand, from: 200)
        try gop(stand, from: 2_200)
        let frames = try payloads(bytes(framed))
        #expect(frames.count == (try stand.timeline()).count)
        #expect(Array(frames.joined()) == bytes(stand.programme.timeline))
    }

    @Test(arguments: [0, 110, 111, 112, 65_519, 65_520, 65_521, 70_000])
    func framesOfAnyLengthHaveTheShortestHead(bodyByteCount: Int) throws {
        let stand = try Stand()
        let framed = try stand.programme.timeline(.webSocket)
        try begin(stand)
        try stand.append(
            .video, Body.keyframe(bodyByteCount - 5 > 0 ? bodyByteCount - 5 : 1), at: 0)
        try stand.append(.video, Body.frame(3), at: 40)
        let frames = try payloads(bytes(framed))
        #expect(frames.count == 2)
        #expect(Array(frames.joined()) == bytes(stand.programme.timeline))
        let boundary = stand.programme.tagBoundary(atOrAfter: 1, .webSocket)
        let head = WebSocketFrameHead(.binary, payloadByteCount: frames[0].count)
        #expect(boundary == UInt64(head.byteCount + frames[0].count))
    }

    @Test func whoAsksLateGetsTheTagsFromTheNewestKeyframeOn() throws {
        let stand = try Stand()
        try begin(stand)
        for index in 0..<4 { try gop(stand, from: UInt32(index) * 200) }
        let start = try #require(stand.programme.startPoint())
        #expect(stand.programme.startPoint(.webSocket) == nil)
        let framed = try stand.programme.timeline(.webSocket)
        #expect(
            Array(try payloads(bytes(framed)).joined())
                == bytes(stand.programme.timeline, from: start.position))
        let framedStart = try #require(stand.programme.startPoint(.webSocket))
        #expect(framedStart.position == 0)
        #expect(framedStart.timestampMs == start.timestampMs)
        try gop(stand, from: 800)
        let next = try #require(stand.programme.startPoint(.webSocket))
        let nextPlain = try #require(stand.programme.startPoint())
        #expect(next.timestampMs == nextPlain.timestampMs && next.position > 0)
        #expect(
            Array(try payloads(bytes(framed, from: next.position)).joined())
                == bytes(stand.programme.timeline, from: nextPlain.position))
        #expect(try stand.programme.timeline(.webSocket) === framed)
    }

    @Test func whoAsksBeforeAnythingWasShownGetsAllOfIt() throws {
        let stand = try Stand()
        let framed = try stand.programme.timeline(.webSocket)
        #expect(framed.head == 0 && stand.programme.startPoint(.webSocket) == nil)
        try begin(stand)
        try gop(stand, from: 0)
        #expect(stand.programme.startPoint(.webSocket)?.position == 0)
        #expect(Array(try payloads(bytes(framed)).joined()) == bytes(stand.programme.timeline))
    }

    @Test func thePreambleIsTheSameInTwoFrames() throws {
        let stand = try Stand()
        _ = try stand.programme.timeline(.webSocket)
        try begin(stand)
        try gop(stand, from: 0)
        try stand.programme.insert(question("q1"), nowNs: 1)
        let plain = try #require(stand.programme.startPoint()).preamble
        let framed = try #require(stand.programme.startPoint(.webSocket)).preamble
        let frames = try payloads(framed.bytes)
        #expect(frames.count == 2)
        #expect(frames.first == Array(plain.bytes[..<plain.resumeOffset]))
        #expect(frames.last == Array(plain.bytes[plain.resumeOffset...]))
        #expect(
            try payloads(Array(framed.bytes[framed.resumeOffset...])).first == frames.last)
    }

    @Test func aPreambleWithoutHeadersIsOneFrame() throws {
        let stand = try Stand()
        _ = try stand.programme.timeline(.webSocket)
        // MP3 has no sequence header.
        for ms in [0, 1_200, 2_400] { try stand.append(.audio, [0x2F, 1, 2, 3], at: UInt32(ms)) }
        let framed = try #require(stand.programme.startPoint(.webSocket)).preamble
        #expect(try payloads(framed.bytes).count == 1)
        #expect(framed.resumeOffset == framed.bytes.count)
    }

    // MARK: Places

    @Test func placesAreKnownInBothFramings() throws {
        let stand = try Stand()
        let framed = try stand.programme.timeline(.webSocket)
        try begin(stand)
        for index in 0..<10 { try gop(stand, from: UInt32(index) * 400) }
        var boundaries: [UInt64] = [0]
        for frame in try payloads(bytes(framed)) {
            let head = WebSocketFrameHead(.binary, payloadByteCount: frame.count)
            boundaries.append((boundaries.last ?? 0) + UInt64(head.byteCount + frame.count))
        }
        for position in 0...framed.head {
            let expected = boundaries.first { $0 >= position }
            #expect(stand.programme.tagBoundary(atOrAfter: position, .webSocket) == expected)
        }
        #expect(stand.programme.position(behindMs: 0, .webSocket) == framed.head)
        #expect(stand.programme.position(behindMs: 9 * 440, .webSocket) == 0)
    }

    @Test func cuesHaveAPlaceInBothFramings() throws {
        let stand = try Stand()
        let framed = try stand.programme.timeline(.webSocket)
        try begin(stand)
        try gop(stand, from: 0)
        let place = try stand.programme.insert(question("q1"), nowNs: 7)
        #expect(place.question == "q1")
        #expect(stand.programme.latestQuestion(.plain) == place)
        let other = try #require(stand.programme.latestQuestion(.webSocket))
        #expect(other == stand.programme.latestCue(.webSocket))
        #expect(other.seq == place.seq && other.insertedNs == 7 && other.question == "q1")
        #expect(other.endPosition == framed.head)
        let tag = try payloads(bytes(framed, from: other.position))
        #expect(Array(tag.joined()) == bytes(stand.programme.timeline, from: place.position))
        // What is no question leaves the newest one where it is.
        try stand.programme.insert(Cue(.message, [], keeping: .event), nowNs: 8)
        #expect(stand.programme.latestQuestion(.plain) == place)
        #expect(stand.programme.latestQuestion(.webSocket) == other)
        #expect(stand.programme.latestCue?.question == nil)
    }

    @Test(arguments: [true, false])
    func aQuestionIsFoundInAFramingThatIsMadeAfterIt(isBeforeKeyframe: Bool) throws {
        let stand = try Stand()
        try begin(stand)
        try gop(stand, from: 0)
        let place = try stand.programme.insert(question("q1"), nowNs: 7)
        if isBeforeKeyframe { try gop(stand, from: 200) }
        let framed = try stand.programme.timeline(.webSocket)
        let other = try #require(stand.programme.latestQuestion(.webSocket))
        #expect(other.question == "q1" && other.seq == place.seq)
        if isBeforeKeyframe {
            // It stands in the preamble.
            #expect(other.position == 0 && other.endPosition == 0)
        } else {
            let rest = try payloads(bytes(framed, from: other.position))
            #expect(Array(rest.joined()) == bytes(stand.programme.timeline, from: place.position))
            #expect(other.endPosition == framed.head)
        }
    }

    @Test func aQuestionBeforeTheFirstPictureIsAskedByThePreamble() throws {
        let stand = try Stand()
        let version = stand.programme.cueVersion.load(ordering: .relaxed)
        #expect(throws: CueRefusal.nothingShown(isKept: true)) {
            try stand.programme.insert(question("q1"), nowNs: 7)
        }
        #expect(stand.programme.cueVersion.load(ordering: .relaxed) != version)
        #expect(stand.programme.latestCue == nil)
        let place = try #require(stand.programme.latestQuestion(.plain))
        #expect(place.endPosition == 0 && place.question == "q1")
    }

    // MARK: The arenas

    @Test func bothArenasGoRoundAndLendTheirBytes() throws {
        let stand = try Stand()
        try begin(stand)
        try gop(stand, from: 0)
        let framed = try stand.programme.timeline(.webSocket)
        let mark = try #require(framed.makeLowWaterMark())
        mark.set(0)
        #expect(throws: TagRefusal.heldUp) {
            for index in 1..<1_000 { try gop(stand, from: UInt32(index) * 200) }
        }
        mark.set(LowWaterMark.none)
        for index in 1_000..<3_000 { try gop(stand, from: UInt32(index) * 200) }
        #expect(framed.tail > UInt64(framed.byteCount))
        let start = try #require(stand.programme.startPoint(.webSocket))
        let plain = try #require(stand.programme.startPoint())
        #expect(
            Array(try payloads(bytes(framed, from: start.position)).joined())
                == bytes(stand.programme.timeline, from: plain.position))
        #expect(
            stand.programme.status(nowMs: stand.nowMs).arenaByteCount
                == stand.programme.timeline.residentByteCount + framed.residentByteCount)
    }
}
