// What takes its time keeps away from the threads that answer requests.

import Dispatch
import Synchronization
import Testing

@testable import ControlRoom

@Suite struct SlowLaneTests {
    private actor Worker {
        private let lane = SlowLane("test")
        nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }
        private let isBusy = Atomic<Bool>(false)

        /// - Returns: whether it had the lane to itself, and it was the lane it ran on.
        func work(_ gate: DispatchSemaphore) -> Bool {
            preconditionIsolated()
            let wasFree = !isBusy.exchange(true, ordering: .sequentiallyConsistent)
            gate.wait()
            isBusy.store(false, ordering: .sequentiallyConsistent)
            return wasFree
        }
    }

    /// With as many blocked as the pool has threads, and more, the pool still works: it is not the
    /// one that is blocked.
    @Test(.timeLimit(.minutes(5))) func blockedLanesLeaveThePoolFree() async {
        let gate = DispatchSemaphore(value: 0)
        let workers = (0..<16).map { _ in Worker() }
        await withTaskGroup(of: Bool.self) { group in
            for worker in workers {
                for _ in 0..<2 { group.addTask { await worker.work(gate) } }
            }
            for _ in 0..<32 {
                await Task.yield()
                gate.signal()
            }
            for await wasFree in group { #expect(wasFree) }
        }
    }
}
