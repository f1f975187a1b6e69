// Finds the script tags of a stream, and passes over all the rest without a copy.

/// Walks along an FLV stream in any cutting. Tags of audio and video cost their heads only.
struct CueFollower {
    /// Why a stream can't be followed.
    enum Fault: Error, Equatable, CustomStringConvertible {
        case notFLV
        case unknownTag(UInt8)
        case outOfStep

        var description: String {
            switch self {
            case .notFLV: "the stream doesn't begin as FLV"
            case .unknownTag(let type): "a tag of the unknown type \(type)"
            case .outOfStep: "a tag isn't where the one before ends"
            }
        }
    }

    /// Where a script tag's body is.
    enum Body: Equatable {
        /// In the bytes at hand.
        case here(Range<Int>)
        /// In `kept`, because it came in pieces.
        case kept
    }

    private enum Place: UInt8 {
        case fileHeader, tagHead, passing, keeping
    }

    private static let fileHeaderByteCount = 9
    /// A tag's head with the size of the tag before ahead of it.
    private static let headByteCount = 15
    private static let scriptType: UInt8 = 18

    private var place = Place.fileHeader
    private var headCount: UInt8 = 0
    private var head = InlineArray<15, UInt8>(repeating: 0)
    private var leftByteCount: UInt32 = 0
    private var previousTagByteCount: UInt32 = 0
    /// The body of a script tag that came in pieces.
    var kept: [UInt8] = []
    /// The timestamp of the latest tag, ms.
    private(set) var timestampMs: UInt32 = 0

    /// The next script tag that ends in `bytes`.
    ///
    /// - Parameter offset: where to go on; moved past what was read.
    /// - Returns: nil when all bytes are used up.
    /// - Throws: `Fault`; don't call again.
    mutating func next(in bytes: RawSpan, from offset: inout Int) throws(Fault) -> Body? {
        while offset < bytes.byteCount {
            switch place {
            case .fileHeader:
                guard take(Self.fileHeaderByteCount, of: bytes, from: &offset) else { return nil }
                try endFileHeader()
            case .tagHead:
                guard take(Self.headByteCount, of: bytes, from: &offset) else { return nil }
                try endHead()
                let byteCount = Int(leftByteCount)
                guard place == .keeping, byteCount <= bytes.byteCount - offset else { continue }
                place = .tagHead
                offset += byteCount
                return .here(offset - byteCount..<offset)
            case .passing:
                pass(in: bytes, from: &offset)
            case .keeping:
                let start = offset
                pass(in: bytes, from: &offset)
                for index in start..<offset {
                    kept.append(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                }
                if place == .tagHead { return .kept }
            }
        }
        return nil
    }

    private mutating func pass(in bytes: RawSpan, from offset: inout Int) {
        let count = min(Int(leftByteCount), bytes.byteCount - offset)
        offset += count
        leftByteCount -= UInt32(count)
        if leftByteCount == 0 { place = .tagHead }
    }

    /// Gathers the bytes of a head; true once it is whole.
    private mutating func take(
        _ count: Int, of bytes: RawSpan, from offset: inout Int
    ) -> Bool {
        let end = min(bytes.byteCount, offset + count - Int(headCount))
        while offset < end {
            head[Int(headCount)] = unsafe bytes.unsafeLoad(
                fromByteOffset: offset, as: UInt8.self)
            headCount += 1
            offset += 1
        }
        guard headCount == count else { return false }
        headCount = 0
        return true
    }

    private func number(_ indices: Range<Int>) -> UInt32 {
        var number: UInt32 = 0
        for index in indices { number = number << 8 | UInt32(head[index]) }
        return number
    }

    private mutating func endFileHeader() throws(Fault) {
        let byteCount = number(5..<9)
        guard number(0..<3) == 0x464C56, byteCount >= Self.fileHeaderByteCount,
            byteCount <= 1_024
        else { throw .notFLV }
        leftByteCount = byteCount - UInt32(Self.fileHeaderByteCount)
        place = leftByteCount > 0 ? .passing : .tagHead
    }

    private mutating func endHead() throws(Fault) {
        guard number(0..<4) == previousTagByteCount else { throw .outOfStep }
        let type = head[4]
        guard type == 8 || type == 9 || type == Self.scriptType else { throw .unknownTag(type) }
        leftByteCount = number(5..<8)
        timestampMs = number(8..<11) | UInt32(head[11]) << 24
        previousTagByteCount = leftByteCount + 11
        kept.removeAll(keepingCapacity: true)
        if type == Self.scriptType, leftByteCount <= QuizLimits.scriptByteCountMax {
            place = .keeping
        } else {
            place = leftByteCount > 0 ? .passing : .tagHead
        }
    }
}
