// The picture's size and rate from an H.264 sequence parameter set: ITU-T H.264 7.3.2.1 and Annex E.

import WireBytes

extension VideoParameters {
    /// Profiles whose parameter set has a chroma format, bit depths and scaling lists.
    private static let highProfiles: Set<Int> = [
        44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244,
    ]

    /// Reads an AVCDecoderConfigurationRecord by its first sequence parameter set.
    static func avc(_ record: RawSpan) throws(SequenceHeaderFault) -> VideoParameters {
        guard record.byteCount >= 6 else { throw .truncated }
        guard record[0] == 1 else { throw .unrecognised }
        guard record[5] & 0x1F > 0 else { throw .noParameterSet }
        var offset = 6
        let nalUnit = try parameterSet(in: record, at: &offset)
        guard nalUnit.count <= FLVLimits.parameterSetByteCountMax else { throw .outOfRange }
        guard let first = nalUnit.first, record[first] & 0x1F == 7 else {
            throw .noParameterSet
        }
        return try avcParameterSet(
            BitReader(unescaping: record.extracting(nalUnit.dropFirst())))
    }

    private static func avcParameterSet(
        _ set: BitReader
    ) throws(SequenceHeaderFault) -> VideoParameters {
        var set = set
        let profile = try set.bits(8)
        let constraints = try set.bits(8)
        let level = try set.bits(8)
        _ = try set.unsignedExpGolomb(max: 31)

        var chromaFormat = 1
        var isSeparatePlanes = false
        if highProfiles.contains(profile) {
            chromaFormat = try set.unsignedExpGolomb(max: 3)
            if chromaFormat == 3 { isSeparatePlanes = try set.flag() }
            try set.skipExpGolomb(2)
            try set.skip(1)
            if try set.flag() { try skipAVCScalingLists(&set, count: chromaFormat == 3 ? 12 : 8) }
        }

        try set.skipExpGolomb(1)
        switch try set.unsignedExpGolomb(max: 2) {
        case 0:
            try set.skipExpGolomb(1)
        case 1:
            try set.skip(1)
            try set.skipExpGolomb(2)
            try set.skipExpGolomb(try set.unsignedExpGolomb(max: 255))
        default:
            break
        }
        try set.skipExpGolomb(1)
        try set.skip(1)

        var width = (try set.unsignedExpGolomb() + 1) * 16
        let mapUnitHeight = (try set.unsignedExpGolomb() + 1) * 16
        let isFramesOnly = try set.flag()
        let fieldFactor = isFramesOnly ? 1 : 2
        var height = mapUnitHeight * fieldFactor
        if !isFramesOnly { try set.skip(1) }
        try set.skip(1)
        if try set.flag() {
            let hasChromaGrid = chromaFormat != 0 && !isSeparatePlanes
            let unitX = hasChromaGrid && chromaFormat != 3 ? 2 : 1
            let unitY = (hasChromaGrid && chromaFormat == 1 ? 2 : 1) * fieldFactor
            width -= unitX * (try set.unsignedExpGolomb() + (try set.unsignedExpGolomb()))
            height -= unitY * (try set.unsignedExpGolomb() + (try set.unsignedExpGolomb()))
        }

        // What follows is optional, and encoders get it wrong: the size stands without it.
        let rate = try? avcRate(&set)
        return try VideoParameters(
            width: width, height: height, framesPerSecond: rate ?? nil,
            profile: avcProfileName(profile, constraints: constraints),
            level: avcLevelName(level, profile: profile, constraints: constraints))
    }

    /// Scaling lists are coded as differences that stop when the next scale would be 0: 7.3.2.1.1.1.
    private static func skipAVCScalingLists(
        _ set: inout BitReader, count: Int
    ) throws(SequenceHeaderFault) {
        for list in 0..<count where try set.flag() {
            var lastScale = 8
            for _ in 0..<(list < 6 ? 16 : 64) {
                lastScale = (lastScale + (try set.signedExpGolomb())) & 0xFF
                if lastScale == 0 { break }
            }
        }
    }

    /// The rate from the video usability information, E.1.1.
    private static func avcRate(_ set: inout BitReader) throws(SequenceHeaderFault) -> Double? {
        guard try set.flag() else { return nil }
        if try set.flag(), try set.bits(8) == 255 { try set.skip(32) }
        if try set.flag() { try set.skip(1) }
        if try set.flag() {
            try set.skip(4)
            if try set.flag() { try set.skip(24) }
        }
        if try set.flag() { try set.skipExpGolomb(2) }
        guard try set.flag() else { return nil }
        let unitsPerTick = try set.bits(32)
        let unitsPerSecond = try set.bits(32)
        // A tick is a field's time, and a frame has two.
        return rate(unitsPerSecond: unitsPerSecond, ticksPerFrame: 2, unitsPerTick: unitsPerTick)
    }

    private static func avcProfileName(_ profile: Int, constraints: Int) -> String {
        switch profile {
        case 44: "CAVLC 4:4:4 Intra"
        case 66: constraints & 0x40 == 0 ? "Baseline" : "Constrained Baseline"
        case 77: "Main"
        case 88: "Extended"
        case 100: "High"
        case 110: "High 10"
        case 122: "High 4:2:2"
        case 244: "High 4:4:4 Predictive"
        default: "profile \(profile)"
        }
    }

    private static func avcLevelName(_ level: Int, profile: Int, constraints: Int) -> String {
        // Level 1b is 9, or in the older profiles 11 with a constraint flag.
        let isOlderProfile = profile == 66 || profile == 77 || profile == 88
        if level == 9 || (level == 11 && isOlderProfile && constraints & 0x10 != 0) { return "1b" }
        return "\(level / 10).\(level % 10)"
    }
}
