// `fanfare reload`: has a running server read its settings again, and says what came of it.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings

/// Asks the staff plane of a running appliance to reload.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a running server read its settings and key files again.",
        discussion: """
            As SIGHUP does, and says what is in force now and what waits for a restart. Where \
            something is wrong, nothing is taken and the exit status is 1. The staff token, where \
            one is needed, is read from --staff-token-file or from \
            \(SettingsCatalog.shared.staffToken.environmentVariable); it has to be a director's.
            """)

    @OptionGroup var place: StaffPlace

    func run() async throws {
        do {
            let client = try place.client()
            let answer = try client.ask("POST", "/api/v1/reload", json: Array("{}".utf8))
            guard
                let report = try? JSONDecoder().decode(ReloadReport.self, from: Data(answer))
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write(Self.text(of: report))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    /// A report for people.
    static func text(of report: ReloadReport) -> String {
        var text = TerminalText.plain("read again: \(report.source)") + "\n"
        text += report.taken.map { "  \($0): in force\n" }.joined()
        text += report.waiting.map { "  \($0): after a restart\n" }.joined()
        if report.taken.isEmpty && report.waiting.isEmpty { text += "  nothing has changed\n" }
        return text + report.warnings.map { TerminalText.plain("  look at: \($0)") + "\n" }.joined()
    }
}
