// H.264 and H.265 parameter sets that no encoder here makes, and broken ones.

import TestSupport
import Testing

@testable import FLV

private func parameters(
    _ codec: VideoCodec, _ bytes: [UInt8]
) throws(FLVError) -> VideoParameters? {
    try VideoParameters.parse(codec: codec, sequenceHeader: bytes.span.bytes)
}

private func avcRecord(_ nalUnit: [UInt8]) -> [UInt8] {
    [1, 100, 0, 31, 0xFF, 0xE1, UInt8(nalUnit.count >> 8), UInt8(nalUnit.count & 0xFF)] + nalUnit
}

private func hevcRecord(_ sets: [(type: UInt8, bits: BitWriter)]) -> [UInt8] {
    var record: [UInt8] = [1] + [UInt8](repeating: 0, count: 21) + [UInt8(sets.count)]
    for set in sets {
        let nalUnit = [set.type << 1, 1] + set.bits.escapedBytes
        record += [set.type, 0, 1, UInt8(nalUnit.count >> 8), UInt8(nalUnit.count & 0xFF)]
        record += nalUnit
    }
    return record
}

/// The start of an H.264 SPS of a high profile, up to its scaling list flag.
private func avcHighSet(chromaFormat: Int) -> BitWriter {
    var set = BitWriter()
    set.put(244, 8)
    set.put(0, 8)
    set.put(41, 8)
    set.unsignedExpGolomb(0)
    set.unsignedExpGolomb(chromaFormat)
    if chromaFormat == 3 { set.flag(false) }
    set.unsignedExpGolomb(0)
    set.unsignedExpGolomb(0)
    set.flag(false)
    return set
}

/// profile_tier_level() of H.265, with these sub-layers below the highest one.
private func putProfile(_ set: inout BitWriter, subLayers: [(hasProfile: Bool, hasLevel: Bool)]) {
    set.put(0, 2)
    set.flag(true)
    set.put(2, 5)
    set.put(0, 80)
    set.put(153, 8)
    for layer in subLayers {
        set.flag(layer.hasProfile)
        set.flag(layer.hasLevel)
    }
    if !subLayers.isEmpty { set.put(0, 2 * (8 - subLayers.count)) }
    for layer in subLayers {
        if layer.hasProfile { set.put(0, 88) }
        if layer.hasLevel { set.put(90, 8) }
    }
}

/// A whole H.265 SPS of 1920x1080 with everything optional in it; the clock only if wanted.
private func hevcFullSet(framesPerSecond: Int?) -> BitWriter {
    var set = BitWriter()
    set.put(0, 4)
    set.put(2, 3)
    set.flag(true)
    putProfile(&set, subLayers: [(true, true), (false, true)])
    set.unsignedExpGolomb(0)
    set.unsignedExpGolomb(1)
    set.unsignedExpGolomb(1920)
    set.unsignedExpGolomb(1088)
    set.flag(true)
    for value in [0, 0, 0, 4] { set.unsignedExpGolomb(value) }
    set.unsignedExpGolomb(2)
    set.unsignedExpGolomb(2)
    set.unsignedExpGolomb(4)
    set.flag(true)
    for value in [1, 0, 0, 2, 0, 0, 3, 1, 0] { set.unsignedExpGolomb(value) }
    for value in [0, 3, 0, 3, 0, 0] { set.unsignedExpGolomb(value) }
    // Scaling lists: one coded, all others copied.
    set.flag(true)
    set.flag(true)
    for size in 0..<4 {
        for matrix in 0..<(size == 3 ? 2 : 6) {
            let isCoded = size == 2 && matrix == 1
            set.flag(isCoded)
            if isCoded {
                for value in 0..<65 { set.signedExpGolomb(value % 5 - 2) }
            } else {
                set.unsignedExpGolomb(0)
            }
        }
    }
    set.flag(false)
    set.flag(true)
    // PCM
    set.flag(true)
    set.put(0x77, 8)
    set.unsignedExpGolomb(0)
    set.unsignedExpGolomb(2)
    set.flag(true)
    // Three reference picture sets: {-1, -3; +2}, then one predicted from it by -2, then one by +1.
    set.unsignedExpGolomb(3)
    set.unsignedExpGolomb(2)
    set.unsignedExpGolomb(1)
    for value in [0, 1, 1] {
        set.unsignedExpGolomb(value)
        set.flag(true)
    }
    // Predicted: -1, -3, +2 and the picture itself moved by -2; +2 falls on 0 and drops out.
    set.flag(true)
    set.flag(true)
    set.unsignedExpGolomb(1)
    for isUsed in [true, true, true, true] { set.flag(isUsed) }
    // So this one has three to choose from and itself: -2, -3, -5.
    set.flag(true)
    set.flag(false)
    set.unsignedExpGolomb(0)
    for isUsed in [true, false, true, true] {
        set.flag(isUsed)
        if !isUsed { set.flag(false) }
    }
    // Two long-term pictures of 8 + 1 bits.
    set.flag(true)
    set.unsignedExpGolomb(2)
    set.put(0x1FF, 9)
    set.put(0x1FF, 9)
    set.put(3, 2)
    // VUI
    set.flag(true)
    set.flag(true)
    set.put(255, 8)
    set.put(0x0001_0001, 32)
    set.flag(true)
    set.flag(false)
    set.flag(true)
    set.put(0b1010, 4)
    set.flag(true)
    set.put(0x010101, 24)
    set.flag(true)
    set.unsignedExpGolomb(0)
    set.unsignedExpGolomb(0)
    set.put(0, 3)
    set.flag(true)
    for value in [0, 1, 2, 3] { set.unsignedExpGolomb(value) }
    set.flag(framesPerSecond != nil)
    if let framesPerSecond {
        set.put(1, 32)
        set.put(framesPerSecond, 32)
    }
    return set
}

@Suite("Parameter sets")
struct ParameterSetTests {
    @Test("H.264 with scaling lists and a picture order of type 1, without VUI")
    func avcScalingLists() throws {
        var set = avcHighSet(chromaFormat: 3)
        set.flag(true)
        for list in 0..<12 {
            set.flag(list % 3 != 1)
            if list % 3 == 0 {
                // All scales are coded.
                for _ in 0..<(list < 6 ? 16 : 64) { set.signedExpGolomb(1) }
            } else if list % 3 == 2 {
                // From the second on the default is used: 8 - 8 = 0.
                set.signedExpGolomb(-8)
            }
        }
        set.unsignedExpGolomb(0)
        set.unsignedExpGolomb(1)
        set.flag(false)
        set.signedExpGolomb(-5)
        set.signedExpGolomb(7)
        set.unsignedExpGolomb(2)
        set.signedExpGolomb(1)
        set.signedExpGolomb(-1)
        set.unsignedExpGolomb(3)
        set.flag(false)
        set.unsignedExpGolomb(39)
        set.unsignedExpGolomb(22)
        set.flag(true)
        set.flag(true)
        set.flag(true)
        for value in [1, 2, 3, 4] { set.unsignedExpGolomb(value) }
        set.flag(false)
        let found = try #require(try parameters(.avc, avcRecord([0x67] + set.escapedBytes)))
        #expect(found.width == 640 - 3)
        #expect(found.height == 368 - 7)
        #expect(found.framesPerSecond == nil)
        #expect(found.level == "4.1")
    }

    @Test("a torn VUI doesn't take the size away")
    func avcTornUsability() throws {
        let whole = [UInt8](
            hex: """
                0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fd\
                f8f800
                """)
        let nalUnit = Array(whole[8..<(8 + 16)])
        let found = try #require(try parameters(.avc, avcRecord(nalUnit)))
        #expect(found.width == 1280 && found.height == 720)
        #expect(found.framesPerSecond == nil)
    }

    @Test("every H.264 header cut short gives an error or the size, never a trap")
    func avcTruncations() throws {
        let whole = [UInt8](
            hex: "017a0028ffe1001a677a0028bcd940780227a8bc04400000fa40003a9803c60c6580")
        for count in 0..<(whole.count - 8) {
            let short = Array(whole[8..<(8 + count)])
            let found = try? parameters(.avc, avcRecord(short))
            #expect(found == nil || (found?.width == 1918 && found?.height == 1078))
        }
    }

    @Test("H.265 with sub-layers, scaling lists, predicted reference sets and a full VUI")
    func hevcFull() throws {
        let record = hevcRecord([(33, hevcFullSet(framesPerSecond: 50))])
        let found = try #require(try parameters(.hevc, record))
        #expect(found.width == 1920 && found.height == 1080)
        #expect(found.framesPerSecond == 50)
        #expect(found.profile == "Main 10" && found.level == "High 5.1")
    }

    @Test("H.265 without a clock in its SPS takes that of the VPS")
    func hevcVideoSet() throws {
        var set = BitWriter()
        set.put(0, 4)
        set.put(3, 2)
        set.put(0, 6)
        set.put(1, 3)
        set.flag(true)
        set.put(0xFFFF, 16)
        putProfile(&set, subLayers: [(false, true)])
        set.flag(false)
        for value in [4, 2, 0] { set.unsignedExpGolomb(value) }
        set.put(1, 6)
        set.unsignedExpGolomb(1)
        set.put(3, 2)
        set.flag(true)
        set.put(1001, 32)
        set.put(24_000, 32)
        let record = hevcRecord([(32, set), (33, hevcFullSet(framesPerSecond: nil))])
        let found = try #require(try parameters(.hevc, record))
        #expect(found.framesPerSecond == 24_000.0 / 1001)
    }

    @Test("rates that can't be true are left out", arguments: [0, 1001, 0xFFFF_FFFF])
    func impossibleRates(rate: Int) throws {
        let record = hevcRecord([(33, hevcFullSet(framesPerSecond: rate))])
        let found = try #require(try parameters(.hevc, record))
        #expect(found.framesPerSecond == nil)
        #expect(found.width == 1920)
    }

    @Test("impossible sizes are refused")
    func outOfRange() {
        var set = avcHighSet(chromaFormat: 1)
        set.flag(false)
        set.unsignedExpGolomb(0)
        set.unsignedExpGolomb(2)
        set.unsignedExpGolomb(3)
        set.flag(false)
        set.unsignedExpGolomb(4_294_967_293)
        set.unsignedExpGolomb(4_294_967_293)
        set.put(0b1100, 4)
        #expect(throws: FLVError.badSequenceHeader(codec: "H.264", .outOfRange)) {
            try parameters(.avc, avcRecord([0x67] + set.escapedBytes))
        }
        // Cropped to less than nothing.
        var cropped = avcHighSet(chromaFormat: 1)
        cropped.flag(false)
        cropped.unsignedExpGolomb(0)
        cropped.unsignedExpGolomb(2)
        cropped.unsignedExpGolomb(3)
        cropped.flag(false)
        cropped.unsignedExpGolomb(0)
        cropped.unsignedExpGolomb(0)
        cropped.put(0b111, 3)
        for _ in 0..<4 { cropped.unsignedExpGolomb(1000) }
        cropped.flag(false)
        #expect(throws: FLVError.badSequenceHeader(codec: "H.264", .outOfRange)) {
            try parameters(.avc, avcRecord([0x67] + cropped.escapedBytes))
        }
    }

    @Test("records that are something else, empty or cut short are errors")
    func brokenRecords() {
        func fault(_ codec: VideoCodec, _ hex: String) -> SequenceHeaderFault? {
            do {
                _ = try parameters(codec, [UInt8](hex: hex))
                return nil
            } catch {
                if case .badSequenceHeader(codec.name, let fault) = error { return fault }
                return nil
            }
        }
        #expect(fault(.avc, "") == .truncated)
        #expect(fault(.avc, "000000016764001f") == .unrecognised)
        #expect(fault(.avc, "0164001fffe0 01 0006 68ebe3cb22c0") == .noParameterSet)
        #expect(fault(.avc, "0164001fffe1 0006 68ebe3cb22c0") == .noParameterSet)
        #expect(fault(.avc, "0164001fffe1 0000") == .noParameterSet)
        #expect(fault(.avc, "0164001fffe1 0007 67640000") == .truncated)
        #expect(fault(.hevc, "01") == .truncated)
        #expect(fault(.hevc, "02" + String(repeating: "00", count: 22)) == .unrecognised)
        #expect(fault(.hevc, "01" + String(repeating: "00", count: 22)) == .noParameterSet)
        #expect(fault(.hevc, "01" + String(repeating: "00", count: 21) + "01 21") == .truncated)
        #expect(fault(.av1, "81") == .truncated)
        #expect(fault(.av1, "01000000") == .unrecognised)
        #expect(fault(.av1, "81000000 FF") == .unrecognised)
        #expect(fault(.av1, "81000000 0A") == .truncated)
        #expect(fault(.av1, "81000000 0A 7F") == .truncated)
        #expect(fault(.av1, "81000000 0A FFFFFFFFFF7F") == .outOfRange)
        #expect(fault(.av1, "81000000 0A 02 0000") == .truncated)
    }
}
