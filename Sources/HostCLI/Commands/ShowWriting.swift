// `fanfare show list`, `create`, `edit`, `delete`: shows as such.

import ArgumentParser
import ControlRoom
import Trivia

/// `fanfare show list`.
struct ShowListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the shows.")

    @OptionGroup var staff: StaffOptions

    func run() async throws {
        struct List: Decodable { let shows: [ShowSummary] }
        try ShowCall.run {
            let list = try staff.client().get(ShowClient.root, as: List.self)
            StandardOutput.write(ShowTables.list(list.shows))
        }
    }
}

/// `fanfare show create`.
struct ShowCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a show, as a draft.")

    @Argument(help: "Its title.")
    var title: String

    @Option(name: .customLong("show"), help: "Its id; by default made of the title.")
    var show: String?

    @Option(help: "The stream it will play on.")
    var stream = StreamArgument.exampleName

    @Flag(help: "To try things out: nothing is paid, and it goes with the next start.")
    var rehearsal = false

    @OptionGroup(title: "Rules and prize") var rules: PlanOptions
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func validate() throws {
        if let show, !ShowArgument.isID(show) {
            throw ValidationError("--show is 1 to 64 letters, digits and - . _ ~")
        }
        guard StreamArgument.isName(stream) else {
            throw ValidationError("a stream's name is 1 to 64 letters, digits, - and _")
        }
    }

    /// What the options say.
    var plan: ShowPlan {
        var plan = ShowPlan(title: title)
        plan.isRehearsal = rehearsal
        rules.apply(to: &plan)
        return plan
    }

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            let creation = ShowCreation(id: show, stream: stream, plan: plan)
            let receipt = try client.write(
                "POST", ShowClient.root,
                content: ("application/json", ShowClient.json(creation)), id: order.id)
            ShowCall.report(receipt, client)
        }
    }
}

/// `fanfare show edit`.
struct ShowEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change title, rules or prize of a draft.",
        discussion: "What isn't named stays as it is.")

    @OptionGroup var target: ShowArgument

    @Option(help: "Its title.")
    var title: String?

    @Option(help: "true: to try things out; nothing is paid, and it goes with the next start.")
    var rehearsal: Bool?

    @Flag(help: "Nothing is to be won.")
    var noPrize = false

    @OptionGroup(title: "Rules and prize") var rules: PlanOptions
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func validate() throws {
        guard !noPrize || !rules.namesPrize else {
            throw ValidationError("--no-prize and a prize can't both be meant")
        }
    }

    func apply(to plan: inout ShowPlan) {
        if let title { plan.title = title }
        if let rehearsal { plan.isRehearsal = rehearsal }
        if noPrize { plan.prize = nil }
        rules.apply(to: &plan)
    }

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            let state = try client.state(target.show)
            var plan = state.plan
            apply(to: &plan)
            // What was read must still be so, or another host's change would be undone unseen.
            let receipt = try client.write(
                "PUT", ShowClient.path(target.show),
                content: ("application/json", ShowClient.json(plan)), id: order.id,
                expectedVersion: order.expectVersion ?? state.version)
            ShowCall.report(receipt, client)
        }
    }
}

/// `fanfare show delete`.
struct ShowDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a show that isn't played, and all it has.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            let client = try staff.client()
            if !confirmation.isSure {
                let state = try client.state(target.show)
                try confirmation.ask(Self.question(state))
            }
            _ = try client.write(
                "DELETE", ShowClient.path(target.show), id: order.id,
                expectedVersion: order.expectVersion)
            StandardOutput.write("\(target.show) is deleted\n")
        }
    }

    static func question(_ state: ShowState) -> String {
        "“\(ShowTables.plain(state.plan.title))” is deleted, with \(state.waitingCount) waiting "
            + "questions and \(state.tally.players) players, and can't be had back. Delete it?"
    }
}
