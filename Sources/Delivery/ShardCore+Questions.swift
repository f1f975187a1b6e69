// When the newest question was handed to each player's connection.

import Broadcast
import IORing

extension ShardCore where Kernel: ~Copyable {
    /// After a turn: which players now have the newest question, and since when.
    ///
    /// All sends are confirmed, so a cursor behind the question's tag means that the kernel has
    /// all of it; one who skips or joins has it with what comes before its first frame.
    mutating func finishQuestions(nowNs: Int64) throws(RingError) {
        sampleLags(nowNs: nowNs)
        let visited = visitedCohorts
        visitedCohorts = 0
        guard let audience, playerCount > 0, visited != 0 else { return }
        for channel in channels.indices {
            guard let question = channels[channel].cues.question, let id = question.question
            else { continue }
            let cohorts = visited & ~channels[channel].cues.askedCohorts
            guard cohorts != 0 else { continue }
            for cohort in 0..<DeliverySettings.cohortCount where cohorts & 1 << cohort != 0 {
                if try noteAsked(cohort: cohort, channel, question, nowNs: nowNs) {
                    channels[channel].cues.askedCohorts |= 1 << cohort
                }
            }
            // What the kernel was asked about those who were waited for.
            if hasPrepared { try flush() }
            guard !handovers.isEmpty else { continue }
            audience.service.handedOver(id, to: handovers)
            handovers.removeAll(keepingCapacity: true)
        }
    }

    /// - Returns: whether all players of the cohort have it.
    private mutating func noteAsked(
        cohort: Int, _ channel: Int, _ question: CuePlace, nowNs: Int64
    ) throws(RingError) -> Bool {
        var hasAll = true
        var slot = cohort
        while slot < table.usedEnd {
            defer { slot += DeliverySettings.cohortCount }
            guard table[slot].flags.contains(.player), Int(table[slot].channel) == channel,
                let session = table[slot].session, sessions[session].questionSeq != question.seq
            else { continue }
            let hasIt =
                table[slot].state == .streaming && table[slot].cursor >= question.endPosition
            let isWaitedFor = sessions[session].wait.seq == question.seq
            if hasIt, !isWaitedFor {
                note(question, handedTo: session, atNs: nowNs, countedNs: nowNs)
                continue
            }
            hasAll = false
            if ring.entriesLeft < DeliverySettings.entriesPerEvent { try flush() }
            guard table[slot].session == session else { continue }
            if !isWaitedFor {
                beginWait(slot, session, seq: question.seq, nowNs: nowNs)
            } else if hasIt, sessions[session].wait.endNs == 0 {
                endWait(slot, session, nowNs: nowNs)
            }
        }
        return hasAll
    }

    /// A player has a question.
    ///
    /// - Parameter countedNs: when it counts as having it: at `atNs` or before.
    mutating func note(
        _ question: CuePlace, handedTo session: Int, atNs: Int64, countedNs: Int64
    ) {
        guard let ticket = sessions[session].ticket else { return }
        sessions[session].questionSeq = question.seq
        sessions[session].questionNs = atNs
        sessions[session].countedNs = min(atNs, countedNs)
        handovers.append(
            QuestionHandover(
                player: ticket, atNs: atNs, countedNs: sessions[session].countedNs,
                sinceNs: sessions[session].playerSinceNs))
    }

    /// A player has begun to watch, or a viewer to play, who may have to be asked.
    mutating func addPlayer(_ slot: Int, _ ticket: PlayerTicket, on session: Int) {
        sessions[session].ticket = ticket
        sessions[session].playerSinceNs = nowNs
        table[slot].flags.insert(.player)
        playerCount += 1
        let cohort = slot % DeliverySettings.cohortCount
        channels[Int(table[slot].channel)].cues.askedCohorts &= ~(1 << cohort)
    }
}
