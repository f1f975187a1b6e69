// What is due by the clock: locks that waited, cues for a new programme, lost time made up for.

import Ledger
import Trivia

extension DeskCore {
    mutating func keepTime() {
        // Not with every group of answers: it asks all shards.
        let isDue = abs(clock.nowNs - lookedNs) >= GameLimits.beatMs * 1_000_000
        if isDue || shows.streams.contains(where: { sights.report(of: $0) == nil }) {
            lookedNs = clock.nowNs
            lookAtStreams()
        }
        var hasOpenQuestion = false
        for slot in shows.slots.indices where !shows.slots[slot].isGone {
            makeUpForOutage(slot)
            lockWhenDue(slot)
            lockWhenAllHaveAnswered(slot)
            publishCueWhenDue(slot)
            if shows.slots[slot].show.latestPossibleDeadlineNs != nil {
                hasOpenQuestion = true
            }
        }
        let nowNs = clock.nowNs
        // While the ledger fails this also finds out when it works again.
        let isFailing = health.failure != nil
        if hasOpenQuestion || isFailing,
            nowNs - aliveNs >= GameLimits.aliveMs * 1_000_000
        {
            aliveNs = nowNs
            do throws(LedgerError) {
                try writer.stayAlive(atNs: clockToKeep(nowNs))
                noteSuccess()
            } catch { _ = failed(error) }
        }
    }

    private mutating func lockWhenDue(_ slot: Int) {
        let nowNs = clock.nowNs
        let due = dueLock(slot, nowNs)
        // A process that stood still until a moment ago owes time, too.
        makeUpForStandstill()
        guard let due, shows.slots[slot].show.latestPossibleDeadlineNs ?? .max < nowNs else {
            return
        }
        let line = line(of: slot, who: due.who, action: "lock", detail: "after the last deadline")
        if commitQuietly(slot, [.locked(atNs: nowNs, isForced: false)], line) {
            setPendingLock(nil, slot)
        }
    }

    /// The lock that waited for this; nil where none does. One whose question is no longer open is
    /// forgotten.
    private mutating func dueLock(_ slot: Int, _ nowNs: Int64) -> PendingLock? {
        guard let pending = shows.slots[slot].pendingLock else { return nil }
        guard case .question(pending.question) = shows.slots[slot].show.stage,
            shows.slots[slot].show.question(pending.question)?.state == .open
        else {
            setPendingLock(nil, slot)
            return nil
        }
        // Who can't see the question is still owed time.
        guard shows.slots[slot].outage == nil,
            let deadlineNs = shows.slots[slot].show.latestPossibleDeadlineNs, nowNs > deadlineNs
        else { return nil }
        return pending
    }

    mutating func setPendingLock(_ lock: PendingLock?, _ slot: Int) {
        shows.slots[slot].pendingLock = lock
        changed(slot, .step)
    }

    /// Everybody who could still answer has: nobody has anything to wait for.
    private mutating func lockWhenAllHaveAnswered(_ slot: Int) {
        guard shows.slots[slot].show.plan.locksWhenAllAnswered, shows.slots[slot].outage == nil,
            !shows.slots[slot].show.isPaused, shows.slots[slot].show.hasEverybodyAnswered,
            case .question(let number) = shows.slots[slot].show.stage
        else { return }
        let id = shows.slots[slot].show.question(number)?.question.id ?? ""
        let line = line(
            of: slot, who: LogLine.appliance, action: "lock",
            detail: "\(id), everybody has answered")
        _ = commitQuietly(slot, [.locked(atNs: clock.nowNs, isForced: false)], line)
    }

    /// A programme that began since knows nothing of the show, one that has refused a cue is asked
    /// again, and a lobby fills.
    private mutating func publishCueWhenDue(_ slot: Int) {
        let nowNs = clock.nowNs
        guard shows.slots[slot].isOn else { return }
        publishCorrections(slot)
        guard let told = shows.slots[slot].told else { return publishCue(slot) }
        let programme = stage.view(of: shows.slots[slot].stream)?.programme
        let isFilling =
            shows.slots[slot].show.phase == .lobby
            && shows.slots[slot].show.tally.players != told.playerCount
        let isNew = programme != nil && programme != told.programme
        let isRefused = programme != nil && told.place == nil && nowNs >= told.retryAtNs
        let isFuller = isFilling && nowNs - told.atNs >= GameLimits.retellMs * 1_000_000
        guard isNew || isRefused || isFuller else { return }
        publishCue(slot)
    }

    func line(of slot: Int, who: String, action: String, detail: String) -> LogLine {
        LogLine(
            atMs: clock.wallMs, who: who, commandID: nil,
            show: shows.slots[slot].show.id, action: action, detail: detail,
            revision: 0)
    }
}
