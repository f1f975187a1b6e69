// `fanfare show`: runs quiz shows from a shell, over the staff plane.

import ArgumentParser
import ControlRoom
import FoundationEssentials
import Glibc
import Settings
import WireBytes

/// `fanfare show …`.
struct ShowGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prepare and run quiz shows on a running appliance.",
        discussion: """
            The staff token, where one is needed, is read from --staff-token-file or from \
            \(SettingsCatalog.shared.staffToken.environmentVariable). Exit status: 0 done, 1 refused or \
            out of reach, 64 a call that makes no sense, 65 a file with rows that won't do.

              fanfare show create "Friday Final" --show final
              fanfare show import final questions.csv
              fanfare show run final
            """,
        subcommands: [
            ShowListing.self, ShowCreate.self, ShowEdit.self, ShowImport.self,
            ShowQuestionsTable.self, ShowQuestionGroup.self, ShowExport.self, ShowRun.self,
            ShowLive.self, ShowOrderCommand<LobbyArguments>.self,
            ShowOrderCommand<OpenArguments>.self,
            ShowOrderCommand<LastArguments>.self, ShowOrderCommand<CorrectArguments>.self,
            ShowOrderCommand<LockArguments>.self, ShowOrderCommand<RevealArguments>.self,
            ShowOrderCommand<VoidArguments>.self,
            ShowOrderCommand<NextArguments>.self, ShowOrderCommand<PauseArguments>.self,
            ShowOrderCommand<ResumeArguments>.self,
            ShowOrderCommand<FinishArguments>.self, ShowOrderCommand<ReopenArguments>.self,
            ShowOrderCommand<SettleArguments>.self,
            ShowOrderCommand<ShuffleArguments>.self, ShowOrderCommand<OrderArguments>.self,
            ShowPlayers.self, ShowAddresses.self,
            ShowOrderCommand<KickArguments>.self, ShowOrderCommand<BanArguments>.self,
            ShowOrderCommand<ReinstateArguments>.self, ShowOrderCommand<RenameArguments>.self,
            ShowOrderCommand<HideNameArguments>.self, ShowOrderCommand<ShowNameArguments>.self,
            ShowOrderCommand<BanAddressArguments>.self,
            ShowOrderCommand<UnbanAddressArguments>.self,
            ShowAuditing.self, ShowDelete.self,
        ])
}

/// Where the staff plane is.
struct StaffOptions: ParsableArguments {
    @OptionGroup var place: StaffPlace

    @Option(help: "Who you are, for the audit.")
    var by: String?

    func validate() throws {
        let isName = by?.utf8.allSatisfy { 0x20...0x7E ~= $0 } ?? true
        guard isName, 1...64 ~= by?.utf8.count ?? 1 else {
            throw ValidationError("--by is 1 to 64 ASCII characters")
        }
    }

    /// - Throws: `StaffPlaceError`.
    func client() throws(StaffPlaceError) -> ShowClient {
        let environment = ProcessInfo.processInfo.environment
        return ShowClient(
            staff: try place.client(environment: environment),
            by: by ?? environment["USER"].flatMap(Self.name))
    }

    /// A user's name, if it can be sent.
    private static func name(_ user: String) -> String? {
        let isName = user.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        return isName && 1...64 ~= user.utf8.count ? user : nil
    }
}

/// Which show.
public struct ShowArgument: ParsableArguments {
    /// Nothing is said yet.
    public init() {}

    @Argument(help: "The show's id, as fanfare show list has it.")
    var show: String

    /// Refuses what can't be an id.
    public func validate() throws {
        guard Self.isID(show) else {
            throw ValidationError("a show's id is 1 to 64 letters, digits and - . _ ~")
        }
    }

    /// Whether a text can be a show's id.
    public static func isID(_ text: String) -> Bool {
        text.isID(byteCountMax: NameLimits.idByteCountMax)
    }
}

/// What all calls have in common.
enum ShowCall {
    /// Runs it; an error is said in words and becomes the exit status.
    static func run(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as StaffCallError {
            if case .wrongRows = error {
                throw CommandFailure.report(error, exitCode: .init(EX_DATAERR))
            }
            throw CommandFailure.report(error, exitCode: .failure)
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    /// Gives an order. Where it means more than it seems to, it says so and asks whoever sits at the
    /// terminal; a script has to say it in the first place.
    static func order(
        _ name: String, on show: String, _ body: ShowCommandBody, _ client: ShowClient
    ) throws(StaffCallError) -> OrderReceipt {
        do {
            return try client.command(name, on: show, body)
        } catch .unconfirmed(let word, let reason) {
            guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
                throw .unconfirmed(word: word, reason: "\(reason) (--\(word))")
            }
            StandardError.write(
                TerminalText.lines("\(reason)\nDo it all the same? Type yes: "))
            guard readLine() == "yes" else {
                throw .refused(status: 409, reason: "Nothing was done.")
            }
            return try client.command(name, on: show, body.confirmed(word))
        }
    }

    /// A show can be played without a picture, but hardly anybody means to.
    static func warnIfNobodyPublishes(for show: String, _ client: ShowClient) {
        guard let stream = try? client.state(show).stream else { return }
        do throws(StaffCallError) {
            _ = try client.bytes("/api/v1/streams/\(stream)")
        } catch {
            guard case .refused(404, _) = error else { return }
            StandardError.write(
                "nothing is on air on the stream \(stream): nobody sees this before it is\n")
        }
    }

    /// Where the show is now. The order is done, whether or not that can be had.
    static func report(_ receipt: OrderReceipt, _ client: ShowClient) {
        if receipt.isPending {
            StandardOutput.write("it locks by itself when the last viewer's time is over\n")
        }
        if let state = try? client.state(receipt.show) {
            StandardOutput.write(ShowTables.headline(state) + "\n")
            if let settlement = state.settlement {
                StandardOutput.write(ShowTables.plain(settlement.sentence) + "\n")
            }
        } else {
            StandardOutput.write("\(receipt.show): version \(receipt.version)\n")
        }
    }
}
