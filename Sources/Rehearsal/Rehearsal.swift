// A simulated audience: as many rings as it takes, ramp, churn, and the numbers in the end.

import IORing
import Synchronization

/// A running rehearsal.
public final class Rehearsal: Sendable {
    private let plan: RehearsalPlan
    private let shared: [AudienceShared]
    private let threads: Mutex<[PlainThread]>
    private let startNs: Int64
    private let quiz = QuizShared()

    /// Starts the audience's threads; viewers come as `advance` is called.
    public init(plan: RehearsalPlan) throws(RingError) {
        self.plan = plan
        let quiz = quiz
        shared = (0..<plan.ringCount).map { _ in AudienceShared(quiz: quiz) }
        startNs = MonotonicClock.nowNs()
        let ready = try WakeSignal()
        var threads: [PlainThread] = []
        for (index, shared) in shared.enumerated() {
            let thread = try PlainThread(name: "audience-\(index)") {
                do throws(RingError) {
                    var audience = try AudienceThread(index: index, plan: plan, shared: shared)
                    ready.raise()
                    try audience.run()
                } catch {
                    shared.failure.withLock { $0 = error }
                    ready.raise()
                }
            }
            threads.append(thread)
            ready.wait()
            if let failure = shared.failure.withLock({ $0 }) {
                for earlier in self.shared {
                    earlier.stopRequested.store(true, ordering: .releasing)
                }
                for thread in threads { thread.join() }
                throw failure
            }
        }
        self.threads = Mutex(threads)
    }

    /// Time since the start, ms.
    public var elapsedMs: Int64 { (MonotonicClock.nowNs() - startNs) / 1_000_000 }

    /// How long the ramp takes, ms.
    public var rampMs: Int64 {
        Int64(min(1e15, Double(plan.viewerCount) / plan.rampPerSecond * 1_000))
    }

    /// Tells the threads how many viewers there should be by now; call it every few ms.
    public func advance() {
        let elapsedS = Double(elapsedMs) / 1_000
        let wanted = min(plan.viewerCount, Int(elapsedS * plan.rampPerSecond) + 1)
        let churnS = max(0, elapsedS - Double(rampMs) / 1_000)
        let churned = Int(churnS * plan.churnPerSecond)
        for (index, one) in shared.enumerated() {
            one.wanted.store(plan.share(of: wanted, index), ordering: .relaxed)
            one.churned.store(plan.share(of: churned, index), ordering: .relaxed)
        }
    }

    /// The numbers so far, at most 100 ms old.
    public var tally: RehearsalTally {
        shared.reduce(into: RehearsalTally()) { sum, one in
            sum.add(one.tally.withLock { $0 })
        }
    }

    /// Why a part of the audience had to stop, if it had.
    public var failure: RingError? {
        shared.lazy.compactMap { one in one.failure.withLock { $0 } }.first
    }

    /// Why nobody can play, if that is so.
    public var obstacle: RehearsalObstacle? { quiz.obstacle.withLock { $0 } }

    /// Whether the players were told a while ago that the show is over.
    public var isShowOver: Bool {
        let overNs = quiz.overNs.load(ordering: .relaxed)
        return overNs > 0 && MonotonicClock.nowNs() - overNs > Rehearsal.overNs
    }

    /// After the end of a show the last cues and receipts still come, ns.
    private static let overNs: Int64 = 2_000_000_000

    /// Has every player ask what the ledger has of it.
    public func beginCheck() { quiz.isChecking.store(true, ordering: .releasing) }

    /// Whether all receipts have come, and all players have asked.
    public var isChecked: Bool {
        guard let tally = tally.quiz else { return true }
        return tally.checkingRingCount == plan.ringCount && tally.isChecked
            && tally.pendingCount == 0
    }

    /// Ends the audience, and gives the final numbers.
    public func finish() -> RehearsalTally {
        for one in shared { one.stopRequested.store(true, ordering: .releasing) }
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { thread.join() }
        return tally
    }
}
