// Track 0 is the programme; colour information and channel layouts are told to whoever comes.

import FLV
import TestSupport
import Testing

@testable import Broadcast

@Suite struct MultitrackTests {
    private let avc1 = Array("avc1".utf8)
    private let mp4a = Array("mp4a".utf8)

    /// A body of Enhanced RTMP with one picture track: first nibble the frame type.
    private func one(_ frameType: UInt8, _ packetType: UInt8, track: UInt8, _ data: [UInt8])
        -> [UInt8]
    {
        [0x80 | frameType << 4 | 6, 0x00 | packetType] + avc1 + [track] + data
    }

    /// A body with several tracks of one codec.
    private func many(
        _ frameType: UInt8, _ packetType: UInt8, _ tracks: [(UInt8, [UInt8])], codecs: Bool = false
    ) -> [UInt8] {
        var body = [0x80 | frameType << 4 | 6, (codecs ? 0x20 : 0x10) | packetType]
        if !codecs { body += avc1 }
        for (track, data) in tracks {
            if codecs { body += avc1 }
            let count = data.count
            body += [track, UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255)] + data
        }
        return body
    }

    private var configuration: [UInt8] { Array(Body.avc720.dropFirst(5)) }
    private var otherConfiguration: [UInt8] { Array(Body.avc240.dropFirst(5)) }

    private func single(_ frameType: UInt8, _ packetType: UInt8, _ data: [UInt8]) -> [UInt8] {
        [0x80 | frameType << 4 | packetType] + avc1 + data
    }

    @Test func furtherTracksAreNoPartOfTheProgramme() throws {
        let stand = try Stand()
        try stand.append(.video, Body.avc720, at: 0)
        try stand.append(.video, one(1, 0, track: 1, otherConfiguration), at: 0)
        for index in 0..<100 {
            let body = index % 25 == 0 ? Body.keyframe() : Body.frame()
            try stand.append(.video, body, at: UInt32(index) * 40)
            let further = one(index % 10 == 0 ? 1 : 2, 3, track: 1, [1, 2, 3])
            try stand.append(.video, further, at: UInt32(index) * 40)
            stand.nowMs += 40
        }
        let opening = try stand.opening()
        #expect(opening.headers.map(\.body) == [Body.avc720])
        #expect(opening.start.timestampMs == 3_000)
        #expect(try stand.timeline().count == 100)
        let status = try #require(stand.programme.status(nowMs: stand.nowMs).source)
        #expect(status.leftOut[.furtherTrack] == 101)
    }

    @Test(arguments: [false, true])
    func trackZeroOfManyIsSentOnAlone(codecs: Bool) throws {
        let stand = try Stand()
        let header = many(1, 0, [(1, otherConfiguration), (0, configuration)], codecs: codecs)
        try stand.append(.video, header, at: 0)
        try stand.append(
            .video, many(1, 3, [(0, [9, 8, 7]), (1, [1])], codecs: codecs), at: 0)
        try stand.append(
            .video, many(2, 3, [(2, [1]), (1, [1]), (0, [5])], codecs: codecs), at: 40)
        try stand.append(.video, many(2, 3, [(2, [1]), (1, [1])], codecs: codecs), at: 80)
        #expect(try stand.opening().headers.map(\.body) == [single(1, 0, configuration)])
        #expect(
            try stand.timeline().map(\.body) == [single(1, 3, [9, 8, 7]), single(2, 3, [5])])
    }

    @Test func aSecondSoundDoesNotReplaceTheFirst() throws {
        let stand = try Stand(header: Body.avc720)
        try stand.append(.audio, Body.aacStereo, at: 0)
        let second = [0x95, 0x00] + mp4a + [1, 0x11, 0xB0]
        try stand.append(.audio, second, at: 0)
        try stand.append(.video, Body.keyframe(), at: 0)
        try stand.append(.audio, [0x95, 0x01] + mp4a + [1, 7, 7], at: 20)
        #expect(try stand.opening().headers.map(\.body) == [Body.avc720, Body.aacStereo])
        #expect(try stand.timeline().count == 1)
    }

    @Test(arguments: 0..<60)
    func nothingThatIsCutShortTraps(byteCount: Int) throws {
        let whole = many(
            1, 3, [(1, [1, 2, 3]), (2, [4]), (0, [5, 6])], codecs: byteCount % 2 == 0)
        let cut = Array(whole.prefix(byteCount))
        let found = VideoPacket.singleTrack(of: cut.span.bytes)
        #expect((found != nil) == (byteCount >= whole.count))
        let sound = [0x95] + Array(cut.dropFirst())
        _ = AudioPacket.singleTrack(of: sound.span.bytes)
    }

    // MARK: Configuration beside the headers

    @Test func colourAndChannelLayoutAreToldToWhoeverComes() throws {
        let stand = try Stand()
        let header = single(1, 0, configuration)
        let colour = single(1, 4, [2, 0, 9] + Array("colorInfo".utf8) + [3, 0, 0, 9])
        let other = single(1, 4, [2, 0, 9] + Array("colorInfo".utf8) + [5])
        let soundHeader = [0x90] + mp4a + [0x12, 0x10]
        let layout = [0x94] + mp4a + [1, 2, 0, 0, 0, 3]
        for body in [header, colour] { try stand.append(.video, body, at: 0) }
        for body in [soundHeader, layout] { try stand.append(.audio, body, at: 0) }
        try stand.append(.video, single(1, 3, [1]), at: 0)
        try stand.append(.audio, [0x91] + mp4a + [1], at: 0)
        #expect(
            try stand.opening().headers.map(\.body) == [header, colour, soundHeader, layout])
        // Those who watch get what changes, once, before the next frame.
        let head = stand.programme.timeline.head
        for _ in 0..<3 { try stand.append(.video, other, at: 40) }
        try stand.append(.video, single(2, 3, [2]), at: 40)
        try stand.append(.video, colour, at: 60)
        try stand.append(.video, single(1, 3, [3]), at: 80)
        #expect(
            try stand.timeline(from: head).map(\.body)
                == [other, single(2, 3, [2]), colour, single(1, 3, [3])])
        #expect(try stand.opening().headers.map(\.body).prefix(2) == [header, colour])
    }
}
