// A clip with a steady, high bitrate, so that who reads late falls behind by bytes, too.

import Foundation

extension Source {
    /// Bytes of the noisy clip in a second, about.
    static let noisyByteCountPerSecond = 300 << 10

    /// Ten seconds of noise that can't be made small.
    static let noisy = Result {
        let path = try TemporaryFolder.make().appending(path: "noisy.flv").path
        try Tool.succeed(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=10",
                "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=10",
                "-vf", "noise=alls=60:allf=t", "-c:v", "libx264", "-preset", "ultrafast",
                "-tune", "zerolatency", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0",
                "-b:v", "2400k", "-minrate", "2400k", "-maxrate", "2400k", "-bufsize", "600k",
                "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "2", "-b:a", "64k", path,
            ])
        return try Source(path: path)
    }
}

extension FFmpegPublisher {
    /// Publishes the file again and again, as one stream.
    static func looping(_ source: Source, to url: String) throws -> ChildProcess {
        try ChildProcess(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", source.path,
                "-c", "copy", "-f", "flv", url,
            ])
    }
}
