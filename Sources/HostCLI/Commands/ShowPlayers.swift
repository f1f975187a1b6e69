// `fanfare show players`, `addresses`: who plays, and from where.

import ArgumentParser
import ControlRoom
import WireBytes

/// `fanfare show players`.
struct ShowPlayers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "players", abstract: "Find players by part of their name or id.")

    @OptionGroup var target: ShowArgument

    @Argument(help: "Part of a name or an id; without it, everybody.")
    var match = ""

    @Option(help: "Only players who came from this address, an IPv6 /64 or /48.")
    var address: String?

    @Option(help: "At most so many, up to 1000.")
    var count = 100

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard 1...1_000 ~= count else { throw ValidationError("--count is from 1 to 1000") }
    }

    func run() async throws {
        struct List: Decodable { let players: [PlayerRecord] }
        try ShowCall.run {
            var query = "players?count=\(count)&match=\(PercentEncoding.encode(match))"
            if let address { query += "&address=\(PercentEncoding.encode(address))" }
            let list = try staff.client()
                .get(ShowClient.path(target.show, query), as: List.self)
            StandardOutput.write(ShowTables.players(list.players))
        }
    }
}

/// `fanfare show addresses`.
struct ShowAddresses: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "addresses", abstract: "List players by address, the most first.",
        discussion: """
            Marked is what may be one person under many names, or a school: many players of one \
            address (an IPv6 /64; a /48 is listed besides where several of its /64 play), many who \
            joined within ten seconds, or many with the very same answers.
            """)

    @OptionGroup var target: ShowArgument

    @Option(help: "At most so many, up to 1000.")
    var count = 20

    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard 1...1_000 ~= count else { throw ValidationError("--count is from 1 to 1000") }
    }

    func run() async throws {
        struct List: Decodable { let addresses: [AddressRecord] }
        try ShowCall.run {
            let list = try staff.client()
                .get(ShowClient.path(target.show, "addresses?count=\(count)"), as: List.self)
            StandardOutput.write(ShowTables.addresses(list.addresses))
        }
    }
}
