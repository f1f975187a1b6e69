// Publishers behind a proxy, and addresses that are banned, at the real ingest.

import Broadcast
import Glibc
import IORing
import Synchronization
import Testing
import WireBytes

@testable import Ingest

@Suite(.timeLimit(.minutes(2))) struct ProxiedPublisherTests {
    /// What the ingest said, for whoever waits for it.
    private final class Said: Sendable {
        private let events = Mutex<[String]>([])
        func add(_ event: IngestEvent) { events.withLock { $0.append(event.description) } }
        var all: [String] { events.withLock { $0 } }
    }

    private func withIngest(
        trusted: String?, bans: String? = nil, _ body: (Ingest, Said) throws -> Void
    ) throws {
        var settings = IngestSettings()
        settings.trusted = AddressRanges([trusted.flatMap { AddressRange($0) }].compactMap { $0 })
        settings.bans = AddressRanges([bans.flatMap { AddressRange($0) }].compactMap { $0 })
        settings.idleMsMax = 500
        let said = Said()
        let ingest = try Ingest(
            listener: try Listener(
                address: IPEndpoint(.loopback, port: 0), options: ListenerOptions()),
            settings: settings, programmes: Programmes(limits: BroadcastLimits()),
            keyCheck: { _ in true }, onEvent: { said.add($0) })
        defer { ingest.stop() }
        try body(ingest, said)
    }

    /// Sends in pieces and reads until the server hangs up.
    private func talk(_ pieces: [[UInt8]], port: UInt16) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(isConnected == 0)
        for piece in pieces {
            _ = Glibc.send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL))
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return received }
            received += buffer[..<count]
        }
    }

    private static let line = Array("PROXY TCP4 203.0.113.7 192.0.2.1 4711 1935\r\n".utf8)
    private static let hello = [3] + [UInt8](repeating: 0, count: 1_536)

    @Test func theHandshakeFollowsTheHeader() throws {
        try withIngest(trusted: "127.0.0.1") { ingest, said in
            for pieces in [
                [Self.line + Self.hello], Self.line.map { [$0] } + [Self.hello],
                [Self.line, Self.hello], [Self.hello],
            ] {
                let answer = try talk(pieces, port: ingest.address.port)
                #expect(answer.first == 3 && answer.count >= 1 + 2 * 1_536)
            }
            // Each was let go as one that publishes nothing, by the address that was told.
            #expect(said.all.filter { $0.hasPrefix("203.0.113.7:4711 was let go") }.count == 3)
        }
    }

    @Test func aBrokenHeaderEndsIt() throws {
        try withIngest(trusted: "127.0.0.1") { ingest, said in
            let answer1 = try talk([Array("PROXY nobody\r\n".utf8)], port: ingest.address.port)
            #expect(answer1.isEmpty)
            #expect(said.all.contains { $0.contains("the PROXY line is not") })
        }
    }

    @Test func aHeaderThatDoesNotComeWholeIsNotWaitedFor() throws {
        try withIngest(trusted: "127.0.0.1") { ingest, said in
            let answer2 = try talk([Array("PROXY TCP4 ".utf8)], port: ingest.address.port)
            #expect(answer2.isEmpty)
            #expect(said.all.contains { $0.contains("was let go") })
        }
    }

    @Test func strangersAreToldInTheLog() throws {
        try withIngest(trusted: "10.0.0.0/8") { ingest, said in
            let answer3 = try talk([Self.line + Self.hello], port: ingest.address.port)
            #expect(answer3.isEmpty)
            #expect(said.all.contains { $0.contains("--trusted-proxies") })
        }
    }

    @Test func whoIsBannedIsNotLetIn() throws {
        try withIngest(trusted: "127.0.0.1", bans: "203.0.113.0/24") { ingest, said in
            let answer4 = try talk([Self.line + Self.hello], port: ingest.address.port)
            #expect(answer4.isEmpty)
            #expect(said.all.contains { $0.contains("203.0.113.7:4711 was not let in") })
            // The proxy isn't, whatever else it brings.
            let answer5 = try talk([Self.hello], port: ingest.address.port)
            #expect(answer5.first == 3)
        }
        try withIngest(trusted: nil, bans: "127.0.0.1") { ingest, said in
            let answer6 = try talk([Self.hello], port: ingest.address.port)
            #expect(answer6.isEmpty)
        }
    }
}
