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
        let visited = visitedPhases
        visitedPhases = 0
        guard let audience, playerCount > 0, visited != 0 else { return }
        for channel in known.indices {
            guard let question = cueWatches[channel].question, let id = question.question
            else { continue }
            let phases = visited & ~cueWatches[channel].askedPhases
            guard phases != 0 else { continue }
            for phase in 0..<DeliverySettings.phaseCount where phases & 1 << phase != 0 {
                if try noteAsked(phase: phase, channel, question, nowNs: nowNs) {
                    cueWatches[channel].askedPhases |= 1 << phase
                }
            }
            // What the kernel was asked about those who were waited for.
            if hasPrepared { try flush() }
            guard !handovers.isEmpty else { continue }
            audience.desk.handedOver(id, to: handovers)
            handovers.removeAll(keepingCapacity: true)
        }
    }

    /// - Returns: whether all players of the phase have it.
    private mutating func noteAsked(
        phase: Int, _ channel: Int, _ question: CuePlace, nowNs: Int64
    ) throws(RingError) -> Bool {
        var hasAll = true
        var slot = phase
        while slot < table.usedEnd {
            defer { slot += DeliverySettings.phaseCount }
            guard table[slot].flags.contains(.player), Int(table[slot].channel) == channel,
                let line = table[slot].line, lines[line].questionSeq != question.seq
            else { continue }
            let hasIt =
                table[slot].state == .streaming && table[slot].cursor >= question.endPosition
            let isWaitedFor = lines[line].wait.seq == question.seq
            if hasIt, !isWaitedFor {
                note(question, handedTo: line, atNs: nowNs, countedNs: nowNs)
                continue
            }
            hasAll = false
            if ring.entriesLeft < DeliverySettings.entriesPerEvent { try flush() }
            guard table[slot].line == line else { continue }
            if !isWaitedFor {
                beginWait(slot, line, seq: question.seq, nowNs: nowNs)
            } else if hasIt, lines[line].wait.endNs == 0 {
                endWait(slot, line, nowNs: nowNs)
            }
        }
        return hasAll
    }

    /// A player has a question.
    ///
    /// - Parameter countedNs: when it counts as having it: at `atNs` or before.
    mutating func note(
        _ question: CuePlace, handedTo line: Int, atNs: Int64, countedNs: Int64
    ) {
        guard let ticket = lines[line].ticket else { return }
        lines[line].questionSeq = question.seq
        lines[line].questionNs = atNs
        lines[line].countedNs = min(atNs, countedNs)
        handovers.append(
            QuestionHandover(
                player: ticket, atNs: atNs, countedNs: lines[line].countedNs,
                sinceNs: lines[line].playerSinceNs))
    }

    /// A player has begun to watch, or a viewer to play, who may have to be asked.
    mutating func addPlayer(_ slot: Int, _ ticket: PlayerTicket, on line: Int) {
        lines[line].ticket = ticket
        lines[line].playerSinceNs = nowNs
        table[slot].flags.insert(.player)
        playerCount += 1
        let phase = slot % DeliverySettings.phaseCount
        cueWatches[Int(table[slot].channel)].askedPhases &= ~(1 << phase)
    }
}
