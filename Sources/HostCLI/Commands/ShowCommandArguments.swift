// The orders of `fanfare show`: one command, and the arguments that make it each of them.

import ArgumentParser
import ControlRoom

/// What one order is called, and what can be said with it.
protocol ShowCommandArguments: ParsableArguments, SendableMetatype {
    /// The name in the API and in the shell.
    static var name: String { get }
    static var abstract: String { get }
    var body: ShowCommandBody { get }
    /// Whether it waits until it is due, and until it is done.
    var wait: Bool { get }
    /// Says what the order would do and asks whether it is meant, where that can't be taken back.
    func confirm(_ client: ShowClient, on show: String, _ body: inout ShowCommandBody) throws
}

extension ShowCommandArguments {
    var body: ShowCommandBody { ShowCommandBody() }
    var wait: Bool { false }
    func confirm(_ client: ShowClient, on show: String, _ body: inout ShowCommandBody) throws {}
}

/// A command that is one order to one show.
struct ShowOrderCommand<Arguments: ShowCommandArguments>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Arguments.name, abstract: Arguments.abstract)
    }

    @OptionGroup var target: ShowArgument
    @OptionGroup var arguments: Arguments
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            var body = arguments.body
            body.id = order.id
            body.expectedVersion = order.expectVersion
            try arguments.confirm(client, on: target.show, &body)
            let waiting = ShowWaiting(client, show: target.show)
            if arguments.wait, Arguments.name == RevealArguments.name { try waiting.untilLocked() }
            var receipt = try ShowCall.order(Arguments.name, on: target.show, body, client)
            if arguments.wait, receipt.isPending {
                try waiting.untilLocked()
                receipt.isPending = false
            }
            ShowCall.report(receipt, client)
            if Arguments.name == LobbyArguments.name {
                ShowCall.warnIfNobodyPublishes(for: receipt.show, client)
            }
        }
    }
}

/// What all orders may say.
struct OrderOptions: ParsableArguments {
    @Option(help: "An id of your own for this order: the same again is not done twice.")
    var id: String?

    @Option(help: "Only if the show's version is still this one.")
    var expectVersion: Int?

    func validate() throws {
        guard id.map(ShowArgument.isID) ?? true else {
            throw ValidationError("--id is 1 to 64 letters, digits and - . _ ~")
        }
    }
}

// MARK: Through an evening

struct LobbyArguments: ShowCommandArguments {
    static let name = "lobby"
    static let abstract = "Open the doors: players can join."
}

struct OpenArguments: ShowCommandArguments {
    static let name = "open"
    static let abstract = "Open a question; without one, the next."

    @Argument(help: "The question's id.")
    var question: String?

    @Flag(help: "Even if nobody sees it: the stream is off air, or nobody watches.")
    var force = false

    @Flag(help: "It is the last one, whatever was planned: nobody is revived on it.")
    var last = false

    var body: ShowCommandBody {
        ShowCommandBody(
            question: question, force: force ? true : nil, last: last ? true : nil)
    }
}

struct LastArguments: ShowCommandArguments {
    static let name = "last"
    static let abstract = "Say which question is the last: the next, or another number."

    @Option(help: "The last question's number, counted from 1.")
    var number: Int?

    var body: ShowCommandBody { ShowCommandBody(number: number) }
}

struct CorrectArguments: ShowCommandArguments {
    static let name = "correct"
    static let abstract = """
        Put a question's right option right. After its reveal it is judged anew: who was wronged is \
        back, nobody goes. After the settlement it is recorded, and nothing is paid.
        """

    @Argument(help: "The right option: its number from 1, or its text.")
    var correct: String

    @Option(help: "Why; needed after the reveal, and players see it.")
    var reason: String?

    @Option(help: "The question's id; without it, the one that is on.")
    var question: String?

    var body: ShowCommandBody {
        ShowCommandBody(question: question, correct: correct, reason: reason)
    }
}

struct LockArguments: ShowCommandArguments {
    static let name = "lock"
    static let abstract = "Take no more answers, as soon as the last viewer's time is over."

    @Flag(help: "At once: answers that are on their way are too late.")
    var force = false

    @Flag(help: "Return when it is locked, and not before.")
    var wait = false

    func validate() throws {
        guard !force || !wait else { throw ValidationError("--force has nothing to wait for") }
    }

    var body: ShowCommandBody { ShowCommandBody(force: force) }
}

struct RevealArguments: ShowCommandArguments {
    static let name = "reveal"
    static let abstract = "Tell the right answer."

    @Flag(help: "Wait for a lock that waits for the last viewer's time.")
    var wait = false
}

struct VoidArguments: ShowCommandArguments {
    static let name = "void"
    static let abstract = "Take the newest question back, with all it did."

    @Option(help: "Why; players see it.")
    var reason: String

    @Option(help: "The question's id; without it, the one that is on.")
    var question: String?

    var body: ShowCommandBody { ShowCommandBody(question: question, reason: reason) }
}

struct NextArguments: ShowCommandArguments {
    static let name = "next"
    static let abstract = "Take the question off and show the standings."
}

struct PauseArguments: ShowCommandArguments {
    static let name = "pause"
    static let abstract = "Stop the show for a while: no answers are taken."
}

struct ResumeArguments: ShowCommandArguments {
    static let name = "resume"
    static let abstract = "Let the show go on."
}

struct FinishArguments: ShowCommandArguments {
    static let name = "finish"
    static let abstract = "End the game: the winners are known."

    @Flag(help: "Though not all is asked that was planned; without it you are asked.")
    var early = false

    var body: ShowCommandBody { ShowCommandBody(early: early ? true : nil) }

    /// What is asked about is what is done: only as the show is now.
    func confirm(_ client: ShowClient, on show: String, _ body: inout ShowCommandBody) throws {
        guard !early else { return }
        body.expectedVersion = try body.expectedVersion ?? client.state(show).version
    }
}

struct ReopenArguments: ShowCommandArguments {
    static let name = "reopen"
    static let abstract = "Take the finish back, as long as nothing is settled."
}

struct SettleArguments: ShowCommandArguments {
    static let name = "settle"
    static let abstract = "Divide the prize, for good, after a look at how."
    @OptionGroup var confirmation: ConfirmationOptions

    func confirm(_ client: ShowClient, on show: String, _ body: inout ShowCommandBody) throws {
        let state = try client.state(show)
        // Where it isn't finished, or is settled, the order itself is told what is the matter.
        guard let settlement = state.settlement, !settlement.isSettled else { return }
        // What was asked is what is done.
        body.expectedVersion = body.expectedVersion ?? state.version
        guard !state.plan.isRehearsal else { return }
        try confirmation.ask("\(ShowTables.plain(settlement.sentence)) Divide it so, for good?")
    }
}

// MARK: The questions that wait

struct ShuffleArguments: ShowCommandArguments {
    static let name = "shuffle"
    static let abstract = "Put the waiting questions in an order by chance."
}

struct OrderArguments: ShowCommandArguments {
    static let name = "order"
    static let abstract = "Put the waiting questions in this order."

    @Argument(help: "The ids of all that are waiting, as in fanfare show export … questions.")
    var questions: [String]

    var body: ShowCommandBody { ShowCommandBody(questions: questions) }
}

// MARK: A player

/// An order that is about one player.
protocol PlayerCommandArguments: ShowCommandArguments {
    var player: PlayerArgument { get }
}

extension PlayerCommandArguments {
    var body: ShowCommandBody { ShowCommandBody(player: player.id) }
}

struct PlayerArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The player's id, as fanfare show players has it.", valueName: "player"))
    var id: String
}

struct KickArguments: PlayerCommandArguments {
    static let name = "kick"
    static let abstract = "Put a player out of the game, who may go on watching."
    @OptionGroup var player: PlayerArgument
}

struct BanArguments: PlayerCommandArguments {
    static let name = "ban"
    static let abstract = "Put a player out for good."
    @OptionGroup var player: PlayerArgument
}

struct ReinstateArguments: PlayerCommandArguments {
    static let name = "reinstate"
    static let abstract = "Take a kick or a ban back."
    @OptionGroup var player: PlayerArgument
}

struct RenameArguments: PlayerCommandArguments {
    static let name = "rename"
    static let abstract = "Give a player another name before the audience."
    @OptionGroup var player: PlayerArgument

    @Argument(help: "What the audience is to see.")
    var shown: String

    var body: ShowCommandBody { ShowCommandBody(player: player.id, name: shown) }
}

struct HideNameArguments: PlayerCommandArguments {
    static let name = "hide-name"
    static let abstract = "Hide a player's name from the audience, which sees a number instead."
    @OptionGroup var player: PlayerArgument
}

struct ShowNameArguments: PlayerCommandArguments {
    static let name = "show-name"
    static let abstract = "Let the audience see a player's name again."
    @OptionGroup var player: PlayerArgument
}

// MARK: An address

/// An order that is about one address.
protocol AddressCommandArguments: ShowCommandArguments {
    var address: AddressArgument { get }
}

extension AddressCommandArguments {
    var body: ShowCommandBody { ShowCommandBody(address: address.text) }
}

struct AddressArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "An IPv4 address, an IPv6 /64 or /48, as fanfare show addresses has it.",
            valueName: "address"))
    var text: String
}

struct BanAddressArguments: AddressCommandArguments {
    static let name = "ban-address"
    static let abstract = "Let nobody play from an address, and put out who came from there."
    @OptionGroup var address: AddressArgument
}

struct UnbanAddressArguments: AddressCommandArguments {
    static let name = "unban-address"
    static let abstract = "Take the ban of an address back, with all it did."
    @OptionGroup var address: AddressArgument
}
