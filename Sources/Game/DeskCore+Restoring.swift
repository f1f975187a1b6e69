// Shows and their players as a ledger has them, after a start.

import Ledger
import Trivia
import WireBytes

/// What a ledger has for a desk.
struct Restored {
    var shows = ShowTable()
    var admission = AdmissionTable()
    /// Shows that can't be read. They stay in the ledger as they are.
    var setAside: [DamagedShow] = []
    /// The newest instant that is known of, ns on the shows' clock.
    var newestNs: Int64?
}

extension DeskCore {
    /// Makes the shows of a ledger again, and the tickets of their players: those that aren't settled,
    /// and the one that was settled last. Rehearsals that are over are thrown away. A show that can't
    /// be read doesn't keep the others from going on.
    static func restore(_ ledger: Ledger, nowMs: Int64) throws(LedgerError) -> Restored {
        var restored = Restored()
        // Its winners ask what they have won.
        let newestSettled = try ledger.newestSettled()
        let (entries, damaged) = try ledger.listing()
        restored.setAside = damaged
        for entry in entries {
            let isOver = entry.phase == .finished || entry.phase == .settled
            if entry.isRehearsal && isOver {
                let line = LogLine(
                    atMs: nowMs, who: LogLine.appliance, commandID: nil, show: entry.id,
                    action: "discard", detail: "a rehearsal that was over",
                    revision: entry.revision)
                try ledger.remove(entry.key, line: line)
            } else if entry.phase == .settled, entry.key != newestSettled {
                _ = restored.admission.remove(show: entry.id, isOver: true)
            } else {
                do throws(LedgerError) {
                    let stored = try ledger.load(show: entry.id)
                    restored.newestNs = max(restored.newestNs ?? 0, stored.show.newestNs)
                    let newest = try ledger.newestEvent(ofShow: entry.id)
                    restore(stored, newest, &restored.shows, &restored.admission)
                } catch {
                    guard error.isDamage || error == .unknownShow(entry.id) else { throw error }
                    restored.setAside.append(DamagedShow(id: entry.id, error: error))
                }
            }
        }
        let aliveNs = try ledger.aliveNs()
        restored.newestNs = max(restored.newestNs ?? 0, aliveNs ?? 0)
        for slot in restored.shows.slots.indices
        where restored.shows.slots[slot].hasOpenQuestion {
            // Where nobody knows when the clock was seen last, its newest event was seen.
            let show = restored.shows.slots[slot].show
            restored.shows.slots[slot].outage = Outage(
                sinceNs: max(aliveNs ?? 0, show.newestNs))
        }
        return restored
    }

    private static func restore(
        _ stored: StoredShow, _ newest: ShowEvent?, _ shows: inout ShowTable,
        _ admission: inout AdmissionTable
    ) {
        var slot = ShowSlot(
            key: stored.entry.key, stream: stored.entry.stream, show: stored.show,
            createdMs: stored.entry.createdMs)
        if case .question(let number) = stored.show.stage,
            let pending = stored.pendingLock, let entry = stored.show.question(number),
            entry.state == .open
        {
            slot.pendingLock = PendingLock(who: pending.who, question: number)
        }
        // The process may have ended before anybody was told. Whatever came after it came behind that.
        if case .keyCorrected(let number, _, _) = newest,
            stored.show.stage != .question(number)
        {
            slot.untoldCorrections = [number]
        }
        slot.addOrigins(stored.origins)
        let index = shows.place(slot)
        let serial = shows.slots[index].serial
        let show = stored.show.id
        admission.add(
            show: show, slot: index, serial: serial, stream: slot.stream,
            refusesGuests: stored.show.plan.refusesGuests)
        for address in stored.show.bannedAddresses {
            guard let host = HostKey(address) else { continue }
            admission.setBanned(true, host: host, show: show)
        }
        guard stored.show.phase != .draft else { return }
        admission.setOpen(show: show, stream: slot.stream, isOpen: slot.takesPlayers)
        if stored.show.phase == .settled { _ = shows.settle(index) }
        for number in 0..<Int32(stored.show.tally.players) {
            guard let standing = stored.show.standing(of: PlayerNumber(rawValue: number)) else {
                continue
            }
            let ticket = admission.add(
                id: standing.id, show: show, host: slot.crowd.origins[Int(number)].host)
            shows.place(
                TicketSeat(
                    slot: Int32(index), serial: serial, life: ticket.life, player: number),
                at: ticket.index)
            if standing.status == .banned {
                admission.setBanned(true, id: standing.id, show: show)
            }
        }
    }
}

extension ShowSlot {
    /// Takes up where the players of a ledger came from. Whatever stands there that isn't an address
    /// is one that isn't known.
    mutating func addOrigins(_ stored: [StoredOrigin]) {
        let possibleMs = 0...TriviaLimits.instantNsMax / 1_000_000
        for origin in stored.prefix(show.tally.players) {
            let joinedMs = origin.joinedMs.flatMap { possibleMs ~= $0 ? $0 : nil }
            _ = crowd.add(
                PlayerOrigin(
                    host: origin.address.flatMap { HostKey($0) }, joinedMs: joinedMs))
        }
        for _ in crowd.origins.count..<show.tally.players {
            _ = crowd.add(PlayerOrigin(host: nil, joinedMs: nil))
        }
    }
}
