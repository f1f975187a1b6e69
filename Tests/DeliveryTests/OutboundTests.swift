// The road out: large answers on slow sockets, what comes behind them, and what is cut where.

import IORing
import TestSupport
import Testing

@testable import Broadcast
@testable import Delivery

@Suite struct OutboundTests {
    private static let ask = "GET /api/v1/state HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A service whose state is a large answer.
    private func service(byteCount: Int) -> FakePlayerService {
        let service = FakePlayerService()
        let json = (0..<byteCount).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        service.set(state: SharedBytes(json: json, version: 3))
        return service
    }

    private func answer(_ service: FakePlayerService) throws -> [UInt8] {
        let stage = Stage(service: service)
        let client = stage.connect(Self.ask)
        try stage.pass(ms: 100)
        return client.received
    }

    @Test func aLargeAnswerIsCutAtEveryPlace() throws {
        let service = service(byteCount: 600)
        let whole = try answer(service)
        #expect(whole.count > 600)
        let stage = Stage(service: service)
        for cut in 0...whole.count {
            let client = stage.connect(Self.ask)
            client.nextTakeByteCountMax = cut
            try stage.pass(ms: 20)
            #expect(client.received == whole, "cut after \(cut) bytes")
            client.reset()
        }
        try stage.pass(ms: 200)
        #expect(stage.core.outbound.count == 0)
        #expect(stage.world.violations.isEmpty)
    }

    @Test func aLargeFileReachesASlowReaderWhole() throws {
        let service = service(byteCount: 300_000)
        let whole = try answer(service)
        let stage = Stage(service: service)
        let clients = (0..<20).map { number in
            let client = stage.connect(Self.ask + Self.ask)
            client.capacity = 10_000 + 1_000 * number
            client.bytesPerMs = 100
            return client
        }
        try stage.pass(ms: 8_000)
        for client in clients {
            // Not compared in the expectation: a difference of such arrays takes hours to be shown.
            let isWhole = client.received == whole + whole
            #expect(isWhole, "\(client.received.count) bytes")
            #expect(!client.isClosedByServer)
        }
        // They all were sent the same array.
        #expect(stage.core.outbound.ownByteCount == 0 && stage.core.outbound.count == 0)
    }

    @Test func whoReadsTooSlowlyIsSentAwayAfterAMinute() throws {
        let stage = Stage(service: service(byteCount: 300_000))
        let client = stage.connect(Self.ask)
        client.capacity = 10_000
        client.bytesPerMs = 1
        try stage.pass(ms: DeliverySettings.answerMsMax - 1_000, stepMs: 50)
        #expect(!client.isClosedByServer)
        try stage.pass(ms: 2_000)
        #expect(client.isClosedByServer)
        #expect(stage.core.counters.connectionEndCounts[DropReason.stuck.rawValue] == 1)
        #expect(stage.core.outbound.count == 0)
    }

    @Test func theLastAnswerIsReadToItsEnd() throws {
        let stage = Stage(service: service(byteCount: 100_000))
        let last = "GET /api/v1/state HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let client = stage.connect(last)
        client.capacity = 5_000
        client.bytesPerMs = 50
        try stage.pass(ms: 1_000)
        #expect(!client.isSendingShut, "not before all of it has gone")
        try stage.pass(ms: 5_000)
        #expect(client.isSendingShut || client.isClosedByServer)
        #expect(client.received.count > 100_000)
        #expect(client.received.last == UInt8(ascii: "a") + UInt8(99_999 % 26))
    }

    /// A viewer that only streams costs its slot and nothing else.
    @Test func aViewerThatStreamsHasNoQueue() throws {
        let stage = Stage()
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect("GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in 0..<10 {
            try stage.frame(to: publication)
            try stage.pass(ms: 40)
        }
        #expect(stage.core.table[client.slot].state == .streaming)
        #expect(stage.core.table[client.slot].outbound < 0 && stage.core.outbound.count == 0)
        #expect(MemoryLayout<Viewer>.size == 64)
    }
}
