// Durable answers: a sweep over group sizes and delays, bursts, a flood, looks at it, and a kill.

import Access
import Game
import Glibc
import Ledger

@main
enum Answers {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let folder = arguments.first else {
            fatalError("usage: Answers FOLDER [PART...] (an empty one on the disk to be measured)")
        }
        let parts = arguments.dropFirst()
        if parts.first == Victim.word { return try Victim.run(folder: folder) }
        func wants(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }
        if wants("sustained") { try sustained(folder) }
        if wants("bursts") { try bursts(folder) }
        if wants("flood") { try flood(folder) }
        if wants("reports") { try reports(folder) }
        if wants("kill") { try Kill.run(folder: folder + "/killed") }
    }

    // MARK: Parts

    private static func sustained(_ folder: String) throws {
        say("60 000 answers a second for 10 s (to reach: 50 000), by group size and delay")
        row([
            "group max", "delay ms", "answers/s", "groups/s", "mean", "commit ms", "plain ms",
            "ratio", "p50 ms", "p99 ms", "max ms", "CPU",
        ])
        let tunings = [
            (512, 0), (4096, 0), (4096, 1000), (4096, 2000), (4096, 4000), (16_384, 2000),
        ]
        for (number, (countMax, delayUs)) in tunings.enumerated() {
            try sustained(
                folder + "/sustained\(number)",
                GroupTuning(countMax: countMax, delayUs: delayUs))
        }
    }

    private static func sustained(_ folder: String, _ tuning: GroupTuning) throws {
        let crowd = try Crowd(
            folder: folder, playerCount: 100_000, questionCount: 6, tuning: tuning)
        let before = crowd.desk.health
        let startBytes = Disk.writtenByteCount()
        let (startNs, startCPU) = (Disk.nowNs(), Disk.cpuS())
        for question in 0..<6 {
            try crowd.answerAll(question, perSecond: 60_000)
            try crowd.closeQuestion()
        }
        let elapsedS = Double(Disk.nowNs() - startNs) / 1e9
        let cpuS = Disk.cpuS() - startCPU
        let health = crowd.desk.health
        let groupCount = health.groupCount - before.groupCount
        let bytes = (Disk.writtenByteCount() - startBytes) / groupCount
        crowd.stop()
        check(crowd)
        let commitMs = Double(health.commitNs - before.commitNs) / 1e6 / Double(groupCount)
        let plainMs = Disk.syncMs(folder: folder, byteCount: bytes)
        let delays = crowd.delays.sortedMs(crowd.answerCount)
        row([
            "\(tuning.countMax)", "\(Double(tuning.delayUs) / 1000)",
            "\(Int(Double(crowd.answerCount) / elapsedS))",
            "\(Int(Double(groupCount) / elapsedS))", "\(crowd.answerCount / groupCount)",
            digits(commitMs), digits(plainMs), digits(commitMs / plainMs),
            digits(percentile(delays, 50)), digits(percentile(delays, 99)),
            digits(delays.last ?? 0), "\(Int(cpuS / elapsedS * 100)) %",
        ])
        let name = "sustained.\(tuning.countMax).\(tuning.delayUs)us"
        result(name + ".commit", commitMs, "ms", ratio: commitMs / plainMs)
        result(name + ".p99", percentile(delays, 99), "ms")
    }

    private static func bursts(_ folder: String) throws {
        say("\nbursts of 15 000 answers (to reach: p99 of 250 ms within 1000 ms)")
        row(["group max", "within ms", "p50 ms", "p99 ms", "max ms", "refused"])
        let cases = [
            (GroupTuning().countMax, 1000), (GroupTuning().countMax, 200), (1024, 0), (4096, 0),
            (16_384, 0),
        ]
        for (index, (countMax, withinMs)) in cases.enumerated() {
            let crowd = try Crowd(
                folder: folder + "/burst\(index)", playerCount: 15_000, questionCount: 1,
                tuning: GroupTuning(countMax: countMax))
            let perSecond = withinMs == 0 ? 0 : 15_000 * 1000 / withinMs
            try crowd.answerAll(0, perSecond: perSecond)
            crowd.stop()
            check(crowd)
            let delays = crowd.delays.sortedMs(crowd.answerCount)
            row([
                "\(countMax)", "\(withinMs)", digits(percentile(delays, 50)),
                digits(percentile(delays, 99)), digits(delays.last ?? 0),
                "\(crowd.delays.refusedCount.load(ordering: .relaxed))",
            ])
            result("burst.\(countMax).\(withinMs)ms.p99", percentile(delays, 99), "ms")
        }
    }

    private static func flood(_ folder: String) throws {
        say("\na flood of 500 000 answers beside plain insertion of the same rows, in turns")
        row(["round", "answers/s", "mean", "plain/s", "ratio"])
        for round in 1...3 {
            let folder = folder + "/flood\(round)"
            let crowd = try Crowd(
                folder: folder, playerCount: 100_000, questionCount: 5, tuning: GroupTuning())
            let before = crowd.desk.health.groupCount
            var elapsedNs: Int64 = 0
            for question in 0..<5 {
                try crowd.open(question)
                let startNs = Disk.nowNs()
                crowd.send(question, perSecond: 0)
                elapsedNs += Disk.nowNs() - startNs
                try crowd.closeQuestion()
            }
            let groupCount = crowd.desk.health.groupCount - before
            crowd.stop()
            check(crowd)
            let mean = max(1, crowd.answerCount / groupCount)
            let plainNs = PlainRows.insert(
                crowd.answerCount, groupCount: mean, path: folder + "/plain.sqlite")
            row([
                "\(round)", "\(perSecond(crowd.answerCount, elapsedNs))", "\(mean)",
                "\(perSecond(crowd.answerCount, plainNs))",
                digits(Double(elapsedNs) / Double(plainNs)),
            ])
            result(
                "flood.\(round)", Double(perSecond(crowd.answerCount, elapsedNs)), "answers/s",
                ratio: Double(elapsedNs) / Double(plainNs))
        }
    }

    private static func reports(_ folder: String) throws {
        say("\n50 000 answers a second while a host looks 20 times a second, 100 000 players")
        row(["looks", "p50 ms", "p99 ms", "max ms", "answers p50", "p99 ms", "max ms"])
        let crowd = try Crowd(
            folder: folder + "/reports", playerCount: 100_000, questionCount: 2,
            tuning: GroupTuning())
        let watcher = try Watcher(crowd.desk)
        for question in 0..<2 {
            try crowd.answerAll(question, perSecond: 50_000)
            try crowd.closeQuestion()
        }
        let looks = watcher.stop()
        crowd.stop()
        check(crowd)
        let delays = crowd.delays.sortedMs(crowd.answerCount)
        row([
            "\(looks.count)", digits(percentile(looks, 50)), digits(percentile(looks, 99)),
            digits(looks.last ?? 0), digits(percentile(delays, 50)),
            digits(percentile(delays, 99)), digits(delays.last ?? 0),
        ])
        result("looks.p99", percentile(looks, 99), "ms")
    }

    /// Every answer that was acknowledged has to be in the ledger, and every one was acknowledged.
    private static func check(_ crowd: Crowd) {
        guard crowd.delays.refusedCount.load(ordering: .relaxed) == 0,
            crowd.desk.health.acceptedCount == crowd.answerCount
        else { fatalError("answers were refused: \(crowd.desk.health)") }
    }

    // MARK: Lines

    /// Prints a line at once, also into a file.
    static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        unsafe write(1, bytes, bytes.count)
    }

    /// A figure for Benchmarks/all, and beside it the ratio to its reference, where there is one.
    static func result(_ name: String, _ value: Double, _ unit: String, ratio: Double? = nil) {
        say("RESULT answers.\(name) \(value) \(unit) \(ratio.map { "\($0)" } ?? "-")")
    }

    static func row(_ cells: [String]) {
        say(
            cells.map { cell in
                String(repeating: " ", count: max(0, 11 - cell.count)) + cell
            }.joined(separator: " "))
    }

    static func percentile(_ sorted: [Double], _ percent: Int) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }

    static func perSecond(_ count: Int, _ elapsedNs: Int64) -> Int {
        Int(Double(count) * 1e9 / Double(max(1, elapsedNs)))
    }

    static func digits(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
