// The checks of the other tests find what they are there to find.

import FLV
import Testing

@Suite("The checks themselves")
struct StreamChecksTests {
    private static let source = Source(
        videoHeader: MediaTag(type: .video, timestampMs: 0, body: [0x17, 0, 0, 0, 0, 1]),
        audioHeader: MediaTag(type: .audio, timestampMs: 0, body: [0xAF, 0, 0x11, 0x90]),
        frames: (0..<40).map { index in
            let number = UInt8(index)
            return index % 2 == 0
                ? MediaTag(
                    type: .video, timestampMs: UInt32(index * 20),
                    body: [index % 10 == 0 ? 0x17 : 0x27, 1, 0, 0, 0, number])
                : MediaTag(
                    type: .audio, timestampMs: UInt32(index * 20 + 3), body: [0xAF, 1, number])
        })

    /// What a viewer gets who joins at the source's eleventh frame.
    private static func viewed(
        startMs: UInt32 = 5_000, change: (inout [MediaTag]) -> Void = { _ in }
    ) -> ViewedStream {
        var stream = ViewedStream()
        stream.statusCode = 200
        stream.fileHeader = FLVFileHeader(hasAudio: true, hasVideo: true)
        let script = AMF0.encode(
            .string("onMetaData"),
            .ecmaArray([AMF0Property("programStartPts", .number(5_000))]))
        var tags = [MediaTag(type: .script, timestampMs: 0, body: script)]
        tags += source.headers.map { header in
            var header = header
            header.timestampMs = startMs
            return header
        }
        tags += source.frames[10...].map { frame in
            var frame = frame
            frame.timestampMs += startMs - 200
            return frame
        }
        change(&tags)
        stream.tags = tags
        return stream
    }

    @Test("A stream as it should be passes")
    func good() throws {
        let opening = try Self.viewed().verify(against: Self.source)
        #expect(opening.frames.count == 30)
    }

    /// What can be wrong, done to a good stream.
    static let faults: [(name: String, change: @Sendable (inout [MediaTag]) -> Void)] = [
        ("a frame lost", { $0.remove(at: 12) }),
        ("the last frame lost", { $0.removeLast() }),
        ("a frame twice", { $0.insert($0[12], at: 12) }),
        ("two frames swapped", { $0.swapAt(12, 14) }),
        ("a bit flipped", { $0[12].body[0] ^= 1 }),
        ("a time moved", { $0[12].timestampMs += 1 }),
        ("no metadata", { $0.removeFirst() }),
        ("no video header", { $0.remove(at: 1) }),
        ("headers swapped", { $0.swapAt(1, 2) }),
        ("a start in mid-GOP", { $0.removeSubrange(3...4) }),
        ("metadata late", { $0[0].timestampMs = 40 }),
    ]

    @Test("Each fault is found", arguments: faults.indices)
    func finds(_ index: Int) throws {
        let fault = Self.faults[index]
        #expect(throws: StreamFault.self, "\(fault.name)") {
            try Self.viewed(change: fault.change).verify(against: Self.source)
        }
    }

    @Test("A start at another time than the metadata says is found")
    func findsWrongStart() {
        #expect(throws: StreamFault.self) {
            try Self.viewed(startMs: 5_001).verify(against: Self.source)
        }
    }

    @Test("A step back in time is found")
    func findsStepBack() throws {
        var frames = Self.source.frames
        try verifyNeverStepsBack(frames)
        frames[20].timestampMs = frames[18].timestampMs - 1
        #expect(throws: StreamFault.self) { try verifyNeverStepsBack(frames) }
    }
}
