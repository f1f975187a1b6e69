// Programs that are run to their end: ffmpeg, ffprobe.

import Foundation

/// What a program said and how it ended.
struct ToolResult {
    var end: ChildProcess.End
    var output: String
    var errors: String
}

/// Runs programs that end by themselves.
enum Tool {
    /// Runs one and waits for it.
    static func run(
        _ program: String, _ arguments: [String], within seconds: Double = 40
    ) throws -> ToolResult {
        let process = try ChildProcess(program, arguments)
        defer { process.end() }
        guard let end = process.waitForEnd(within: seconds) else {
            throw TestFailure.timedOut(waitingFor: "\(program): \(process.errors.text)")
        }
        return ToolResult(
            end: end, output: process.output.text, errors: process.errors.text)
    }

    /// Whether a program is on PATH.
    static func isThere(_ program: String) -> Bool {
        (try? run("sh", ["-c", "command -v \(program)"]))?.end == .exit(code: 0)
    }

    /// Runs one that has to succeed.
    @discardableResult
    static func succeed(_ program: String, _ arguments: [String]) throws -> String {
        let result = try run(program, arguments)
        guard result.end == .exit(code: 0) else {
            throw TestFailure.unexpected("\(program) ended with \(result.end): \(result.errors)")
        }
        return result.output
    }
}
