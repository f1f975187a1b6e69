// `fanfare announce`: says something to everyone who watches, from a shell.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings

/// Asks the staff plane of a running appliance to make an announcement, or to take it down.
struct Announce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say something to everyone who watches a stream.",
        discussion: """
            Whoever comes later is told as well, until the next announcement or --clear. The staff \
            token, where one is needed, is read from --staff-token-file or from \
            \(SettingsCatalog.shared.staffToken.environmentVariable).

              fanfare announce "We begin in five minutes" --stream show
            """)

    private static let levels =
        Announcement.Level.allCases.map(\.rawValue).joined(separator: " or ")

    @Argument(help: "What to say.")
    var text: String?

    @Flag(help: "Say nothing, and take the announcement down, for everybody.")
    var clear = false

    @Option(help: "The stream's name.")
    var stream = StreamArgument.exampleName

    @Option(
        help: "How players show it: \(Self.levels).",
        transform: { name in
            guard let level = Announcement.Level(rawValue: name) else {
                throw ValidationError("it must be \(Self.levels)")
            }
            return level
        })
    var level = Announcement.Level.info

    @OptionGroup var place: StaffPlace

    func validate() throws {
        guard (text == nil) == clear else {
            throw ValidationError(
                "give the text to announce, or --clear to take the announcement down")
        }
        guard StreamArgument.isName(stream) else {
            throw ValidationError("a stream's name is 1 to 64 letters, digits, - and _")
        }
    }

    func run() async throws {
        do {
            StandardOutput.write(try answer(of: try place.client()))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    private func answer(of client: StaffClient) throws -> String {
        let path = "/api/v1/streams/\(stream)/announcements"
        guard let text else {
            _ = try client.ask("DELETE", path)
            return "taken down on \(stream)\n"
        }
        let body = try JSONEncoder().encode(["text": text, "level": level.rawValue])
        let answer = try client.ask("POST", path, json: Array(body))
        guard
            let receipt = try? JSONDecoder().decode(
                AnnouncementReceipt.self, from: Data(answer))
        else { throw StaffCallError.notOurs(client.address) }
        guard let pts = receipt.pts, let seq = receipt.seq else {
            return "kept: \(stream) has no picture yet, and everyone gets it with the first\n"
        }
        let seconds = Decimals.text(Double(pts) / 1_000, 3)
        return "announced on \(stream), \(seconds) s into the programme (cue \(seq))\n"
    }
}
