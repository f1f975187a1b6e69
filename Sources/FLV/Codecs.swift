// The codecs FLV can carry, by their legacy numbers and their Enhanced RTMP FourCCs.

/// A video codec.
public enum VideoCodec: Equatable, Hashable, Sendable {
    /// Sorenson H.263, legacy number 2.
    case sorensonH263
    /// Screen video, legacy number 3.
    case screen
    /// On2 VP6, legacy number 4.
    case vp6
    /// On2 VP6 with an alpha channel, legacy number 5.
    case vp6Alpha
    /// Screen video version 2, legacy number 6.
    case screen2
    /// H.264, legacy number 7 or "avc1".
    case avc
    /// H.265, "hvc1", or the widespread unofficial number 12.
    case hevc
    /// AV1, "av01", or the widespread unofficial number 13.
    case av1
    /// VP8, "vp08".
    case vp8
    /// VP9, "vp09".
    case vp9
    /// Anything else: its legacy number or FourCC.
    case unknown(UInt32)

    /// The codec a legacy codec id (4 bits) stands for.
    public init(legacyId: UInt8) {
        self =
            switch legacyId {
            case 2: .sorensonH263
            case 3: .screen
            case 4: .vp6
            case 5: .vp6Alpha
            case 6: .screen2
            case 7: .avc
            case 12: .hevc
            case 13: .av1
            default: .unknown(UInt32(legacyId))
            }
    }

    /// The codec a FourCC stands for.
    public init(fourCC: UInt32) {
        self =
            switch fourCC {
            case FourCC.avc1: .avc
            case FourCC.hvc1: .hevc
            case FourCC.av01: .av1
            case FourCC.vp08: .vp8
            case FourCC.vp09: .vp9
            default: .unknown(fourCC)
            }
    }

    /// Whether nothing can be decoded without the codec's sequence header.
    public var needsHeader: Bool {
        switch self {
        case .avc, .hevc, .av1: true
        default: false
        }
    }

    /// What people call it.
    public var name: String {
        switch self {
        case .sorensonH263: "Sorenson H.263"
        case .screen: "Screen Video"
        case .vp6: "VP6"
        case .vp6Alpha: "VP6 with alpha"
        case .screen2: "Screen Video 2"
        case .avc: "H.264"
        case .hevc: "H.265"
        case .av1: "AV1"
        case .vp8: "VP8"
        case .vp9: "VP9"
        case .unknown(let id): "unknown video codec \(FourCC.text(id))"
        }
    }
}

/// An audio codec.
public enum AudioCodec: Equatable, Hashable, Sendable {
    /// Uncompressed samples, legacy numbers 0 and 3.
    case linearPCM
    /// ADPCM, legacy number 1.
    case adpcm
    /// MP3, legacy number 2, 14 for 8 kHz, or ".mp3".
    case mp3
    /// Nellymoser, legacy numbers 4, 5 and 6.
    case nellymoser
    /// G.711 A-law, legacy number 7.
    case g711A
    /// G.711 µ-law, legacy number 8.
    case g711U
    /// AAC, legacy number 10 or "mp4a".
    case aac
    /// Speex, legacy number 11.
    case speex
    /// Opus, "Opus", or the unofficial number 13.
    case opus
    /// FLAC, "fLaC".
    case flac
    /// Dolby Digital, "ac-3".
    case ac3
    /// Dolby Digital Plus, "ec-3".
    case eac3
    /// Anything else: its legacy number or FourCC.
    case unknown(UInt32)

    /// The codec a legacy sound format (4 bits) stands for.
    public init(legacyId: UInt8) {
        self =
            switch legacyId {
            case 0, 3: .linearPCM
            case 1: .adpcm
            case 2, 14: .mp3
            case 4, 5, 6: .nellymoser
            case 7: .g711A
            case 8: .g711U
            case 10: .aac
            case 11: .speex
            case 13: .opus
            default: .unknown(UInt32(legacyId))
            }
    }

    /// The codec a FourCC stands for.
    public init(fourCC: UInt32) {
        self =
            switch fourCC {
            case FourCC.mp4a: .aac
            case FourCC.mp3: .mp3
            case FourCC.opus: .opus
            case FourCC.flac: .flac
            case FourCC.ac3: .ac3
            case FourCC.eac3: .eac3
            default: .unknown(fourCC)
            }
    }

    /// Whether nothing can be decoded without the codec's sequence header.
    public var needsHeader: Bool {
        switch self {
        case .aac, .flac: true
        default: false
        }
    }

    /// What people call it.
    public var name: String {
        switch self {
        case .linearPCM: "PCM"
        case .adpcm: "ADPCM"
        case .mp3: "MP3"
        case .nellymoser: "Nellymoser"
        case .g711A: "G.711 A-law"
        case .g711U: "G.711 µ-law"
        case .aac: "AAC"
        case .speex: "Speex"
        case .opus: "Opus"
        case .flac: "FLAC"
        case .ac3: "AC-3"
        case .eac3: "E-AC-3"
        case .unknown(let id): "unknown audio codec \(FourCC.text(id))"
        }
    }
}

/// Four characters read as one big-endian number.
enum FourCC {
    static let avc1: UInt32 = 0x6176_6331
    static let hvc1: UInt32 = 0x6876_6331
    static let av01: UInt32 = 0x6176_3031
    static let vp08: UInt32 = 0x7670_3038
    static let vp09: UInt32 = 0x7670_3039
    static let mp4a: UInt32 = 0x6D70_3461
    static let mp3: UInt32 = 0x2E6D_7033
    static let opus: UInt32 = 0x4F70_7573
    static let flac: UInt32 = 0x664C_6143
    static let ac3: UInt32 = 0x6163_2D33
    static let eac3: UInt32 = 0x6563_2D33

    /// The four characters in quotes if they can be printed, otherwise the number.
    static func text(_ code: UInt32) -> String {
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code >> UInt32($0)) }
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return "\(code)" }
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }
}
