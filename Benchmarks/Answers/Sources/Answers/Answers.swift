// Durable answers: a sweep over group sizes and delays, a burst, a flood, and a restart.

import Access
import Game
import Glibc
import Ledger

@main
enum Answers {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            fatalError("usage: Answers FOLDER (an empty one on the disk to be measured)")
        }
        let folder = CommandLine.arguments[1]
        say("50 000 answers a second for 10 s, by group size and delay")
        say(
            row([
                "group max", "delay ms", "answers/s", "groups/s", "mean", "commit ms",
                "plain ms", "ratio", "p50 ms", "p99 ms", "max ms", "CPU",
            ]))
        var number = 0
        for (countMax, delayUs) in [
            (512, 0), (4096, 0), (4096, 1000), (4096, 4000), (16_384, 1000),
        ] {
            number += 1
            try sustained(
                folder + "/\(number)", GroupTuning(countMax: countMax, delayUs: delayUs))
        }
        try bursts(folder + "/bursts")
        try restart(folder + "/million")
    }

    private static func sustained(_ folder: String, _ tuning: GroupTuning) throws {
        let crowd = try Crowd(
            folder: folder, playerCount: 100_000, questionCount: 5, tuning: tuning)
        let before = crowd.desk.health
        let startBytes = Disk.writtenByteCount()
        let (startNs, startCPU) = (Disk.nowNs(), Disk.cpuS())
        for question in 0..<5 {
            try crowd.answerAll(question, perSecond: 50_000)
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
        say(
            row([
                "\(tuning.countMax)", "\(Double(tuning.delayUs) / 1000)",
                "\(Int(Double(crowd.answerCount) / elapsedS))",
                "\(Int(Double(groupCount) / elapsedS))", "\(crowd.answerCount / groupCount)",
                digits(commitMs), digits(plainMs), digits(commitMs / plainMs),
                digits(percentile(delays, 50)), digits(percentile(delays, 99)),
                digits(delays.last ?? 0), "\(Int(cpuS / elapsedS * 100)) %",
            ]))
    }

    private static func bursts(_ folder: String) throws {
        say("\nbursts of 15 000 answers, as the desk is set by default")
        say(row(["within ms", "p50 ms", "p99 ms", "max ms", "refused"]))
        for (index, withinMs) in [1000, 200, 0].enumerated() {
            let crowd = try Crowd(
                folder: folder + "\(index)", playerCount: 15_000, questionCount: 1,
                tuning: GroupTuning())
            let perSecond = withinMs == 0 ? 0 : 15_000 * 1000 / withinMs
            try crowd.answerAll(0, perSecond: perSecond)
            crowd.stop()
            check(crowd)
            let delays = crowd.delays.sortedMs(crowd.answerCount)
            say(
                row([
                    "\(withinMs)", digits(percentile(delays, 50)), digits(percentile(delays, 99)),
                    digits(delays.last ?? 0),
                    "\(crowd.delays.refusedCount.load(ordering: .relaxed))",
                ]))
        }
    }

    private static func restart(_ folder: String) throws {
        let questionCount = 10
        var crowd: Crowd? = try Crowd(
            folder: folder, playerCount: 100_000, questionCount: questionCount,
            tuning: GroupTuning())
        let startNs = Disk.nowNs()
        for question in 0..<questionCount {
            try crowd?.answerAll(question, perSecond: 0)
            if question < questionCount - 1 { try crowd?.closeQuestion() }
        }
        let floodS = Double(Disk.nowNs() - startNs) / 1e9
        let count = crowd?.answerCount ?? 0
        crowd?.stop()
        crowd = nil
        say("\na flood of \(count) answers: \(Int(Double(count) / floodS)) a second")
        let reopenNs = Disk.nowNs()
        let ledger = try Ledger(folderPath: folder)
        let key = try PlayerKey(validating: String(repeating: "k", count: 32))
        let desk = try GameDesk(
            ledger: ledger, stage: EmptyStage(), settings: DeskSettings(playerKey: key)
        ) { _ in }
        desk.turn()
        let reopenS = Double(Disk.nowNs() - reopenNs) / 1e9
        guard try desk.report(show: "show")?.numbers?.answeredCount == 100_000 else {
            fatalError("answers are missing after the restart")
        }
        say("reopened with all of them in \(digits(reopenS)) s")
        let auditNs = Disk.nowNs()
        guard try desk.audit(show: "show").isSound else { fatalError("the audit found something") }
        say("audited in \(digits(Double(Disk.nowNs() - auditNs) / 1e9)) s")
    }

    /// Every answer that was acknowledged has to be in the ledger, and every one was acknowledged.
    private static func check(_ crowd: Crowd) {
        guard crowd.delays.refusedCount.load(ordering: .relaxed) == 0,
            crowd.desk.health.acceptedCount == crowd.answerCount
        else { fatalError("answers were refused: \(crowd.desk.health)") }
    }

    /// Prints a line at once, also into a file.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        unsafe write(1, bytes, bytes.count)
    }

    private static func percentile(_ sorted: [Double], _ percent: Int) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }

    private static func digits(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func row(_ cells: [String]) -> String {
        cells.map { cell in
            String(repeating: " ", count: max(0, 10 - cell.count)) + cell
        }.joined(separator: " ")
    }
}
