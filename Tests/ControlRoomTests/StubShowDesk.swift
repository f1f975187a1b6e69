// A desk for shows with just enough rules, for the control room's tests.

import Synchronization
import Trivia

@testable import ControlRoom

/// Keeps shows in memory. It knows phases, versions and ids of orders as a real one does; players
/// are three from the beginning.
final class StubShowDesk: ShowDesk {
    struct Entry {
        var plan: ShowPlan
        var stream = "show"
        var phase = ShowPhase.draft
        var isPaused = false
        var version = 1
        var questions: [QuestionRecord] = []
        var on: QuestionOn?
        var players: [PlayerRecord] = [
            PlayerRecord(id: "u-1", name: "Ada", status: .playing),
            PlayerRecord(id: "u-2", name: "=HYPERLINK(\"x\")", status: .playing),
            PlayerRecord(id: "u-3", name: "Bo, \"the\" Third", status: .watching),
        ]
    }

    struct Book {
        var entries: [String: Entry] = [:]
        var orders: [String: (order: ShowCommand, file: [UInt8]?, receipt: OrderReceipt)] = [:]
        var done: [ShowCommand] = []
        var tickets: [OrderTicket] = []
        var followers: [Int: AsyncStream<String>.Continuation] = [:]
        var followerNumber = 0
        var isListBroken = false
        /// Looks that wait to be let through; nil where none is held.
        var heldLooks: [CheckedContinuation<Void, Never>]?
        var lookCount = 0
        var isBroken = false
        var watchers: [(show: String, watcher: AsyncStream<Void>.Continuation)] = []
    }

    let book = Mutex(Book())

    /// All orders that were carried out, the oldest first.
    var done: [ShowCommand] { book.withLock { $0.done } }
    var tickets: [OrderTicket] { book.withLock { $0.tickets } }

    /// From now on nothing can be kept safe.
    func breakDisk() { book.withLock { $0.isBroken = true } }

    /// As answers do: nothing that a version counts.
    func answer(_ show: String, option: Int) {
        book.withLock { book in
            book.entries[show]?.on?.counts[option] += 1
            book.entries[show]?.on?.answeredCount += 1
        }
        notify(show)
    }

    /// How often it was looked at.
    var lookCount: Int { book.withLock { $0.lookCount } }

    /// How many streams of changes somebody still takes from.
    var watcherCount: Int { book.withLock { $0.watchers.count } }

    func changes(of show: String) -> AsyncStream<Void> {
        let (changes, watcher) = AsyncStream<Void>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        book.withLock { $0.watchers.append((show, watcher)) }
        return changes
    }

    private func notify(_ show: String) {
        book.withLock { book in
            for follower in book.followers.values { follower.yield(show) }
            book.watchers.removeAll { watched, watcher in
                guard watched == show, case .terminated = watcher.yield() else { return false }
                return true
            }
        }
    }

    /// The secret that no one but staff may read.
    static let explanation = "It is Canberra, not Sydney."

    static let questions = [
        Question(
            id: "capital", text: "Which is Australia's capital?",
            options: ["Sydney", "Canberra", "Perth"], correct: 2, windowMs: 8_000,
            explanation: explanation, mediaURL: "https://example.com/map.png"),
        Question(id: "sum", text: "1 + 1?", options: ["2", "3"], correct: 1),
    ]

    /// With a show `final` that has two questions.
    static func withShow() -> StubShowDesk {
        let desk = StubShowDesk()
        var plan = ShowPlan(title: "Friday Final")
        plan.prize = try? PrizePool(minorUnits: 100_000, currency: "EUR")
        let entry = Entry(
            plan: plan, questions: questions.map { QuestionRecord(question: $0, state: .waiting) })
        desk.book.withLock { $0.entries["final"] = entry }
        return desk
    }

    // MARK: ShowDesk

    func shows() throws(ShowDeskRefusal) -> [ShowSummary] {
        if book.withLock({ $0.isListBroken }) { throw .unavailable("The disk is full.") }
        return book.withLock { book in
            book.entries.sorted { $0.key < $1.key }.map { id, entry in
                ShowSummary(
                    id: id, stream: entry.stream, title: entry.plan.title, mode: entry.plan.mode,
                    isRehearsal: entry.plan.isRehearsal, phase: entry.phase,
                    version: entry.version, questionCount: entry.questions.count,
                    playerCount: entry.players.count,
                    startsAtMs: entry.plan.startsAtMs, prize: entry.plan.prize)
            }
        }
    }

    /// As it is at this moment.
    func look(at show: String) throws(ShowDeskRefusal) -> ShowState {
        let entry = try entry(show)
        let waiting = entry.questions.filter { $0.state == .waiting }
        let survivors = entry.players.filter { $0.status == .playing }.count
        let spectators = entry.players.filter { $0.status == .watching }.count
        // Each look finds another countdown, as with a real clock.
        let lookCount = book.withLock { book in
            book.lookCount += 1
            return book.lookCount
        }
        var on = entry.on
        if on?.state == .open { on?.remainingMs = max(0, 8_000 - lookCount) }
        return ShowState(
            id: show, stream: entry.stream, plan: entry.plan, phase: entry.phase,
            isPaused: entry.isPaused,
            version: entry.version,
            tally: PlayerTally(
                players: entry.players.count, survivors: survivors,
                eliminated: entry.players.count - survivors - spectators, spectators: spectators),
            question: on, waitingCount: waiting.count, nextQuestion: waiting.first?.question.id,
            settlement: entry.phase == .finished || entry.phase == .settled
                ? SettlementPreview(
                    winnerCount: 2, prize: entry.plan.prize, shareMinorUnits: 50_000,
                    isSettled: entry.phase == .settled, sentence: "500.00 EUR each.") : nil)
    }

    func questions(of show: String) throws(ShowDeskRefusal) -> [QuestionRecord] {
        try entry(show).questions
    }

    func receipt(
        ofImport ticket: OrderTicket, replaces: Bool, on show: String
    ) throws(ShowDeskRefusal) -> OrderReceipt? {
        _ = try entry(show)
        guard let known = book.withLock({ $0.orders[ticket.id] }) else { return nil }
        switch known.order {
        case .addQuestions where !replaces && known.file == ticket.file: return known.receipt
        case .replaceQuestions where replaces && known.file == ticket.file: return known.receipt
        default: throw .idTaken
        }
    }

    func perform(
        _ order: ShowCommand, on show: String, under ticket: OrderTicket
    ) throws(ShowDeskRefusal) -> OrderReceipt {
        if let known = book.withLock({ $0.orders[ticket.id] }) {
            guard known.order == order, known.receipt.show == show else { throw .idTaken }
            return known.receipt
        }
        if book.withLock({ $0.isBroken }) { throw .unavailable("The disk is full; make room.") }
        var next: Entry?
        if case .create(let plan, let stream) = order {
            guard (try? entry(show)) == nil else {
                throw .notNow("There is a show “\(show)” already; choose another id.")
            }
            next = Entry(plan: plan, stream: stream, players: [])
        } else {
            var entry = try entry(show)
            if let expected = ticket.expectedVersion, expected != entry.version {
                throw .notNow("The show has changed since; look at it again.")
            }
            try Self.apply(order, to: &entry)
            entry.version += 1
            next = order == .delete ? nil : entry
        }
        let isPending = order == .lock(isForced: false)
        let receipt = OrderReceipt(
            id: ticket.id, show: show, version: next?.version ?? 0, isPending: isPending)
        book.withLock { book in
            book.entries[show] = next
            book.orders[ticket.id] = (order, ticket.file, receipt)
            book.done.append(order)
            book.tickets.append(ticket)
        }
        notify(show)
        return receipt
    }

    func players(
        of show: String, matching text: String, from address: String?, countMax: Int
    ) throws(ShowDeskRefusal) -> [PlayerRecord] {
        let players = try entry(show).players.filter { player in
            text.isEmpty || player.name.lowercased().contains(text.lowercased())
                || player.id == text
        }
        return Array(players.filter { address == nil || $0.address == address }.prefix(countMax))
    }

    func addresses(
        of show: String, countMax: Int
    ) throws(ShowDeskRefusal) -> [AddressRecord] {
        let players = try entry(show).players
        return Dictionary(grouping: players, by: \.address).map { address, players in
            AddressRecord(address: address, playerCount: players.count)
        }
    }

    // MARK: Rules

    func entry(_ show: String) throws(ShowDeskRefusal) -> Entry {
        guard let entry = book.withLock({ $0.entries[show] }) else { throw .unknownShow }
        return entry
    }

    private static func require(
        _ entry: Entry, _ phases: ShowPhase...
    ) throws(ShowDeskRefusal) {
        guard phases.contains(entry.phase) else {
            let names = phases.map(\.rawValue).joined(separator: " or ")
            throw .notNow("The show is in phase \(entry.phase.rawValue); this needs \(names).")
        }
    }

    private static func apply(
        _ order: ShowCommand, to entry: inout Entry
    ) throws(ShowDeskRefusal) {
        switch order {
        case .create: throw .notNow("It exists.")
        case .edit(let plan):
            try require(entry, .draft)
            entry.plan = plan
        case .delete: try require(entry, .draft, .settled)
        case .addQuestions(let questions):
            entry.questions += questions.map { QuestionRecord(question: $0, state: .waiting) }
        case .replaceQuestions(let questions):
            entry.questions.removeAll { $0.state == .waiting }
            entry.questions += questions.map { QuestionRecord(question: $0, state: .waiting) }
        case .editQuestion(let id, let question):
            entry.questions[try index(id, in: entry)].question = question
        case .withdrawQuestion(let id): entry.questions.remove(at: try index(id, in: entry))
        case .orderQuestions(let ids):
            var ordered: [QuestionRecord] = []
            for id in ids { ordered.append(entry.questions[try index(id, in: entry)]) }
            entry.questions = ordered
        case .shuffle: entry.questions.reverse()
        case .openLobby:
            try require(entry, .draft)
            entry.phase = .lobby
        case .open(let id, _, _):
            try require(entry, .lobby, .live)
            let next = entry.questions.firstIndex { $0.state == .waiting }
            guard
                let index = try id.map({ id throws(ShowDeskRefusal) in
                    try Self.index(id, in: entry)
                }) ?? next
            else { throw .notNow("There is no question left to ask; add one.") }
            entry.phase = .live
            entry.questions[index].state = .open
            let question = entry.questions[index].question
            entry.on = QuestionOn(
                question: question, state: .open, number: 1, of: entry.questions.count,
                askedCount: 2, counts: question.options.map { _ in 0 })
        case .lock(let isForced):
            try require(entry, .live)
            guard entry.on?.state == .open else { throw .notNow("No question is open.") }
            if isForced { setState(.locked, &entry) } else { entry.on?.isLockPending = true }
        case .reveal:
            try require(entry, .live)
            setState(.revealed, &entry)
        case .void(_, let reason):
            try require(entry, .live)
            setState(.void, &entry)
            entry.on?.voidReason = reason
        case .next:
            try require(entry, .live)
            entry.on = nil
        case .pause:
            try require(entry, .live)
            entry.isPaused = true
        case .resume: entry.isPaused = false
        case .makeUpOutage: break
        case .planLast: try require(entry, .lobby, .live)
        case .correct: try require(entry, .live, .finished, .settled)
        case .finish where entry.plan.questionCount != nil:
            throw .unconfirmed(word: "early", "Questions are waiting. Finish early by saying so.")
        case .finish, .finishEarly:
            try require(entry, .live)
            entry.phase = .finished
            entry.on = nil
        case .reopen:
            try require(entry, .finished)
            entry.phase = .live
        case .settle:
            try require(entry, .finished)
            entry.phase = .settled
        case .rename(let id, let name):
            try change(id, &entry) { $0.shownName = name }
        case .hideName(let id): try change(id, &entry) { $0.isNameHidden = true }
        case .showName(let id): try change(id, &entry) { $0.isNameHidden = nil }
        case .kick(let player): try set(.kicked, player, &entry)
        case .ban(let player): try set(.banned, player, &entry)
        case .reinstate(let player): try set(.playing, player, &entry)
        case .banAddress(let address):
            for player in entry.players where player.address == address {
                try set(.banned, player.id, &entry)
            }
        case .unbanAddress(let address):
            for player in entry.players where player.address == address {
                try set(.playing, player.id, &entry)
            }
        }
    }

    private static func index(
        _ id: String, in entry: Entry
    ) throws(ShowDeskRefusal) -> Int {
        guard let index = entry.questions.firstIndex(where: { $0.question.id == id }) else {
            throw .unknown("This show has no question “\(id)”.")
        }
        return index
    }

    private static func setState(_ state: QuestionState, _ entry: inout Entry) {
        entry.on?.state = state
        let id = entry.on?.question.id
        for index in entry.questions.indices where entry.questions[index].question.id == id {
            entry.questions[index].state = state
        }
    }

    private static func set(
        _ status: PlayerRecord.Status, _ player: String, _ entry: inout Entry
    ) throws(ShowDeskRefusal) {
        try change(player, &entry) { $0.status = status }
    }

    private static func change(
        _ player: String, _ entry: inout Entry, _ edit: (inout PlayerRecord) -> Void
    ) throws(ShowDeskRefusal) {
        guard let index = entry.players.firstIndex(where: { $0.id == player }) else {
            throw .unknown("This show has no such player.")
        }
        edit(&entry.players[index])
    }
}
