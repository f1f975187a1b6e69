// The real listener: it starts, answers, stops, and says why it cannot.

import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ControlRoom

@Suite(.timeLimit(.minutes(1))) struct StaffServerTests {
    private static let loopback = StaffAddress(host: "127.0.0.1", port: 0, isLoopback: true)

    private static var quietLogger: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }

    /// A running server and the port it listens on.
    private func withServer(
        logger: Logger = quietLogger,
        _ body: (_ port: Int, _ running: Task<Void, any Error>) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let server = try StaffServer(
            address: Self.loopback, tokenCheck: nil, directory: StubDirectory(), logger: logger,
            onListening: { continuation.yield($0) })
        let running = Task {
            defer { continuation.finish() }
            try await server.run()
        }
        defer { running.cancel() }
        let port = await ports.first { _ in true }
        try await body(try #require(port), running)
    }

    /// Asks over a real connection, which is left open.
    private func withConnection(
        _ port: Int, _ body: (TestClient) async throws -> Void
    ) async throws {
        let client = TestClient(
            host: "127.0.0.1", port: port, configuration: .init(timeout: .seconds(10)))
        client.connect()
        do {
            try await body(client)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try? await client.shutdown()
    }

    @Test func itAnswersOverTheWireAndStopsWhenCancelled() async throws {
        let errors = ErrorCounter()
        let logger = Logger(label: "test") { _ in errors }
        try await withServer(logger: logger) { port, running in
            try await withConnection(port) { client in
                let response = try await client.get(
                    "/healthz", headers: [.connection: "keep-alive"])
                #expect(response.status == .ok)

                // The connection is idle but open: stopping must not wait for it.
                let elapsed = try await ContinuousClock().measure {
                    running.cancel()
                    try await running.value
                }
                #expect(elapsed < .seconds(1))
            }
        }
        #expect(errors.count == 0)
    }

    @Test func aTakenPortIsNamedWithTheCure() async throws {
        try await withServer { port, _ in
            let address = StaffAddress(host: "127.0.0.1", port: port, isLoopback: true)
            let second = try StaffServer(
                address: address, tokenCheck: nil, directory: StubDirectory(),
                logger: Self.quietLogger)
            let error = await #expect(throws: StaffServerError.self) { try await second.run() }
            #expect(error == .addressInUse(address))
            let words = try #require(error).description
            #expect(words.contains("127.0.0.1:\(port)") && words.contains("--staff"))
        }
    }

    @Test func aForeignAddressIsRefused() async throws {
        let address = StaffAddress(host: "192.0.2.1", port: 0, isLoopback: false)
        let server = try StaffServer(
            address: address, tokenCheck: { _ in true }, directory: StubDirectory(),
            logger: Self.quietLogger)
        await #expect(throws: StaffServerError.addressNotAvailable(address)) {
            try await server.run()
        }
    }

    @Test func beyondLoopbackATokenIsNeeded() throws {
        let address = StaffAddress(host: "0.0.0.0", port: 9090, isLoopback: false)
        let error = #expect(throws: StaffServerError.self) {
            try StaffServer(
                address: address, tokenCheck: nil, directory: StubDirectory(),
                logger: Self.quietLogger)
        }
        #expect(error == .tokenMissing(address))
        #expect(error?.description.contains("--staff-token") == true)
        #expect(throws: Never.self) {
            try StaffServer(
                address: address, tokenCheck: { _ in true }, directory: StubDirectory(),
                logger: Self.quietLogger)
        }
    }

    @Test func addressesAreShownAsOneTypesThem() {
        #expect(StaffAddress(host: "::1", port: 9090, isLoopback: true).description == "[::1]:9090")
        #expect(Self.loopback.description == "127.0.0.1:0")
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
