// What an operator's machine does to a server in the middle of a show.

import Foundation
import Testing

@Suite("The operator's night", .ownMachine)
struct OperatorTests {
    @Test("No signal ends the show but the three that are meant to")
    func strayedSignals() throws {
        try ServerProcess.run(["--demo"]) { server in
            let viewer = try ViewerClient(port: server.httpPort, stream: "demo")
            try viewer.wait(forTags: 1)
            let strayed = [
                SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGTSTP, SIGTTIN,
                SIGTTOU, SIGIO, SIGPWR, SIGXCPU, SIGXFSZ, SIGWINCH, SIGURG, SIGCHLD, 34, 64,
            ]
            for number in strayed { server.process.signal(number) }
            try server.waitForLog("SIGUSR1 means nothing here")
            try server.waitForLog("SIGTSTP (Ctrl-Z) means nothing here")
            try server.waitForLog("reloaded from the key files")
            try viewer.wait(forTags: viewer.stream.tags.count + 50)
            server.process.signal(SIGQUIT)
            #expect(server.process.waitForEnd(within: 20) == .exit(code: 0))
            #expect(try viewer.waitForEnd(within: 5).end == .orderly)
        }
    }

    @Test("SIGHUP reloads what can be, says what can't, and a bad file changes nothing")
    func reload() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "fanfare.json")
        func write(_ text: String) throws { try Data(text.utf8).write(to: file) }
        func allowed(_ server: ServerProcess) throws -> String? {
            try HTTPClient.ask(
                port: server.httpPort, method: "OPTIONS", "/live/none.flv",
                fields: ["Origin: https://two.example"]
            ).field("Access-Control-Allow-Origin")
        }
        try write(
            #"{"publishKey": "the-first-key-of-all", "cors.origins": ["https://one.example"]}"#)
        try ServerProcess.run(isOpen: false, ["--config", file.path]) { server in
            func publishes(_ key: String, as name: String) throws -> Bool {
                try RTMPClient(port: server.rtmpPort).publish("\(name)?key=\(key)").code
                    == "NetStream.Publish.Start"
            }
            #expect(try allowed(server) == nil)
            #expect(try publishes("the-first-key-of-all", as: "one"))

            try write(#"{"publishKey": "short", "cors.origins": ["https://two.example"]}"#)
            server.process.signal(SIGHUP)
            try server.waitForLog("nothing was reloaded")
            #expect(server.log.contains("publishKey"))
            #expect(try allowed(server) == nil)

            try write(
                #"{"publishKey": "another-key-is-better", "cors.origins": ["https://two.example"], "#
                    + #""lag.skipMs": 4000}"#)
            server.process.signal(SIGHUP)
            try server.waitForLog("in force only after a restart: lag.skipMs")
            #expect(server.log.contains(": cors.origins, publishKey\n"), "\(server.log)")
            #expect(!server.log.contains("another-key"))
            #expect(try allowed(server) == "https://two.example")
            #expect(try publishes("another-key-is-better", as: "two"))
            #expect(try !publishes("the-first-key-of-all", as: "three"))
        }
    }

    @Test("A data folder that is a file is said to be one, and the file is left alone")
    func dataFolderIsAFile() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "data")
        try Data("precious".utf8).write(to: file)
        let result = try Tool.run(
            ServerProcess.binary,
            [
                "serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--staff",
                "127.0.0.1:0", "--data", file.path,
            ], within: 20)
        #expect(result.end == .exit(code: 1))
        #expect(result.errors.contains("the data folder \(file.path): Not a directory"))
        #expect(try String(contentsOf: file, encoding: .utf8) == "precious")
    }

    /// A pipe with a name that is full before anybody writes to it.
    private func fullPipe(in folder: URL) throws -> (path: String, descriptor: CInt) {
        let path = folder.appending(path: "log").path
        try #require(mkfifo(path, 0o600) == 0)
        let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        try #require(descriptor >= 0)
        let filler = [UInt8](repeating: UInt8(ascii: "-"), count: 4_096)
        while Glibc.write(descriptor, filler, filler.count) > 0 {}
        return (path, descriptor)
    }

    @Test("A log and a terminal that nobody reads stop neither the show nor its end")
    func unreadLog() throws {
        let source = try Source.clip.get()
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = try fullPipe(in: folder)
        defer { close(pipe.descriptor) }
        let shell = "exec \"$0\" \"$@\" 2>'\(pipe.path)'"
        try ServerProcess.run(shell: shell) { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            try viewer.wait(forTags: 60)
            // Each of these is a line on the thread of the ingest.
            for _ in 0..<20 {
                let client = try RTMPClient(port: server.rtmpPort)
                #expect(try client.connect(app: "elsewhere").level == "error")
            }
            try viewer.wait(forTags: viewer.stream.tags.count + 60)
            #expect(try server.staff("/healthz").statusCode == 200)
            server.process.signal(SIGTERM)
            #expect(server.process.waitForEnd(within: 20) == .exit(code: 0))
            #expect(try viewer.waitForEnd(within: 5).end == .orderly)
        }
        try ServerProcess.run(shell: shell) { server in
            server.process.signal(SIGSTOP)
            server.process.signal(SIGINT)
            server.process.signal(SIGTERM)
            server.process.signal(SIGCONT)
            #expect(server.process.waitForEnd(within: 20) == .exit(code: 130))
        }
    }
}
