// `fanfare callbacks …`: what other systems couldn't be told, from a shell.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings

/// The commands about callbacks.
struct CallbackGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callbacks",
        abstract: "See what other systems weren't told, and tell it again.",
        discussion: """
            These ask the staff plane of a running appliance. The staff token, where one is needed, \
            is read from --staff-token-file or from \
            \(SettingsCatalog.shared.staffToken.environmentVariable).
            """,
        subcommands: [CallbackList.self, CallbackResend.self, CallbackDrop.self])

    /// A path with the number of one, if there is one.
    static func path(_ rest: String, _ number: Int64?) -> String {
        "/api/v1/callbacks\(rest)" + (number.map { "?number=\($0)" } ?? "")
    }
}

/// What was given up, or waits.
struct CallbackList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What was given up, and why.")

    @Flag(help: "List what is still to be told instead.")
    var waiting = false

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            let client = try plane.client()
            let state = waiting ? "waiting" : "dead"
            let answer = try client.ask("GET", "/api/v1/callbacks?state=\(state)")
            guard
                let report = try? JSONDecoder().decode(CallbackReport.self, from: Data(answer))
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write(Self.text(of: report))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    static func text(of report: CallbackReport) -> String {
        let lines = report.callbacks.map { one in
            let tries = one.attempts == 1 ? "1 try" : "\(one.attempts) tries"
            let failure = one.failure.map { ": \($0)" } ?? ""
            return TerminalText.plain(
                "\(one.number)  \(WallClock.text(ms: one.createdAtMs))  \(one.event) to "
                    + "\(one.url), \(tries)\(failure)") + "\n"
        }
        return lines.joined() + "\(report.waiting) to be told, \(report.dead) given up\n"
    }
}

/// Tells it again.
struct CallbackResend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Tell again what was given up: all of it, or one.")

    @Argument(help: "Its number, as the list has it; without one, all of it.")
    var number: Int64?

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        try CallbackAnswer.write(
            of: plane, "POST", CallbackGroup.path("/resend", number), "to be told again")
    }
}

/// Forgets it.
struct CallbackDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Forget what was given up: one, or --all of it.")

    @Argument(help: "Its number, as the list has it.")
    var number: Int64?

    @Flag(help: "All of it.")
    var all = false

    @OptionGroup var plane: StaffPlace

    func validate() throws {
        guard (number == nil) == all else {
            throw ValidationError("give the number of one, or --all")
        }
    }

    func run() async throws {
        try CallbackAnswer.write(of: plane, "DELETE", CallbackGroup.path("", number), "forgotten")
    }
}

private enum CallbackAnswer {
    static func write(
        of plane: StaffPlace, _ method: String, _ path: String, _ words: String
    ) throws {
        do {
            let client = try plane.client()
            let answer = try client.ask(method, path)
            guard let count = try? JSONDecoder().decode(CallbackCount.self, from: Data(answer))
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write("\(count.count) \(words)\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}
