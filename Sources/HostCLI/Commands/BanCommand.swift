// `fanfare ban`, `bans`, `unban` and `drain`: who is let in, from a shell.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Settings
import WireBytes

/// A time as people write it: 90s, 30m, 2h, 7d.
struct SpanArgument: ExpressibleByArgument {
    let seconds: Int

    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    init?(argument: String) {
        guard let last = argument.last, let unit = Self.units[last],
            let number = Int(argument.dropLast()), number > 0
        else { return nil }
        let product = number.multipliedReportingOverflow(by: unit)
        guard !product.overflow else { return nil }
        seconds = product.partialValue
    }
}

/// Keeps an address away.
struct Ban: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban", abstract: "Let nobody in from an address, and end who is in.",
        discussion: """
            Viewers, players and publishers of that address are disconnected and let in no more, \
            also after a restart. An IPv6 address stands for its /64. Behind a proxy the address is \
            that of the viewer, where the proxy is named in --trusted-proxies.

              fanfare ban 203.0.113.7 --for 2h --reason "floods the chat"
              fanfare ban 2001:db8:1::/48
            """)

    @Argument(help: "The address, or a range of them such as 203.0.113.0/24.")
    var address: RangeArgument

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For how long: 90s, 30m, 2h, 7d; else until unban.", valueName: "TIME"))
    var span: SpanArgument?

    @Option(help: ArgumentHelp("Why, for the list.", valueName: "TEXT"))
    var reason: String?

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        struct Order: Encodable {
            var address: String
            var reason: String?
            var forS: Int?
        }
        do {
            let client = try plane.client()
            let answer = try client.ask(
                "POST", "/api/v1/bans",
                json: ShowClient.json(
                    Order(
                        address: address.range.description, reason: reason, forS: span?.seconds)))
            guard let receipt = try? JSONDecoder().decode(BanReceipt.self, from: Data(answer))
            else { throw StaffCallError.notOurs(client.address) }
            let ended = receipt.endedCount
            StandardOutput.write(
                "\(receipt.ban.address) is banned\(Bans.until(receipt.ban)); "
                    + (ended == 1 ? "1 connection was" : "\(ended) connections were") + " ended\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

/// One line a ban.
struct Bans: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bans", abstract: "The addresses that nobody is let in from.")

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            let client = try plane.client()
            let answer = try client.ask("GET", "/api/v1/bans")
            guard
                let bans = try? JSONDecoder().decode(
                    [String: [AddressBan]].self, from: Data(answer))[
                        "bans"]
            else { throw StaffCallError.notOurs(client.address) }
            StandardOutput.write(Self.text(of: bans))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    static func text(of bans: [AddressBan]) -> String {
        guard !bans.isEmpty else { return "no address is banned\n" }
        return bans.map { ban in
            let reason = ban.reason.isEmpty ? "" : ": \(ban.reason)"
            return TerminalText.plain(
                "\(ban.address): by \(ban.by), since \(WallClock.text(ms: ban.atMs))"
                    + "\(until(ban))\(reason)") + "\n"
        }.joined()
    }

    static func until(_ ban: AddressBan) -> String {
        ban.untilMs.map { " until \(WallClock.text(ms: $0))" } ?? ""
    }
}

/// Lets an address in again.
struct Unban: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unban", abstract: "Lift the ban of an address.")

    @Argument(help: "The address or range, as \"fanfare bans\" has it.")
    var address: RangeArgument

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            _ = try plane.client().ask("DELETE", "/api/v1/bans?address=\(address.range)")
            StandardOutput.write("\(address.range) is let in again\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}

/// Takes the server out of service.
struct Drain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Let nobody new in, before the server is stopped.",
        discussion: """
            Load balancers see 503 on the audience's /healthz, newcomers get 503 with Retry-After. \
            Who watches stays, and players may come back, since no other server has their show.
            """)

    @Flag(help: "Lets newcomers in again.")
    var undo = false

    @OptionGroup var plane: StaffPlace

    func run() async throws {
        do {
            let client = try plane.client()
            let answer = try client.ask(undo ? "DELETE" : "POST", "/api/v1/drain")
            guard let state = try? JSONDecoder().decode(DrainState.self, from: Data(answer)) else {
                throw StaffCallError.notOurs(client.address)
            }
            let viewers = state.viewers == 1 ? "1 still watches" : "\(state.viewers) still watch"
            StandardOutput.write(
                state.isDraining
                    ? "nobody new is let in; \(viewers)\n" : "newcomers are let in again\n")
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }
}
