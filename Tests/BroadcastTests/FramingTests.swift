// The same tags in WebSocket frames: byte for byte, place for place, and only when asked for.

import FLV
import HTTPWire
import Testing

@testable import Broadcast

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
        let framed = try stand.program.timeline(.webSocket)
        try begin(stand)
        try gop(stand, from: 0)
        try stand.program.insert(question("q1"), nowNs: 1)
        try gop(stand, from: 200)
        try gop(stand, from: 2_200)
        let frames = try payloads(bytes(framed))
        #expect(frames.count == (try stand.timeline()).count)
        #expect(Array(frames.joined()) == bytes(stand.program.timeline))
    }

    @Test(arguments: [0, 110, 111, 112, 65_519, 65_520, 65_521, 70_000])
    func framesOfAnyLengthHaveTheShortestHead(bodyByteCount: Int) throws {
        let stand = try Stand()
        let framed = try stand.program.timeline(.webSocket)
        try begin(stand)
        try stand.append(
            .video, Body.keyframe(bodyByteCount - 5 > 0 ? bodyByteCount - 5 : 1), at: 0)
        try stand.append(.video, Body.frame(3), at: 40)
        let frames = try payloads(bytes(framed))
        #expect(frames.count == 2)
        #expect(Array(frames.joined()) == bytes(stand.program.timeline))
        let boundary = stand.program.tagBoundary(atOrAfter: 1, .webSocket)
        let head = WebSocketFrameHead(.binary, payloadByteCount: frames[0].count)
        #expect(boundary == UInt64(head.byteCount + frames[0].count))
    }

    @Test func whoAsksLateGetsTheTagsFromTheNewestKeyframeOn() throws {
        let stand = try Stand()
        try begin(stand)
        for index in 0..<4 { try gop(stand, from: UInt32(index) * 200) }
        let start = try #require(stand.program.startPoint())
        #expect(stand.program.startPoint(.webSocket) == nil)
        let framed = try stand.program.timeline(.webSocket)
        #expect(
            Array(try payloads(bytes(framed)).joined())
                == bytes(stand.program.timeline, from: start.position))
        let framedStart = try #require(stand.program.startPoint(.webSocket))
        #expect(framedStart.position == 0)
        #expect(framedStart.timestampMs == start.timestampMs)
        try gop(stand, from: 800)
        let next = try #require(stand.program.startPoint(.webSocket))
        let nextPlain = try #require(stand.program.startPoint())
        #expect(next.timestampMs == nextPlain.timestampMs && next.position > 0)
        #expect(
            Array(try payloads(bytes(framed, from: next.position)).joined())
                == bytes(stand.program.timeline, from: nextPlain.position))
        #expect(try stand.program.timeline(.webSocket) === framed)
    }

    @Test func whoAsksBeforeAnythingWasShownGetsAllOfIt() throws {
        let stand = try Stand()
        let framed = try stand.program.timeline(.webSocket)
        #expect(framed.head == 0 && stand.program.startPoint(.webSocket) == nil)
        try begin(stand)
        try gop(stand, from: 0)
        #expect(stand.program.startPoint(.webSocket)?.position == 0)
        #expect(Array(try payloads(bytes(framed)).joined()) == bytes(stand.program.timeline))
    }

    @Test func thePreambleIsTheSameInTwoFrames() throws {
        let stand = try Stand()
        _ = try stand.program.timeline(.webSocket)
        try begin(stand)
        try gop(stand, from: 0)
        try stand.program.insert(question("q1"), nowNs: 1)
        let plain = try #require(stand.program.startPoint()).preamble
        let framed = try #require(stand.program.startPoint(.webSocket)).preamble
        let frames = try payloads(framed.bytes)
        #expect(frames.count == 2)
        #expect(frames.first == Array(plain.bytes[..<plain.resumeOffset]))
        #expect(frames.last == Array(plain.bytes[plain.resumeOffset...]))
        #expect(
            try payloads(Array(framed.bytes[framed.resumeOffset...])).first == frames.last)
    }

    @Test func aPreambleWithoutHeadersIsOneFrame() throws {
        let stand = try Stand()
        _ = try stand.program.timeline(.webSocket)
        // MP3 has no sequence header.
        for ms in [0, 1_200, 2_400] { try stand.append(.audio, [0x2F, 1, 2, 3], at: UInt32(ms)) }
        let framed = try #require(stand.program.startPoint(.webSocket)).preamble
        #expect(try payloads(framed.bytes).count == 1)
        #expect(framed.resumeOffset == framed.bytes.count)
    }

    // MARK: Places

    @Test func placesAreKnownInBothFramings() throws {
        let stand = try Stand()
        let framed = try stand.program.timeline(.webSocket)
        try begin(stand)
        for index in 0..<10 { try gop(stand, from: UInt32(index) * 400) }
        var boundaries: [UInt64] = [0]
        for frame in try payloads(bytes(framed)) {
            let head = WebSocketFrameHead(.binary, payloadByteCount: frame.count)
            boundaries.append((boundaries.last ?? 0) + UInt64(head.byteCount + frame.count))
        }
        for position in 0...framed.head {
            let expected = boundaries.first { $0 >= position }
            #expect(stand.program.tagBoundary(atOrAfter: position, .webSocket) == expected)
        }
        #expect(stand.program.position(behindMs: 0, .webSocket) == framed.head)
        #expect(stand.program.position(behindMs: 9 * 440, .webSocket) == 0)
    }

    @Test func cuesHaveAPlaceInBothFramings() throws {
        let stand = try Stand()
        let framed = try stand.program.timeline(.webSocket)
        try begin(stand)
        try gop(stand, from: 0)
        let place = try stand.program.insert(question("q1"), nowNs: 7)
        #expect(place.question == "q1")
        #expect(stand.program.latestQuestion(.plain) == place)
        let other = try #require(stand.program.latestQuestion(.webSocket))
        #expect(other == stand.program.latestCue(.webSocket))
        #expect(other.seq == place.seq && other.insertedNs == 7 && other.question == "q1")
        #expect(other.endPosition == framed.head)
        let tag = try payloads(bytes(framed, from: other.position))
        #expect(Array(tag.joined()) == bytes(stand.program.timeline, from: place.position))
        // What is no question leaves the newest one where it is.
        try stand.program.insert(Cue(.message, [], keeping: .event), nowNs: 8)
        #expect(stand.program.latestQuestion(.plain) == place)
        #expect(stand.program.latestQuestion(.webSocket) == other)
        #expect(stand.program.latestCue?.question == nil)
    }

    @Test(arguments: [true, false])
    func aQuestionIsFoundInAFramingThatIsMadeAfterIt(isBeforeKeyframe: Bool) throws {
        let stand = try Stand()
        try begin(stand)
        try gop(stand, from: 0)
        let place = try stand.program.insert(question("q1"), nowNs: 7)
        if isBeforeKeyframe { try gop(stand, from: 200) }
        let framed = try stand.program.timeline(.webSocket)
        let other = try #require(stand.program.latestQuestion(.webSocket))
        #expect(other.question == "q1" && other.seq == place.seq)
        if isBeforeKeyframe {
            // It stands in the preamble.
            #expect(other.position == 0 && other.endPosition == 0)
        } else {
            let rest = try payloads(bytes(framed, from: other.position))
            #expect(Array(rest.joined()) == bytes(stand.program.timeline, from: place.position))
            #expect(other.endPosition == framed.head)
        }
    }

    @Test func aQuestionBeforeTheFirstPictureIsAskedByThePreamble() throws {
        let stand = try Stand()
        let version = stand.program.cueVersion.load(ordering: .relaxed)
        #expect(throws: CueRefusal.nothingShown(isKept: true)) {
            try stand.program.insert(question("q1"), nowNs: 7)
        }
        #expect(stand.program.cueVersion.load(ordering: .relaxed) != version)
        #expect(stand.program.latestCue == nil)
        let place = try #require(stand.program.latestQuestion(.plain))
        #expect(place.endPosition == 0 && place.question == "q1")
    }

    // MARK: The arenas

    @Test func bothArenasGoRoundAndLendTheirBytes() throws {
        let stand = try Stand()
        try begin(stand)
        try gop(stand, from: 0)
        let framed = try stand.program.timeline(.webSocket)
        let floor = try #require(framed.makeFloor())
        floor.set(0)
        #expect(throws: TagRefusal.heldUp) {
            for index in 1..<1_000 { try gop(stand, from: UInt32(index) * 200) }
        }
        floor.set(TimelineFloor.none)
        for index in 1_000..<3_000 { try gop(stand, from: UInt32(index) * 200) }
        #expect(framed.tail > UInt64(framed.byteCount))
        let start = try #require(stand.program.startPoint(.webSocket))
        let plain = try #require(stand.program.startPoint())
        #expect(
            Array(try payloads(bytes(framed, from: start.position)).joined())
                == bytes(stand.program.timeline, from: plain.position))
        #expect(
            stand.program.status(nowMs: stand.nowMs).arenaByteCount
                == stand.program.timeline.residentByteCount + framed.residentByteCount)
    }
}
