// `fanfare show run`: a show in the terminal, led by single keys.

import ArgumentParser
import IORing

/// `fanfare show run`.
struct ShowRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Lead a show with single keys, in a live view.",
        discussion: """
            Number keys open that question, o the next; l locks when the last viewer's time is \
            over, L at once; r reveals; v voids and asks why; c puts a wrong right option right; e \
            says that the next question is the last; n shows the standings; p pauses and resumes; b \
            opens the doors; f finishes; s settles; q quits the view and leaves the show as it is.
            """)

    @OptionGroup var target: ShowArgument
    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            var client = try staff.client()
            // A view that hangs is worse than one that says so.
            client.staff.patienceS = 3
            try ShowRunLoop(client: client, show: target.show).run()
        }
    }
}

/// Looks, draws, reads keys, gives orders; one after the other.
private struct ShowRunLoop {
    let client: ShowClient
    let show: String

    /// How often it looks, ms, and how often the countdown moves.
    private static let lookMs: Int64 = 300
    private static let drawMs = 100

    func run() throws {
        var screen = RunScreen(state: try client.state(show), nowMs: MonotonicClock.nowMs())
        screen.show(try client.questions(show))
        let terminal = try RawTerminal()
        var reader = TerminalKeyReader()
        var lookedMs = MonotonicClock.nowMs()
        while true {
            let size = terminal.size
            terminal.draw(
                screen.lines(
                    nowMs: MonotonicClock.nowMs(), height: size.height, width: size.width))
            guard let bytes = terminal.read(withinMs: Self.drawMs) else { return }
            var hasOrdered = false
            for key in reader.keys(in: bytes) {
                switch screen.press(key) {
                case .quit: return
                case .order(let name, let body):
                    carryOut(name, body, &screen)
                    hasOrdered = true
                    // The next key's order is for the show as it is now.
                    look(&screen)
                case nil: continue
                }
            }
            if hasOrdered || MonotonicClock.nowMs() - lookedMs >= Self.lookMs {
                if !hasOrdered { look(&screen) }
                lookedMs = MonotonicClock.nowMs()
            }
        }
    }

    private func look(_ screen: inout RunScreen) {
        do throws(StaffCallError) {
            let version = screen.state.version
            screen.show(try client.state(show), nowMs: MonotonicClock.nowMs())
            if screen.state.version != version { screen.show(try client.questions(show)) }
            screen.problem = nil
        } catch {
            screen.problem = error.description
        }
    }

    private func carryOut(
        _ name: String, _ body: ShowCommandBody, _ screen: inout RunScreen
    ) {
        do throws(StaffCallError) {
            let receipt = try client.command(name, on: show, body)
            screen.message =
                receipt.isPending ? "It locks when the last viewer's time is over." : ""
        } catch {
            guard case .unconfirmed(let word, let reason) = error else {
                screen.message = error.description
                return
            }
            screen.ask(reason, name: name, body.confirmed(word))
        }
    }
}
