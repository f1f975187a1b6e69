// Time that an open question has lost to a restart or a standstill, and gets back.

import Ledger
import Trivia

extension DeskCore {
    /// Gives an open question back what an outage took from it: at once, and until its audience can
    /// see it again. Past the limit it is voided.
    mutating func makeUpForOutage(_ slot: Int) {
        guard let outage = shows.slots[slot].outage else { return }
        guard shows.slots[slot].hasOpenQuestion else {
            shows.slots[slot].outage = nil
            return
        }
        // The resumption gives back all of a pause; from there on it goes on.
        guard !shows.slots[slot].show.isPaused else { return }
        let isSeen = shows.slots[slot].told?.place != nil
        let nowNs = clock.nowNs
        let lostMs = outage.lostMs(atNs: nowNs)
        let wholeMs = outage.madeUpMs + lostMs
        guard wholeMs <= Int64(settings.outageLimitS) * 1000 else {
            voidAfterOutage(slot, wholeMs)
            return
        }
        // In steps, so that another crash takes no more than one of them.
        guard isSeen || outage.madeUpMs == 0 || lostMs >= GameLimits.outageStepMs else { return }
        if lostMs > 0 {
            let line = line(
                of: slot, who: LogLine.appliance, action: "makeUpOutage", detail: "\(lostMs) ms")
            let event = ShowEvent.outageMadeUp(ms: Int(lostMs), atNs: atNs(of: outage, slot, nowNs))
            // The ledger's clock is to go on behind it: a crash gives it back no second time.
            shows.slots[slot].outage?.sinceNs = nowNs
            guard commitQuietly(slot, [event], line) else {
                shows.slots[slot].outage = outage
                return
            }
        }
        var notedMs = outage.notedMs
        if wholeMs > notedMs, isSeen || notedMs == 0 {
            let cause = notedMs == 0 ? outage.cause : "And then the stream was still off"
            note(slot, "\(cause); the open question got \(wholeMs - notedMs) ms back.")
            notedMs = wholeMs
        }
        guard !isSeen else {
            shows.slots[slot].outage = nil
            return
        }
        var rest = outage
        rest.madeUpMs = wholeMs
        rest.notedMs = notedMs
        rest.sinceNs += lostMs * 1_000_000
        rest.ranAtNs = nil
        shows.slots[slot].outage = rest
    }

    /// From when on the time counts that is given back: answers of right after a standstill came in
    /// before anybody could look for it.
    private func atNs(of outage: Outage, _ slot: Int, _ nowNs: Int64) -> Int64 {
        guard let ranAtNs = outage.ranAtNs else { return nowNs }
        return max(ranAtNs, shows.slots[slot].show.newestNs)
    }

    /// Notes for each open question that the process stood still, if it has, and gives the time back
    /// before anything that came in since is judged.
    mutating func makeUpForStandstill() {
        guard let still = parts.heartbeat.takeStandstill(nowNs: clock.monotonicNs) else { return }
        let fromNs = clock.showNs(still.fromNs)
        // Nothing ran until then: whatever has a later time came in afterwards.
        let ranAtNs = min(clock.showNs(still.untilNs), fromNs + GameLimits.beatMs * 1_000_000)
        for slot in shows.slots.indices {
            guard !shows.slots[slot].isGone, shows.slots[slot].outage == nil,
                let deadlineNs = shows.slots[slot].show.latestPossibleDeadlineNs,
                let openedNs = shows.slots[slot].openedNs
            else { continue }
            // What was over before it has lost nothing.
            guard deadlineNs >= fromNs else { continue }
            shows.slots[slot].outage = Outage(
                cause: "The process stood still", sinceNs: max(fromNs, openedNs),
                ranAtNs: max(ranAtNs, openedNs))
            makeUpForOutage(slot)
        }
    }

    private mutating func voidAfterOutage(_ slot: Int, _ lostMs: Int64) {
        let show = shows.slots[slot].show
        guard case .question(let number) = show.stage else { return }
        let reason = "Nobody could see this question for \(lostMs / 1000) s."
        let line = line(of: slot, who: LogLine.appliance, action: "void", detail: reason)
        guard commitQuietly(slot, [.voided(number, reason: reason)], line) else { return }
        shows.slots[slot].outage = nil
        note(slot, reason + " It was voided; open the next one.")
    }

    /// What the ledger is told of the clock: a restart counts from there. What an open question has lost
    /// and hasn't got back is to be lost to no crash.
    func clockToKeep(_ nowNs: Int64) -> Int64 {
        shows.slots.reduce(nowNs) { earliestNs, slot in
            guard !slot.isGone, let outage = slot.outage, slot.hasOpenQuestion,
                !slot.show.isPaused
            else { return earliestNs }
            return min(earliestNs, outage.sinceNs)
        }
    }

    /// What a pause in an outage is to begin with: the time that was lost until then. A pause gives
    /// back what is lost in it, and no more.
    func eventsBeforePause(_ slot: Int, _ show: Show, atNs: Int64) -> [ShowEvent] {
        guard let outage = shows.slots[slot].outage,
            show.latestPossibleDeadlineNs != nil
        else { return [] }
        let lostMs = min(outage.lostMs(atNs: atNs), Int64(TriviaLimits.outageMsMax))
        return lostMs > 0 ? [.outageMadeUp(ms: Int(lostMs), atNs: atNs)] : []
    }

    /// Keeps the outage in step with what was done in it by events that are on disk.
    static func follow(_ events: [ShowEvent], in outage: inout Outage?) {
        guard var followed = outage else { return }
        var givenMs: Int64 = 0
        for event in events {
            switch event {
            case .outageMadeUp(let ms, _): givenMs += Int64(ms)
            case .paused(let atNs):
                followed.madeUpMs += givenMs
                followed.sinceNs = atNs
                followed.ranAtNs = nil
            case .resumed(let atNs): followed.sinceNs = atNs
            default: continue
            }
        }
        outage = followed
    }
}

extension Outage {
    /// What isn't made up for yet, ms.
    func lostMs(atNs: Int64) -> Int64 { max(0, atNs - sinceNs) / 1_000_000 }
}
