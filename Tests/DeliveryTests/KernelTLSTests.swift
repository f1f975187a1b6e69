// Viewers whose records the kernel seals: what they get is what plain ones get, and their end is said.

import TLS
import TestSupport
import Testing

@testable import Broadcast
@testable import Delivery

@Suite("Connections that the kernel seals for") struct KernelTLSTests {
    private let stream = "GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n"
    private let clock = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    private func makeStage(slotCount: Int = 100) -> Stage {
        Stage(slotCount: DeliverySettings.refusalSlotCount + slotCount) {
            $0.mayUseKernelTLS = true
        }
    }

    @Test("without the setting the kernel isn't given any key")
    func off() throws {
        let stage = Stage()
        let client = stage.connectSecurely(clock)
        try stage.pass(ms: 50)
        #expect(client.kernelTLS == nil && client.statuses == [404])
    }

    @Test("an answer and a stream are those of a plain viewer", arguments: SealedTests.kinds)
    func sameAsPlain(suite: CipherSuite, version: TLSVersion) throws {
        let stage = makeStage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, byteCount: 40_000, to: publication)
        let plain = stage.connect(clock + stream)
        let sealed = stage.connectSecurely(clock + stream, suite, version)
        try stage.pass(ms: 100)
        for index in 0..<30 {
            try stage.frame(isKeyframe: index % 10 == 0, byteCount: 9_000, to: publication)
            // Cut somewhere, and gone on with.
            if index % 3 == 0 { sealed.nextTakeByteCountMax = 1 + index * 301 }
            try stage.pass(ms: 40)
        }
        try stage.pass(ms: 100)
        #expect(sealed.kernelTLS != nil && sealed.statuses == [404, 200])
        #expect(sealed.received == plain.received && sealed.received.count > 300_000)
        #expect(stage.core.counters.shortSendCount >= 5)
        #expect(stage.world.violations == [])
    }

    @Test("a send may stop at any byte")
    func everyByte() throws {
        let stage = makeStage(slotCount: 400)
        let plain = stage.connect(clock)
        try stage.pass(ms: 20)
        for byteCount in 0...plain.received.count {
            let client = stage.connectSecurely(clock)
            client.nextTakeByteCountMax = byteCount
            try stage.pass(ms: 20)
            #expect(client.received == plain.received, "cut at \(byteCount)")
            client.reset()
        }
        #expect(stage.world.violations == [])
    }

    @Test("behind a last answer comes a close_notify, once there is room")
    func lastWord() throws {
        let stage = makeStage()
        let large = "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let plain = stage.connect(large)
        try stage.pass(ms: 20)
        let client = stage.connectSecurely(large)
        // It fits, and nothing else.
        client.capacity = plain.received.count
        client.bytesPerMs = 0
        try stage.pass(ms: 100)
        #expect(client.received == plain.received && client.tls?.isClosed == false)
        client.bytesPerMs = 1_000
        try stage.pass(ms: 100)
        #expect(client.tls?.isClosed == true)
        #expect(stage.world.violations == [])
    }

    @Test("the end of a stream is a close_notify")
    func endOfStream() throws {
        let stage = makeStage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connectSecurely(stream)
        try stage.pass(ms: 100)
        try stage.core.stop()
        try stage.pass(ms: 100)
        #expect(client.statuses == [200])
        #expect(client.tls?.isClosed == true && client.isClosedByServer)
        #expect(stage.world.violations == [])
    }

    @Test("who asks for another key gets an orderly end, and who changes only its own goes on")
    func keyUpdates() throws {
        let stage = makeStage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let asking = stage.connectSecurely(stream)
        let telling = stage.connectSecurely(stream)
        try stage.pass(ms: 100)
        asking.inbox += try #require(asking.tls).updateKey(asks: true)
        telling.inbox += try #require(telling.tls).updateKey(asks: false)
        try stage.pass(ms: 100)
        #expect(asking.tls?.isClosed == true && asking.tls?.alert == nil)
        #expect(asking.isClosedByServer && !telling.isClosedByServer)
        #expect(stage.world.violations == [])
    }

    @Test(
        "a key that may seal no more is an orderly end, too",
        arguments: [TLSVersion.tls12, .tls13])
    func spent(version: TLSVersion) throws {
        let stage = makeStage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let first = TLSLimits.recordCountMax - 12
        let client = stage.connectSecurely(stream, .aes128GCM, version, writeSequence: first)
        let endless = stage.connectSecurely(
            stream, .chaCha20Poly1305, version, writeSequence: first)
        for _ in 0..<20 {
            try stage.frame(to: publication)
            try stage.pass(ms: 50)
        }
        #expect(client.statuses == [200])
        #expect(client.tls?.isClosed == true && client.isClosedByServer)
        #expect(!endless.isClosedByServer)
        #expect(stage.world.violations == [])
    }

    @Test("what breaks TLS is told by an alert")
    func alert() throws {
        let stage = makeStage()
        let client = stage.connectSecurely(clock)
        try stage.pass(ms: 50)
        client.inbox += [23, 3, 3, 0, 32] + [UInt8](repeating: 0, count: 32)
        try stage.pass(ms: 50)
        #expect(client.tls?.alert == TLSAlert.badRecordMAC.rawValue && client.isClosedByServer)
        #expect(stage.world.violations == [])
    }
}
