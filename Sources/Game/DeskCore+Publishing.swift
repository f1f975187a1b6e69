// What becomes visible, and when: one snapshot for everybody, and a word to whoever watches a show.

extension DeskCore {
    /// How loudly a change is told.
    enum ChangeKind {
        /// Numbers: of players and answers. Told a few times a second at most.
        case numbers
        /// All else: told at once.
        case step
    }

    /// Notes that a show has changed.
    mutating func changed(_ slot: Int, _ kind: ChangeKind) {
        hasNews = true
        shows.slots[slot].view = nil
        shows.slots[slot].hasUntoldChange = true
        if kind == .step { shows.slots[slot].hasUntoldStep = true }
    }

    /// Publishes what has changed unless more of the same is about to: while answers pour in, a
    /// snapshot for each group of them would be made for nobody.
    mutating func publishWhenDue() {
        let sinceNs = clock.nowNs - publishedNs
        let hasStep = shows.slots.contains(where: \.hasUntoldStep)
        guard hasNews, !hasStep, parts.inbox.hasAnswers,
            0..<GameLimits.publishMs * 1_000_000 ~= sinceNs
        else { return publish() }
    }

    /// Publishes what has changed, and tells whoever watches.
    mutating func publish() {
        if hasNews {
            hasNews = false
            publishedNs = clock.nowNs
            snapshotNumber += 1
            parts.publication.publish(snapshot())
        }
        notifyWatchers()
    }

    private mutating func snapshot() -> GameSnapshot {
        for slot in shows.slots.indices where !shows.slots[slot].isGone {
            let sight = sights.report(of: shows.slots[slot].stream)
            if let view = shows.slots[slot].view {
                assert(
                    view.says(shows.slots[slot], sight: sight),
                    "a show that has changed is noted as changed")
            } else {
                shows.slots[slot].view = ShowView(shows.slots[slot], sight: sight)
            }
        }
        return GameSnapshot(
            number: snapshotNumber, shows: shows.slots.compactMap { $0.isGone ? nil : $0.view },
            notes: notes.newest, health: health, states: states)
    }

    /// What has changed in numbers alone is told to a show's watchers with some distance, so that
    /// hundreds of changes are a few.
    private mutating func notifyWatchers() {
        for slot in shows.slots.indices where shows.slots[slot].hasUntoldChange {
            let nowNs = clock.monotonicNs
            let isDue = nowNs - shows.slots[slot].notifiedNs >= GameLimits.notifyMs * 1_000_000
            guard isDue || shows.slots[slot].hasUntoldStep else { continue }
            shows.slots[slot].hasUntoldChange = false
            shows.slots[slot].hasUntoldStep = false
            shows.slots[slot].notifiedNs = nowNs
            parts.publication.notify(show: shows.slots[slot].show.id)
        }
    }
}

extension ShowView {
    /// Whether it is what the slot would show now.
    func says(_ slot: ShowSlot, sight: SightReport?) -> Bool {
        let fresh = ShowView(slot, sight: sight)
        return serial == fresh.serial && show == fresh.show
            && isLockPending == fresh.isLockPending && self.sight == fresh.sight
            && settlement == fresh.settlement && crowdedAddresses == fresh.crowdedAddresses
            && durableReceipt == fresh.durableReceipt
    }
}
