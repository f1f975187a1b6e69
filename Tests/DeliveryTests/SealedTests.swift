// Viewers over TLS: what they get is what plain ones get, wherever their sockets stop.

import HTTPWire
import TLS
import TestSupport
import Testing

@testable import Broadcast
@testable import Delivery

@Suite("Sealed connections") struct SealedTests {
    private let stream = "GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n"
    private let clock = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    static let kinds = CipherSuite.allCases.flatMap { suite in
        [TLSVersion.tls12, .tls13].map { (suite, $0) }
    }

    // MARK: What goes

    @Test("an answer and a stream are those of a plain viewer", arguments: kinds)
    func sameAsPlain(suite: CipherSuite, version: TLSVersion) throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, byteCount: 40_000, to: publication)
        let plain = stage.connect(clock + stream)
        let sealed = stage.connectSecurely(clock + stream, suite, version)
        try stage.pass(ms: 100)
        for index in 0..<30 {
            try stage.frame(isKeyframe: index % 10 == 0, byteCount: 9_000, to: publication)
            try stage.pass(ms: 40)
        }
        try stage.pass(ms: 100)
        #expect(sealed.statuses == [404, 200])
        #expect(sealed.received == plain.received)
        #expect(sealed.received.count > 300_000)
        #expect(stage.world.violations == [])
        #expect(stage.core.counters.tlsConnectionCounts.reduce(0, +) == 1)
    }

    @Test("a send may stop at any byte of a record", arguments: kinds)
    func everyByte(suite: CipherSuite, version: TLSVersion) throws {
        let stage = Stage(slotCount: DeliverySettings.refusalSlotCount + 400)
        let plain = stage.connect(clock)
        try stage.pass(ms: 20)
        for byteCount in 0..<plain.received.count + 40 {
            let client = stage.connectSecurely(clock, suite, version)
            client.nextTakeByteCountMax = byteCount
            try stage.pass(ms: 20)
            #expect(client.received == plain.received, "cut at \(byteCount)")
            client.reset()
        }
        #expect(stage.world.violations == [])
        #expect(stage.core.counters.recordRetoldCount > 100)
    }

    @Test("so may those of a stream, at every byte of two records")
    func everyByteOfAStream() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let plain = stage.connect(stream)
        let sealed = stage.connectSecurely(stream)
        try stage.pass(ms: 100)
        for byteCount in stride(from: 0, to: 17_200, by: 97) {
            try stage.frame(isKeyframe: byteCount % 10 == 0, byteCount: 17_000, to: publication)
            sealed.nextTakeByteCountMax = byteCount
            try stage.pass(ms: 60)
            #expect(sealed.received == plain.received, "cut at \(byteCount)")
        }
        #expect(stage.world.violations == [])
    }

    @Test("what is more than one send seals goes in several")
    func largeAnswers() throws {
        let body = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let file = StaticFile(
            contentType: "text/plain", tag: "abc", fields: [], body: body, packed: [])
        let stage = Stage { $0.content.publish(files: ["/": file]) }
        let client = stage.connectSecurely("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        try stage.pass(ms: 200)
        #expect(client.received.suffix(body.count) == body[...])
        #expect(client.tls?.isClosed == true && client.isSendingShut)
        #expect(stage.world.violations == [])
    }

    @Test("many viewers' records are more than the scratch area holds")
    func scratch() throws {
        let stage = Stage(entryCount: 256)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, byteCount: 30_000, to: publication)
        let plain = stage.connect(stream)
        let clients = (0..<60).map { _ in stage.connectSecurely(stream) }
        try stage.pass(ms: 200)
        for index in 0..<8 {
            try stage.frame(isKeyframe: index == 4, byteCount: 50_000, to: publication)
            try stage.pass(ms: 100)
        }
        for client in clients { #expect(client.received == plain.received) }
        #expect(stage.world.violations == [])
    }

    // MARK: Keys

    @Test("a KeyUpdate that asks for ours is answered before anything else goes")
    func keyUpdate() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let plain = stage.connect(stream)
        let sealed = stage.connectSecurely(stream)
        try stage.pass(ms: 100)
        let tls = try #require(sealed.tls)
        for round in 1...31 {
            sealed.inbox += tls.updateKey(asks: true)
            try stage.pass(ms: 20)
            // The KeyUpdate itself may be cut, too.
            sealed.nextTakeByteCountMax = round
            try stage.frame(isKeyframe: round % 10 == 0, byteCount: 500, to: publication)
            try stage.pass(ms: 60)
            #expect(tls.keyUpdateCount == round)
        }
        #expect(sealed.received == plain.received)
        #expect(stage.core.counters.keyUpdateCount >= 31)
        #expect(stage.world.violations == [])
    }

    @Test("many that ask while nothing goes get one answer")
    func keyUpdatesInARow() throws {
        let stage = Stage()
        let client = stage.connectSecurely(clock)
        try stage.pass(ms: 20)
        let tls = try #require(client.tls)
        for _ in 0..<20 { client.inbox += tls.updateKey(asks: true) }
        try stage.pass(ms: 50)
        #expect(tls.keyUpdateCount == 0)
        stage.send(clock, from: client)
        try stage.pass(ms: 50)
        #expect(client.statuses == [404, 404] && tls.keyUpdateCount == 1)
    }

    @Test("a spent key is changed by TLS 1.3; TLS 1.2 ends with it")
    func spentKeys() throws {
        for version in [TLSVersion.tls13, .tls12] {
            let stage = Stage()
            let publication = try stage.publish()
            try stage.frame(isKeyframe: true, to: publication)
            let client = stage.connectSecurely(
                stream, .aes128GCM, version, writeSequence: TLSLimits.recordCountMax - 5)
            for _ in 0..<10 {
                try stage.frame(to: publication)
                try stage.pass(ms: 50)
            }
            #expect(client.isClosedByServer == (version == .tls12))
            #expect(client.tls?.keyUpdateCount == (version == .tls12 ? 0 : 1))
            #expect(stage.world.violations == [])
        }
    }

    // MARK: Ends

    @Test("a programme's end is an orderly one: a close_notify, and for WebSockets a close frame")
    func orderlyEnds() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let flv = stage.connectSecurely(stream)
        let socket = stage.connectSecurely(SocketTalk.request())
        let idle = stage.connectSecurely(clock)
        try stage.pass(ms: 100)
        try stage.core.stop()
        try stage.pass(ms: 20)
        for client in [flv, socket, idle] {
            #expect(client.isClosedByServer && client.tls?.isClosed == true)
        }
        #expect(socket.socket.closeCode == 1_001)
        #expect(stage.world.violations == [])
        let isStopped = stage.core.isStopped
        #expect(isStopped)
    }

    @Test("whoever stands in mid-record at the end hears nothing that is no record")
    func endInRecord() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connectSecurely(stream)
        try stage.pass(ms: 100)
        client.capacity = 100
        client.bytesPerMs = 0
        try stage.frame(byteCount: 5_000, to: publication)
        try stage.pass(ms: 100)
        try stage.core.stop()
        try stage.pass(ms: 20)
        #expect(client.isClosedByServer && client.tls?.isClosed == false)
        #expect(stage.world.violations == [])
    }

    @Test("a record whose bytes were written over ends the connection")
    func overwritten() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connectSecurely(stream)
        try stage.pass(ms: 100)
        client.capacity = 100
        client.bytesPerMs = 0
        try stage.frame(byteCount: 5_000, to: publication)
        try stage.pass(ms: 50)
        for _ in 0..<12 { try stage.frame(byteCount: 100_000, to: publication) }
        client.capacity = 1 << 20
        client.bytesPerMs = 1e6
        try stage.pass(ms: 200)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.viewerEndCounts[DropReason.overrun.rawValue] == 1)
        #expect(stage.world.violations == [])
    }

    @Test("a slot is a cache line, and TLS costs less than half a kilobyte with it")
    func memory() {
        #expect(MemoryLayout<Viewer>.stride == 64)
        #expect(MemoryLayout<SealedConnection>.stride <= 320)
        let each = MemoryLayout<Viewer>.stride + MemoryLayout<SealedConnection>.stride
        #expect(each + MemoryLayout<UInt16>.stride <= 512)
    }
}
