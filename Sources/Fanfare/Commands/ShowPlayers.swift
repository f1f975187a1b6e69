// `fanfare show players`: who plays.

import ArgumentParser
import ControlRoom

/// `fanfare show players`.
struct ShowPlayers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "players", abstract: "Find players by part of their name or id.")

    @OptionGroup var target: ShowArgument

    @Argument(help: "Part of a name or an id; without it, everybody.")
    var match = ""

    @Option(help: "At most so many, up to 1000.")
    var count = 100

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard 1...1_000 ~= count else { throw ValidationError("--count is from 1 to 1000") }
    }

    func run() async throws {
        struct List: Decodable { let players: [PlayerRecord] }
        try ShowCall.run {
            let query = "players?count=\(count)&match=\(PercentEncoding.encode(match))"
            let list = try staff.client()
                .get(ShowClient.path(target.show, query), as: List.self)
            StandardOutput.write(ShowTables.players(list.players))
        }
    }
}
