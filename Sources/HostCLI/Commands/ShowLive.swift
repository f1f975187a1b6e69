// `fanfare show live`: where a show is, once or at each change.

import ArgumentParser
import IORing

/// `fanfare show live`.
struct ShowLive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Show where a show is: phase, answers, players. For staff only.")

    @OptionGroup var target: ShowArgument

    @Flag(help: "A line at each change, until the show is finished.")
    var follow = false

    @OptionGroup var staff: StaffOptions

    /// How often it looks, ms.
    private static let tickMs: Int64 = 500

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            guard follow else {
                StandardOutput.write(ShowTables.live(try client.state(target.show)))
                return
            }
            var newest = ""
            while true {
                let state = try client.state(target.show)
                let line = ShowTables.headline(state)
                if line != newest { StandardOutput.write(line + "\n") }
                newest = line
                if state.phase == .finished || state.phase == .settled { return }
                MonotonicClock.sleep(ms: Self.tickMs)
            }
        }
    }
}
