// Tags written to the timeline, and what comes before a viewer's first frame.

import Benchmark
import CAllocations
import FLV

func measureTags() {
    // A video and an audio frame of a stream of 1 Mbit/s, and a large keyframe.
    for bodyByteCount in [370, 1_800, 60_000] {
        let body = [UInt8](repeating: 0xA5, count: bodyByteCount)
        let byteCount = FLVTagHeader.tagByteCount(bodyByteCount: bodyByteCount)
        let target = Buffer(byteCount: byteCount)
        measure("tag-write-\(bodyByteCount)", byteCount: byteCount) { count in
            for index in 0..<count {
                let header = FLVTagHeader(
                    type: .video, bodyByteCount: bodyByteCount, timestampMs: UInt32(index))
                unsafe header.writeTag(body: body.span.bytes, into: target.bytes)
                unsafe look_at(target.address)
            }
        }
    }
    let avcHeader = [UInt8](repeating: 0x17, count: 48)
    let aacHeader: [UInt8] = [0xAF, 0, 0x11, 0x90]
    measure("stream-start", byteCount: streamStart(avcHeader, aacHeader).count) { count in
        for _ in 0..<count { blackHole(streamStart(avcHeader, aacHeader)) }
    }
}

/// As a programme's preamble: made once a GOP, not once a viewer.
private func streamStart(_ avcHeader: [UInt8], _ aacHeader: [UInt8]) -> [UInt8] {
    var bytes = FLVFileHeader.bytes(hasAudio: true, hasVideo: true)
    let script = AMF0.encode(Samples.metadata)
    for (type, body) in [(FLVTagType.script, script), (.video, avcHeader), (.audio, aacHeader)] {
        bytes += unsafe FLVTagHeader.tag(type, timestampMs: 0, body: body.span.bytes)
    }
    return bytes
}
