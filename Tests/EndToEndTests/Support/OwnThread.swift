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

/// Lets a number of tests in; the others wait without a thread.
private actor Gate {
    /// Servers, encoders and clients of so many tests share the machine.
    static let shared = Gate(width: 8)

    private var freeCount: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) { freeCount = width }

    func enter() async {
        if freeCount > 0 {
            freeCount -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            freeCount += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

/// A test that blocks: outside Swift's small pool of threads, where it would hold up all others.
struct OwnThreadTrait: TestTrait, SuiteTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        await Gate.shared.enter()
        do {
            try await withTaskExecutorPreference(ThreadPerJob.shared) { try await function() }
        } catch {
            await Gate.shared.leave()
            throw error
        }
        await Gate.shared.leave()
    }
}

extension Trait where Self == OwnThreadTrait {
    /// The test blocks its thread.
    static var ownThread: Self { Self() }
}
