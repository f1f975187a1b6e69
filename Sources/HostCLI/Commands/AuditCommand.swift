// `fanfare audit`: what the staff have done to the server.

import ArgumentParser
import ControlRoom
import FoundationEssentials

/// One line a deed, the oldest first.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Who of the staff has sent away, banned, drained, reloaded, and when.",
        discussion: """
            Kept in the ledger, where nobody can change it; the newest 1000 are shown. What was done \
            to a show is in that show's own: fanfare show audit ID.
            """)

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            let client = try plane.client()
            let answer = try client.ask("GET", "/api/v1/audit")
            guard
                let lines = try? JSONDecoder().decode(
                    [String: [AuditLine]].self, from: Data(answer))["lines"]
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write(Self.text(of: lines))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    static func text(of lines: [AuditLine]) -> String {
        guard !lines.isEmpty else { return "nothing was done yet\n" }
        return lines.map { line in
            TerminalText.plain("\(WallClock.text(ms: line.atMs))  \(line.by): \(line.text)") + "\n"
        }.joined()
    }
}
