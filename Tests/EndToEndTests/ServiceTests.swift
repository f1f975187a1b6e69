// The server as a service manager has it: told when it is ready, alive, reloading and ending; its log
// as JSON; a reload by command.

import Foundation
import Testing

@Suite("A service", .ownThread)
struct ServiceTests {
    @Test("systemd is told that it is ready, that it lives, that it reloads, and that it ends")
    func notifications() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "notify").path
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0)
        func told(_ line: String) throws {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                try #require(count > 0, "nobody has told \(line)")
                let text = String(decoding: buffer[..<count], as: UTF8.self)
                if text.split(separator: "\n").contains(Substring(line)) { return }
            }
        }
        let shell =
            "NOTIFY_SOCKET='\(path)' WATCHDOG_USEC=4000000 FANFARE_LOG_FORMAT=json "
            + "exec \"$0\" \"$@\""
        try ServerProcess.run(["--demo"], shell: shell) { server in
            try told("READY=1")
            #expect(try server.staff("/healthz").statusCode == 200)
            try told("WATCHDOG=1")
            server.process.signal(SIGHUP)
            try told("RELOADING=1")
            try told("READY=1")
            server.process.signal(SIGTERM)
            try told("STOPPING=1")
            #expect(server.process.waitForEnd(within: 20) == .exit(code: 0))
            // Every line of its log is an object.
            let lines = server.log.split(separator: "\n")
            for line in lines {
                let record = try #require(
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                #expect(record["level"] is String && record["message"] is String, "\(line)")
            }
            #expect(lines.contains { $0.contains("reloaded from the key files") })
        }
    }

    @Test("A start that fails says why in JSON, too")
    func failure() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "data")
        try Data().write(to: file)
        let result = try Tool.run(
            ServerProcess.binary,
            [
                "serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--staff",
                "127.0.0.1:0", "--data", file.path, "--log-format", "json",
            ], within: 20)
        #expect(result.end == .exit(code: 1))
        let last = try #require(result.errors.split(separator: "\n").last)
        let record = try #require(
            try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
        #expect(record["level"] as? String == "critical")
        #expect((record["message"] as? String)?.contains("the data folder") == true)
    }

    @Test(
        "`fanfare reload` says what is in force and what waits, and fails where nothing was taken")
    func reload() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "fanfare.json")
        func write(_ text: String) throws { try Data(text.utf8).write(to: file) }
        try write(#"{"publishKey": "the-first-key-of-all"}"#)
        try ServerProcess.run(isOpen: false, ["--config", file.path]) { server in
            func reload() throws -> (output: String, errors: String, end: ChildProcess.End?) {
                let result = try Tool.run(
                    ServerProcess.binary, ["reload", "--staff", "127.0.0.1:\(server.staffPort)"],
                    within: 20)
                return (result.output, result.errors, result.end)
            }
            var result = try reload()
            #expect(result.end == .exit(code: 0))
            #expect(
                result.output.contains(file.path) && result.output.contains("nothing has changed"))
            #expect(server.log.contains("a reload was asked for by staff"), "\(server.log)")
            try write(
                #"{"publishKey": "another-key-is-better", "limits.perAddress": 150, "shards": 2}"#)
            result = try reload()
            #expect(result.end == .exit(code: 0))
            for line in [
                "  limits.perAddress: in force\n", "  publishKey: in force\n",
                "  shards: after a restart\n",
            ] {
                #expect(result.output.contains(line), "\(result.output)")
            }
            #expect(!result.output.contains("another-key") && !server.log.contains("another-key"))
            let client = try RTMPClient(port: server.rtmpPort)
            #expect(
                try client.publish("one?key=another-key-is-better").code
                    == "NetStream.Publish.Start")
            try write(#"{"publishKey": "short"}"#)
            result = try reload()
            #expect(result.end == .exit(code: 1))
            #expect(result.errors.contains("publishKey") && result.errors.contains("nothing was"))
        }
    }
}
