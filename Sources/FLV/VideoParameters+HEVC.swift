// The picture's size and rate from H.265 parameter sets: ITU-T H.265 7.3.2 and Annex E.

import WireBytes

extension VideoParameters {
    private static let videoParameterSetType: UInt8 = 32
    private static let sequenceParameterSetType: UInt8 = 33

    /// Reads an HEVCDecoderConfigurationRecord by its first SPS, and its first VPS for the rate.
    static func hevc(_ record: RawSpan) throws(SequenceHeaderFault) -> VideoParameters {
        guard record.byteCount >= 23 else { throw .truncated }
        // The specification says 1; some encoders write the 0 of its draft.
        guard record[0] <= 1 else { throw .unrecognised }
        var videoSet: Range<Int>?
        var sequenceSet: Range<Int>?
        var offset = 23
        for _ in 0..<record[22] {
            guard record.byteCount - offset >= 3 else { throw .truncated }
            let type = record[offset] & 0x3F
            let count = record.uint16(at: offset + 1)
            offset += 3
            for _ in 0..<count {
                let nalUnit = try parameterSet(in: record, at: &offset)
                if type == videoParameterSetType { videoSet = videoSet ?? nalUnit }
                if type == sequenceParameterSetType { sequenceSet = sequenceSet ?? nalUnit }
            }
        }

        guard let sequenceSet, sequenceSet.count > 2 else { throw .noParameterSet }
        guard sequenceSet.count <= FLVLimits.parameterSetByteCountMax else { throw .outOfRange }
        // Two bytes of NAL unit header come first.
        var parameters = try hevcSequenceSet(
            BitReader(unescaping: record.extracting(sequenceSet.dropFirst(2))))
        if parameters.framesPerSecond == nil, let videoSet,
            (3...FLVLimits.parameterSetByteCountMax).contains(videoSet.count)
        {
            var set = BitReader(unescaping: record.extracting(videoSet.dropFirst(2)))
            parameters.framesPerSecond = (try? hevcVideoSetRate(&set)) ?? nil
        }
        return parameters
    }

    private static func hevcSequenceSet(
        _ set: BitReader
    ) throws(SequenceHeaderFault) -> VideoParameters {
        var set = set
        try set.skip(4)
        let subLayerCount = try set.bits(3) + 1
        try set.skip(1)
        let (profile, level) = try hevcProfileTierLevel(&set, subLayerCount: subLayerCount)
        _ = try set.unsignedExpGolomb(max: 15)
        let chromaFormat = try set.unsignedExpGolomb(max: 3)
        if chromaFormat == 3 { try set.skip(1) }
        var width = try set.unsignedExpGolomb()
        var height = try set.unsignedExpGolomb()
        if try set.flag() {
            let unitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1
            let unitY = chromaFormat == 1 ? 2 : 1
            width -= unitX * (try set.unsignedExpGolomb() + (try set.unsignedExpGolomb()))
            height -= unitY * (try set.unsignedExpGolomb() + (try set.unsignedExpGolomb()))
        }

        // What follows is only needed for the rate: the size stands without it.
        let rate = try? hevcRate(&set, subLayerCount: subLayerCount)
        return try VideoParameters(
            width: width, height: height, framesPerSecond: rate ?? nil, profile: profile,
            level: level)
    }

    /// profile_tier_level(), 7.3.3.
    private static func hevcProfileTierLevel(
        _ set: inout BitReader, subLayerCount: Int
    ) throws(SequenceHeaderFault) -> (profile: String, level: String) {
        try set.skip(2)
        let isHighTier = try set.flag()
        let profile = try set.bits(5)
        try set.skip(80)
        let level = try set.bits(8)
        var subLayerBitCount = 0
        if subLayerCount > 1 {
            for _ in 1..<subLayerCount {
                if try set.flag() { subLayerBitCount += 88 }
                if try set.flag() { subLayerBitCount += 8 }
            }
            // Flags for eight sub-layers are always there; those of layers that aren't, are zero.
            try set.skip(2 * (9 - subLayerCount))
            try set.skip(subLayerBitCount)
        }
        let name =
            switch profile {
            case 1: "Main"
            case 2: "Main 10"
            case 3: "Main Still Picture"
            case 4: "Range Extensions"
            case 5: "High Throughput"
            case 9: "Screen Content"
            default: "profile \(profile)"
            }
        return (name, (isHighTier ? "High " : "") + "\(level / 30).\(level % 30 / 3)")
    }

    /// The rest of the SPS after the conformance window, up to the clock in its VUI.
    private static func hevcRate(
        _ set: inout BitReader, subLayerCount: Int
    ) throws(SequenceHeaderFault) -> Double? {
        try set.skipExpGolomb(2)
        let pocBitCount = try set.unsignedExpGolomb(max: 12) + 4
        try set.skipExpGolomb(try set.flag() ? 3 * subLayerCount : 3)
        try set.skipExpGolomb(6)
        if try set.flag(), try set.flag() { try skipHEVCScalingLists(&set) }
        try set.skip(2)
        if try set.flag() {
            try set.skip(8)
            try set.skipExpGolomb(2)
            try set.skip(1)
        }
        try skipHEVCReferencePictureSets(&set)
        if try set.flag() {
            let count = try set.unsignedExpGolomb(max: 32)
            try set.skip(count * (pocBitCount + 1))
        }
        try set.skip(2)
        guard try set.flag() else { return nil }
        return try hevcUsabilityRate(&set)
    }

    /// vui_parameters(), E.2.1, up to its clock.
    private static func hevcUsabilityRate(
        _ set: inout BitReader
    ) throws(SequenceHeaderFault) -> Double? {
        if try set.flag(), try set.bits(8) == 255 { try set.skip(32) }
        if try set.flag() { try set.skip(1) }
        if try set.flag() {
            try set.skip(4)
            if try set.flag() { try set.skip(24) }
        }
        if try set.flag() { try set.skipExpGolomb(2) }
        try set.skip(3)
        if try set.flag() { try set.skipExpGolomb(4) }
        guard try set.flag() else { return nil }
        let unitsPerTick = try set.bits(32)
        return rate(unitsPerSecond: try set.bits(32), unitsPerTick: unitsPerTick)
    }

    /// The clock of a video parameter set, 7.3.2.1.
    private static func hevcVideoSetRate(
        _ set: inout BitReader
    ) throws(SequenceHeaderFault) -> Double? {
        try set.skip(12)
        let subLayerCount = try set.bits(3) + 1
        try set.skip(17)
        _ = try hevcProfileTierLevel(&set, subLayerCount: subLayerCount)
        try set.skipExpGolomb(try set.flag() ? 3 * subLayerCount : 3)
        let layerIdMax = try set.bits(6)
        let layerSetCount = try set.unsignedExpGolomb(max: 1023)
        try set.skip(layerSetCount * (layerIdMax + 1))
        guard try set.flag() else { return nil }
        let unitsPerTick = try set.bits(32)
        return rate(unitsPerSecond: try set.bits(32), unitsPerTick: unitsPerTick)
    }

    /// scaling_list_data(), 7.3.4.
    private static func skipHEVCScalingLists(
        _ set: inout BitReader
    ) throws(SequenceHeaderFault) {
        for size in 0..<4 {
            for _ in 0..<(size == 3 ? 2 : 6) {
                if try set.flag() {
                    // The larger two sizes have a DC coefficient, all up to 64 others.
                    try set.skipExpGolomb(min(64, 1 << (4 + 2 * size)) + (size > 1 ? 1 : 0))
                } else {
                    try set.skipExpGolomb(1)
                }
            }
        }
    }

    /// st_ref_pic_set(), 7.3.7, for all sets. One may be predicted from the one before it, and how
    /// many bits that takes depends on how many pictures that one refers to: they must be worked
    /// out (7.4.8).
    private static func skipHEVCReferencePictureSets(
        _ set: inout BitReader
    ) throws(SequenceHeaderFault) {
        var negative: [Int] = []
        var positive: [Int] = []
        for index in 0..<(try set.unsignedExpGolomb(max: 64)) {
            if index > 0, try set.flag() {
                let isDown = try set.flag()
                let distance = try set.unsignedExpGolomb(max: 32_767) + 1
                let delta = isDown ? -distance : distance
                var isKept: [Bool] = []
                for _ in 0...(negative.count + positive.count) {
                    let isUsed = try set.flag()
                    isKept.append(isUsed ? true : try set.flag())
                }
                var moved: [Int] = []
                for (picture, isKept) in zip(negative + positive + [0], isKept) where isKept {
                    moved.append(picture + delta)
                }
                negative = moved.filter { $0 < 0 }.sorted(by: >)
                positive = moved.filter { $0 > 0 }.sorted()
            } else {
                let negativeCount = try set.unsignedExpGolomb(max: 16)
                let positiveCount = try set.unsignedExpGolomb(max: 16)
                negative = try hevcPictures(&set, count: negativeCount).map { -$0 }
                positive = try hevcPictures(&set, count: positiveCount)
            }
            guard negative.count + positive.count <= 16 else { throw .outOfRange }
        }
    }

    private static func hevcPictures(
        _ set: inout BitReader, count: Int
    ) throws(SequenceHeaderFault) -> [Int] {
        var distance = 0
        var distances: [Int] = []
        for _ in 0..<count {
            distance += try set.unsignedExpGolomb(max: 32_767) + 1
            try set.skip(1)
            distances.append(distance)
        }
        return distances
    }
}
