// `fanfare viewers` and `fanfare kick`: who watches, and sending somebody away, from a shell.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings
import WireBytes

/// An address, or a range of them, as an argument.
struct RangeArgument: ExpressibleByArgument {
    let range: AddressRange

    init?(argument: String) {
        guard let range = AddressRange(argument) else { return nil }
        self.range = range
    }
}

/// One line a viewer.
struct Viewers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "viewers", abstract: "Who watches: address, stream, software, player.",
        discussion: """
            Of more viewers than are shown, some by chance. The first word of a line is what \
            "fanfare kick viewer" takes.

              fanfare viewers --address 203.0.113.0/24
              fanfare viewers --stream show --count 20
            """)

    @Option(
        help: ArgumentHelp(
            "Only those of an address or a range of them.", valueName: "ADDRESS"))
    var address: RangeArgument?

    @Option(help: ArgumentHelp("Only those of a stream.", valueName: "NAME"))
    var stream: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "N"))
    var count = 100

    @OptionGroup var plane: StaffPlace

    func validate() throws {
        guard 1...500 ~= count else { throw ValidationError("--count is from 1 to 500") }
        guard stream.map(StreamArgument.isName) ?? true else {
            throw ValidationError("a stream's name is 1 to 64 letters, digits, - and _")
        }
    }

    func run() async throws {
        do {
            let client = try plane.client()
            var path = "/api/v1/viewers?count=\(count)"
            if let address { path += "&address=\(address.range)" }
            if let stream { path += "&stream=\(stream)" }
            let answer = try client.ask("GET", path)
            guard let list = try? JSONDecoder().decode(ViewerList.self, from: Data(answer)) else {
                throw StaffCallError.notOurs(client.address)
            }
            StandardOutput.write(Self.text(of: list))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    static func text(of list: ViewerList) -> String {
        guard !list.viewers.isEmpty else { return "nobody watches\n" }
        var text = list.viewers.map { viewer in
            var parts = ["\(viewer.address) watches \(viewer.stream)"]
            parts.append("for \(viewer.watchedMs / 1_000) s")
            parts.append("\(viewer.behindMs) ms behind")
            parts.append("\(viewer.bytes / 1_000) kB")
            if let name = viewer.name, let show = viewer.show, let player = viewer.player {
                parts.append("plays \(show) as \(name) (\(player))")
            }
            if let agent = viewer.agent { parts.append(agent) }
            return TerminalText.plain("\(viewer.id): \(parts.joined(separator: ", "))") + "\n"
        }.joined()
        if list.count > list.viewers.count {
            text += "\(list.viewers.count) of \(list.count) are shown\n"
        }
        return text
    }
}

/// The commands that send somebody away.
struct KickGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kick", abstract: "End a viewer, a player or a publisher.",
        discussion: """
            Whoever is sent away may come back, and most players do by themselves: "fanfare ban" \
            keeps an address away.

              fanfare kick viewer 0-153-7
              fanfare kick player friday ada
              fanfare kick publisher show
            """,
        subcommands: [KickViewer.self, KickPlayer.self, KickPublisher.self])
}

/// One connection.
struct KickViewer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "viewer", abstract: "End a viewer's connection.")

    @Argument(help: "The first word of its line in \"fanfare viewers\".")
    var viewer: String

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            _ = try plane.client().ask(
                "DELETE", "/api/v1/viewers/\(PercentEncoding.encode(viewer))")
            StandardOutput.write("\(viewer) is disconnected\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

/// All connections of a player.
struct KickPlayer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "player", abstract: "End all connections of a player.",
        discussion: "The player stays in the show; \"fanfare show kick\" puts somebody out of it.")

    @Argument(help: "The show's id.")
    var show: String

    @Argument(help: "The player's id.")
    var player: String

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            let client = try plane.client()
            let path =
                "/api/v1/shows/\(PercentEncoding.encode(show))/players/"
                + "\(PercentEncoding.encode(player))/connections"
            let answer = try client.ask("DELETE", path)
            guard
                let count = try? JSONDecoder().decode([String: Int].self, from: Data(answer))[
                    "endedCount"]
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write(
                count == 1 ? "1 connection was ended\n" : "\(count) connections were ended\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

/// The same as `fanfare stream off`.
struct KickPublisher: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publisher", abstract: "Take the publisher of a stream off air.",
        discussion: StreamOff.configuration.discussion)

    @Argument(help: "The stream's name.")
    var stream: String

    @OptionGroup var plane: StaffPlace

    func validate() throws { try off.validate() }

    func run() async throws { try await off.run() }

    private var off: StreamOff {
        var off = StreamOff()
        off.stream = stream
        off.plane = plane
        return off
    }
}
