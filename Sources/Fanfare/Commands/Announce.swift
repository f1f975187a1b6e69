// `fanfare announce`: says something to everyone who watches, from a shell.

import ArgumentParser
import Broadcast
import ControlRoom
import FoundationEssentials

/// Asks the staff plane of a running appliance to make an announcement, or to take it down.
struct Announce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say something to everyone who watches a stream.",
        discussion: """
            Whoever comes later is told as well, until the next announcement or --clear. The staff \
            token, where one is needed, is read from --staff-token-file or from \
            \(SettingsCatalog.staffToken.environmentVariable).

              fanfare announce "We begin in five minutes" --stream show
            """)

    private static let levels =
        Announcement.Level.allCases.map(\.rawValue).joined(separator: " or ")

    @Argument(help: "What to say.")
    var text: String?

    @Flag(help: "Say nothing, and take the announcement down, for everybody.")
    var clear = false

    @Option(help: "The stream's name.")
    var stream = Banner.exampleStreamName

    @Option(
        help: "How players show it: \(Self.levels).",
        transform: { name in
            guard let level = Announcement.Level(rawValue: name) else {
                throw ValidationError("it must be \(Self.levels)")
            }
            return level
        })
    var level = Announcement.Level.info

    @Option(help: ArgumentHelp("Where the staff plane listens.", valueName: "URL"))
    var staff = StaffURL.usual

    @Option(help: ArgumentHelp("A file that holds the staff token.", valueName: "FILE"))
    var staffTokenFile: String?

    func validate() throws {
        guard (text == nil) == clear else {
            throw ValidationError(
                "give the text to announce, or --clear to take the announcement down")
        }
        guard Programs.isValid(name: stream) else {
            throw ValidationError("a stream's name is 1 to 64 letters, digits, - and _")
        }
    }

    func run() async throws {
        do {
            let client = StaffClient(
                address: staff.address,
                token: try StaffTokenSource.token(
                    path: staffTokenFile, environment: ProcessInfo.processInfo.environment))
            StandardOutput.write(try answer(of: client))
        } catch {
            throw Startup.failed(error, exitCode: .failure)
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
        else { throw StaffCallError.notOurs(staff.address) }
        guard let pts = receipt.pts, let seq = receipt.seq else {
            return "kept: \(stream) has no picture yet, and everyone gets it with the first\n"
        }
        let seconds = Decimals.text(Double(pts) / 1_000, 3)
        return "announced on \(stream), \(seconds) s into the programme (cue \(seq))\n"
    }
}

/// `http://ADDRESS:PORT` of a staff plane.
struct StaffURL: ExpressibleByArgument {
    let address: ListenAddress

    /// What the environment says, or else the usual one.
    static var usual: StaffURL {
        usual(
            listening: ProcessInfo.processInfo.environment[
                SettingsCatalog.staff.environmentVariable])
    }

    /// Where a staff plane that listens there is asked: one that listens everywhere, on this machine.
    static func usual(listening text: String?) -> StaffURL {
        guard let text, var address = try? ListenAddress(parsing: text), address.port != 0 else {
            return StaffURL(address: ListenAddress(host: "127.0.0.1", port: 9090))
        }
        if address.isWildcard {
            let host = address.host.contains(":") ? "::1" : "127.0.0.1"
            address = ListenAddress(host: host, port: address.port)
        }
        return StaffURL(address: address)
    }

    init(address: ListenAddress) { self.address = address }

    init?(argument: String) {
        let scheme = "http://"
        var rest = argument[...]
        if argument.lowercased().hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        if rest.hasSuffix("/") { rest.removeLast() }
        guard let address = try? ListenAddress(parsing: String(rest)), !address.isWildcard,
            address.port != 0
        else { return nil }
        self.address = address
    }

    var defaultValueDescription: String { "http://\(address)" }
}
