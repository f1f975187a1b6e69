// The staff of a simulated run, who end viewers at any moment.

import WireBytes

@testable import Delivery
@testable import IORing

extension Simulation {
    /// Now and then somebody is ended, or all of an address, or a player; and somebody looks.
    func orderSomething() {
        guard staffRandom.below(250) == 0 else { return }
        let viewers = (0..<core.table.usedEnd).filter {
            core.table[$0].flags.isSuperset(of: [.joined, .admitted])
        }
        guard !viewers.isEmpty else { return }
        let slot = viewers[staffRandom.below(viewers.count)]
        let id = ViewerID(
            shard: core.orders.shard, slot: slot, generation: core.table[slot].generation)
        let isTaken: Bool
        switch staffRandom.below(12) {
        case 0:
            let host = core.peers.host(core.table[slot].peer)
            let range =
                host.kind == .v4
                ? AddressRange(.v4(UInt32(truncatingIfNeeded: host.value)))
                : AddressRange(.v6(high: host.value, low: 0)).asCounted
            isTaken = core.orders.add(.endAll(range) { _ in })
        case 1:
            let ticket = core.table[slot].session.flatMap { core.sessions[$0].ticket }
            guard let ticket else { return }
            isTaken = core.orders.add(.endPlayer(ticket) { _ in })
        case 2...6:
            // Whoever is listed is there.
            isTaken = core.orders.add(
                .list(ViewerQuery(countMax: 5)) { sample in
                    precondition(sample.viewers.count == min(5, sample.count))
                })
        default: isTaken = core.orders.add(.endViewer(id) { _ in })
        }
        if !isTaken { fail("an order of the staff found no room") }
    }

    /// Whether a client may have been ended by the staff.
    func wasKicked(_ client: FakeConnection) -> Bool {
        client.closedNs.map { kickedNs.contains($0) } ?? false
    }
}
