// Tests of the walk along a stream: every script tag is found, however the bytes are cut.

import FLV
import TestSupport
import Testing

@testable import Rehearsal

@Suite("CueFollower") struct CueFollowerTests {
    private struct Found: Equatable {
        var timestampMs: UInt32
        var body: [UInt8]
    }

    private static let start = FLVFileHeader.bytes(hasAudio: true, hasVideo: true)

    private static func follow(
        _ follower: inout CueFollower, _ bytes: RawSpan, _ found: (Found) -> Void
    ) throws {
        var offset = 0
        while let body = try follower.next(in: bytes, from: &offset) {
            switch body {
            case .here(let range):
                let part = bytes.extracting(range)
                found(
                    Found(
                        timestampMs: follower.timestampMs,
                        body: (0..<part.byteCount).map {
                            part.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
                        }))
            case .kept: found(Found(timestampMs: follower.timestampMs, body: follower.kept))
            }
        }
    }

    private static func outcome(of bytes: [UInt8]) -> [Found] {
        verifyChunking(
            of: bytes, makeParser: { CueFollower() },
            feed: { follower, bytes, found in try follow(&follower, bytes, found) })
    }

    @Test("finds the script tags between media, in every cutting")
    func finds() {
        var random = SeededRandom(seed: 11)
        var bytes = Self.start
        var scripts: [Found] = []
        for index in 0..<40 {
            let body = random.bytes(Int.random(in: 1..<400, using: &random))
            let timestampMs = UInt32(index) * 40 + (index > 20 ? 0x0100_0000 : 0)
            let type = [FLVTagType.video, .audio, .audio, .script][index % 4]
            bytes += Samples.tag(type, timestampMs, body)
            if type == .script { scripts.append(Found(timestampMs: timestampMs, body: body)) }
        }
        // The size after the last tag is nothing that a follower waits for.
        #expect(Self.outcome(of: bytes) == scripts)
        #expect(scripts.count == 10)
    }

    @Test("passes over scripts that are too long, and takes empty tags")
    func bounds() {
        let most = QuizLimits.scriptByteCountMax
        let bytes =
            Self.start
            + Samples.tag(.script, 0, [UInt8](repeating: 1, count: most + 1))
            + Samples.tag(.video, 0, []) + Samples.tag(.script, 7, [])
            + Samples.tag(.script, 9, [UInt8](repeating: 2, count: most))
        #expect(
            Self.outcome(of: bytes) == [
                Found(timestampMs: 7, body: []),
                Found(timestampMs: 9, body: [UInt8](repeating: 2, count: most)),
            ])
    }

    @Test("says what is wrong with a stream")
    func faults() {
        func fault(_ bytes: [UInt8]) -> CueFollower.Fault? {
            var follower = CueFollower()
            do {
                try Self.follow(&follower, bytes.span.bytes) { _ in }
            } catch { return error as? CueFollower.Fault }
            return nil
        }
        #expect(fault(Array("HTTP/1.1 200 OK".utf8)) == .notFLV)
        var tag = Samples.tag(.video, 0, [1])
        tag[0] = 4
        #expect(fault(Self.start + tag) == .unknownTag(4))
        var torn = Self.start + Samples.tag(.video, 0, [1]) + Samples.tag(.video, 0, [1])
        torn[Self.start.count + 15] = 99
        #expect(fault(torn) == .outOfStep)
    }
}
