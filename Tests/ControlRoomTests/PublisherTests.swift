// Taking a publisher off by the staff API.

import FoundationEssentials
import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct PublisherTests {
    private static func path(_ stream: String) -> String { "/api/v1/streams/\(stream)/publisher" }

    @Test func aPublisherIsTakenOff() async throws {
        let desk = StubPublishers()
        try await RunningServer.use(publishers: desk) { server in
            let answer = try await server.ask(Self.path("show"), method: "DELETE")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"address":"192.0.2.7:50312","encoder":"OBS"}"#)
            #expect(desk.takenOff == ["show"])
        }
    }

    @Test func whereNobodyPublishesItIs409AndNoStreamIs404() async throws {
        let desk = StubPublishers()
        try await RunningServer.use(publishers: desk) { server in
            let idle = try await server.ask(Self.path("backup"), method: "DELETE")
            #expect(idle.status == 409 && idle.text.contains(StubPublishers.reason))
            let unknown = try await server.ask(Self.path("other"), method: "DELETE")
            #expect(unknown.status == 404 && unknown.text.contains("no such stream"))
            // Looking at it ends nobody.
            #expect(try await server.ask(Self.path("show")).status == 404)
            #expect(desk.takenOff.isEmpty)
        }
    }

    @Test func withoutTheTokenNobodyIsTakenOff() async throws {
        let desk = StubPublishers()
        let isRight: @Sendable (String) -> Bool = { $0 == "correct-horse" }
        try await RunningServer.use(publishers: desk, tokenCheck: isRight) { server in
            let answer = try await server.ask(Self.path("show"), method: "DELETE")
            #expect(answer.status == 401 && desk.takenOff.isEmpty)
        }
    }
}
