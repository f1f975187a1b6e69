// What waits for the desk's thread: bounded queues that any thread fills and one empties.

import Ledger
import Synchronization
import Trivia

/// A command that waits, and whoever waits for it.
struct QueuedCommand: Sendable {
    let request: HostRequest
    let reply: @Sendable (Result<CommandReceipt, HostRefusal>) -> Void
}

/// A look at what belongs to the desk's thread: the thread looks, and hands over what it has seen.
enum DeskQuery: Sendable {
    /// How a player stands.
    case standing(PlayerTicket, reply: @Sendable (PlayerStanding) -> Void)
    /// A show with its players; nil where it isn't in memory.
    case report(show: String, reply: @Sendable (ShowReport?) -> Void)
    /// What came of answers; nil where their show isn't in memory.
    case judged([AnswerRecord], show: String, reply: @Sendable ([JudgedAnswer]?) -> Void)
    /// Who players are; those who have no seat are left out.
    case seats([PlayerTicket], reply: @Sendable ([SeatedPlayer]) -> Void)
    /// Only that all who came before have their places.
    case turn(reply: @Sendable () -> Void)
}

/// All that came in between two turns.
struct Arrivals: Sendable {
    var answers: [PlayerAnswer] = []
    var handovers: [NamedHandover] = []
    var commands: [QueuedCommand] = []
    var queries: [DeskQuery] = []
    /// Answers that found no room.
    var overflowCount = 0

    mutating func removeAllButQueries() {
        answers.removeAll(keepingCapacity: true)
        handovers.removeAll(keepingCapacity: true)
        commands.removeAll(keepingCapacity: true)
        overflowCount = 0
    }
}

/// The way in to the desk's thread. The lock is held for the time of an append or a swap, never
/// while anything is judged or written.
final class Inbox: Sendable {
    private struct State {
        var arrivals = Arrivals()
        var isClosed = false
    }

    private let state: Mutex<State>

    init() {
        var state = State()
        state.arrivals.answers.reserveCapacity(GameLimits.waitingAnswerCountMax / 8)
        self.state = Mutex(state)
    }

    /// Whether there was room.
    func add(_ answer: PlayerAnswer) -> Bool {
        state.withLock { state in
            guard state.arrivals.answers.count < GameLimits.waitingAnswerCountMax else {
                state.arrivals.overflowCount += 1
                return false
            }
            state.arrivals.answers.append(answer)
            return true
        }
    }

    /// As many as there is room for.
    func add(_ reports: [HandoverReport], of question: QuestionName) {
        state.withLock { state in
            let room = GameLimits.waitingHandoverCountMax - state.arrivals.handovers.count
            for report in reports.prefix(max(0, room)) {
                state.arrivals.handovers.append(NamedHandover(question: question, report: report))
            }
        }
    }

    /// Whether there was room, and the desk still takes commands.
    func add(_ command: QueuedCommand) -> Bool {
        state.withLock { state in
            guard !state.isClosed,
                state.arrivals.commands.count < GameLimits.waitingCommandCountMax
            else { return false }
            state.arrivals.commands.append(command)
            return true
        }
    }

    /// Whether there was room, and the desk still answers.
    func add(_ query: DeskQuery) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.arrivals.queries.count < GameLimits.waitingQueryCountMax
            else { return false }
            state.arrivals.queries.append(query)
            return true
        }
    }

    /// Takes all there is, for arrays that are empty and keep their memory.
    ///
    /// - Parameter withQueries: whether queries are taken, too; else those that are there stay.
    func take(into arrivals: inout Arrivals, withQueries: Bool) {
        state.withLock { state in
            swap(&state.arrivals, &arrivals)
            if !withQueries { swap(&state.arrivals.queries, &arrivals.queries) }
        }
    }

    /// Takes the queries alone.
    func takeQueries() -> [DeskQuery] {
        state.withLock { state in
            defer { state.arrivals.queries = [] }
            return state.arrivals.queries
        }
    }

    /// Whether answers wait.
    var hasAnswers: Bool { state.withLock { !$0.arrivals.answers.isEmpty } }

    /// From now on nothing comes in but answers, of which nobody hears any more.
    func close() { state.withLock { $0.isClosed = true } }
}
