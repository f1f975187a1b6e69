// The real listener: it starts, answers, stops, and says why it cannot.

import Logging
import Synchronization
import Testing
import WireBytes

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct StaffServerTests {
    @Test func itAnswersOverTheWireAndStopsWhenCancelled() async throws {
        let errors = ErrorCounter()
        let logger = Logger(label: "test") { _ in errors }
        try await RunningServer.use(logger: logger) { server in
            let connection = try StaffConnection(port: server.port)
            let first = try await connection.ask("/healthz")
            let second = try await connection.ask("/healthz")
            #expect(first.status == 200 && second.status == 200)

            // The connection is idle but open: stopping must not wait for it.
            server.task.cancel()
            try await server.task.value
            withExtendedLifetime(connection) {}
        }
        #expect(errors.count == 0)
    }

    @Test func withoutATokenOnlyNamesThatAreOursForCertainAreAnswered() async throws {
        try await RunningServer.use { server in
            func status(_ host: String) async throws -> Int {
                try await server.ask("/healthz", fields: ["Host: \(host)"]).status
            }
            for host in ["127.0.0.1:9090", "localhost", "LOCALHOST:80", "[::1]:9090"] {
                let answered = try await status(host)
                #expect(answered == 200, "\(host)")
            }
            for host in ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"] {
                let answered = try await status(host)
                #expect(answered == 421, "\(host)")
            }
        }
        let isToken: @Sendable (String) -> Bool = { $0 == "t" }
        try await RunningServer.use(tokenCheck: isToken) { server in
            let answer = try await server.ask(
                "/api/v1/streams", fields: ["Host: show.example", "Authorization: Bearer t"])
            #expect(answer.status == 200, "behind a proxy, with a token")
        }
    }

    @Test func aTakenPortIsNamedWithTheCure() async throws {
        try await RunningServer.use { server in
            let address = IPEndpoint(.loopback, port: UInt16(server.port))
            let second = try StaffServer(
                address: address, staff: nil, directory: StubDirectory(),
                announcements: StubDesk(), logger: RunningServer.quietLogger)
            let error = await #expect(throws: StaffServerError.self) { try await second.run() }
            #expect(error == .addressInUse(address))
            let words = try #require(error).description
            #expect(words.contains("127.0.0.1:\(server.port)") && words.contains("--staff"))
        }
    }

    @Test func aForeignAddressIsRefused() async throws {
        let address = IPEndpoint(.v4(0xC000_0201), port: 0)
        let server = try StaffServer(
            address: address, staff: StubStaff { _ in true }, directory: StubDirectory(),
            announcements: StubDesk(), logger: RunningServer.quietLogger)
        await #expect(throws: StaffServerError.addressNotAvailable(address)) {
            try await server.run()
        }
    }

    @Test func beyondLoopbackATokenIsNeeded() throws {
        let address = IPEndpoint(.any, port: 9090)
        let error = #expect(throws: StaffServerError.self) {
            try StaffServer(
                address: address, staff: nil, directory: StubDirectory(),
                announcements: StubDesk(), logger: RunningServer.quietLogger)
        }
        #expect(error == .tokenMissing(address))
        #expect(error?.description.contains("--staff-token") == true)
        #expect(throws: Never.self) {
            try StaffServer(
                address: address, staff: StubStaff { _ in true }, directory: StubDirectory(),
                announcements: StubDesk(), logger: RunningServer.quietLogger)
        }
    }
}

/// Counts what is logged as an error.
private final class ErrorCounter: LogHandler, Sendable {
    private let counter = Atomic(0)

    var count: Int { counter.load(ordering: .relaxed) }

    var logLevel: Logger.Level {
        get { .error }
        set { _ = newValue }
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set { _ = newValue }
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set { _ = newValue }
    }

    func log(event: LogEvent) { counter.add(1, ordering: .relaxed) }
}
