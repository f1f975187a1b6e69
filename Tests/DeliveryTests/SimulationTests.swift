// Thousands of short broadcasts under a seed, with everything that can go wrong going wrong.

import Foundation
import Testing

@Suite struct SimulationTests {
    /// `FANFARE_SEED=<n>` reruns one run; `FANFARE_SEEDS=<n>` makes n runs instead of 2 000.
    private static let environment = ProcessInfo.processInfo.environment
    private static let onlySeed = environment["FANFARE_SEED"].flatMap { UInt64($0) }
    private static let runCount = environment["FANFARE_SEEDS"].flatMap { UInt64($0) } ?? 2_000
    private static let batchCount: UInt64 = 8

    @Test(arguments: 0..<batchCount)
    func everyViewerGetsWhatWasSentWhateverHappens(batch: UInt64) {
        if let seed = SimulationTests.onlySeed {
            if batch == 0 { run(seed) }
            return
        }
        var failureCount = 0
        for seed in 0..<SimulationTests.runCount
        where seed % SimulationTests.batchCount == batch && failureCount < 3 {
            if !run(seed) { failureCount += 1 }
        }
    }

    @discardableResult
    private func run(_ seed: UInt64) -> Bool {
        guard let failure = Simulation(seed: seed).run() else { return true }
        Issue.record("FANFARE_SEED=\(seed): \(failure)")
        return false
    }
}
