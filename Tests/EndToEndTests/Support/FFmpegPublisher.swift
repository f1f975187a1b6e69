// ffmpeg as a publisher.

/// An ffmpeg that publishes the clip.
final class FFmpegPublisher: Sendable {
    let process: ChildProcess

    /// Publishes in real time, as it is, without a new encoding.
    init(_ source: Source, to url: String) throws {
        process = try ChildProcess(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-re", "-i", source.path, "-c", "copy", "-f", "flv",
                url,
            ])
    }

    /// Waits until it has published all of it.
    func waitForSuccess() throws {
        let end = process.waitForEnd(within: 40)
        guard end == .exit(code: 0) else {
            throw TestFailure.unexpected(
                "ffmpeg ended with \(String(describing: end)): \(process.errors.text)")
        }
    }

    /// Stops it in the middle of whatever it is doing.
    func kill() { process.end() }
}
