// Whoever keeps the staff plane waiting keeps nobody out.

import NIOCore
import Synchronization
import Testing
import WireBytes

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct StaffDoorTests {
    @Test(arguments: ["", "GET /healthz HTT", "POST /x HTTP/1.1\r\nHost: localhost\r\nA: b\r\n"])
    func silentConnectionsKeepNobodyOut(_ beginning: String) async throws {
        // Few, so that a test's process has descriptors for both ends of all.
        try await RunningServer.use(door: StaffDoor(countMax: 16)) { server in
            let asking = try StaffConnection(port: server.port)
            #expect(try await asking.ask("/healthz").status == 200)
            var silent: [StaffConnection] = []
            for _ in 0..<32 {
                let connection = try StaffConnection(port: server.port)
                if !beginning.isEmpty { try await connection.write(beginning) }
                silent.append(connection)
            }
            #expect(try await server.ask("/healthz").status == 200)
            #expect(server.door.count <= 16)
            // The first of them had to go, the last has its place.
            #expect(try await silent[0].more() == [])
            if beginning.isEmpty {
                #expect(try await silent[silent.count - 1].ask("/healthz").status == 200)
            }
        }
    }

    @Test func whoIsBeingAnsweredKeepsThePlace() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow(), door: StaffDoor(countMax: 16)) {
            server in
            let onlooker = try StaffConnection(port: server.port)
            try await onlooker.begin("/api/v1/shows/final/events")
            var text = ""
            while !text.contains("event: state") {
                let bytes = try await onlooker.more()
                try #require(!bytes.isEmpty)
                text += String(decoding: bytes, as: UTF8.self)
            }
            var silent: [StaffConnection] = []
            for _ in 0..<32 {
                silent.append(try StaffConnection(port: server.port))
            }
            #expect(try await server.ask("/healthz").status == 200)
            server.door.closeOverdue(nowMs: StaffClock.nowMs() + 3_600_000)
            #expect(server.door.count == 1)
            let order = try await server.send(
                "POST", "/api/v1/shows/final/lobby", json: "{\"id\": \"a\"}")
            #expect(order.status == 200)
            #expect(try await !onlooker.more().isEmpty)
        }
    }

    @Test func timeIsUpForWhoSendsNothingOrHalf() async throws {
        try await RunningServer.use { server in
            let beforeMs = StaffClock.nowMs()
            let silent = try StaffConnection(port: server.port)
            let half = try StaffConnection(port: server.port)
            try await half.write("GET /healthz HTTP/1.1\r\nHost: local")
            let body = try StaffConnection(port: server.port)
            try await body.write(
                "POST /api/v1/streams/show/announcements HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
            let kept = try StaffConnection(port: server.port)
            #expect(try await kept.ask("/healthz").status == 200)
            while server.door.count < 4 { await Task.yield() }

            server.door.closeOverdue(nowMs: beforeMs + 9_000)
            #expect(server.door.count == 4)
            server.door.closeOverdue(nowMs: StaffClock.nowMs() + 11_000)
            #expect(try await silent.more() == [])
            #expect(try await half.more() == [])
            #expect(try await body.more() == [])
            #expect(try await kept.ask("/healthz").status == 200)
            server.door.closeOverdue(nowMs: StaffClock.nowMs() + 61_000)
            #expect(try await kept.more() == [])
        }
    }

    @Test func aWrongTokenIsRefusedBeforeItsBodyIsRead() async throws {
        let isToken: @Sendable (String) -> Bool = { $0 == "right" }
        try await RunningServer.use(shows: StubShowDesk.withShow(), tokenCheck: isToken) { server in
            for fields in ["", "Authorization: Bearer wrong\r\n"] {
                let connection = try StaffConnection(port: server.port)
                // The body never comes, and its JSON would be nonsense.
                try await connection.write(
                    "POST /api/v1/shows/final/questions HTTP/1.1\r\nHost: localhost\r\n\(fields)"
                        + "Content-Type: application/json\r\nContent-Length: 2000000\r\n\r\n[[[[")
                let answer = try await connection.answer()
                #expect(answer.status == 401)
                #expect(answer.field("connection") == "close")
                #expect(try await connection.more() == [])
            }
            let right = ["Authorization: Bearer right"]
            #expect(try await server.ask("/api/v1/streams", fields: right).status == 200)
        }
    }

    @Test func whoGuessesIsToldToWait() async throws {
        let watch = CountingWatch()
        let isToken: @Sendable (String) -> Bool = { $0 == "right" }
        try await RunningServer.use(tokenCheck: isToken, guesses: watch) { server in
            func ask(_ token: String) async throws -> StaffAnswer {
                try await server.ask(
                    "/api/v1/streams", fields: ["Authorization: Bearer \(token)"])
            }
            #expect(try await ask("right").status == 200)
            #expect(watch.wrongCount == 0)
            #expect(try await ask("wrong").status == 401)
            #expect(try await ask("wrong").status == 401)
            #expect(watch.wrongCount == 2)
            let waiting = try await ask("right")
            #expect(waiting.status == 429 && waiting.field("retry-after") == "7")
            #expect(try await server.ask("/healthz").status == 200)
        }
    }

    @Test func behindATrustedProxyGuessesAreTheirsWhoGuess() async throws {
        let watch = PlacesWatch()
        let isToken: @Sendable (String) -> Bool = { $0 == "right" }
        let proxies = AddressRanges([AddressRange(IPAddress.loopback)])
        try await RunningServer.use(
            trusted: proxies, tokenCheck: isToken, guesses: watch
        ) { server in
            func ask(_ token: String, from address: String) async throws -> Int {
                try await server.ask(
                    "/api/v1/streams",
                    fields: ["Authorization: Bearer \(token)", "X-Forwarded-For: \(address)"]
                ).status
            }
            let wrong = try await ask("wrong", from: "203.0.113.7, 198.51.100.9")
            #expect(wrong == 401)
            // Whoever guesses waits; the others behind the same proxy don't.
            #expect(try await ask("right", from: "198.51.100.9") == 429)
            #expect(try await ask("right", from: "203.0.113.7") == 200)
        }
        #expect(watch.places == ["198.51.100.9"])
    }

    @Test func withoutOneTheFieldIsIgnored() async throws {
        let watch = PlacesWatch()
        let isToken: @Sendable (String) -> Bool = { $0 == "right" }
        try await RunningServer.use(tokenCheck: isToken, guesses: watch) { server in
            let answer = try await server.ask(
                "/api/v1/streams",
                fields: ["Authorization: Bearer wrong", "X-Forwarded-For: 203.0.113.7"])
            #expect(answer.status == 401)
        }
        #expect(watch.places == ["127.0.0.1"])
    }

    @Test func placesAreAddressesAndPrefixes() throws {
        func place(_ text: String) throws -> HostKey {
            HostKey(IPAddress(of: try SocketAddress(ipAddress: text, port: 1)))
        }
        #expect(try place("192.0.2.7") == HostKey(v4: 0xC000_0207))
        #expect(try place("127.4.5.6") == HostKey(v4: 0x7F04_0506))
        #expect(try place("::ffff:192.0.2.7") == place("192.0.2.7"))
        #expect(try place("::1").isLoopback)
        #expect(try place("2001:db8:1:2::1") == place("2001:db8:1:2:ffff::2"))
        #expect(try place("2001:db8:1:2::1") != place("2001:db8:1:3::1"))
    }
}

/// Looks at two wrong tokens, and then at none.
private final class CountingWatch: GuessWatch {
    private let counter = Atomic(0)
    var wrongCount: Int { counter.load(ordering: .relaxed) }

    func waitS(for _: HostKey) -> Int { wrongCount >= 2 ? 7 : 0 }
    func noteWrong(from _: HostKey) { counter.add(1, ordering: .relaxed) }
}

/// Lets nobody try again who has brought one wrong token.
private final class PlacesWatch: GuessWatch {
    private let wrong = Mutex<[HostKey]>([])
    var places: [String] { wrong.withLock { $0.map(\.description) } }

    func waitS(for place: HostKey) -> Int { wrong.withLock { $0.contains(place) ? 7 : 0 } }

    func noteWrong(from place: HostKey) { wrong.withLock { $0.append(place) } }
}
