// The end of a show, ordered or by mistake.

import Foundation
import Testing

@Suite("Going off air", .ownMachine)
struct ShutdownTests {
    @Test(
        "At a signal viewers get a whole last tag and an end, and the server exits with 0 in time",
        arguments: [SIGTERM, SIGINT])
    func signal(_ number: CInt) throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let viewers = try (0..<20).map { _ in try ViewerClient(port: server.httpPort) }
            let waiting = try ViewerClient(port: server.httpPort, stream: "another")
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            for viewer in viewers { try viewer.wait(forTags: 60) }

            let began = ContinuousClock.now
            server.process.signal(number)
            let end = server.process.waitForEnd(within: 10)
            #expect(end == .exit(code: 0))
            #expect(began.duration(to: .now) < .seconds(3))

            for viewer in viewers {
                let stream = try viewer.waitForEnd(within: 5)
                #expect(stream.end == .orderly)
                #expect(stream.endsAtTagBoundary)
                let frames = try stream.opening(of: source).frames
                try source.verify(frames[...], from: try source.index(of: frames[0]))
            }
            #expect(try waiting.waitForEnd(within: 5).end == .orderly)
            #expect(server.log.contains("off air"))
        }
    }

    @Test("A second signal ends the server at once")
    func secondSignal() throws {
        try ServerProcess.run { server in
            // Held still, so that it gets both before it can have ended in order.
            server.process.signal(SIGSTOP)
            server.process.signal(SIGINT)
            server.process.signal(SIGTERM)
            server.process.signal(SIGCONT)
            #expect(server.process.waitForEnd(within: 15) == .exit(code: 130))
            try server.waitForLog("stopped at once by a second signal")
        }
    }

    @Test(
        "A second server on a port that is taken says so and gives up",
        arguments: [
            "--http", "--rtmp", "--staff",
        ])
    func portInUse(_ option: String) throws {
        try ServerProcess.run { server in
            let port =
                switch option {
                case "--http": server.httpPort
                case "--rtmp": server.rtmpPort
                default: server.staffPort
                }
            var arguments = [
                "serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--staff",
                "127.0.0.1:0", "--open-ingest", "--data", server.dataFolder.path,
            ]
            arguments += [option, "127.0.0.1:\(port)"]
            let second = try Tool.run(ServerProcess.binary, arguments, within: 20)
            guard case .exit(let code) = second.end else {
                throw TestFailure.unexpected("it ended with \(second.end)")
            }
            #expect(code != 0)
            #expect(second.errors.contains("127.0.0.1:\(port)"), "\(second.errors)")
            #expect(second.errors.contains(option), "\(second.errors)")
            #expect(!second.output.contains("is up"))
        }
    }

    @Test("A bad setting is named, and nothing is started")
    func badSetting() throws {
        let folder = try TemporaryFolder.make()
        let path = folder.appending(path: "fanfare.json")
        try Data("{\n  \"merge\": {\n    \"minms\": 40\n  }\n}\n".utf8).write(to: path)
        let result = try Tool.run(
            ServerProcess.binary, ["serve", "--config", path.path], within: 20)
        #expect(result.end == .exit(code: 64))
        #expect(result.errors.contains("merge.minms"), "\(result.errors)")
        #expect(result.errors.contains("3"), "\(result.errors)")
    }
}
