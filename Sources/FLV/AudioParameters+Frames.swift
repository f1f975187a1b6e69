// The short headers of Opus, FLAC, MP3, AC-3 and E-AC-3.

import WireBytes

extension AudioParameters {
    /// OpusHead: RFC 7845 5.1. Opus always decodes to 48 kHz.
    static func opus(_ header: RawSpan) throws(SequenceHeaderFault) -> AudioParameters {
        guard header.byteCount >= 19 else { throw .truncated }
        // "OpusHead", and the upper half of the version, which changes when the layout does.
        guard header.uint64(at: 0) == 0x4F70_7573_4865_6164, header[8] < 16 else {
            throw .unrecognised
        }
        return try AudioParameters(
            sampleRateHz: 48_000, channelCount: Int(header[9]), profile: "Opus")
    }

    /// STREAMINFO: RFC 9639 8.2, after "fLaC" and the header of the metadata block, or by itself.
    static func flac(_ header: inout BitReader) throws(SequenceHeaderFault) -> AudioParameters {
        if header.bitCount > 34 * 8 {
            guard try header.bits(32) == FourCC.flac, try header.bits(8) & 0x7F == 0,
                try header.bits(24) == 34
            else { throw .unrecognised }
        }
        guard header.bitCount >= 34 * 8 else { throw .truncated }
        try header.skip(80)
        let sampleRateHz = try header.bits(20)
        let channelCount = try header.bits(3) + 1
        return try AudioParameters(
            sampleRateHz: sampleRateHz, channelCount: channelCount, profile: "FLAC")
    }

    /// The header of an MPEG audio frame: ISO/IEC 11172-3 2.4.1.3 and 13818-3.
    static func mp3(_ header: inout BitReader) throws(SequenceHeaderFault) -> AudioParameters {
        guard try header.bits(11) == 0x7FF else { throw .unrecognised }
        let version = try header.bits(2)
        let layer = try header.bits(2)
        try header.skip(5)
        let rateIndex = try header.bits(2)
        try header.skip(2)
        let isMono = try header.bits(2) == 3
        guard version != 1, layer != 0, rateIndex != 3 else { throw .outOfRange }
        // MPEG 1; MPEG 2 halves the rates and the unofficial 2.5 quarters them.
        let divisor = version == 3 ? 1 : version == 2 ? 2 : 4
        return try AudioParameters(
            sampleRateHz: [44_100, 48_000, 32_000][rateIndex] / divisor,
            channelCount: isMono ? 1 : 2, profile: ["MP3", "MP2", "MP1"][layer - 1])
    }

    private static let dolbyRates = [48_000, 44_100, 32_000]
    private static let dolbySyncWord = 0x0B77

    /// The full-range channels of an audio coding mode: ETSI TS 102 366 4.4.2.3.
    private static func dolbyChannelCount(_ codingMode: Int) -> Int {
        [2, 1, 2, 3, 3, 4, 4, 5][codingMode]
    }

    /// AC-3: dac3 (ETSI TS 102 366 F.4), or a frame (4.3.1, 4.3.2).
    static func ac3(_ header: inout BitReader) throws(SequenceHeaderFault) -> AudioParameters {
        var frame = header
        guard frame.bitCount >= 56, try frame.bits(16) == dolbySyncWord else {
            return try ac3Box(&header)
        }
        try frame.skip(16)
        let rateCode = try frame.bits(2)
        try frame.skip(6)
        let streamId = try frame.bits(5)
        // From 11 on it is E-AC-3, which some send under the name of AC-3.
        if streamId > 10 { return try eac3(&header) }
        try frame.skip(3)
        let codingMode = try frame.bits(3)
        if codingMode & 1 != 0, codingMode != 1 { try frame.skip(2) }
        if codingMode & 4 != 0 { try frame.skip(2) }
        if codingMode == 2 { try frame.skip(2) }
        let hasLowFrequency = try frame.flag()
        guard rateCode < dolbyRates.count else { throw .outOfRange }
        // Stream ids 9 and 10 halve and quarter the rate.
        return try AudioParameters(
            sampleRateHz: dolbyRates[rateCode] >> max(0, streamId - 8),
            channelCount: dolbyChannelCount(codingMode) + (hasLowFrequency ? 1 : 0),
            profile: "AC-3")
    }

    private static func ac3Box(
        _ box: inout BitReader
    ) throws(SequenceHeaderFault) -> AudioParameters {
        guard box.bitCount >= 24 else { throw .truncated }
        let rateCode = try box.bits(2)
        let streamId = try box.bits(5)
        try box.skip(3)
        let codingMode = try box.bits(3)
        let hasLowFrequency = try box.flag()
        guard rateCode < dolbyRates.count, streamId <= 10 else { throw .outOfRange }
        return try AudioParameters(
            sampleRateHz: dolbyRates[rateCode] >> max(0, streamId - 8),
            channelCount: dolbyChannelCount(codingMode) + (hasLowFrequency ? 1 : 0),
            profile: "AC-3")
    }

    /// E-AC-3: dec3 (ETSI TS 102 366 F.6), or a frame (E.1.2). The channels are those of the first
    /// independent substream, which any decoder plays.
    static func eac3(_ header: inout BitReader) throws(SequenceHeaderFault) -> AudioParameters {
        var frame = header
        guard frame.bitCount >= 48, try frame.bits(16) == dolbySyncWord else {
            try header.skip(16)
            let rateCode = try header.bits(2)
            try header.skip(10)
            return try eac3Parameters(&header, rateCode: rateCode, dividedBy: 1)
        }
        try frame.skip(16)
        var rateCode = try frame.bits(2)
        // 3 means half of a full rate, which then is named instead of the block count.
        let divisor = rateCode == 3 ? 2 : 1
        let next = try frame.bits(2)
        if rateCode == 3 { rateCode = next }
        return try eac3Parameters(&frame, rateCode: rateCode, dividedBy: divisor)
    }

    private static func eac3Parameters(
        _ header: inout BitReader, rateCode: Int, dividedBy divisor: Int
    ) throws(SequenceHeaderFault) -> AudioParameters {
        let codingMode = try header.bits(3)
        let hasLowFrequency = try header.flag()
        guard rateCode < dolbyRates.count else { throw .outOfRange }
        return try AudioParameters(
            sampleRateHz: dolbyRates[rateCode] / divisor,
            channelCount: dolbyChannelCount(codingMode) + (hasLowFrequency ? 1 : 0),
            profile: "E-AC-3")
    }
}
