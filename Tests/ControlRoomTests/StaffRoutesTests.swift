// What the staff plane answers, asked over a real connection.

import FoundationEssentials
import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct StaffRoutesTests {
    private func object(_ answer: StaffAnswer) throws -> [String: JSONValue] {
        #expect(answer.field("content-type") == "application/json; charset=utf-8")
        return try JSONDecoder().decode([String: JSONValue].self, from: Data(answer.body))
    }

    // MARK: Health and metrics

    @Test func healthIsOK() async throws {
        try await RunningServer.use { server in
            let answer = try await server.ask("/healthz")
            #expect(answer.status == 200)
            #expect(try object(answer) == ["status": "ok"])
        }
    }

    @Test func failingHealthIs503AndSaysWhy() async throws {
        let directory = StubDirectory(state: .init(problems: ["shard 1 stopped"]))
        try await RunningServer.use(directory) { server in
            let answer = try await server.ask("/healthz")
            #expect(answer.status == 503)
            #expect(
                try object(answer) == [
                    "status": "failing", "problems": .array(["shard 1 stopped"]),
                ])
        }
    }

    @Test func warningsAreSaidAndHealthStaysOK() async throws {
        let directory = StubDirectory(state: .init(warnings: ["show has no sound"]))
        try await RunningServer.use(directory) { server in
            let answer = try await server.ask("/healthz")
            #expect(answer.status == 200)
            #expect(
                try object(answer) == [
                    "status": "ok", "warnings": .array(["show has no sound"]),
                ])
        }
        let many = StubDirectory(state: .init(warnings: (0..<1_000).map { "warning \($0)" }))
        try await RunningServer.use(many) { server in
            let warnings = try object(try await server.ask("/healthz"))["warnings"]
            guard case .array(let sentences) = warnings else {
                Issue.record("\(String(describing: warnings))")
                return
            }
            #expect(sentences.count == 33 && sentences.last == "and 968 more")
        }
    }

    @Test func metricsAreText() async throws {
        let directory = StubDirectory(families: [
            MetricFamily("fanfare_viewers", .gauge, help: "Viewers.", value: 7)
        ])
        try await RunningServer.use(directory) { server in
            let answer = try await server.ask("/metrics")
            #expect(answer.status == 200)
            #expect(answer.field("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.text.hasSuffix("\nfanfare_viewers 7\n"))
        }
    }

    // MARK: Streams

    @Test func streamsAreListed() async throws {
        try await RunningServer.use { server in
            let answer = try await server.ask("/api/v1/streams")
            #expect(answer.status == 200)
            let list = try JSONDecoder().decode(
                [String: [StreamStatus]].self, from: Data(answer.body))
            #expect(list == ["streams": [.show, .backup]])
        }
    }

    @Test func noStreamsAreAnEmptyList() async throws {
        try await RunningServer.use(StubDirectory(known: [])) { server in
            let answer = try await server.ask("/api/v1/streams")
            #expect(answer.text == #"{"streams":[]}"#)
        }
    }

    @Test func oneStreamIsShownWithItsCodecs() async throws {
        try await RunningServer.use { server in
            let answer = try await server.ask("/api/v1/streams/show")
            let stream = try object(answer)
            #expect(stream["state"] == "live")
            #expect(
                stream["video"]
                    == .object([
                        "codec": "H.264", "width": 1280, "height": 720, "framesPerSecond": 30,
                        "profile": "Main",
                    ]))
            #expect(
                stream["audio"]
                    == .object(["codec": "AAC", "sampleRateHz": 48_000, "channels": 2]))
            #expect(answer.text.contains(#""bytesSent":9007199254740993"#))
        }
    }

    @Test func whatIsUnknownIsLeftOut() async throws {
        try await RunningServer.use { server in
            let answer = try await server.ask("/api/v1/streams/backup")
            let stream = try object(answer)
            #expect(
                stream.keys.sorted() == [
                    "bitrateKbps", "bytesSent", "framesPerSecond", "name", "state", "uptimeMs",
                    "viewers", "warnings",
                ])
        }
    }

    // MARK: Refusals

    @Test func anUnknownStreamIsNamed() async throws {
        try await RunningServer.use { server in
            let answer = try await server.ask("/api/v1/streams/nosuch")
            #expect(answer.status == 404)
            let report = try object(answer)
            #expect(report["stream"] == "nosuch")
            #expect(report["status"] == 404)
        }
    }

    @Test func aHugeNameIsNotQuotedBack() async throws {
        let name = String(repeating: "x", count: 5_000)
        try await RunningServer.use { server in
            let answer = try await server.ask("/api/v1/streams/\(name)")
            #expect(answer.status == 404)
            #expect(answer.body.count < 300)
        }
    }

    @Test(arguments: ["/", "/api/v2/streams", "/healthz/more", "/%00", "/api/v1/streams/a/b"])
    func anythingElseIsAJSON404(path: String) async throws {
        try await RunningServer.use { server in
            let answer = try await server.ask(path)
            #expect(answer.status == 404)
            #expect(try object(answer)["status"] == 404)
        }
    }

    @Test func anotherMethodIsRefusedInJSON() async throws {
        try await RunningServer.use { server in
            let answer = try await server.ask("/api/v1/streams", method: "DELETE")
            #expect(answer.status == 404)
            #expect(try object(answer)["error"] == "there is no DELETE /api/v1/streams here")
        }
    }

    @Test func headIsAnsweredWithoutABody() async throws {
        try await RunningServer.use { server in
            let connection = try StaffConnection(port: server.port)
            let head = try await connection.ask("/api/v1/streams", method: "HEAD")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            // A body that was sent after all would be taken for the beginning of this answer.
            let next = try await connection.ask("/healthz")
            #expect(try object(next) == ["status": "ok"])
        }
    }

    // MARK: Token

    private static let openWithToken: @Sendable (String) -> Bool = { $0 == "correct-horse" }

    @Test(arguments: [
        nil, "", "Bearer", "Bearer ", "Basic correct-horse", "correct-horse", "Bearer wrong",
        "Bearer correct-horse x",
    ])
    func withoutTheTokenNobodyComesIn(authorization: String?) async throws {
        try await RunningServer.use(tokenCheck: Self.openWithToken) { server in
            for path in ["/metrics", "/api/v1/streams", "/api/v1/streams/show", "/nosuch"] {
                let fields = authorization.map { ["Authorization: \($0)"] } ?? []
                let answer = try await server.ask(path, fields: fields)
                #expect(answer.status == 401)
                #expect(answer.field("www-authenticate") == #"Bearer realm="fanfare staff""#)
                #expect(try object(answer)["status"] == 401)
            }
        }
    }

    @Test(arguments: ["Bearer correct-horse", "bearer  correct-horse"])
    func withTheTokenOneComesIn(authorization: String) async throws {
        try await RunningServer.use(tokenCheck: Self.openWithToken) { server in
            let answer = try await server.ask(
                "/api/v1/streams/show", fields: ["Authorization: \(authorization)"])
            #expect(answer.status == 200)
        }
    }

    @Test func healthNeedsNoToken() async throws {
        let nobody: @Sendable (String) -> Bool = { _ in false }
        try await RunningServer.use(tokenCheck: nobody) { server in
            let answer = try await server.ask("/healthz")
            #expect(answer.status == 200)
        }
    }
}
