// `fanfare stream …`: what is on air, and taking a publisher off, from a shell.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings

/// The commands about streams.
struct StreamGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream", abstract: "See what is on air, and take a publisher off.",
        discussion: """
            These ask the staff plane of a running appliance. The staff token, where one is needed, \
            is read from --staff-token-file or from \
            \(SettingsCatalog.shared.staffToken.environmentVariable).
            """,
        subcommands: [StreamList.self, StreamOff.self])
}

/// One line a stream.
struct StreamList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What is on air, and what is wrong with it.")

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            let client = try plane.client()
            let answer = try client.ask("GET", "/api/v1/streams")
            guard
                let list = try? JSONDecoder().decode(
                    [String: [StreamStatus]].self, from: Data(answer))["streams"]
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write(StreamTable.text(of: list))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

/// Ends whoever publishes.
struct StreamOff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Take the publisher of a stream off air.",
        discussion: """
            Its viewers stay and wait for another publisher. Many encoders connect again by \
            themselves; stop the encoder, or change the stream key, if it is to stay away.
            """)

    @Argument(help: "The stream's name.")
    var stream: String

    @OptionGroup var plane: StaffPlace

    func validate() throws {
        guard StreamArgument.isName(stream) else {
            throw ValidationError("a stream's name is 1 to 64 letters, digits, - and _")
        }
    }

    func run() async throws {
        do {
            let client = try plane.client()
            let answer = try client.ask("DELETE", "/api/v1/streams/\(stream)/publisher")
            guard
                let publisher = try? JSONDecoder().decode(
                    TakenOffPublisher.self, from: Data(answer))
            else { throw StaffCallError.notOurs(client.address) }
            let encoder = publisher.encoder.map { " (\($0))" } ?? ""
            StandardOutput.write(
                TerminalText.plain("\(publisher.address)\(encoder) is off \(stream)") + "\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

/// Streams as lines for people.
enum StreamTable {
    static func text(of streams: [StreamStatus]) -> String {
        guard !streams.isEmpty else { return "nothing is on air\n" }
        return streams.map { stream in
            var parts = ["\(stream.name): \(stream.state.rawValue)"]
            parts += [stream.video?.codec, stream.audio?.codec].compactMap { $0 }
            if stream.bitrateKbps > 0 {
                parts.append("\(Decimals.text(stream.bitrateKbps, 0)) kbit/s")
            }
            parts.append(stream.viewers == 1 ? "1 viewer" : "\(stream.viewers) viewers")
            if let address = stream.publisherAddress { parts.append("from \(address)") }
            return TerminalText.plain(parts.joined(separator: ", ")) + "\n"
                + stream.warnings.map { TerminalText.plain("  \($0.level): \($0.text)") + "\n" }
                .joined()
        }.joined()
    }
}
