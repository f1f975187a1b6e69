// These tests wait for other processes, each on a thread of its own, and only so many at a time.

import Foundation
import Testing

/// Runs every piece of a task on a thread that may block.
private final class ThreadPerJob: TaskExecutor {
    static let shared = ThreadPerJob()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Lets as many tests in as the machine has room for; the others wait without a thread, in order.
private actor Gate {
    /// How many at a time: servers, encoders and clients of so many tests share the machine.
    static let width = 8
    static let shared = Gate()

    private var freeCount = Gate.width
    private var waiting: [(share: Int, CheckedContinuation<Void, Never>)] = []

    func enter(taking share: Int) async {
        if waiting.isEmpty, share <= freeCount {
            freeCount -= share
        } else {
            await withCheckedContinuation { waiting.append((share, $0)) }
        }
    }

    func leave(giving share: Int) {
        freeCount += share
        while let (share, first) = waiting.first, share <= freeCount {
            freeCount -= share
            waiting.removeFirst()
            first.resume()
        }
    }
}

/// A test that blocks: outside Swift's small pool of threads, where it would hold up all others.
struct OwnThreadTrait: TestTrait, SuiteTrait, TestScoping {
    /// How much of the machine it takes, of `Gate.width`.
    fileprivate let share: Int

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        await Gate.shared.enter(taking: share)
        do {
            try await withTaskExecutorPreference(ThreadPerJob.shared) { try await function() }
        } catch {
            await Gate.shared.leave(giving: share)
            throw error
        }
        await Gate.shared.leave(giving: share)
    }
}

extension Trait where Self == OwnThreadTrait {
    /// The test blocks its thread.
    static var ownThread: Self { Self(share: 1) }

    /// The test blocks its thread, and what it holds must not starve: nothing else runs meanwhile.
    static var ownMachine: Self { Self(share: Gate.width) }
}
