// What consoles are told: the programme once a second, shows and deeds as they change.

import Trivia

/// The event `programme`.
struct ProgrammeEvent: Encodable {
    var streams: [StreamStatus]
    var machine: MachineStatus
    /// By stream, whether anybody sees anything of it.
    var isVisible: [String: Bool]

    init(_ streams: [StreamStatus], _ machine: MachineStatus) {
        self.streams = streams
        self.machine = machine
        isVisible = Dictionary(
            streams.map { ($0.name, $0.state == .live && $0.viewers > 0) }
        ) { first, _ in first }
    }
}

/// A show in the event `shows`.
struct ShowRow: Encodable, Equatable {
    var id: String
    var title: String
    var phase: ShowPhase
    var isRehearsal: Bool
    var stream: String
    /// Nil for one that is settled.
    var version: Int?
    var mode: ShowMode
    var questionCount: Int
    var playerCount: Int
    var startsAtMs: Int64?
    var prize: PrizePool?
    var problem: String?

    /// Whether nothing changes about it any more.
    var isOver: Bool { phase == .settled || problem != nil }

    init(_ summary: ShowSummary, version: Int? = nil) {
        id = summary.id
        title = summary.title
        phase = summary.phase
        isRehearsal = summary.isRehearsal
        stream = summary.stream
        self.version = version
        mode = summary.mode
        questionCount = summary.questionCount
        playerCount = summary.playerCount
        startsAtMs = summary.startsAtMs
        prize = summary.prize
        problem = summary.problem
    }
}

/// The event `shows`.
struct ShowRows: Encodable {
    var shows: [ShowRow]
}

/// The event `show`: the live view, and who did the last thing to it.
struct ShowEvent: Encodable, Equatable {
    /// Who has said that the prize is to be divided, where it needs two.
    struct SettleAsked: Encodable, Equatable {
        var by: String
        var expiresAtMs: Int64
    }

    var state: ShowState
    var by: String?
    var command: String?
    var settleAsked: SettleAsked?

    /// The same with nothing in it that changes by the mere passing of time.
    var withoutCountdown: ShowEvent {
        var still = self
        still.state = state.withoutCountdown
        return still
    }

    private enum Key: CodingKey { case by, command, settleAsked }

    func encode(to encoder: any Encoder) throws {
        try state.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(by, forKey: .by)
        try container.encodeIfPresent(command, forKey: .command)
        try container.encodeIfPresent(settleAsked, forKey: .settleAsked)
    }
}
