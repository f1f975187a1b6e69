// The real server: started, known by its banner, and always ended.

import Foundation
import Testing

/// A running `fanfare serve` with ports and a data folder of its own.
final class ServerProcess {
    let process: ChildProcess
    /// What it printed at its start.
    let banner: String
    let httpPort: UInt16
    let rtmpPort: UInt16
    let staffPort: UInt16
    /// The push URL of the stream `show`, as the banner gives it, and with the stream key of the data
    /// folder, which the banner keeps to itself here.
    let pushURL: String
    let dataFolder: URL

    /// The built program: beside the test bundle, or where FANFARE_BINARY says.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["FANFARE_BINARY"] { return path }
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(filePath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
        return folder.appending(path: "fanfare").path
    }()

    /// Runs a server for the time of `body`.
    ///
    /// - Parameters:
    ///   - isOpen: whether publishers need no key.
    ///   - arguments: what else to say on the command line; the last word on a setting counts.
    ///   - shell: what a shell does with the command `"$0" "$@"`; nil: there is none.
    static func run<Result>(
        isOpen: Bool = true, _ arguments: [String] = [], shell: String? = nil,
        _ body: (ServerProcess) throws -> Result
    ) throws -> Result {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = try ChildProcess(
            shell == nil ? binary : "sh",
            (shell.map { ["-c", $0, binary] } ?? []) + [
                "serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--staff",
                "127.0.0.1:0", "--data", folder.appending(path: "data").path,
                // Encoders may take their time to start when many tests run at once.
                "--wait-for-stream-ms", "20000",
                // Byte for byte a stream is what was published only where nothing else is said in it.
                "--audience-seconds", "0",
            ] + (isOpen ? ["--open-ingest"] : []) + arguments)
        defer { process.end() }
        let server = try ServerProcess(process, dataFolder: folder)
        do {
            let result = try body(server)
            server.stopIfRunning()
            return result
        } catch {
            Issue.record("The server's log:\n\(process.errors.text)")
            throw error
        }
    }

    init(_ process: ChildProcess, dataFolder: URL) throws {
        self.process = process
        self.dataFolder = dataFolder
        do {
            try process.output.wait(for: "/api/v1/streams", within: 30)
        } catch {
            throw TestFailure.unexpected("no banner: \(error)\n\(process.errors.text)")
        }
        banner = process.output.text
        // With --log-format json it is an object.
        let isObject = banner.hasPrefix("{")
        let shown =
            isObject
            ? try Self.part(of: banner, after: "\"push\":\"", until: "\"") + "/show?key=…"
            : try Self.part(of: banner, after: "-f flv '", until: "'")
        let keyPath = dataFolder.appending(path: "data/publish-key").path
        pushURL =
            shown.hasSuffix("?key=…")
            ? shown.dropLast()
                + ((try? String(contentsOfFile: keyPath, encoding: .utf8)) ?? "chosen")
                .trimmingCharacters(in: .whitespacesAndNewlines)
            : shown
        let playURL =
            isObject
            ? try Self.part(of: banner, after: "\"watch\":\"", until: "\"")
            : try Self.part(of: banner, after: "player    ffplay ", until: "\n")
        let staffURL =
            isObject
            ? try Self.part(of: banner, after: "\"streams\":\"", until: "/api/")
            : try Self.part(of: banner, after: "staff     ", until: "/healthz")
        rtmpPort = try Self.port(of: pushURL)
        httpPort = try Self.port(of: playURL)
        staffPort = try Self.port(of: staffURL)
    }

    /// Where to push a stream to, without a key.
    func pushURL(_ stream: String, app: String = "live") -> String {
        "rtmp://127.0.0.1:\(rtmpPort)/\(app)/\(stream)"
    }

    /// Its log up to now.
    var log: String { process.errors.text }

    /// Waits for a line in the log.
    func waitForLog(_ words: String, within seconds: Double = 15) throws {
        try process.errors.wait(for: words, within: seconds)
    }

    /// Bytes of memory that it holds.
    func residentByteCount() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
        let text = try Self.part(of: status, after: "VmRSS:", until: "kB")
        guard let kilobytes = Int(text.trimmingCharacters(in: .whitespaces)) else {
            throw TestFailure.unexpected("VmRSS is \(text)")
        }
        return kilobytes << 10
    }

    /// Asks it to stop; it has to, in order. How long it may take is the matter of `ShutdownTests`.
    func stopIfRunning() {
        if process.waitForEnd(within: 0) != nil { return }
        process.signal(SIGTERM)
        let end = process.waitForEnd(within: 20)
        #expect(end == .exit(code: 0), "The server's threads:\n\(threads())\nIts log:\n\(log)")
    }

    /// What each thread is doing, for whoever has to find out why it doesn't stop.
    private func threads() -> String {
        let folder = "/proc/\(process.pid)/task"
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return ids.sorted().map { id in
            let files = ["comm", "wchan", "syscall", "status"].map { name in
                (try? String(contentsOfFile: "\(folder)/\(id)/\(name)", encoding: .utf8)) ?? "?"
            }
            let status = files[3].split(separator: "\n").filter {
                ["State", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"]
                    .contains($0.prefix { $0 != ":" })
            }
            return
                (files.prefix(3).map { $0.trimmingCharacters(in: .newlines) }
                + status.map(String.init)).joined(separator: " ")
        }.joined(separator: "\n")
    }

    private static func part(
        of text: String, after prefix: String, until suffix: String
    ) throws -> String {
        guard let start = text.range(of: prefix)?.upperBound,
            let end = text.range(of: suffix, range: start..<text.endIndex)?.lowerBound
        else { throw TestFailure.unexpected("no \"\(prefix)…\(suffix)\" in:\n\(text)") }
        return String(text[start..<end])
    }

    private static func port(of url: String) throws -> UInt16 {
        guard let port = URLComponents(string: url)?.port, let number = UInt16(exactly: port),
            number > 0
        else { throw TestFailure.unexpected("there is no port in \(url)") }
        return number
    }
}
