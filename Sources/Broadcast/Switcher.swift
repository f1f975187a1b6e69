// Which of a programme's sources is on air.

/// Decides who is on air: the policy, and the sources it decides about.
///
/// Today there is one live source at a time. Another publisher is let in when nobody is on air, or
/// when the one that is has fallen silent and yields. When nobody is, the programme waits for the
/// grace time. What is a source of another kind (a backup, a slate, a file) is decided about here.
struct Switcher {
    /// Who was put in the place of another.
    struct Begin {
        /// What the new source is called from now on.
        let id: UInt64
        /// Who was taken off for it.
        let displaced: DisplacedPublisher?
    }

    /// How many sources there were: the newest one's number.
    private(set) var count: UInt64 = 0
    /// The source on air, or the last one, for as long as no other has begun.
    var newest: Source?
    /// Since when nobody is on air, ms of the monotonic clock; nil while somebody is.
    private(set) var vacantSinceMs: Int64?

    init(nowMs: Int64) { vacantSinceMs = nowMs }

    /// Whether somebody is on air.
    var isOccupied: Bool { vacantSinceMs == nil }

    /// Whether it is this source that is on air.
    func isOnAir(_ id: UInt64) -> Bool { isOccupied && id == count }

    /// Puts a source on air.
    ///
    /// - Parameter programmeMs: the newest programme time there is.
    /// - Returns: nil while another one goes on that doesn't yield.
    mutating func begin(_ publisher: Publisher, nowMs: Int64, programmeMs: Int64) -> Begin? {
        var displaced: DisplacedPublisher?
        if isOccupied, let newest {
            let silentMs = newest.silentMs(nowMs: nowMs)
            guard let yieldsAfterMs = newest.publisher.yieldsAfterMs, silentMs >= yieldsAfterMs
            else { return nil }
            displaced = DisplacedPublisher(publisher: newest.namedPublisher, silentMs: silentMs)
        }
        count += 1
        newest = Source(publisher: publisher, nowMs: nowMs, programmeMs: programmeMs)
        vacantSinceMs = nil
        return Begin(id: count, displaced: displaced)
    }

    /// Takes a source off air.
    ///
    /// - Returns: whether it was on.
    mutating func end(_ id: UInt64, nowMs: Int64) -> Bool {
        guard isOnAir(id) else { return false }
        vacantSinceMs = nowMs
        return true
    }

    /// Whether nobody has come for so long that the programme is over.
    func isOver(nowMs: Int64, graceMs: Int64) -> Bool {
        vacantSinceMs.map { nowMs - $0 >= graceMs } ?? false
    }
}
