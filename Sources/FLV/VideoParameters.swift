// What a video sequence header says about the picture.

import WireBytes

/// Size and rate of a video stream, read from its sequence header.
public struct VideoParameters: Equatable, Sendable, CustomStringConvertible {
    /// The width of the shown picture, in pixels.
    public var width: Int
    /// The height of the shown picture, in pixels.
    public var height: Int
    /// Frames a second, if the header says so.
    public var framesPerSecond: Double?
    /// The profile's name, such as "High".
    public var profile: String
    /// The level, such as "4.1"; "High 5.1" for the high tier of H.265.
    public var level: String

    /// Reads the sequence header of a codec.
    ///
    /// - Parameter sequenceHeader: the bytes from the packet's `payloadOffset` on:
    ///   AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1), HEVCDecoderConfigurationRecord
    ///   (8.3.3.1) or AV1CodecConfigurationRecord (AV1-ISOBMFF 2.3).
    /// - Returns: nil if headers of this codec don't tell the size (VP8, VP9, legacy codecs, AV1
    ///   without its sequence header OBU or from MPEG-2 TS).
    public static func parse(
        codec: VideoCodec, sequenceHeader: RawSpan
    ) throws(FLVError) -> VideoParameters? {
        do throws(SequenceHeaderFault) {
            switch codec {
            case .avc: return try avc(sequenceHeader)
            case .hevc: return try hevc(sequenceHeader)
            case .av1: return try av1(sequenceHeader)
            default: return nil
            }
        } catch {
            throw .badSequenceHeader(codec: codec.name, error)
        }
    }

    /// Reads the sequence header that `packet` was found to be in `body`. Nil for other kinds.
    public static func parse(
        _ packet: VideoPacket, body: RawSpan
    ) throws(FLVError) -> VideoParameters? {
        guard packet.kind == .sequenceHeader else { return nil }
        let end = packet.payloadOffset + packet.payloadByteCount
        return try parse(
            codec: packet.codec, sequenceHeader: body.extracting(packet.payloadOffset..<end))
    }

    public var description: String {
        var text = "\(profile) \(level), \(width)x\(height)"
        if let framesPerSecond {
            // Not rounded(): that calls the maths library, which a program that imports nothing lacks.
            let hundredths = Int(framesPerSecond * 100 + 0.5)
            text += ", \(hundredths / 100)"
            if hundredths % 100 != 0 {
                text += hundredths % 100 < 10 ? ".0" : "."
                text += "\(hundredths % 100)"
            }
            text += " fps"
        }
        return text
    }

    /// Checks the size.
    init(
        width: Int, height: Int, framesPerSecond: Double?, profile: String, level: String
    ) throws(SequenceHeaderFault) {
        let sides = 1...FLVLimits.sideMax
        guard sides.contains(width), sides.contains(height) else { throw .outOfRange }
        self.width = width
        self.height = height
        self.profile = profile
        self.level = level
        self.framesPerSecond = framesPerSecond
    }

    /// Frames a second of a clock; nil if that can't be true.
    static func rate(
        unitsPerSecond: Int, ticksPerFrame: Int = 1, unitsPerTick: Int
    ) -> Double? {
        let rate = Double(unitsPerSecond) / Double(unitsPerTick) / Double(ticksPerFrame)
        return rate > 0 && rate <= FLVLimits.framesPerSecondMax ? rate : nil
    }

    /// The bytes of a parameter set with a 16-bit length at `offset`, which moves past it.
    static func parameterSet(
        in record: RawSpan, at offset: inout Int
    ) throws(SequenceHeaderFault) -> Range<Int> {
        guard record.byteCount - offset >= 2 else { throw .truncated }
        let byteCount = Int(record.uint16(at: offset))
        let start = offset + 2
        guard byteCount <= record.byteCount - start else { throw .truncated }
        offset = start + byteCount
        return start..<offset
    }
}
