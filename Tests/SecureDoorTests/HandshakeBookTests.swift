// Handshakes of a listener without a door: bounded by address, counted and told like a door's own.

import SecureDoor
import Synchronization
import TLS
import Testing
import WireBytes

@Suite struct HandshakeBookTests {
    private final class Told: Sendable {
        let failures = Mutex<[DoorFailure]>([])
    }

    private let told = Told()

    private func book(
        _ settings: SecureDoorSettings = SecureDoorSettings(), trusts: String? = nil
    ) -> HandshakeBook {
        let trusted = trusts.flatMap { IPAddress($0) }
        return HandshakeBook(
            settings: settings, trusts: { $0 == trusted },
            onNews: { [told] failure, _ in told.failures.withLock { $0.append(failure) } })
    }

    private func peer(_ host: String, _ port: UInt16) throws -> IPEndpoint {
        try #require(IPEndpoint(host: host, port: port))
    }

    @Test("One address has so many at once, and each that is over makes room")
    func atOnce() throws {
        var settings = SecureDoorSettings()
        settings.inFlightPerAddressMax = 2
        let book = book(settings)
        let peers = try (1...3).map { try peer("192.0.2.7", $0) }
        #expect(book.begin(peers[0]) && book.begin(peers[1]) && !book.begin(peers[2]))
        #expect(book.counts.inFlight == 2 && book.counts.failed[.tooMany] == 1)
        #expect(try book.begin(peer("192.0.2.8", 1)))
        book.finish(peers[0], version: .tls13, suite: .aes128GCM, isResumed: false)
        #expect(book.begin(peers[2]))
        #expect(book.counts.finished.values.reduce(0, +) == 1 && book.counts.inFlight == 3)
    }

    @Test("One address begins so many in a while, and a proxy's aren't counted as one's")
    func rate() throws {
        var settings = SecureDoorSettings()
        settings.perAddressPerSecondMax = 0.001
        settings.inFlightPerAddressMax = 1_000
        #expect(try !book(settings).begin(peer("192.0.2.7", 1)))
        let book = book(settings, trusts: "192.0.2.7")
        for port in 1...100 {
            #expect(try book.begin(peer("192.0.2.7", UInt16(port))))
            #expect(try book.begin(peer("127.0.0.1", UInt16(port))))
        }
        #expect(book.counts.inFlight == 200)
    }

    @Test("Each failure is counted, and told once")
    func failures() throws {
        let book = book()
        for port in 1...3 {
            let peer = try peer("192.0.2.7", UInt16(port))
            #expect(book.begin(peer))
            book.fail(peer, .handshake(.plainHTTP))
        }
        let last = try peer("192.0.2.7", 4)
        #expect(book.begin(last))
        book.fail(last, .hungUp)
        #expect(book.counts.failed == [.handshake(.plainHTTP): 3, .hungUp: 1])
        #expect(book.counts.inFlight == 0)
        #expect(told.failures.withLock { $0 } == [.handshake(.plainHTTP)])
    }
}
