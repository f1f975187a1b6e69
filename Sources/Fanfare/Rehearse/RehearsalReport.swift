// What a rehearsal showed, for people and for programs.

import FoundationEssentials
import HostCLI
import Rehearsal

/// The outcome of a rehearsal.
struct RehearsalReport: Encodable {
    /// Percentiles of a delay, ms.
    struct Delays: Encodable {
        let count: UInt64
        let meanMs: Double
        let p50Ms: Double
        let p90Ms: Double
        let p99Ms: Double
        let p999Ms: Double
        let maxMs: Double

        init(_ percentiles: Percentiles) {
            count = percentiles.count
            meanMs = percentiles.meanMs
            p50Ms = percentiles.ms(atPercentile: 50)
            p90Ms = percentiles.ms(atPercentile: 90)
            p99Ms = percentiles.ms(atPercentile: 99)
            p999Ms = percentiles.ms(atPercentile: 99.9)
            maxMs = percentiles.maxMs
        }

        var text: String {
            guard count > 0 else { return "none" }
            func ms(_ value: Double) -> String { Decimals.text(value, 1) }
            return "mean \(ms(meanMs)), p50 \(ms(p50Ms)), p90 \(ms(p90Ms)), p99 \(ms(p99Ms)), "
                + "p99.9 \(ms(p999Ms)), max \(ms(maxMs)) ms"
        }
    }

    /// What the server's process cost while all viewers were there.
    struct Server: Encodable {
        let cpuSecondsPerGB: Double
        let userShare: Double
        let cores: Double
        let residentBytes: Int
        let descriptors: Int
    }

    let viewers: Int
    let started: Int
    let joined: Int
    let watching: Int
    let left: Int
    let refused: Int
    let refusalStatus: Int
    let refusalCause: String?
    let unanswered: Int
    let lost: Int
    let dropped: Int
    let stalled: Int
    let wrong: Int
    let wrongReason: String?
    let verifiedTags: Int
    let skips: Int
    let bytes: UInt64
    let measuredSeconds: Double
    let gigabitsPerSecond: Double
    let startUp: Delays
    let delay: Delays
    let quiz: QuizReport?
    let server: Server?
    let isClean: Bool

    init(
        plan: RehearsalPlan, tally: RehearsalTally, measuredMs: Int64, measuredByteCount: UInt64,
        serverBefore: ProcessReading?, serverAfter: ProcessReading?
    ) {
        viewers = plan.viewerCount
        started = tally.startedCount
        joined = tally.joinedCount
        watching = tally.watchingCount
        left = tally.leftCount
        refused = tally.refusedCount
        refusalStatus = tally.refusalStatus
        refusalCause = tally.refusalCause
        unanswered = tally.unansweredCount
        lost = tally.lostCount
        dropped = tally.droppedCount
        stalled = tally.stalledCount
        wrong = tally.wrongCount
        wrongReason = tally.wrongReason
        verifiedTags = tally.verifiedTagCount
        skips = tally.skipCount
        bytes = tally.byteCount
        measuredSeconds = Double(measuredMs) / 1_000
        gigabitsPerSecond = Double(measuredByteCount) * 8 / 1e9 / max(0.001, measuredSeconds)
        startUp = Delays(tally.startUp)
        delay = Delays(tally.delay.percentiles)
        quiz = tally.quiz.map { QuizReport($0) }
        isClean = tally.isClean
        guard let before = serverBefore, let after = serverAfter, measuredByteCount > 0 else {
            server = nil
            return
        }
        let cpuS = after.cpuS - before.cpuS
        server = Server(
            cpuSecondsPerGB: cpuS / (Double(measuredByteCount) / 1e9),
            userShare: cpuS > 0 ? (after.userS - before.userS) / cpuS : 0,
            cores: cpuS / measuredSeconds, residentBytes: after.residentByteCount,
            descriptors: after.descriptorCount)
    }

    /// The report as people read it.
    var text: String {
        var text = "\(isClean ? "clean" : "NOT CLEAN"): \(joined) joined of \(started)"
        text += ", \(watching) watching at the end\n"
        text += "  refused    \(refused)"
        if refusalStatus != 0 { text += " (last status \(refusalStatus))" }
        if let refusalCause { text += " (\(refusalCause))" }
        text += "\n"
        if unanswered > 0 { text += "  unanswered \(unanswered) still waited for a stream\n" }
        text += "  lost       \(lost)\n"
        text += "  stalled    \(stalled) for more than 1 s\n"
        text += "  wrong      \(wrong) of the verified"
        text += wrongReason.map { ": \($0)\n" } ?? " (\(verifiedTags) tags checked)\n"
        if dropped > 0 || skips > 0 {
            text += "  slow ones  \(dropped) dropped by the server, \(skips) skips\n"
        }
        if left > 0 { text += "  left       \(left) by themselves\n" }
        text += "  bytes      \(bytes), at \(Decimals.text(gigabitsPerSecond, 3)) Gbit/s over the"
        text += " last \(Decimals.text(measuredSeconds, 1)) s\n"
        text += "  start-up   \(startUp.text)\n"
        text += "  tag delay  \(delay.text) beyond the fastest\n"
        if let quiz { text += quiz.text }
        if let server {
            let megabytes = Double(server.residentBytes) / 1_048_576
            text += "  server     \(Decimals.text(server.cpuSecondsPerGB, 3)) CPU-s per GB"
            text += " (\(Decimals.text(server.userShare * 100, 0)) % of it user time)"
            text += ", \(Decimals.text(server.cores, 2)) cores"
            text += ", \(Decimals.text(megabytes, 1)) MB resident"
            text += ", \(server.descriptors) descriptors\n"
        }
        return text
    }

    /// Writes the report as JSON.
    func writeJSON(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(filePath: path))
    }
}
