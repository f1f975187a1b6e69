// AAC's AudioSpecificConfig: ISO/IEC 14496-3 1.6.2.1, 4.4.1 and 4.5.2.1.

extension AudioParameters {
    private static let spectralBandReplication = 5
    private static let parametricStereo = 29

    /// Reads an AudioSpecificConfig. With SBR the rate is that of the decoder's output.
    static func aac(_ config: inout BitReader) throws(SequenceHeaderFault) -> AudioParameters {
        var objectType = try aacObjectType(&config)
        var sampleRateHz = try aacRate(&config)
        let channelConfig = try config.bits(4)
        var hasReplication = objectType == spectralBandReplication
        var hasParametricStereo = objectType == parametricStereo
        let isExplicit = hasReplication || hasParametricStereo
        if isExplicit {
            hasReplication = true
            sampleRateHz = try aacRate(&config)
            objectType = try aacObjectType(&config)
            if objectType == 22 { try config.skip(4) }
        }

        var channelCount = aacChannelCount(channelConfig)
        if [1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23].contains(objectType) {
            let programCount = try aacGeneral(
                &config, objectType: objectType, hasProgram: channelConfig == 0)
            channelCount = channelCount ?? programCount
            // An encoder may announce SBR behind the configuration, where old decoders don't look.
            if !isExplicit, let extended = (try? aacTrailingExtension(&config)) ?? nil {
                hasReplication = true
                sampleRateHz = extended.sampleRateHz
                hasParametricStereo = extended.hasParametricStereo
            }
        }
        guard var channelCount else { throw .outOfRange }
        if hasParametricStereo, channelCount == 1 { channelCount = 2 }
        return try AudioParameters(
            sampleRateHz: sampleRateHz, channelCount: channelCount,
            profile: aacProfileName(
                objectType, hasReplication: hasReplication,
                hasParametricStereo: hasParametricStereo))
    }

    private static func aacObjectType(
        _ config: inout BitReader
    ) throws(SequenceHeaderFault) -> Int {
        let type = try config.bits(5)
        return type == 31 ? 32 + (try config.bits(6)) : type
    }

    private static func aacRate(_ config: inout BitReader) throws(SequenceHeaderFault) -> Int {
        let rates = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
            8_000, 7_350,
        ]
        let index = try config.bits(4)
        if index == 15 { return try config.bits(24) }
        guard index < rates.count else { throw .outOfRange }
        return rates[index]
    }

    /// Nil for 0, which means that the program config element says it.
    private static func aacChannelCount(_ config: Int) -> Int? {
        switch config {
        case 1...6: config
        case 7, 12, 14: 8
        case 11: 7
        case 13: 24
        default: nil
        }
    }

    /// GASpecificConfig, 4.4.1. Returns the channels if a program config element tells them.
    private static func aacGeneral(
        _ config: inout BitReader, objectType: Int, hasProgram: Bool
    ) throws(SequenceHeaderFault) -> Int? {
        try config.skip(1)
        if try config.flag() { try config.skip(14) }
        let hasExtension = try config.flag()
        let channelCount = hasProgram ? try aacProgram(&config) : nil
        if objectType == 6 || objectType == 20 { try config.skip(3) }
        if hasExtension {
            if objectType == 22 { try config.skip(16) }
            if [17, 19, 20, 23].contains(objectType) { try config.skip(3) }
            try config.skip(1)
        }
        return channelCount
    }

    /// program_config_element(), 4.5.2.1: its channels.
    private static func aacProgram(
        _ config: inout BitReader
    ) throws(SequenceHeaderFault) -> Int {
        try config.skip(10)
        var speakerElementCount = 0
        for _ in 0..<3 { speakerElementCount += try config.bits(4) }
        let lowFrequencyCount = try config.bits(2)
        let associatedCount = try config.bits(3)
        let couplingCount = try config.bits(4)
        if try config.flag() { try config.skip(4) }
        if try config.flag() { try config.skip(4) }
        if try config.flag() { try config.skip(3) }
        var channelCount = lowFrequencyCount
        for _ in 0..<speakerElementCount {
            channelCount += try config.flag() ? 2 : 1
            try config.skip(4)
        }
        try config.skip(4 * lowFrequencyCount + 4 * associatedCount + 5 * couplingCount)
        try config.skip((8 - config.bitOffset % 8) % 8)
        try config.skip(8 * (try config.bits(8)))
        return channelCount
    }

    /// The backward compatible announcement of SBR and PS, 1.6.6. Nil if there is none.
    private static func aacTrailingExtension(
        _ config: inout BitReader
    ) throws(SequenceHeaderFault) -> (sampleRateHz: Int, hasParametricStereo: Bool)? {
        guard config.bitCount >= 16, try config.bits(11) == 0x2B7,
            try aacObjectType(&config) == spectralBandReplication, try config.flag()
        else { return nil }
        let sampleRateHz = try aacRate(&config)
        let hasParametricStereo =
            if config.bitCount >= 12, try config.bits(11) == 0x548 {
                try config.flag()
            } else {
                false
            }
        return (sampleRateHz, hasParametricStereo)
    }

    private static func aacProfileName(
        _ objectType: Int, hasReplication: Bool, hasParametricStereo: Bool
    ) -> String {
        if hasParametricStereo { return "HE-AAC v2" }
        if hasReplication { return "HE-AAC" }
        return switch objectType {
        case 1: "AAC Main"
        case 2: "AAC-LC"
        case 3: "AAC SSR"
        case 4: "AAC LTP"
        case 23: "AAC-LD"
        case 39: "AAC-ELD"
        case 42: "xHE-AAC"
        default: "AAC object type \(objectType)"
        }
    }
}
