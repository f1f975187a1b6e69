// What publishers publish: generated once by ffmpeg, and known tag by tag.

import FLV
import Foundation

/// A stream as it was before anybody published it.
struct Source: Sendable {
    /// The file, for encoders that read one.
    let path: String
    let videoHeader: MediaTag?
    let audioHeader: MediaTag?
    /// All frames of both tracks in their order.
    let frames: [MediaTag]

    var headers: [MediaTag] { [videoHeader, audioHeader].compactMap { $0 } }

    /// A source without one of the tracks.
    func only(_ type: FLVTagType) -> Source {
        Source(
            path: path, videoHeader: type == .video ? videoHeader : nil,
            audioHeader: type == .audio ? audioHeader : nil,
            frames: frames.filter { $0.type == type })
    }

    /// The same with other frames.
    func with(frames: [MediaTag]) -> Source {
        Source(path: path, videoHeader: videoHeader, audioHeader: audioHeader, frames: frames)
    }

    init(
        path: String = "", videoHeader: MediaTag?, audioHeader: MediaTag?, frames: [MediaTag]
    ) {
        self.path = path
        self.videoHeader = videoHeader
        self.audioHeader = audioHeader
        self.frames = frames
    }

    /// From an FLV file.
    init(path: String) throws {
        var reader = FLVReader()
        let tags = try reader.tags(in: [UInt8](Data(contentsOf: URL(filePath: path))))
        self.init(
            path: path,
            videoHeader: tags.first { $0.type == .video && $0.role == .sequenceHeader },
            audioHeader: tags.first { $0.type == .audio && $0.role == .sequenceHeader },
            frames: tags.filter(\.isFrame))
    }

    // MARK: Generated sources

    static let width = 320.0
    static let height = 180.0
    static let framesPerSecond = 25.0
    static let sampleRateHz = 48_000.0

    /// Six seconds of H.264 with B-frames and AAC, a keyframe every second, as ffmpeg's FLV muxer
    /// writes them when it copies.
    static let clip = Result { try makeClip() }

    private static func makeClip() throws -> Source {
        let folder = try TemporaryFolder.make()
        let encoded = folder.appending(path: "encoded.flv").path
        let copied = folder.appending(path: "source.flv").path
        try Tool.succeed(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=6",
                "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=6",
                "-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-keyint_min", "25",
                "-sc_threshold", "0", "-bf", "2", "-b:v", "500k", "-pix_fmt", "yuv420p",
                "-c:a", "aac", "-ac", "2", "-b:a", "64k", encoded,
            ])
        try Tool.succeed(
            "ffmpeg", ["-v", "error", "-i", encoded, "-c", "copy", "-f", "flv", copied])
        return try Source(path: copied)
    }
}
