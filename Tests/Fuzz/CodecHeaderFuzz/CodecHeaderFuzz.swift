// Fuzzes everything that looks into a tag's body: packet headers and the codecs' sequence headers.

import FLV

private let videoCodecs: [VideoCodec] = [.avc, .hevc, .av1, .vp9]
private let audioCodecs: [AudioCodec] = [.aac, .opus, .flac, .mp3, .ac3, .eac3]

/// libFuzzer's entry: the first byte says what the rest is, a video body, an audio body, or the
/// sequence header of one codec.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCodecHeaders(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let body = Array(input[1...])
    let choice = Int(input[0]) % (2 + videoCodecs.count + audioCodecs.count)
    switch choice {
    case 0: checkVideo(body)
    case 1: checkAudio(body)
    case ..<(2 + videoCodecs.count):
        let codec = videoCodecs[choice - 2]
        check((try? VideoParameters.parse(codec: codec, sequenceHeader: body.span.bytes)) ?? nil)
    default:
        let codec = audioCodecs[choice - 2 - videoCodecs.count]
        check((try? AudioParameters.parse(codec: codec, sequenceHeader: body.span.bytes)) ?? nil)
    }
    return 0
}

private func checkVideo(_ body: [UInt8]) {
    guard let packet = try? VideoPacket.parse(body.span.bytes) else { return }
    checkPayload(packet.payloadOffset, packet.payloadByteCount, body)
    precondition(!packet.isKeyframe || packet.kind == .frame)
    precondition((-8_388_608...8_388_607).contains(packet.compositionOffsetMs))
    precondition(packet.isMultitrack || !packet.hasFurtherTracks)
    checkSingle(VideoPacket.singleTrack(of: body.span.bytes), of: body, packet.isMultitrack) {
        (try? VideoPacket.parse($0))?.isMultitrack
    }
    check((try? VideoParameters.parse(packet, body: body.span.bytes)) ?? nil)
}

private func checkAudio(_ body: [UInt8]) {
    guard let packet = try? AudioPacket.parse(body.span.bytes) else { return }
    checkPayload(packet.payloadOffset, packet.payloadByteCount, body)
    precondition(packet.isMultitrack || !packet.hasFurtherTracks)
    checkSingle(AudioPacket.singleTrack(of: body.span.bytes), of: body, packet.isMultitrack) {
        (try? AudioPacket.parse($0))?.isMultitrack
    }
    check((try? AudioParameters.parse(packet, body: body.span.bytes)) ?? nil)
}

/// Track 0 alone is a shorter body, of a packet that isn't multitrack any more; other bodies have none.
private func checkSingle(
    _ single: [UInt8]?, of body: [UInt8], _ isMultitrack: Bool, parse: (RawSpan) -> Bool?
) {
    guard let single else { return }
    precondition(isMultitrack, "a track was taken out of a body that has only one")
    precondition(single.count < body.count)
    // Its own header may be one that can't be parsed; if it can, it is a plain one.
    precondition(parse(single.span.bytes) != true)
}

/// The payload lies inside the body, and reaches its end unless other tracks follow.
private func checkPayload(_ offset: Int, _ byteCount: Int, _ body: [UInt8]) {
    precondition(offset >= 1 && byteCount >= 0 && offset + byteCount <= body.count)
}

private func check(_ parameters: VideoParameters?) {
    guard let parameters else { return }
    precondition((1...65_535).contains(parameters.width))
    precondition((1...65_535).contains(parameters.height))
    if let rate = parameters.framesPerSecond { precondition(rate > 0 && rate <= 1000) }
    precondition(!parameters.description.isEmpty)
}

private func check(_ parameters: AudioParameters?) {
    guard let parameters else { return }
    precondition(parameters.sampleRateHz > 0 && parameters.channelCount > 0)
    precondition(!parameters.description.isEmpty)
}
