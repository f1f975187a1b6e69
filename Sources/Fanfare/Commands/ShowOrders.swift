// The orders of `fanfare show` that lead through an evening, one command each.

import ArgumentParser

/// `fanfare show lobby`.
struct ShowLobby: ShowOrderCommand {
    static let name = "lobby"
    static let configuration: CommandConfiguration = described("Open the doors: players can join.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show open`.
struct ShowOpen: ShowOrderCommand {
    static let name = "open"
    static let configuration: CommandConfiguration = described(
        "Open a question; without one, the next.")

    @OptionGroup var target: ShowArgument
    @Argument(help: "The question's id.")
    var question: String?

    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    var body: ShowCommandBody { ShowCommandBody(question: question) }
}

/// `fanfare show lock`.
struct ShowLock: ShowOrderCommand {
    static let name = "lock"
    static let configuration: CommandConfiguration = described(
        "Take no more answers, as soon as the last viewer's time is over.")

    @OptionGroup var target: ShowArgument
    @Flag(help: "At once: answers that are on their way are too late.")
    var force = false

    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    var body: ShowCommandBody { ShowCommandBody(force: force) }
}

/// `fanfare show reveal`.
struct ShowReveal: ShowOrderCommand {
    static let name = "reveal"
    static let configuration: CommandConfiguration = described("Tell the right answer.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show void`.
struct ShowVoid: ShowOrderCommand {
    static let name = "void"
    static let configuration: CommandConfiguration = described(
        "Take the newest question back, with all it did.")

    @OptionGroup var target: ShowArgument
    @Option(help: "Why; players see it.")
    var reason: String

    @Option(help: "The question's id; without it, the one that is on.")
    var question: String?

    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    var body: ShowCommandBody { ShowCommandBody(question: question, reason: reason) }
}

/// `fanfare show next`.
struct ShowNext: ShowOrderCommand {
    static let name = "next"
    static let configuration: CommandConfiguration = described(
        "Take the question off and show the standings.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show pause`.
struct ShowPause: ShowOrderCommand {
    static let name = "pause"
    static let configuration: CommandConfiguration = described(
        "Stop the show for a while: no answers are taken.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show resume`.
struct ShowResume: ShowOrderCommand {
    static let name = "resume"
    static let configuration: CommandConfiguration = described("Let the show go on.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show finish`.
struct ShowFinish: ShowOrderCommand {
    static let name = "finish"
    static let configuration: CommandConfiguration = described(
        "End the game: the winners are known.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show reopen`.
struct ShowReopen: ShowOrderCommand {
    static let name = "reopen"
    static let configuration: CommandConfiguration = described(
        "Take the finish back, as long as nothing is settled.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show settle`.
struct ShowSettle: ShowOrderCommand {
    static let name = "settle"
    static let configuration: CommandConfiguration = described("Divide the prize, for good.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show shuffle`.
struct ShowShuffle: ShowOrderCommand {
    static let name = "shuffle"
    static let configuration: CommandConfiguration = described(
        "Put the waiting questions in an order by chance.")

    @OptionGroup var target: ShowArgument
    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions
}

/// `fanfare show order`.
struct ShowOrdering: ShowOrderCommand {
    static let name = "order"
    static let configuration: CommandConfiguration = described(
        "Put the waiting questions in this order.")

    @OptionGroup var target: ShowArgument
    @Argument(help: "The ids of all that are waiting, as in fanfare show export … questions.")
    var questions: [String]

    @OptionGroup var order: OrderOptions
    @OptionGroup var staff: StaffOptions

    var body: ShowCommandBody { ShowCommandBody(questions: questions) }
}
