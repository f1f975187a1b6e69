// `fanfare rehearse`: tonight's crowd, on this machine, before tonight.

import ArgumentParser
import ControlRoom
import Glibc
import HostCLI
import Rehearsal

/// Sends a simulated audience to a server and reports how it was served.
struct Rehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try a server with a simulated audience.",
        discussion: """
            Works against any HTTP-FLV server. Exit status 1 if anyone was refused, stalled for \
            longer than a second, lost its stream or got a wrong byte, or if an answer was lost.

              fanfare rehearse --url http://127.0.0.1:8080/live/demo.flv --viewers 1000 --for 30s

            With --answers the viewers play: they answer the questions of the show that is run on \
            that stream meanwhile, and in the end each asks the server for what it has a receipt \
            for. It ends with the show, or after --for. Guests need a server with --guests.

              fanfare rehearse --url http://127.0.0.1:8080/live/demo.flv --answers 80% --for 10m
            """)

    @Option(help: "The stream to watch: http://ADDRESS:PORT/PATH, the address as a number.")
    var url: StreamURL

    @Option(help: "Viewers at a time.")
    var viewers = 1_000

    @Option(help: "Viewers who come in a second, as in 2000/s.")
    var ramp = Rate(perSecond: 2_000)

    @Option(name: .customLong("for"), help: "How long to watch once all are there: 90s, 10m, 1h.")
    var duration = Duration(ms: 60_000)

    @Option(help: "The share that reads more slowly than the stream comes.")
    var slow = Share(fraction: 0)

    @Option(help: "The share that stops reading after the first bytes.")
    var stuck = Share(fraction: 0)

    @Option(help: "Viewers who leave, and as many who come, in a second.")
    var churn = Rate(perSecond: 0)

    @Option(help: "The share whose every tag is checked against its peers'.")
    var verify = Share(fraction: 0.01)

    @OptionGroup(title: "Players") var quiz: QuizOptions

    @Option(help: "The server's process: adds its CPU time and memory to the report.")
    var serverPid: Int?

    @Option(help: "Write the report to this file as JSON, too.")
    var json: String?

    @Flag(
        name: .customLong("i-own-this-server"),
        help: "Needed for any server but this machine's: this is as good as an attack.")
    var ownsServer = false

    @Flag(
        name: .customLong("for-console"),
        help: ArgumentHelp(
            "Reports to a server that has started it, and goes when that one does.",
            visibility: .private))
    var isForConsole = false

    func validate() throws {
        guard viewers > 0, viewers <= 1_000_000 else {
            throw ValidationError("--viewers must be from 1 to 1000000")
        }
        guard ramp.perSecond > 0 else { throw ValidationError("--ramp must be more than 0/s") }
        guard url.address.isLoopback || ownsServer else {
            throw ValidationError(
                "\(url.address) is not this machine. If the server is yours and may be loaded "
                    + "like this, say --i-own-this-server")
        }
        guard quiz.answers == nil || churn.perSecond == 0 else {
            throw ValidationError("--churn and --answers don't go together: players stay")
        }
        let urlByteCount = url.host.utf8.count + url.target.utf8.count
        guard quiz.answers == nil || urlByteCount <= QuizPlan.urlByteCountMax else {
            throw ValidationError("--url is too long for --answers")
        }
        if let serverPid, ProcessReading(pid: serverPid) == nil {
            throw ValidationError("there is no process \(serverPid) that this user may look at")
        }
    }

    func run() async throws {
        DescriptorLimit.raise()
        var plan = RehearsalPlan(address: url.address, host: url.host, target: url.target)
        plan.viewerCount = viewers
        plan.rampPerSecond = ramp.perSecond
        plan.watchMs = duration.ms
        plan.slowShare = slow.fraction
        plan.stuckShare = stuck.fraction
        plan.churnPerSecond = churn.perSecond
        plan.verifiedShare = verify.fraction
        plan.connectionsPerRing = max(64, DescriptorLimit.current - 1_000)
        let report: RehearsalReport
        do {
            if isForConsole { try ConsoleLeash.tie() }
            plan.quiz = try quiz.plan()
            report = try RehearsalRun(plan: plan, serverPid: serverPid).run()
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
        if isForConsole {
            StandardOutput.write(CrowdReport(report).json)
            return
        }
        StandardOutput.write(report.text)
        if let json {
            do {
                try report.writeJSON(to: json)
            } catch {
                throw CommandFailure.report(error, exitCode: .failure)
            }
        }
        if !report.isClean { throw ExitCode.failure }
    }
}
