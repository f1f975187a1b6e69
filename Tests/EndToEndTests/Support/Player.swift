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
}
