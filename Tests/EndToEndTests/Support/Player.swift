// ffmpeg and ffprobe as players of what a viewer recorded.

import Foundation

/// What players make of a viewer's bytes.
struct Player {
    private let path: String

    /// A player for a recording.
    init(_ stream: ViewedStream) throws {
        let url = try TemporaryFolder.make().appending(path: "viewed.flv")
        try Data(stream.bytes).write(to: url)
        path = url.path
    }

    /// What ffmpeg complains of when it decodes everything; empty if of nothing.
    func complaints() throws -> String {
        let result = try Tool.run("ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"])
        guard result.end == .exit(code: 0) else { return "\(result.end): \(result.errors)" }
        return result.errors
    }

    /// The kinds of streams that ffprobe sees, in order.
    func streamKinds() throws -> [String] {
        let text = try Tool.succeed(
            "ffprobe",
            ["-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", path])
        return text.split(whereSeparator: \.isWhitespace).map(String.init).sorted()
    }

    /// The codecs that ffprobe sees, by kind.
    func codecNames() throws -> [String] {
        let text = try Tool.succeed(
            "ffprobe",
            ["-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", path])
        return text.split(whereSeparator: \.isWhitespace).map(String.init).sorted()
    }

    /// How bright a part of each picture is, 0 to 255.
    ///
    /// - Parameter crop: ffmpeg's "width:height:x:y".
    func brightness(of crop: String) throws -> [UInt8] {
        try decoded([
            "-map", "0:v", "-vf", "crop=\(crop),scale=1:1", "-pix_fmt", "gray", "-vsync",
            "passthrough", "-f", "rawvideo",
        ])
    }

    /// The samples of one channel, 48000 a second.
    func sound() throws -> [Int16] {
        let bytes = try decoded(["-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le"])
        return stride(from: 0, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    private func decoded(_ arguments: [String]) throws -> [UInt8] {
        let output = path + ".decoded"
        try Tool.succeed("ffmpeg", ["-v", "error", "-y", "-i", path] + arguments + [output])
        return [UInt8](try Data(contentsOf: URL(filePath: output)))
    }
}
