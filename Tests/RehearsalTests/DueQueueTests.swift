// Tests of the order in which players do things.

import TestSupport
import Testing

@testable import Rehearsal

@Suite("DueQueue") struct DueQueueTests {
    @Test("gives what is due, the soonest first, and nothing else")
    func order() throws {
        var random = SeededRandom(seed: 7)
        var queue = DueQueue()
        let times = (0..<1_000).map { _ in Int64.random(in: 0..<500, using: &random) }
        for (slot, time) in times.enumerated() {
            queue.add(.init(dueNs: time, slot: Int32(slot), stamp: 0, kind: .answer))
        }
        var taken: [Int64] = []
        while let task = queue.next(nowNs: 249) { taken.append(task.dueNs) }
        #expect(taken == times.filter { $0 < 250 }.sorted())
        #expect(queue.count == times.count - taken.count)
        while let task = queue.next(nowNs: 500) { taken.append(task.dueNs) }
        #expect(taken == times.sorted())
    }
}
