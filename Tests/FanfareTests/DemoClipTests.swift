// The clip that is linked in is the clip that was made.

import Testing

@testable import Fanfare

@Suite struct DemoClipTests {
    /// Type and timestamp of every tag (FLV file format, annex E.4.1).
    private func tags(_ clip: [UInt8]) throws -> [(type: UInt8, timestampMs: Int, first: UInt8)] {
        try #require(clip.starts(with: [0x46, 0x4C, 0x56, 1, 5, 0, 0, 0, 9]))
        func number(_ offset: Int, _ count: Int) -> Int {
            clip[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
        }
        var tags: [(UInt8, Int, UInt8)] = []
        var offset = 13
        while offset + 15 <= clip.count {
            let byteCount = number(offset + 1, 3)
            try #require(number(offset + 11 + byteCount, 4) == 11 + byteCount)
            tags.append((clip[offset], number(offset + 4, 3), clip[offset + 11]))
            offset += 11 + byteCount + 4
        }
        #expect(offset == clip.count)
        return tags
    }

    @Test func itIsSmallAndLoopsWithoutASeam() throws {
        let clip = DemoClip.bytes()
        #expect(clip.count <= 1_500_000)
        let tags = try tags(clip)
        // One tag of each is the sequence header; video may end with an end-of-sequence tag.
        let audioCount = tags.count { $0.type == 8 }
        #expect(audioCount == 1_125 + 1)
        let keyframeTimes = tags.filter { $0.type == 9 && $0.first == 0x17 }.map(\.timestampMs)
        #expect(Set(keyframeTimes).isSuperset(of: stride(from: 0, to: 24_000, by: 1_000)))
        let lastMs = tags.map(\.timestampMs).max() ?? 0
        #expect((23_950...24_000).contains(lastMs))
    }
}
