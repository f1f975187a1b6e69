// Thousands of short broadcasts under a seed, with everything that can go wrong going wrong.

import Foundation
import Synchronization
import Testing

@testable import Delivery

@Suite struct SimulationTests {
    /// `FANFARE_SEED=<n>` reruns one run; `FANFARE_SEEDS=<n>` makes n runs instead of 1 000, and
    /// `FANFARE_SEEDS=<m>-<n>` those from seed m up to n.
    private static let environment = ProcessInfo.processInfo.environment
    private static let onlySeed = environment["FANFARE_SEED"].flatMap { UInt64($0) }
    private static let seeds =
        seeds(environment["FANFARE_SEEDS"] ?? "").map(Array.init) ?? Array(0..<1_000) + foundSeeds
    /// Runs that once found a fault that the first thousand hadn't.
    private static let foundSeeds: [UInt64] = [
        1_318, 1_927, 2_539, 2_551, 2_561, 3_171, 4_198, 4_557, 6_960, 7_778, 8_528,
    ]
    private static let batchCount: UInt64 = 4
    private static let failureCountMax = 3

    private static func seeds(_ text: String) -> Range<UInt64>? {
        let bounds = text.split(separator: "-").compactMap { UInt64($0) }
        guard let end = bounds.last, bounds.count <= 2 else { return nil }
        let start = bounds.count == 2 ? bounds[0] : 0
        return start..<max(start, end)
    }

    @Test(.enabled(if: onlySeed == nil, "FANFARE_SEED asks for one run"))
    func everyViewerGetsWhatWasSentWhateverHappens() async {
        let shared = SharedSum()
        await withDiscardingTaskGroup { group in
            for batch in 0..<SimulationTests.batchCount {
                group.addTask { await runAll(of: batch, shared) }
            }
        }
        let sum = shared.sum.withLock { $0 }
        guard SimulationTests.seeds.count >= 1_000, sum.failureCount == 0 else { return }
        #expect(sum.road.missing == [], "never reached")
        // A simulation that goes nowhere near the rare paths proves nothing about them.
        for reason in DropReason.allCases where reason != .refused && reason != .timeout {
            #expect(sum.ends[reason.rawValue] > 0, "nobody ended as \"\(reason.label)\"")
        }
        #expect(sum.skipCount > 10)
        #expect(sum.deferredJoinCount > 10)
        #expect(sum.shortSendCount > 2_000)
        #expect(sum.zeroCopySendCount > 2_000)
        #expect(sum.bytesTaken > 10 << 20)
        #expect(sum.socketJoinCount > 200)
        #expect(sum.textCount > 500)
        #expect(sum.answerCount > 200)
        #expect(sum.refusals[RefusalKind.unfinished.rawValue] > 50)
        #expect(sum.refusals[RefusalKind.unread.rawValue] > 10)
        #expect(sum.tally.interleavedCount > 500)
        #expect(sum.tally.ownZeroCount > 20)
        #expect(sum.tally.lateTrackCount > 10)
        #expect(sum.tally.returnCount > 3)
        #expect(sum.tally.changeCount > 20)
    }

    private func runAll(of batch: UInt64, _ shared: SharedSum) async {
        for seed in SimulationTests.seeds where seed % SimulationTests.batchCount == batch {
            guard shared.sum.withLock({ $0.failureCount }) < SimulationTests.failureCountMax
            else { return }
            run(seed, shared)
            // Other tests want their turn on this thread, too.
            await Task.yield()
        }
    }

    @Test(.enabled(if: onlySeed != nil, "only with FANFARE_SEED"))
    func oneRunAgain() throws {
        run(try #require(SimulationTests.onlySeed), SharedSum())
    }

    private func run(_ seed: UInt64, _ shared: SharedSum) {
        let simulation = Simulation(seed: seed)
        let failure = simulation.run()
        shared.sum.withLock { sum in
            sum.add(simulation.core.counters)
            for feed in simulation.feeds { sum.tally.add(feed.tally) }
            sum.road.add(simulation.road)
            if failure != nil { sum.failureCount += 1 }
        }
        if let failure { Issue.record("FANFARE_SEED=\(seed): \(failure)") }
    }
}

/// What runs on several threads add to.
private final class SharedSum: Sendable {
    let sum = Mutex(RunSum())
}

/// What runs did together.
private struct RunSum {
    var failureCount = 0
    var ends = [UInt64](repeating: 0, count: DropReason.allCases.count)
    var skipCount: UInt64 = 0
    var deferredJoinCount: UInt64 = 0
    var shortSendCount: UInt64 = 0
    var zeroCopySendCount: UInt64 = 0
    var bytesTaken: UInt64 = 0
    var socketJoinCount: UInt64 = 0
    var textCount: UInt64 = 0
    var answerCount: UInt64 = 0
    var tally = FeedTally()
    var road = RoadEvents()
    var refusals = [UInt64](repeating: 0, count: RefusalKind.allCases.count)

    mutating func add(_ counters: ShardCounters) {
        for index in ends.indices {
            ends[index] += counters.viewerEndCounts[index] + counters.connectionEndCounts[index]
        }
        skipCount += counters.skipCount
        deferredJoinCount += counters.deferredJoinCount
        shortSendCount += counters.shortSendCount
        zeroCopySendCount += counters.zeroCopySendCount
        bytesTaken += counters.byteCount
        socketJoinCount += counters.webSocketJoinCount
        textCount += counters.textCount
        answerCount += counters.playerAnswerCount
        for index in refusals.indices { refusals[index] += counters.refusalCounts[index] }
    }
}
