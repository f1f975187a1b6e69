// Connections that are handed over: who gets in, who doesn't, and who seals.

import Glibc
import HTTPWire
import TLS
import TestSupport
import Testing
import WireBytes

@testable import Delivery

@Suite("Adoption") struct AdoptionTests {
    private let ask = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("a full shard says so, through TLS")
    func full() throws {
        let stage = Stage(slotCount: DeliverySettings.refusalSlotCount + 3)
        let clients = (0..<6).map { _ in stage.connectSecurely(ask) }
        try stage.pass(ms: 50)
        let statuses = clients.map { $0.statuses.first }
        #expect(statuses.contains(404) && statuses.contains(503))
        for client in clients where client.statuses == [503] {
            #expect(client.tls?.isClosed == true && client.text.contains("Retry-After: "))
        }
        #expect(stage.world.violations == [])
    }

    @Test("an address has its limit, however its connections come")
    func perAddress() throws {
        var limits = AdmissionLimits()
        limits.perLoopbackAddressMax = 2
        let stage = Stage(admission: limits)
        let first = stage.connect(ask)
        let second = stage.connectSecurely(ask)
        try stage.pass(ms: 20)
        let third = stage.connectSecurely(ask)
        try stage.pass(ms: 20)
        #expect(first.statuses == [404] && second.statuses == [404] && third.statuses == [429])
        #expect(stage.core.counters.refusalCounts[RefusalKind.connections.rawValue] == 1)
    }

    @Test("without a slot the socket is closed, and a stopped shard takes nobody")
    func none() throws {
        let stage = Stage(slotCount: 2)
        let clients = (0..<4).map { _ in stage.connectSecurely(ask) }
        try stage.pass(ms: 50)
        #expect(clients.filter(\.isClosedByServer).count >= 3)
        try stage.core.stop()
        let late = stage.connectSecurely(ask)
        try stage.pass(ms: 20)
        #expect(late.isClosedByServer && stage.world.descriptorCount == 0)
        #expect(stage.world.violations == [])
    }

    @Test("so many wait for a shard, and no more")
    func inbox() {
        let inbox = SecureInbox()
        let keys = FakeTLSClient.serverKeys(.aes128GCM, .tls13)
        let connection = SecureConnection(
            descriptor: -1, address: .loopback, keys: keys,
            pending: [])
        #expect(inbox.add(connection) == true)
        for _ in 1..<DeliverySettings.secureInboxCountMax {
            #expect(inbox.add(connection) == false)
        }
        #expect(inbox.add(connection) == nil)
        #expect(inbox.takeAll().count == DeliverySettings.secureInboxCountMax)
        #expect(inbox.add(connection) == true)
        #expect(inbox.close().count == 1)
        #expect(inbox.add(connection) == nil)
    }

    @Test("who is idle or sends no request is sent away as others are")
    func deadlines() throws {
        let stage = Stage()
        let silent = stage.connectSecurely()
        let slow = stage.connectSecurely(String(ask.prefix(10)))
        try stage.pass(ms: 9_000, stepMs: 50)
        #expect(!silent.isClosedByServer && slow.statuses == [])
        try stage.pass(ms: 3_000, stepMs: 50)
        #expect(silent.isClosedByServer && slow.statuses == [408])
    }

    // MARK: The kernel

    /// What linux/tls.h has in `struct tls12_crypto_info_aes_gcm_128` and its like.
    @Test("the kernel is given a connection's keys as its structures have them")
    func kernelStructures() {
        for (suite, cipher, count) in [
            (CipherSuite.aes128GCM, UInt8(51), 40), (.aes256GCM, 52, 56),
            (.chaCha20Poly1305, 54, 56),
        ] {
            for version in [TLSVersion.tls12, .tls13] {
                let keys = FakeTLSClient.serverKeys(suite, version, writeSequence: 0x0102)
                let bytes = KernelTLS.description(of: keys)
                #expect(bytes.count == count)
                #expect(bytes[..<4] == [version == .tls13 ? 4 : 3, 3, cipher, 0])
                #expect(bytes.suffix(8) == [0, 0, 0, 0, 0, 0, 1, 2])
                let key = (0..<suite.keyByteCount).map { keys.write.key[$0] }
                let iv = (0..<12).map { keys.write.iv[$0] }
                if suite == .chaCha20Poly1305 {
                    #expect(Array(bytes[4..<16]) == iv && Array(bytes[16..<48]) == key)
                    continue
                }
                let keyEnd = 12 + suite.keyByteCount
                #expect(Array(bytes[12..<keyEnd]) == key)
                #expect(Array(bytes[keyEnd..<keyEnd + 4]) == Array(iv[..<4]))
                let explicit = version == .tls13 ? iv[4...] : [0, 0, 0, 0, 0, 0, 1, 2]
                #expect(bytes[4..<12].elementsEqual(explicit))
            }
        }
    }

    @Test("a kernel that has no TLS, or a socket that isn't connected, leaves the sealing to us")
    func kernelRefusal() {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let keys = FakeTLSClient.serverKeys(.aes128GCM, .tls13)
        #expect(!KernelTLS.give(keys, to: descriptor))
        #expect(!KernelTLS.give(keys, to: -1))
    }

    // MARK: Plain HTTP that is sent on

    @Test(
        "plain requests are sent on to HTTPS",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: show.example\r\n\r\n", "https://show.example:8443/"),
            (
                "GET /live/a.flv?x=1&y HTTP/1.1\r\nHost: show.example:8080\r\n\r\n",
                "https://show.example:8443/live/a.flv?x=1&y"
            ),
            ("HEAD /watch/a HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "https://[::1]:8443/watch/a"),
            ("GET http://b:80/c HTTP/1.1\r\nHost: b:80\r\n\r\n", "https://b:8443/c"),
        ])
    func redirects(request: String, location: String) throws {
        let stage = Stage { $0.redirectPort = 8_443 }
        let plain = stage.connect(request)
        let sealed = stage.connectSecurely(request)
        try stage.pass(ms: 50)
        #expect(plain.statuses == [308])
        #expect(plain.text.contains("\r\nLocation: \(location)\r\n"))
        #expect(!sealed.statuses.contains(308))
    }

    @Test("port 443 isn't named, other requests are answered, and a name has to be one")
    func redirectsElse() throws {
        let stage = Stage { $0.redirectPort = 443 }
        let client = stage.connect("GET /a HTTP/1.1\r\nHost: b\r\n\r\n")
        let health = stage.connect("GET /healthz HTTP/1.1\r\nHost: b\r\n\r\n")
        let post = stage.connect("POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n")
        let nameless = stage.connect("GET /a HTTP/1.0\r\n\r\n")
        let wrong = stage.connect("GET /a HTTP/1.1\r\nHost: a'b\r\n\r\n")
        try stage.pass(ms: 50)
        #expect(client.text.contains("\r\nLocation: https://b/a\r\n"))
        #expect(!health.statuses.contains(308) && !post.statuses.contains(308))
        #expect(nameless.statuses == [400] && wrong.statuses == [400])
    }
}
