// One rehearsal from the first viewer to the report, with live progress.

import Glibc
import HostCLI
import IORing
import Rehearsal

/// Why a rehearsal has no report.
enum RehearsalFault: Error, CustomStringConvertible {
    case ring(RingError)
    case obstacle(RehearsalObstacle)

    var description: String {
        switch self {
        case .ring(let error): error.description
        case .obstacle(let obstacle): obstacle.description
        }
    }
}

/// Runs a plan and measures the server while all viewers are there.
struct RehearsalRun {
    let plan: RehearsalPlan
    let serverPid: Int?

    /// How long after the ramp measuring begins, ms: joiners still catch up.
    private static let settleMs: Int64 = 2_000
    private static let progressMs: Int64 = 1_000
    /// How long the check may take, ms, and how many players ask in one more.
    private static let checkMs: Int64 = 30_000
    private static let checksPerMs: Int64 = 1

    private struct Mark {
        let atMs: Int64
        let byteCount: UInt64
        let server: ProcessReading?
    }

    func run() throws(RehearsalFault) -> RehearsalReport {
        let rehearsal: Rehearsal
        do throws(RingError) {
            rehearsal = try Rehearsal(plan: plan)
        } catch {
            throw .ring(error)
        }
        let measureFromMs = rehearsal.rampMs + min(RehearsalRun.settleMs, plan.watchMs / 2)
        let endMs = rehearsal.rampMs + plan.watchMs
        var progressDueMs = RehearsalRun.progressMs
        var progressBytes: UInt64 = 0
        var from: Mark?
        while rehearsal.elapsedMs < endMs, rehearsal.failure == nil, rehearsal.obstacle == nil,
            !rehearsal.isShowOver
        {
            rehearsal.advance()
            MonotonicClock.sleep(ms: 5)
            let elapsedMs = rehearsal.elapsedMs
            if from == nil, elapsedMs >= measureFromMs { from = mark(rehearsal) }
            if elapsedMs >= progressDueMs {
                let tally = rehearsal.tally
                show(tally, byteCount: tally.byteCount - progressBytes, elapsedMs, endMs)
                progressBytes = tally.byteCount
                progressDueMs += RehearsalRun.progressMs
            }
        }
        let to = mark(rehearsal)
        if plan.quiz != nil, rehearsal.obstacle == nil { check(rehearsal) }
        let failure = rehearsal.failure
        let tally = rehearsal.finish()
        if isTerminal { StandardError.write("\r\u{1B}[K") }
        if let failure { throw .ring(failure) }
        if let obstacle = rehearsal.obstacle { throw .obstacle(obstacle) }
        return RehearsalReport(
            plan: plan, tally: tally, measuredMs: to.atMs - (from?.atMs ?? 0),
            measuredByteCount: to.byteCount - (from?.byteCount ?? 0), serverBefore: from?.server,
            serverAfter: to.server)
    }

    /// Waits for the last receipts, and has the players ask for what the ledger has of them.
    private func check(_ rehearsal: Rehearsal) {
        rehearsal.beginCheck()
        let beganMs = rehearsal.elapsedMs
        var progressDueMs = beganMs + RehearsalRun.progressMs
        let limitMs =
            beganMs + RehearsalRun.checkMs + Int64(plan.viewerCount) / RehearsalRun.checksPerMs
        while !rehearsal.isChecked, rehearsal.elapsedMs < limitMs, rehearsal.failure == nil {
            rehearsal.advance()
            MonotonicClock.sleep(ms: 5)
            guard rehearsal.elapsedMs >= progressDueMs else { continue }
            progressDueMs += RehearsalRun.progressMs
            guard let quiz = rehearsal.tally.quiz else { continue }
            draw(
                "\(quiz.checkedCount) of \(quiz.toCheckCount) players have asked for their answers"
                    + ", \(quiz.missingCount) missing, \(quiz.pendingCount) receipts to come")
        }
    }

    private func mark(_ rehearsal: Rehearsal) -> Mark {
        Mark(
            atMs: rehearsal.elapsedMs, byteCount: rehearsal.tally.byteCount,
            server: serverPid.flatMap { ProcessReading(pid: $0) })
    }

    private var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// One line, drawn over itself on a terminal.
    private func show(
        _ tally: RehearsalTally, byteCount: UInt64, _ elapsedMs: Int64, _ endMs: Int64
    ) {
        let width = 20
        let filled = min(width, tally.watchingCount * width / max(1, plan.viewerCount))
        let bar =
            String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let gigabits = Decimals.text(Double(byteCount) * 8 / 1e9, 2)
        var line = "[\(bar)] \(tally.watchingCount) watching, \(gigabits) Gbit/s"
        line += ", \(tally.stalledCount) stalled, \(tally.refusedCount) refused"
        if tally.lostCount > 0 { line += ", \(tally.lostCount) lost" }
        if tally.wrongCount > 0 { line += ", \(tally.wrongCount) wrong" }
        if let quiz = tally.quiz {
            line += ", \(phase(quiz))"
            if quiz.outCount > 0 { line += ", \(quiz.outCount) out" }
        }
        line += ", \((endMs - elapsedMs) / 1_000) s left"
        draw(line)
    }

    private func draw(_ line: String) {
        StandardError.write(isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n")
    }

    /// Where the show is, and how many have answered.
    private func phase(_ quiz: QuizTally) -> String {
        guard let cue = quiz.cues.last else { return "no show yet" }
        guard let question = quiz.questions.last(where: { $0.id == cue.question }) else {
            return cue.phase
        }
        let accepted = question.acceptedCounts.reduce(0, +)
        let phase = cue.phase == "question" ? "question" : "\(cue.phase) of"
        return "\(phase) \(question.id): \(accepted) of \(question.sentCount) answers kept"
    }
}
