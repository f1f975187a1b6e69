// Tests of which request has a connection next.

import Testing

@testable import Rehearsal

@Suite("SideRequestTable") struct SideRequestTableTests {
    private static func slots(_ table: inout SideRequestTable) -> [Int32] {
        var slots: [Int32] = []
        while let index = table.begin(nowNs: 1) {
            slots.append(table.connections[index].request.slot)
        }
        return slots
    }

    @Test("answers come before all else, and the first before the later")
    func order() {
        var table = SideRequestTable(firstSlot: 100, count: 10)
        table.add(SideRequest(kind: .check, slot: 1))
        table.add(SideRequest(kind: .answer, slot: 2))
        table.add(SideRequest(kind: .join, slot: 3))
        table.add(SideRequest(kind: .answer, slot: 4))
        let slots = Self.slots(&table)
        #expect(slots == [2, 4, 1, 3])
    }

    @Test("who has all the time leaves connections for answers")
    func room() throws {
        let most = QuizLimits.patientSideRequestCountMax
        var table = SideRequestTable(firstSlot: 0, count: most + 2)
        for slot in 0..<most + 5 { table.add(SideRequest(kind: .check, slot: Int32(slot))) }
        var slots = Self.slots(&table)
        #expect(slots.count == most)
        for slot in 0..<3 { table.add(SideRequest(kind: .answer, slot: Int32(slot))) }
        slots = Self.slots(&table)
        #expect(slots == [0, 1])
        // The next has the connection of the first that is done.
        let index = try #require(table.connections.firstIndex { $0.request.kind == .check })
        table.free(index)
        slots = Self.slots(&table)
        #expect(slots == [2])
    }

    @Test("what failed is tried again, and not for ever")
    func tries() {
        var table = SideRequestTable(firstSlot: 0, count: 1)
        var request = SideRequest(kind: .check, slot: 7)
        let isRetried = table.retry(request)
        #expect(isRetried)
        var slots = Self.slots(&table)
        #expect(slots.isEmpty)
        table.retryNow()
        slots = Self.slots(&table)
        #expect(slots == [7])
        request.tries = QuizLimits.tryCountMax - 1
        let isGivenUp = !table.retry(request)
        #expect(isGivenUp)
    }
}
