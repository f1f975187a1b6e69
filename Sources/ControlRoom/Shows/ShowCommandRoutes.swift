// The commands of a show: one route each, all of one form.

import Hummingbird
import Trivia

/// One command of the API.
struct ShowCommandForm: Sendable {
    /// The last part of its path.
    var name: String
    var summary: String
    /// What its body may have besides id and version.
    var properties: [Schema.Property] = []
    /// Its name among the operations: "openShow", "banAddressOfShow".
    var operation: String {
        let words = name.split(separator: "-")
        guard words.count > 1 else { return "\(name)Show" }
        let others = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return words[0] + others.joined() + "OfShow"
    }
    /// The order it is.
    var order: @Sendable (JSONFields?) throws(Complaint) -> ShowCommand

    static let all: [ShowCommandForm] = [
        ShowCommandForm(name: "lobby", summary: "Opens the doors: players can join.") { _ in
            .openLobby
        },
        ShowCommandForm(
            name: "open",
            summary:
                "Opens a question; without one, the next. 409 with code unseen where nobody sees it.",
            properties: [
                .may("question", .string("Its id.")),
                .may("force", .boolean("Even if nobody sees it.")),
                .may("last", .boolean("It is the last one, whatever was planned.")),
            ]
        ) { fields throws(Complaint) in
            .open(
                question: try fields?.string("question"),
                isForced: try fields?.bool("force") ?? false,
                isLast: try fields?.bool("last") ?? false)
        },
        ShowCommandForm(
            name: "last", summary: "Says which question is the last: the next, or another number.",
            properties: [.may("number", .integer("The last one's, counted from 1.", min: 1))]
        ) { fields throws(Complaint) in .planLast(number: try fields?.integer("number")) },
        ShowCommandForm(
            name: "correct",
            summary: """
                Puts the right option of a question right. After its reveal it is judged anew: who \
                was wronged is back, and nobody goes. Once the show is settled it is only recorded.
                """,
            properties: [
                .must(
                    "correct",
                    .oneOf([
                        .integer("The right option's number, counted from 1.", min: 1),
                        .string("Or its text."),
                    ])), .may("reason", .string("Needed after the reveal. Players see it.")),
                .may("question", .string("Its id; without it, the one that is on.")),
            ]
        ) { fields throws(Complaint) in
            .correct(
                question: try fields?.string("question"), correct: try rightOption(fields),
                reason: try fields?.string("reason") ?? "")
        },
        ShowCommandForm(
            name: "lock",
            summary: "Takes no more answers: after the last viewer's deadline, or at once.",
            properties: [.may("force", .boolean("At once."))]
        ) { fields throws(Complaint) in .lock(isForced: try fields?.bool("force") ?? false) },
        ShowCommandForm(name: "reveal", summary: "Tells the right answer.") { _ in .reveal },
        ShowCommandForm(
            name: "void", summary: "Takes the newest question back with all it did.",
            properties: [
                .must("reason", .string("Players see it.")), .may("question", .string("Its id.")),
            ]
        ) { fields throws(Complaint) in
            guard let reason = try fields?.string("reason") else {
                throw Complaint("to void a question needs a \"reason\", which players see")
            }
            return .void(question: try fields?.string("question"), reason: reason)
        },
        ShowCommandForm(
            name: "next", summary: "Takes the question off and shows the standings."
        ) { _ in .next },
        ShowCommandForm(name: "pause", summary: "Stops the show for a while.") { _ in .pause },
        ShowCommandForm(name: "resume", summary: "Lets it go on.") { _ in .resume },
        ShowCommandForm(
            name: "finish", summary: "Ends the game: the winners are known.",
            properties: [
                .may(
                    "early",
                    .boolean(
                        "Though not all is asked that was planned; without it the answer says what "
                            + "it would mean."))
            ]
        ) { fields throws(Complaint) in
            try fields?.bool("early") == true ? .finishEarly : .finish
        },
        ShowCommandForm(name: "reopen", summary: "Takes the finish back.") { _ in .reopen },
        ShowCommandForm(name: "settle", summary: "Divides the prize, for good.") { _ in .settle },
        ShowCommandForm(
            name: "shuffle", summary: "Puts the waiting questions in an order by chance."
        ) { _ in .shuffle },
        ShowCommandForm(
            name: "order", summary: "Puts the waiting questions in this order.",
            properties: [.must("questions", .array(of: .string(), "The ids, each once."))]
        ) { fields throws(Complaint) in
            guard let ids = try fields?.strings("questions") else {
                throw Complaint("an order of questions needs \"questions\", the ids in that order")
            }
            return .orderQuestions(ids: ids)
        },
        ShowCommandForm(
            name: "kick", summary: "Puts a player out of the game, who may go on watching.",
            properties: player
        ) { fields throws(Complaint) in .kick(player: try playerID(fields)) },
        ShowCommandForm(
            name: "ban", summary: "Puts a player out for good.", properties: player
        ) { fields throws(Complaint) in .ban(player: try playerID(fields)) },
        ShowCommandForm(
            name: "reinstate", summary: "Takes a kick or a ban back.", properties: player
        ) { fields throws(Complaint) in .reinstate(player: try playerID(fields)) },
        ShowCommandForm(
            name: "rename", summary: "Gives a player another name before the audience.",
            properties: player + [.must("name", .string("What the audience is to see."))]
        ) { fields throws(Complaint) in
            guard let name = try fields?.string("name") else {
                throw Complaint("\"name\" is missing, which the audience is to see")
            }
            return .rename(player: try playerID(fields), name: name)
        },
        ShowCommandForm(
            name: "hide-name",
            summary: "Hides a player's name from the audience, which sees a number instead.",
            properties: player
        ) { fields throws(Complaint) in .hideName(player: try playerID(fields)) },
        ShowCommandForm(
            name: "show-name", summary: "Lets the audience see a player's name again.",
            properties: player
        ) { fields throws(Complaint) in .showName(player: try playerID(fields)) },
        ShowCommandForm(
            name: "ban-address",
            summary: "Lets nobody play from an address, and puts out who came from there.",
            properties: address
        ) { fields throws(Complaint) in .banAddress(try theAddress(fields)) },
        ShowCommandForm(
            name: "unban-address", summary: "Takes the ban of an address back, with all it did.",
            properties: address
        ) { fields throws(Complaint) in .unbanAddress(try theAddress(fields)) },
    ]

    private static let player: [Schema.Property] = [
        .must("player", .string("The id the player joined with."))
    ]

    private static let address: [Schema.Property] = [
        .must("address", .string("An IPv4 address, an IPv6 /64 or /48."))
    ]

    private static func theAddress(_ fields: JSONFields?) throws(Complaint) -> String {
        guard let address = try fields?.string("address") else {
            throw Complaint("\"address\" is missing, an IPv4 address, an IPv6 /64 or /48")
        }
        return address
    }

    private static func rightOption(_ fields: JSONFields?) throws(Complaint) -> String {
        switch fields?.value("correct") {
        case .integer(let number): return "#\(number)"
        case .string(let text): return text
        case nil: throw Complaint("\"correct\" is missing, the right option's number or text")
        default: throw Complaint("\"correct\" must be an option's number from 1, or its text")
        }
    }

    private static func playerID(_ fields: JSONFields?) throws(Complaint) -> String {
        guard let id = try fields?.string("player") else {
            throw Complaint("\"player\" is missing, the id the player joined with")
        }
        return id
    }
}

extension ShowRoutes {
    var commandEndpoints: [Endpoint] {
        ShowCommandForm.all.map { form in
            var answers = [Self.receipt, Self.stale]
            if form.name == "settle", second != nil {
                answers.append(
                    .init(
                        status: 202, summary: "It waits for another person who says so, too.",
                        content: [.json(.named("SecondPersonWanted"))]))
            }
            if form.name == "lock" {
                answers.append(
                    .init(
                        status: 202, summary: "It locks by itself after the last deadline.",
                        content: [.json(.named("OrderReceipt"))]))
            }
            return Endpoint(
                method: .post, path: "\(Self.path)/\(form.name)", id: form.operation,
                summary: form.summary, tag: "commands",
                body: [.json(.object(form.properties + ShowSchemas.ticket))],
                isBodyRequired: form.properties.contains(where: \.isRequired), order: .command,
                answers: answers, handler: { try await command(form, $0, $1) })
        }
    }

    private func command(
        _ form: ShowCommandForm, _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let fields = try await Self.fields(form, request)
        let ticket = try OrderTicketReader.ofCommand(request, context, fields)
        let order = try Self.reading { () throws(Complaint) in try form.order(fields) }
        if order == .settle, let second {
            return try await settle(try show(context), under: ticket, with: second, context)
        }
        return try await perform(order, on: try show(context), under: ticket, context)
    }

    /// Nil without a body. Its order's id is then in a header that a form of another origin's
    /// page can't send, so that nothing else has to be asked of it.
    private static func fields(
        _ form: ShowCommandForm, _ request: Request
    ) async throws -> JSONFields? {
        let what = "the command \"\(form.name)\""
        let bytes = try await StaffBody.collect(request, byteCountMax: Limits.bodyByteCountMax)
        if bytes.isEmpty { return nil }
        try StaffBody.requireJSON(request, what: what)
        let tree = try StaffBody.tree(bytes)
        let keys = form.properties.map(\.name) + ["id", "expectedVersion"]
        return try reading { () throws(Complaint) in
            try JSONFields(tree, what: what, keys: keys)
        }
    }

    /// Divides the prize when two people have said so of the same version of the show.
    private func settle(
        _ show: String, under ticket: OrderTicket, with second: SecondPerson,
        _ context: StaffContext
    ) async throws -> Response {
        let state = try await asking { try await $0.state(of: show) }
        let isStale = ticket.expectedVersion.map { $0 != state.version } ?? false
        // What isn't to be settled is told why by the show itself; and a rehearsal pays nothing.
        guard state.phase == .finished, !state.plan.isRehearsal, !isStale else {
            // It may be finished by the desk's turn: so it is done to the version that was looked at
            // here, and to none that is still to come.
            guard (ticket.expectedVersion ?? 0) <= state.version else {
                throw StaffError(
                    status: .conflict,
                    message: "Nobody has seen that version of the show yet. Look at it again.",
                    state: state)
            }
            var ticket = ticket
            ticket.expectedVersion = ticket.expectedVersion ?? state.version
            return try await perform(.settle, on: show, under: ticket, context)
        }
        let identity = try context.someone
        guard identity.proof != .none else {
            throw StaffError(
                status: .conflict,
                message: "settling needs two people here, each with a token of the own: "
                    + "fanfare staff add NAME", code: "second-person", state: state)
        }
        switch second.say(identity.name, of: show, version: state.version) {
        case .waits(let wanted):
            await events.note(
                Deed(
                    by: identity.name, show: show, command: "ask-to-settle",
                    text: "asks for a second person to divide the prize"), orderID: ticket.id)
            return try context.json(wanted, status: .accepted)
        case .agreed(let first):
            var ticket = ticket
            ticket.by = "\(first) and \(identity.name)"
            ticket.expectedVersion = state.version
            let response = try await perform(.settle, on: show, under: ticket, context)
            second.forget(show)
            return response
        }
    }
}
