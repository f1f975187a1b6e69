// The ban of an address taken back, where others cover the same players.

import Trivia
import WireBytes

extension DeskCore {
    /// What takes a ban back. Whom another ban covers as well stays out by that one.
    func eventsUnbanning(
        _ host: HostKey, _ slot: Int, _ show: Show
    ) throws(HostRefusal) -> [ShowEvent] {
        var scratch = show
        var events: [ShowEvent] = []
        func add(_ event: ShowEvent) throws(HostRefusal) {
            do throws(ShowRefusal) { try scratch.apply(event) } catch { throw .rules(error) }
            events.append(event)
        }
        try add(.addressUnbanned(host.description))
        for address in show.bannedAddresses where address != host.description {
            guard let other = HostKey(address), other.contains(host) || host.contains(other)
            else { continue }
            try add(.addressUnbanned(address))
            let players = players(from: other, slot, scratch)
                .filter { show.standing(of: $0)?.status == .banned }
            try add(.addressBanned(address, players))
        }
        return events
    }
}
