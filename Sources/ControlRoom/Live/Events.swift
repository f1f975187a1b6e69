// What consoles are told: the programme once a second, shows and deeds as they change.

import Trivia

/// The event `programme`.
struct ProgrammeEvent: Encodable {
    var streams: [StreamStatus]
    var machine: MachineStatus
}

/// The event `shows`.
struct ShowsEvent: Encodable {
    var shows: [ShowSummary]
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
