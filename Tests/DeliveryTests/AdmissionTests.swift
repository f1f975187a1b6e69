// What newcomers get when there is no room: an answer, never silence.

import Testing

@testable import Delivery

@Suite struct AdmissionTests {
    private let stream = "GET /live/show.flv HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func whoComesWhenAllSlotsAreTakenIsToldSo() throws {
        let stage = Stage(slotCount: DeliverySettings.refusalSlotCount + 5)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let clients = (0..<20).map { _ in stage.connect(stream) }
        try stage.pass(ms: 100)
        let watching = clients.filter { $0.statuses == [200] }
        let refused = clients.filter { $0.statuses == [503] }
        #expect(watching.count + refused.count == 20)
        #expect(stage.core.counters.viewerCount == watching.count)
        #expect((4...5).contains(watching.count))
        #expect(refused.allSatisfy { $0.text.contains("Retry-After: 5") })
        let full = stage.core.counters.connectionEndCounts[DropReason.full.rawValue]
        #expect(full == UInt64(refused.count))
        // Those who watch are not disturbed, and the slots of the others come back.
        try stage.pass(ms: 2_500)
        #expect(refused.allSatisfy { $0.isClosedByServer })
        #expect(watching.allSatisfy { !$0.isClosedByServer })
        #expect(stage.core.connectionCount == watching.count)
    }

    @Test func oneAddressGetsSoManyConnections() throws {
        var admission = AdmissionLimits()
        admission.perAddressMax = 3
        admission.perLoopbackAddressMax = 4
        let stage = Stage(admission: admission)
        let elsewhere = (0..<5).map { _ in stage.connect(host: 7, isLoopback: false) }
        let here = (0..<5).map { _ in stage.connect(host: 8) }
        try stage.pass(ms: 100)
        #expect(elsewhere.map(\.statuses) == [[], [], [], [429], [429]])
        #expect(here.map(\.statuses) == [[], [], [], [], [429]])
        #expect(here[4].text.contains("Retry-After: 5"))
        // One goes, another may come.
        elsewhere[0].reset()
        try stage.pass(ms: 100)
        let next = stage.connect(stream, host: 7, isLoopback: false)
        try stage.pass(ms: 6_000)
        #expect(next.statuses == [404])
    }

    @Test func whoComesWithoutEndTakesNoSlotsOfOthers() throws {
        var admission = AdmissionLimits()
        admission.perAddressMax = 3
        let stage = Stage(
            slotCount: DeliverySettings.refusalSlotCount + 336, admission: admission)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let crowd = (0..<400).map { _ in stage.connect(host: 7, isLoopback: false) }
        try stage.pass(ms: 500)
        #expect(crowd.contains { $0.statuses == [429] })
        #expect(crowd.contains { $0.isClosedByServer && $0.statuses.isEmpty })
        let viewer = stage.connect(stream, host: 8, isLoopback: false)
        try stage.pass(ms: 100)
        #expect(viewer.statuses == [200])
    }

    @Test func acceptsThatFailAreTriedAgain() throws {
        let stage = Stage()
        stage.world.acceptErrorPerCent = 100
        let client = stage.connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 20)
        #expect(client.received.isEmpty)
        #expect(stage.core.counters.acceptCount == 0)
        stage.world.acceptErrorPerCent = 0
        let other = stage.connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 100)
        #expect(other.statuses == [404])
        #expect(stage.world.violations.isEmpty)
    }

    @Test func tooManyTornHeadsAreRefusedAndTheRestIsServed() throws {
        let count = DeliverySettings.headBufferCountMax
        let stage = Stage(slotCount: DeliverySettings.refusalSlotCount + count + 50)
        let clients = (0..<count + 10).map { _ in stage.connect("GET / HT") }
        try stage.pass(ms: 2_000)
        // The oldest had to give theirs up.
        #expect(clients.prefix(10).allSatisfy { $0.statuses == [503] })
        #expect(clients.count { $0.statuses == [503] } == 10)
        #expect(clients.count { $0.statuses.isEmpty } == count)
        let whole = stage.connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 50)
        #expect(whole.statuses == [404])
        // The buffers come back with their owners' end.
        try stage.pass(ms: 13_000)
        #expect(stage.core.connectionCount <= 1)
        let back = (0..<count).count { _ in stage.core.heads.take() != nil }
        #expect(back == count)
    }
}
