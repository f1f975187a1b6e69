// What counts of how a question came to a player, on the shows' clock.

/// When a player got a question, and how much of its lag may count.
struct SeatHandover: Equatable, Sendable {
    /// When it was handed over, ns on the shows' clock.
    var atNs: Int64
    /// How much later than the opening it may count as handed over, ns.
    var lagNsMax: Int64

    init(atNs: Int64, lagNsMax: Int64) {
        self.atNs = atNs
        self.lagNsMax = lagNsMax
    }

    /// What a connection's handover is worth. One that became the player's after the opening has no
    /// lag: to come late is nothing that time is given back for.
    init(_ handover: StreamHandover, openedNs: Int64, clock: ShowClock) {
        atNs = clock.showNs(handover.atNs)
        let isLate = clock.showNs(handover.sinceNs) >= openedNs
        lagNsMax = isLate ? 0 : max(0, clock.showNs(handover.countedNs) - openedNs)
    }

    /// The one of two that counts less: to watch by a second connection gains nothing.
    func lesser(than other: SeatHandover, openedNs: Int64) -> SeatHandover {
        countedNs(openedNs: openedNs) < other.countedNs(openedNs: openedNs) ? self : other
    }

    /// How much of it counts before the show's own bounds, ns.
    func countedNs(openedNs: Int64) -> Int64 { min(max(0, atNs - openedNs), lagNsMax) }
}
