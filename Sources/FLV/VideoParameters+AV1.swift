// The picture's size and rate from an AV1 sequence header OBU: AV1 bitstream specification 5.5.

import WireBytes

extension VideoParameters {
    private static let sequenceHeaderType: UInt8 = 1

    /// Reads an AV1CodecConfigurationRecord (AV1-ISOBMFF 2.3). Nil if it has no sequence header OBU,
    /// which is allowed, or is the descriptor of AV1 in MPEG-2 TS, which has none.
    static func av1(_ record: RawSpan) throws(SequenceHeaderFault) -> VideoParameters? {
        guard record.byteCount >= 4 else { throw .truncated }
        // The descriptor's tag.
        if record[0] == 0x80 { return nil }
        guard record[0] == 0x81 else { throw .unrecognised }
        var offset = 4
        while offset < record.byteCount {
            let unit = try av1Unit(in: record, at: &offset)
            guard unit.type == sequenceHeaderType else { continue }
            guard unit.payload.count <= FLVLimits.parameterSetByteCountMax else {
                throw .outOfRange
            }
            var header = BitReader(record.extracting(unit.payload))
            return try av1SequenceHeader(&header)
        }
        return nil
    }

    /// The OBU at `offset`, which moves past it: 5.3.
    private static func av1Unit(
        in record: RawSpan, at offset: inout Int
    ) throws(SequenceHeaderFault) -> (type: UInt8, payload: Range<Int>) {
        let header = record[offset]
        guard header & 0x80 == 0 else { throw .unrecognised }
        offset += header & 0x04 == 0 ? 1 : 2
        guard offset <= record.byteCount else { throw .truncated }
        var byteCount = record.byteCount - offset
        if header & 0x02 != 0 {
            byteCount = 0
            var shift = 0
            var isLast = false
            while !isLast {
                guard offset < record.byteCount else { throw .truncated }
                guard shift < 35 else { throw .outOfRange }
                let byte = record[offset]
                byteCount |= Int(byte & 0x7F) << shift
                shift += 7
                offset += 1
                isLast = byte & 0x80 == 0
            }
        }
        let start = offset
        guard byteCount <= record.byteCount - start else { throw .truncated }
        offset = start + byteCount
        return (header >> 3 & 0x0F, start..<offset)
    }

    /// sequence_header_obu(), 5.5.1, up to the frame size.
    private static func av1SequenceHeader(
        _ header: inout BitReader
    ) throws(SequenceHeaderFault) -> VideoParameters {
        let profile = try header.bits(3)
        try header.skip(1)
        var rate: Double?
        var level = 0
        if try header.flag() {
            level = try header.bits(5)
        } else {
            var delayBitCount = 0
            if try header.flag() {
                rate = try av1Rate(&header)
                if try header.flag() {
                    delayBitCount = try header.bits(5) + 1
                    try header.skip(42)
                }
            }
            let hasInitialDelay = try header.flag()
            let pointCount = try header.bits(5) + 1
            for point in 0..<pointCount {
                try header.skip(12)
                let pointLevel = try header.bits(5)
                // The first operating point is the whole stream.
                if point == 0 { level = pointLevel }
                if pointLevel > 7 { try header.skip(1) }
                if delayBitCount > 0, try header.flag() { try header.skip(2 * delayBitCount + 1) }
                if hasInitialDelay, try header.flag() { try header.skip(4) }
            }
        }
        let widthBitCount = try header.bits(4) + 1
        let heightBitCount = try header.bits(4) + 1
        let width = try header.bits(widthBitCount) + 1
        let height = try header.bits(heightBitCount) + 1
        return try VideoParameters(
            width: width, height: height, framesPerSecond: rate,
            profile: av1ProfileName(profile),
            level: level == 31 ? "max" : "\(2 + level / 4).\(level % 4)")
    }

    /// timing_info(), 5.5.3. Nil if frames don't come at an equal distance.
    private static func av1Rate(
        _ header: inout BitReader
    ) throws(SequenceHeaderFault) -> Double? {
        let unitsPerTick = try header.bits(32)
        let unitsPerSecond = try header.bits(32)
        guard try header.flag() else { return nil }
        // uvlc() is Exp-Golomb under another name.
        let ticksPerFrame = try header.unsignedExpGolomb() + 1
        return rate(
            unitsPerSecond: unitsPerSecond, ticksPerFrame: ticksPerFrame,
            unitsPerTick: unitsPerTick)
    }

    private static func av1ProfileName(_ profile: Int) -> String {
        switch profile {
        case 0: "Main"
        case 1: "High"
        case 2: "Professional"
        default: "profile \(profile)"
        }
    }
}
