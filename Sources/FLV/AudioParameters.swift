// What an audio sequence header, or a frame of a codec without one, says about the sound.

import WireBytes

/// Rate and channels of an audio stream.
public struct AudioParameters: Equatable, Sendable, CustomStringConvertible {
    /// Samples a second, as they leave the decoder.
    public var sampleRateHz: Int
    /// Channels, low-frequency ones included.
    public var channelCount: Int
    /// The codec's name with its profile, such as "AAC-LC".
    public var profile: String

    /// Reads the sequence header of a codec.
    ///
    /// - Parameter sequenceHeader: the bytes from the packet's `payloadOffset` on:
    ///   AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1), OpusHead (RFC 7845 5.1), "fLaC" and
    ///   STREAMINFO (RFC 9639 8.2) or only that, dac3 or dec3 (ETSI TS 102 366 Annex F). MP3 has no
    ///   such header and AC-3 and E-AC-3 need none: for these it can be a frame.
    /// - Returns: nil for the codecs whose parameters stand in each tag's first byte.
    public static func parse(
        codec: AudioCodec, sequenceHeader: RawSpan
    ) throws(FLVError) -> AudioParameters? {
        do throws(SequenceHeaderFault) {
            // Nothing that is looked at stands further back than this.
            var header = BitReader(
                sequenceHeader.extracting(first: FLVLimits.parameterSetByteCountMax))
            switch codec {
            case .aac: return try aac(&header)
            case .opus: return try opus(sequenceHeader)
            case .flac: return try flac(&header)
            case .mp3: return try mp3(&header)
            case .ac3: return try ac3(&header)
            case .eac3: return try eac3(&header)
            default: return nil
            }
        } catch {
            throw .badSequenceHeader(codec: codec.name, error)
        }
    }

    /// Reads what one packet says: a sequence header, or a frame of a codec without one.
    ///
    /// - Returns: nil for frames of codecs that have sequence headers, and for all other packets.
    public static func parse(
        _ packet: AudioPacket, body: RawSpan
    ) throws(FLVError) -> AudioParameters? {
        let end = packet.payloadOffset + packet.payloadByteCount
        let payload = body.extracting(packet.payloadOffset..<end)
        switch (packet.kind, packet.codec) {
        case (.sequenceHeader, _): break
        case (.frame, .mp3), (.frame, .ac3), (.frame, .eac3):
            // An empty payload is silence.
            guard !payload.isEmpty else { return nil }
        case (.frame, _) where !packet.isEnhanced:
            return legacy(packet, firstByte: body[0])
        default: return nil
        }
        return try parse(codec: packet.codec, sequenceHeader: payload)
    }

    public var description: String {
        "\(profile), \(sampleRateHz) Hz, \(channelCount) channel\(channelCount == 1 ? "" : "s")"
    }

    /// Checks the rate and the channels.
    init(
        sampleRateHz: Int, channelCount: Int, profile: String
    ) throws(SequenceHeaderFault) {
        guard (1...768_000).contains(sampleRateHz), (1...255).contains(channelCount) else {
            throw .outOfRange
        }
        self.sampleRateHz = sampleRateHz
        self.channelCount = channelCount
        self.profile = profile
    }

    /// FLV 10.1 E.4.2.1: rate and channels of a legacy codec, some of which fix them.
    private static func legacy(_ packet: AudioPacket, firstByte: UInt8) -> AudioParameters? {
        let rates = [5_512, 11_025, 22_050, 44_100]
        var sampleRateHz = rates[Int(firstByte >> 2 & 3)]
        var channelCount = firstByte & 1 == 0 ? 1 : 2
        switch packet.codec {
        case .linearPCM, .adpcm: break
        case .nellymoser:
            if packet.codecId == 4 { sampleRateHz = 16_000 }
            if packet.codecId == 5 { sampleRateHz = 8_000 }
            if packet.codecId != 6 { channelCount = 1 }
        case .g711A, .g711U: sampleRateHz = 8_000
        case .speex:
            sampleRateHz = 16_000
            channelCount = 1
        default: return nil
        }
        return try? AudioParameters(
            sampleRateHz: sampleRateHz, channelCount: channelCount, profile: packet.codec.name)
    }
}
