// What the staff plane answers, asked through the router.

import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import ControlRoom

@Suite struct StaffRoutesTests {
    private func application(
        _ directory: StubDirectory = StubDirectory(),
        tokenCheck: (@Sendable (String) -> Bool)? = nil
    ) -> some ApplicationProtocol {
        Application(router: StaffRoutes.router(directory: directory, tokenCheck: tokenCheck))
    }

    private func object(_ response: TestResponse) throws -> [String: JSONValue] {
        #expect(response.headers[.contentType] == "application/json; charset=utf-8")
        let body = Data(response.body.readableBytesView)
        return try JSONDecoder().decode([String: JSONValue].self, from: body)
    }

    // MARK: Health and metrics

    @Test func healthIsOK() async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/healthz", method: .get)
            #expect(response.status == .ok)
            #expect(try object(response) == ["status": "ok"])
        }
    }

    @Test func failingHealthIs503AndSaysWhy() async throws {
        let directory = StubDirectory(state: .unhealthy(["shard 1 stopped"]))
        try await application(directory).test(.router) { client in
            let response = try await client.execute(uri: "/healthz", method: .get)
            #expect(response.status == .serviceUnavailable)
            #expect(
                try object(response) == [
                    "status": "failing", "problems": .array(["shard 1 stopped"]),
                ])
        }
    }

    @Test func metricsAreText() async throws {
        let directory = StubDirectory(families: [
            MetricFamily("fanfare_viewers", .gauge, help: "Viewers.", value: 7)
        ])
        try await application(directory).test(.router) { client in
            let response = try await client.execute(uri: "/metrics", method: .get)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(String(buffer: response.body).hasSuffix("\nfanfare_viewers 7\n"))
        }
    }

    // MARK: Streams

    @Test func streamsAreListed() async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams", method: .get)
            #expect(response.status == .ok)
            let body = Data(response.body.readableBytesView)
            let list = try JSONDecoder().decode([String: [StreamStatus]].self, from: body)
            #expect(list == ["streams": [.show, .backup]])
        }
    }

    @Test func noStreamsAreAnEmptyList() async throws {
        try await application(StubDirectory(known: [])).test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams", method: .get)
            #expect(String(buffer: response.body) == #"{"streams":[]}"#)
        }
    }

    @Test func oneStreamIsShownWithItsCodecs() async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams/show", method: .get)
            let stream = try object(response)
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
            #expect(String(buffer: response.body).contains(#""bytesSent":9007199254740993"#))
        }
    }

    @Test func whatIsUnknownIsLeftOut() async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams/backup", method: .get)
            let stream = try object(response)
            #expect(
                stream.keys.sorted() == [
                    "bitrateKbps", "bytesSent", "framesPerSecond", "name", "state", "uptimeMs",
                    "viewers",
                ])
        }
    }

    // MARK: Refusals

    @Test func anUnknownStreamIsNamed() async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams/nosuch", method: .get)
            #expect(response.status == .notFound)
            let report = try object(response)
            #expect(report["stream"] == "nosuch")
            #expect(report["status"] == 404)
        }
    }

    @Test func aHugeNameIsNotQuotedBack() async throws {
        let name = String(repeating: "x", count: 5_000)
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams/\(name)", method: .get)
            #expect(response.status == .notFound)
            #expect(response.body.readableBytes < 300)
        }
    }

    @Test(arguments: ["/", "/api/v2/streams", "/healthz/more", "/%00", "/api/v1/streams/a/b"])
    func anythingElseIsAJSON404(path: String) async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: path, method: .get)
            #expect(response.status == .notFound)
            #expect(try object(response)["status"] == 404)
        }
    }

    @Test func anotherMethodIsRefusedInJSON() async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams", method: .delete)
            #expect(response.status == .notFound)
            #expect(try object(response)["error"] == "there is no DELETE /api/v1/streams here")
        }
    }

    @Test func headIsAnsweredWithoutABody() async throws {
        try await application().test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/streams", method: .head)
            #expect(response.status == .ok)
            #expect(response.body.readableBytes == 0)
        }
    }

    // MARK: Token

    private static let openWithToken: @Sendable (String) -> Bool = { $0 == "correct-horse" }

    @Test(arguments: [
        nil, "", "Bearer", "Bearer ", "Basic correct-horse", "correct-horse", "Bearer wrong",
        "Bearer correct-horse x",
    ])
    func withoutTheTokenNobodyComesIn(authorization: String?) async throws {
        let application = application(tokenCheck: Self.openWithToken)
        try await application.test(.router) { client in
            for path in ["/metrics", "/api/v1/streams", "/api/v1/streams/show", "/nosuch"] {
                var headers = HTTPFields()
                if let authorization { headers[.authorization] = authorization }
                let response = try await client.execute(
                    uri: path, method: .get, headers: headers)
                #expect(response.status == .unauthorized)
                #expect(response.headers[.wwwAuthenticate] == #"Bearer realm="fanfare staff""#)
                #expect(try object(response)["status"] == 401)
            }
        }
    }

    @Test(arguments: ["Bearer correct-horse", "bearer  correct-horse"])
    func withTheTokenOneComesIn(authorization: String) async throws {
        let application = application(tokenCheck: Self.openWithToken)
        try await application.test(.router) { client in
            let response = try await client.execute(
                uri: "/api/v1/streams/show", method: .get,
                headers: [.authorization: authorization])
            #expect(response.status == .ok)
        }
    }

    @Test func healthNeedsNoToken() async throws {
        try await application(tokenCheck: { _ in false }).test(.router) { client in
            let response = try await client.execute(uri: "/healthz", method: .get)
            #expect(response.status == .ok)
        }
    }
}
