// How much of a player's lag counts. A lag is a claim of the judged party: what it can make by
// itself must gain nothing.
//
// Whoever takes all it is offered has the question as soon as the server sends it: such a lag is the
// server's own, and counts. Whoever has to be waited for earns of that wait at most what it has been
// behind all the time (`LagHistory`) and a margin, less the time in which its own receive window
// was the limit: it wasn't reading. Where the kernel can't tell the latter, the margin is all.
//
// What can still be gained: whoever makes its network slow, by shaping it or by dropping what comes,
// and does so all the time, is taken for somebody on a slow network, up to the show's `lagMsMax`, and
// for points up to `speedLagMsMax`; whoever does so only when a question comes gains the margin.

import IORing

/// A player's connection that hasn't got the newest question though the others of its cohort have.
struct QuestionWait {
    /// The question's cue.
    var seq: UInt64 = 0
    /// From here on it is the connection that is waited for, ns.
    var sinceNs: Int64 = 0
    /// When it had the question, ns; 0 until then.
    var endNs: Int64 = 0
    /// How much of the wait may count, ns.
    var earnedNsMax: Int64 = 0
    /// For how long its receive window had been the limit as the wait began, µs; nil where that isn't
    /// known.
    var limitedUs: UInt64?
    /// Whether the kernel has said, at the beginning of the wait, what it can say.
    var isMeasured = false

    /// How much of the wait counts, ns, once it is over.
    ///
    /// - Parameter limitedUs: for how long its window has been the limit by now.
    func earnedNs(limitedUs: UInt64?) -> Int64 {
        let waitedNs = max(0, endNs - sinceNs)
        guard let before = self.limitedUs, let limitedUs else {
            return min(waitedNs, DeliverySettings.lagMarginNs)
        }
        let limitedNs = Int64(clamping: limitedUs &- min(before, limitedUs)) &* 1_000
        return max(0, min(waitedNs - min(waitedNs, max(0, limitedNs)), earnedNsMax))
    }
}

extension ShardCore where Kernel: ~Copyable {
    /// Looks at how far behind those are who may be players: a sixteenth of them at a time, each once
    /// a second. Those who keep up aren't touched.
    mutating func sampleLags(nowNs: Int64) {
        guard audience != nil else { return }
        for channel in channels.indices {
            guard let view = channels[channel].view else { continue }
            channels[channel].lagMarks.note(head: view.head, nowNs: nowNs)
        }
        guard nowNs >= lagDueNs, sessions.count > 0 else { return }
        lagDueNs = nowNs + LagHistory.sampleNs / Int64(DeliverySettings.cohortCount)
        let number = LagHistory.number(atNs: nowNs)
        var slot = lagCohort
        lagCohort = (lagCohort + 1) % DeliverySettings.cohortCount
        while slot < table.usedEnd {
            defer { slot += DeliverySettings.cohortCount }
            guard !table[slot].flags.isDisjoint(with: [.polling, .refused]),
                table[slot].state == .streaming || table[slot].state == .starting,
                let session = table[slot].session
            else { continue }
            let lagNs = channels[Int(table[slot].channel)].lagMarks.ageNs(
                of: table[slot].cursor, nowNs: nowNs)
            sessions[session].lags.add(lagNs, number: number)
        }
    }

    /// From here on a player's connection is waited for.
    mutating func beginWait(_ slot: Int, _ session: Int, seq: UInt64, nowNs: Int64) {
        let typicalNs = sessions[session].lags.typicalNs(number: LagHistory.number(atNs: nowNs))
        sessions[session].wait = QuestionWait(
            seq: seq, sinceNs: nowNs,
            earnedNsMax: typicalNs + DeliverySettings.lagMarginNs)
        askForWindow(slot)
    }

    /// A player has the question that it was waited for.
    mutating func endWait(_ slot: Int, _ session: Int, nowNs: Int64) {
        sessions[session].wait.endNs = nowNs
        askForWindow(slot)
    }

    private mutating func askForWindow(_ slot: Int) {
        guard ring.tellsWindowTime else {
            windowAsked(slot, limitedUs: nil)
            return
        }
        prepare()
        ring.expose(slot: slot, token: token(Operation.expose, slot))
    }

    /// The kernel has made a socket's descriptor, or has not.
    mutating func exposed(_ completion: Completion, isOfNow: Bool) {
        let limitedUs =
            completion.result < 0 ? nil : ring.takeWindowTimeUs(descriptor: completion.result)
        guard isOfNow else { return }
        windowAsked(completion.token.slot, limitedUs: limitedUs)
    }

    private mutating func windowAsked(_ slot: Int, limitedUs: UInt64?) {
        guard let session = table[slot].session, sessions[session].wait.seq != 0 else { return }
        guard sessions[session].wait.isMeasured else {
            sessions[session].wait.limitedUs = limitedUs
            sessions[session].wait.isMeasured = true
            return
        }
        guard sessions[session].wait.endNs > 0 else { return }
        let wait = sessions[session].wait
        sessions[session].wait = QuestionWait()
        guard let question = channels[Int(table[slot].channel)].cues.question,
            question.seq == wait.seq
        else { return }
        let countedNs = wait.sinceNs + wait.earnedNs(limitedUs: limitedUs)
        note(question, handedTo: session, atNs: wait.endNs, countedNs: countedNs)
    }
}
