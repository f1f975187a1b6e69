// A real staff server on a free port of loopback, for as long as a test needs it.

import Logging
import WireBytes

@testable import ControlRoom

/// The listener, and the task it runs in.
struct RunningServer: Sendable {
    static let loopback = IPEndpoint(.loopback, port: 0)

    static var quietLogger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    let port: Int
    let door: StaffDoor
    let task: Task<Void, any Error>

    /// Starts one, hands it over once it listens, and ends it.
    static func use<Value>(
        _ directory: StubDirectory = StubDirectory(),
        announcements: any AnnouncementDesk = StubDesk(),
        publishers: (any PublisherDesk)? = StubPublishers(),
        reload: (any ReloadDesk)? = StubReload(), shows: (any ShowDesk)? = nil,
        audience: (any AudienceDesk)? = StubAudience(), trusted: AddressRanges = AddressRanges(),
        tokenCheck: (@Sendable (String) -> Bool)? = nil, staff: (any StaffDirectory)? = nil,
        guesses: (any GuessWatch)? = nil, urls: (any URLDesk)? = StubURLs(isPlaySigned: false),
        callbacks: (any CallbackDesk)? = StubCallbacks(), audit: (any AuditDesk)? = StubAudit(),
        facts: ConsoleFacts = ConsoleFacts(),
        pages: StaffPages = StaffPages(),
        door: StaffDoor = StaffDoor(), logger: Logger = quietLogger,
        _ body: (RunningServer) async throws -> Value
    ) async throws -> Value {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var server = try StaffServer(
            address: loopback, staff: staff ?? tokenCheck.map { StubStaff(master: $0) },
            guesses: guesses, directory: directory, announcements: announcements,
            publishers: publishers, reload: reload, shows: shows, audience: audience,
            trusted: { trusted }, rehearsals: StubRehearsals(),
            readiness: StubRehearsals(), urls: urls, callbacks: callbacks, audit: audit,
            facts: facts, pages: pages, logger: logger,
            onListening: { continuation.yield($0) })
        // So that a busy machine cuts off nothing that is to end in order.
        server.shutdownMs = 60_000
        server.door = door
        let running = server
        let task = Task {
            defer { continuation.finish() }
            try await running.run()
        }
        defer { task.cancel() }
        guard let port = await ports.first(where: { _ in true }) else {
            // It ended before it listened: its error says why.
            try await task.value
            throw CancellationError()
        }
        return try await body(RunningServer(port: port, door: running.door, task: task))
    }

    /// Asks on a connection of its own.
    func ask(
        _ target: String, method: String = "GET", fields: [String] = [], body: [UInt8]? = nil
    ) async throws -> StaffAnswer {
        try await StaffConnection(port: port)
            .ask(target, method: method, fields: fields, body: body)
    }

    /// Asks with a JSON body.
    func send(
        _ method: String, _ target: String, json: String, fields: [String] = []
    ) async throws -> StaffAnswer {
        try await ask(
            target, method: method, fields: ["Content-Type: application/json"] + fields,
            body: Array(json.utf8))
    }
}
