// What comes over TLS, in any cutting and by any client.

import HTTPWire
import TLS
import TestSupport
import Testing
import WireBytes

@testable import Broadcast
@testable import Delivery

@Suite("Opened connections") struct OpenedTests {
    private let ask = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    private func freeRecordBuffers(_ stage: Stage) -> Int { stage.core.records.freeCount }
    private func allRecordBuffers(_ stage: Stage) -> Int { stage.core.records.count }

    @Test("records come in any pieces")
    func pieces() throws {
        for size in [1, 2, 5, 6, 21, 50, 4_096] {
            let stage = Stage()
            let client = stage.connectSecurely()
            let tls = try #require(client.tls)
            var wire: [UInt8] = []
            for part in [ask, ask + ask, String(ask.prefix(9)), String(ask.dropFirst(9))] {
                wire += tls.seal(Array(part.utf8))
            }
            wire += tls.seal([]) + tls.updateKey(asks: false) + tls.seal(Array(ask.utf8))
            while !wire.isEmpty {
                client.inbox += wire.prefix(size)
                wire.removeFirst(min(size, wire.count))
                try stage.turn()
            }
            try stage.pass(ms: 50)
            #expect(client.statuses == [404, 404, 404, 404, 404], "pieces of \(size)")
            #expect(stage.world.violations == [] && stage.world.buffersAreAllBack)
            #expect(freeRecordBuffers(stage) == allRecordBuffers(stage))
        }
    }

    @Test("what came behind the handshake is read first")
    func pending() throws {
        let stage = Stage()
        let text = Array(ask.utf8)
        let keys = FakeTLSClient.serverKeys(.aes256GCM, .tls13)
        let tls = FakeTLSClient(serverKeys: keys)
        let records = tls.seal(text) + tls.seal(text)
        for cut in [0, 3, text.count, records.count - 1, records.count] {
            let client = FakeConnection(
                id: cut, host: HostKey(kind: .v4, value: 1, isLoopback: true))
            client.tls = FakeTLSClient(serverKeys: keys)
            client.capacity = 1 << 20
            client.inbox = Array(records[cut...])
            let connection = SecureConnection(
                descriptor: stage.world.makeDescriptor(client), address: client.host.someAddress,
                keys: keys, pending: Array(records[..<cut]))
            #expect(stage.secureInbox.add(connection) == true)
            try stage.pass(ms: 50)
            #expect(client.statuses == [404, 404], "cut at \(cut)")
        }
        #expect(stage.world.violations == [] && stage.world.descriptorCount == 0)
    }

    @Test("a body of many records' length is read in its turn")
    func longMessages() throws {
        let stage = Stage()
        let client = stage.connectSecurely()
        // More than a request's head may have, in one record of full length.
        stage.send("GET /" + String(repeating: "a", count: 16_000), from: client)
        try stage.pass(ms: 3_000)
        #expect(client.statuses == [414] || client.statuses == [431])
        #expect(stage.world.violations == [])
        #expect(freeRecordBuffers(stage) == allRecordBuffers(stage))
    }

    @Test("messages of a WebSocket are answered, and its close")
    func socket() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connectSecurely(SocketTalk.request())
        try stage.pass(ms: 50)
        let tls = try #require(client.tls)
        for number in 0..<5 {
            client.inbox += tls.seal(SocketTalk.text(#"{"type":"ping","t":\#(number)}"#))
        }
        try stage.pass(ms: 100)
        #expect(client.socket.texts.count == 1 || client.socket.texts.count == 5)
        client.inbox += tls.seal(SocketTalk.frame(.close, [3, 0xE8]))
        try stage.pass(ms: 100)
        #expect(client.socket.closeCode == 1_000 && tls.isClosed)
        #expect(stage.world.violations == [])
    }

    // MARK: The end of it

    @Test("a close_notify ends it, and is answered")
    func closeNotify() throws {
        let stage = Stage()
        let client = stage.connectSecurely(ask)
        try stage.pass(ms: 20)
        let tls = try #require(client.tls)
        client.inbox += tls.say(.closeNotify)
        try stage.pass(ms: 20)
        #expect(client.isClosedByServer && tls.isClosed)
        #expect(stage.core.counters.tlsErrorCount == 0)
    }

    @Test("what is no record ends it with an alert, and is counted")
    func broken() throws {
        let stage = Stage()
        let cases: [([UInt8], UInt8)] = [
            ([23, 3, 3, 0, 32] + [UInt8](repeating: 7, count: 32), 20),
            ([22, 3, 1, 0, 5, 1, 0, 0, 1, 0], 10), ([23, 3, 3, 0xFF, 0xFF], 22),
            (Array("GET / HTTP/1.1\r\n".utf8), 10), ([23, 3, 3, 0, 3, 1, 2, 3], 20),
        ]
        for (index, (bytes, alert)) in cases.enumerated() {
            let client = stage.connectSecurely()
            client.inbox += bytes
            try stage.pass(ms: 20)
            #expect(client.isClosedByServer && client.tls?.alert == alert, "case \(index)")
            #expect(stage.core.counters.tlsErrorCount == UInt64(index + 1))
        }
        #expect(stage.world.violations == [])
    }

    @Test("TLS 1.2: whoever begins another handshake is told no")
    func renegotiation() throws {
        let stage = Stage()
        let client = stage.connectSecurely("", .chaCha20Poly1305, .tls12)
        let tls = try #require(client.tls)
        // A handshake record under the right key: sealed as data and relabelled it has a wrong tag,
        // so what is told is that.
        var record = tls.seal([1, 0, 0, 0])
        record[0] = 22
        client.inbox += record
        try stage.pass(ms: 20)
        #expect(client.isClosedByServer && client.tls?.alert == 20)
    }

    @Test("floods of records that say nothing end it", arguments: ["empty", "KeyUpdates"])
    func floods(kind: String) throws {
        let stage = Stage()
        let client = stage.connectSecurely()
        let tls = try #require(client.tls)
        for _ in 0..<40 {
            client.inbox += kind == "empty" ? tls.seal([]) : tls.updateKey(asks: true)
        }
        try stage.pass(ms: 50)
        #expect(client.isClosedByServer && tls.alert == 10)
    }

    @Test("those who finish no record don't keep others' from being read")
    func unfinished() throws {
        let stage = Stage { $0.recordBufferCountMax = 4 }
        let hoarders = (0..<4).map { _ in stage.connectSecurely() }
        for hoarder in hoarders { hoarder.inbox += [23, 3] }
        try stage.pass(ms: 50)
        #expect(freeRecordBuffers(stage) == 0)
        let client = stage.connectSecurely("", host: 2)
        let tls = try #require(client.tls)
        let wire = tls.seal(Array(ask.utf8))
        client.inbox += wire.prefix(10)
        try stage.pass(ms: 20)
        client.inbox += wire.dropFirst(10)
        try stage.pass(ms: 20)
        #expect(client.statuses == [404])
        #expect(hoarders.filter(\.isClosedByServer).count == 1)
        #expect(stage.core.counters.refusalCounts[RefusalKind.unfinished.rawValue] == 1)
        #expect(stage.world.violations == [])
        // And a record that never ends is cut off in time.
        try stage.pass(ms: 11_000)
        let openCount = hoarders.count { !$0.isClosedByServer }
        #expect(openCount == 0)
    }
}
