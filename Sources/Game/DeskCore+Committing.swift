// Decide, write, publish: the one way for what hosts and the clock do to a show.

import Ledger
import Trivia

extension DeskCore {
    /// Applies events to a copy, puts them on disk, makes the copy the show, and tells everybody.
    ///
    /// - Throws: `HostRefusal` where the rules or the ledger refuse; then nothing has changed.
    mutating func commit(
        _ slot: Int, _ events: [ShowEvent], _ line: LogLine
    ) throws(HostRefusal) -> LogLine {
        // 1. Decided: on a copy, as it may not come to anything.
        var line = line
        let old = shows.slots[slot]
        // Those who wait for the disk come before the event, and it says so.
        guard old.waitingPlayers.isEmpty else {
            throw .ledger(.failed(path: ledger.path, reason: "players could not be written"))
        }
        var show = old.show
        for event in events {
            do throws(ShowRefusal) { try show.apply(event) } catch { throw .rules(error) }
        }
        precondition(
            show.revision == old.show.revision + events.count, "each event is a revision")
        line.revision = show.revision

        // 2. Written: from here on it is so, whatever happens to this process.
        _ = try book(
            HostWrite(
                show: old.key, stream: old.stream, events: events, after: show, line: line))

        // 3. Published: to players at the door, to the audience, and to all who look.
        shows.slots[slot].show = show
        shows.slots[slot].settlement = Settlement(show)
        Self.follow(events, in: &shows.slots[slot].outage)
        changed(slot, .step)
        let hasUnbanned = events.contains { if case .addressUnbanned = $0 { true } else { false } }
        if old.show.phase == .draft || hasUnbanned { admitEarly(slot) }
        admission.follow(
            events, of: show, stream: old.stream, takesPlayers: shows.slots[slot].takesPlayers)
        for case .keyCorrected(let number, _, _) in events
        where show.stage != .question(number) {
            shows.slots[slot].untoldCorrections.append(number)
        }
        publishCorrections(slot)
        publishCue(slot)
        publish()
        tellSteps(
            ShowStep.Kind.steps(
                of: events, from: old.show, to: show, settlement: shows.slots[slot].settlement),
            of: show, on: old.stream, by: line.who)
        if show.phase == .settled, old.show.phase != .settled, let oldest = shows.settle(slot) {
            release(oldest, isOver: true)
        }
        return line
    }

    /// Does what nobody waits for. What fails is tried again at the next turn, and is seen in
    /// `health`.
    mutating func commitQuietly(
        _ slot: Int, _ events: [ShowEvent], _ line: LogLine
    ) -> Bool {
        do throws(HostRefusal) {
            _ = try commit(slot, events, line)
            return true
        } catch { return false }
    }

    /// Puts a host's or the clock's events on disk.
    mutating func book(_ write: HostWrite) throws(HostRefusal) -> ShowKey {
        let nowNs = clock.nowNs
        do throws(LedgerError) {
            let key = try writer.write(write, aliveNs: clockToKeep(nowNs))
            aliveNs = nowNs
            noteSuccess()
            return key
        } catch { throw failed(error) }
    }

    /// Lets go of a show that is deleted, or settled long enough, which is over for its players.
    mutating func release(_ slot: Int, isOver: Bool) {
        let id = shows.slots[slot].show.id
        shows.release(slot)
        admission.remove(show: id, isOver: isOver)
        hasNews = true
        shows.slots[slot].hasUntoldChange = true
        shows.slots[slot].hasUntoldStep = true
    }
}
