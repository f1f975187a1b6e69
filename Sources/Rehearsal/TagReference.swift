// The stream as the verified viewers agree on it.

import FLV

/// What identifies one media tag.
struct TagMark: Equatable {
    let type: FLVTagType
    let timestampMs: UInt32
    let byteCount: Int
    let hash: UInt64

    init(_ header: FLVTagHeader, _ body: RawSpan) {
        type = header.type
        timestampMs = header.timestampMs
        byteCount = header.bodyByteCount
        hash = contentHash(body)
    }
}

/// The tags in order, as whoever is furthest ahead got them first.
struct TagReference {
    private var marks: [TagMark] = []
    /// The number of `marks`' first tag in the whole sequence.
    private var firstNumber = 0
    private var numbersByTimestamp: [UInt32: Int] = [:]

    /// Two minutes of a stream of 100 tags a second; no viewer is further behind.
    private static let markCountMax = 12_000
    /// Tags of one timestamp are no further apart than this.
    private static let nearbyCountMax = 64

    /// Viewers whose place in the sequence is known. As long as there are any, only they
    /// lengthen it: one that has just joined may be ahead of them by tags it never gets.
    var followerCount = 0

    var endNumber: Int { firstNumber + marks.count }

    mutating func append(_ mark: TagMark) {
        if marks.count == TagReference.markCountMax {
            let half = marks.count / 2
            marks.removeFirst(half)
            firstNumber += half
            numbersByTimestamp = numbersByTimestamp.filter { $0.value >= firstNumber }
        }
        if numbersByTimestamp[mark.timestampMs] == nil {
            numbersByTimestamp[mark.timestampMs] = endNumber
        }
        marks.append(mark)
    }

    /// The tag of that number; nil when nobody has it yet, or any more.
    func mark(_ number: Int) -> TagMark? {
        let index = number - firstNumber
        return marks.indices.contains(index) ? marks[index] : nil
    }

    /// Where a tag is in the sequence.
    func number(of mark: TagMark) -> Int? {
        guard let first = numbersByTimestamp[mark.timestampMs] else { return nil }
        return (first..<endNumber).prefix(TagReference.nearbyCountMax)
            .first { self.mark($0) == mark }
    }
}

/// FNV-1a over eight bytes at a time: quick, and any wrong byte shows.
func contentHash(_ bytes: RawSpan) -> UInt64 {
    unsafe bytes.withUnsafeBytes { buffer in
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var offset = 0
        while offset + 8 <= buffer.count {
            hash ^= unsafe buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            hash = (hash &* 0x100_0000_01B3) ^ (hash >> 29)
            offset += 8
        }
        while offset < buffer.count {
            hash ^= UInt64(unsafe buffer[offset])
            hash = hash &* 0x100_0000_01B3
            offset += 1
        }
        return hash ^ UInt64(buffer.count)
    }
}
