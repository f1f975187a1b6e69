// A thread for what takes seconds, so that the few that serve everybody else never wait for it.

import Dispatch

/// Runs an actor on a thread of its own, one thing at a time, instead of on the shared pool.
public final class SlowLane: SerialExecutor {
    private let queue: DispatchQueue

    /// A lane of its own.
    ///
    /// - Parameter name: as a debugger shows it.
    public init(_ name: String) { queue = DispatchQueue(label: name, qos: .utility) }

    /// Takes what an actor has to do.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
