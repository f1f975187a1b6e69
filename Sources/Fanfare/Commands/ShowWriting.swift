// `fanfare show list`, `create`, `delete`: shows as such.

import ArgumentParser
import Broadcast
import ControlRoom

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
    var stream = Banner.exampleStreamName

    @Option(help: "knockout: one wrong answer and you are out; points: right answers score.")
    var mode = ShowPlanDraft.Mode.knockout

    @Option(help: "How often each player is revived.")
    var revives = 1

    @Option(help: "Whoever joins when so many questions have been opened only watches.")
    var entryClosesAt = 1

    @Option(help: "How many of the best win a points show; by default the highest score.")
    var best: Int?

    @Option(help: ArgumentHelp("The prize in cents.", valueName: "CENTS"))
    var prizeMinorUnits: Int64?

    @Option(help: "The prize's currency, as EUR.")
    var currency: String?

    @Option(help: "What equal shares leave over: kept, or toTheFirst (a cent each).")
    var remainder = ShowPlanDraft.RemainderRule.kept

    @Option(help: "When it begins, as 2026-11-23T20:15:00+01:00; only shown.")
    var startsAt: String?

    @Flag(help: "To try things out: nothing of it is kept or paid.")
    var rehearsal = false

    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func validate() throws {
        if let show, !ShowArgument.isID(show) {
            throw ValidationError("--show is 1 to 64 letters, digits and - . _ ~")
        }
        guard Programs.isValid(name: stream) else {
            throw ValidationError("a stream's name is 1 to 64 letters, digits, - and _")
        }
        guard (prizeMinorUnits == nil) == (currency == nil) else {
            throw ValidationError("--prize-minor-units and --currency go together")
        }
        if let startsAt, WallClock.ms(parsing: startsAt) == nil {
            throw ValidationError("--starts-at is like 2026-11-23T20:15:00+01:00")
        }
    }

    /// What the options say.
    var plan: ShowPlanDraft {
        var plan = ShowPlanDraft(title: title)
        plan.mode = mode
        plan.reviveCount = revives
        plan.entryClosesAtQuestion = entryClosesAt
        plan.bestCount = best
        plan.startsAtMs = startsAt.flatMap(WallClock.ms)
        plan.isRehearsal = rehearsal
        if let prizeMinorUnits, let currency {
            plan.prize = ShowPlanDraft.Prize(
                minorUnits: prizeMinorUnits, currency: currency, remainderRule: remainder)
        }
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

/// `fanfare show delete`.
struct ShowDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a show that isn't played, and all it has.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    func run() async throws {
        try ShowCall.run {
            _ = try staff.client().write(
                "DELETE", ShowClient.path(target.show), id: order.id,
                expectedVersion: order.expectVersion)
            StandardOutput.write("\(target.show) is deleted\n")
        }
    }
}

extension ShowPlanDraft.Mode: ExpressibleByArgument {}
extension ShowPlanDraft.RemainderRule: ExpressibleByArgument {}
