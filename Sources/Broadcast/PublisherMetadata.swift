// What a publisher says of its own stream, as far as it is worth passing on.

import AudienceProtocol
import FLV

/// The parts of a publisher's `onMetaData` that can't be found out from the stream itself.
///
/// Everything that can (size, codecs, rates) is taken from the sequence headers instead: what
/// publishers claim is often wrong.
struct PublisherMetadata: Equatable {
    private(set) var texts: [AMF0Property] = []
    private(set) var videoKbps: Double?
    private(set) var audioKbps: Double?
    private(set) var framesPerSecond: Double?
    private(set) var width: Double?
    private(set) var height: Double?
    /// Whether it names a codec for the track, or says that there is one.
    private(set) var announcesVideo = false
    private(set) var announcesAudio = false

    /// Nothing said.
    init() {}

    /// From the values of a script tag, its name first.
    init(_ values: [AMF0Value]) {
        guard values.count >= 2 else { return }
        let object = values[1]
        for name in StreamMetadata.texts.map(\.rawValue) {
            guard let text = object[name]?.stringValue, !text.isEmpty,
                text.utf8.count <= BroadcastLimits.metadataTextByteCountMax
            else { continue }
            texts.append(AMF0Property(name, .string(text)))
        }
        func number(_ name: String, atMost limit: Double) -> Double? {
            guard let value = object[name]?.numberValue, value.isFinite, value > 0, value <= limit
            else { return nil }
            return value
        }
        videoKbps = number("videodatarate", atMost: 1_000_000)
        audioKbps = number("audiodatarate", atMost: 100_000)
        framesPerSecond = number("framerate", atMost: 1_000)
        width = number("width", atMost: 16_384)
        height = number("height", atMost: 16_384)
        func announces(codec: String, flag: String) -> Bool {
            if let isThere = object[flag]?.boolValue { return isThere }
            return object[codec]?.numberValue != nil || object[codec]?.stringValue?.isEmpty == false
        }
        announcesVideo = announces(codec: "videocodecid", flag: "hasVideo")
        announcesAudio = announces(codec: "audiocodecid", flag: "hasAudio")
    }

    /// What it claims of the rates and the picture.
    var declared: DeclaredRates {
        DeclaredRates(
            framesPerSecond: framesPerSecond, videoKbps: videoKbps, audioKbps: audioKbps,
            width: width, height: height)
    }

    /// What the publisher calls its encoder.
    var encoder: String? { texts.first { $0.name == "encoder" }?.value.stringValue }
}
