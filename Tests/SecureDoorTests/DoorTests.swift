// The door with real sockets: who comes through, who doesn't, and what is counted.

import COpenSSL
import Glibc
import IORing
import SecureDoor
import Synchronization
import TLS
import Testing
import WireBytes

@Suite struct DoorTests {
    @Test("Who comes through is handed over with keys that fit")
    func arrival() throws {
        let door = try TestDoor()
        defer { door.stop() }
        let client = try BlockingClient(door.address, host: "example.com")
        try #require(client.shake())
        client.write("hello")
        var arrival = try #require(door.next())
        #expect(arrival.serverName == "example.com")
        #expect(arrival.peer.port == client.localPort)
        let stream = try SecureStream(arrival.keys)
        arrival.keys.wipe()
        var plaintext: [UInt8] = []
        try unsafe stream.open(arrival.pending.span.bytes, into: &plaintext)
        while plaintext.count < 5 {
            let more = receive(arrival.descriptor)
            try #require(!more.isEmpty)
            try unsafe stream.open(more.span.bytes, into: &plaintext)
        }
        #expect(String(decoding: plaintext, as: UTF8.self) == "hello")
        var records: [UInt8] = []
        let answer = Array("hello yourself".utf8)
        try unsafe stream.seal(answer.span.bytes, into: &records)
        send(arrival.descriptor, records + stream.sealClose())
        close(arrival.descriptor)
        #expect(client.readAll() == "hello yourself")
        #expect(door.door.counts.finished.values.reduce(0, +) == 1)
    }

    @Test("A plain request is answered in the clear, and the connection ends")
    func plainHTTP() throws {
        let door = try TestDoor()
        defer { door.stop() }
        let client = try PlainClient(door.address)
        client.send(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let answer = String(decoding: client.readAll(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(door.door.counts.failed[.handshake(.plainHTTP)] == 1)
        #expect(door.news() == [.handshake(.plainHTTP)])
    }

    @Test("Who is too slow goes, and makes room")
    func tooSlow() throws {
        var settings = SecureDoorSettings()
        settings.handshakeMsMax = 50
        let door = try TestDoor(settings: settings)
        defer { door.stop() }
        let client = try PlainClient(door.address)
        client.send([22, 3, 1])
        #expect(client.readAll().isEmpty)
        #expect(door.door.counts.failed[.tooSlow] == 1)
    }

    @Test("When there are as many as there may be, the oldest gives way")
    func gaveWay() throws {
        var settings = SecureDoorSettings()
        settings.inFlightCountMax = 2
        let door = try TestDoor(settings: settings)
        defer { door.stop() }
        let clients = try (0..<3).map { _ in try PlainClient(door.address) }
        #expect(clients[0].readAll().isEmpty)
        #expect(door.door.counts.failed[.gaveWay] == 1)
        let last = try BlockingClient(door.address, host: "example.com")
        #expect(last.shake())
        try close(#require(door.next()).descriptor)
    }

    @Test("A trusted proxy says for whom it comes, in front of the handshake")
    func proxied() throws {
        let door = try TestDoor(hasProxies: true)
        defer { door.stop() }
        let client = try BlockingClient(door.address, host: "example.com")
        client.sendPlain("PROXY TCP4 192.0.2.7 192.0.2.8 7 443\r\n")
        #expect(client.shake())
        let arrival = try #require(door.next())
        close(arrival.descriptor)
        #expect(arrival.peer == IPEndpoint(host: "192.0.2.7", port: 7))
    }

    @Test("A broken header of a proxy is answered in the clear")
    func brokenProxyHeader() throws {
        let door = try TestDoor(hasProxies: true)
        defer { door.stop() }
        let client = try PlainClient(door.address)
        client.send(Array("PROXY nonsense\r\n".utf8))
        let answer = String(decoding: client.readAll(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("Your proxy's words"))
        #expect(door.door.counts.failed[.brokenProxyHeader] == 1)
    }

    @Test(
        "Who isn't trusted and sends a PROXY header is told what to set, and so is the log",
        arguments: [
            Array("PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n".utf8),
            Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [0x21, 0x11, 0, 12]
                + [UInt8](repeating: 1, count: 12),
        ])
    func untrustedProxy(header: [UInt8]) throws {
        let door = try TestDoor()
        defer { door.stop() }
        let client = try PlainClient(door.address)
        client.send(header)
        let answer = String(decoding: client.readAll(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains("start the server with --trusted-proxies 127.0.0.1.\n"))
        #expect(door.news() == [.untrustedProxy])
        #expect(DoorFailure.untrustedProxy.news?.contains("--trusted-proxies") == true)
    }

    @Test("Stopping ends handshakes that are under way")
    func stopping() throws {
        let door = try TestDoor()
        let client = try PlainClient(door.address)
        client.send([22, 3])
        door.stop()
        #expect(client.readAll().isEmpty)
        #expect(door.door.counts.inFlight == 0)
    }

    @Test("Every failure has a label of its own")
    func labels() {
        #expect(Set(DoorFailure.all.map(\.label)).count == DoorFailure.all.count)
    }
}
