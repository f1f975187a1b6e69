// Who gets what: a pure function of the log, so that anybody who has the log can compute it again.

/// What one winner gets.
public struct Payout: Equatable, Sendable {
    /// The winner's number.
    public let player: PlayerNumber
    /// The id the winner joined with.
    public let id: String
    /// The name the winner joined with.
    public let name: String
    /// The place, from 1. Whom the rule holds for equal has the same.
    public let place: Int
    /// Minor units of the prize's currency; 0 where there is no prize.
    public let minorUnits: Int64
}

/// How a show ended.
public struct Settlement: Equatable, Sendable {
    /// The show's id.
    public let show: String
    /// Whether it was a rehearsal: then nothing is to be paid, whatever the payouts say.
    public let isRehearsal: Bool
    /// The prize's currency; nil where there is no prize.
    public let currency: String?
    /// How the prize was divided; nil where there is none.
    public let split: PrizeSplit?
    /// The winners in their order, the best first. Their sum and `split.keptMinorUnits` are the
    /// whole prize.
    public let payouts: [Payout]

    /// Computes the end of a show from its log.
    ///
    /// A settlement that the log has already is compared on the way: where it differs the replay
    /// stops with `ShowRefusal.settlementDiffers`.
    ///
    /// - Throws: `ReplayError`; `.wrongPhase` behind the last event where the show isn't finished.
    public static func compute(
        _ events: some Sequence<ShowEvent>
    ) throws(ReplayError) -> Settlement {
        let (show, eventCount) = try Show.replay(events)
        guard let settlement = Settlement(show) else {
            throw ReplayError(
                index: eventCount,
                refusal: .wrongPhase(show.phase, allowed: [.finished, .settled]))
        }
        return settlement
    }

    /// The end of this show; nil where it isn't finished.
    public init?(_ show: Show) {
        guard show.phase == .finished || show.phase == .settled else { return nil }
        let winners = show.winners
        let split = show.plan.prize?.split(winnerCount: winners.count)
        self.show = show.id
        isRehearsal = show.plan.isRehearsal
        currency = show.plan.prize?.currency
        self.split = split
        let places = show.places(of: winners)
        payouts = winners.enumerated().map { index, player in
            Payout(
                player: player, id: show.players.ids[player.index],
                name: show.players.names[player.index], place: places[index],
                minorUnits: split?.payout(place: index) ?? 0)
        }
    }
}
