// When the newest question was handed to each player's connection.

import Broadcast

extension ShardCore where Kernel: ~Copyable {
    /// After a turn: which players now have the newest question, and since when.
    ///
    /// All sends are confirmed, so a cursor behind the question's tag means that the kernel has
    /// all of it; one who skips or joins has it with what comes before its first frame.
    mutating func finishQuestions(nowNs: Int64) {
        let visited = visitedPhases
        visitedPhases = 0
        guard let audience, playerCount > 0, visited != 0 else { return }
        for channel in known.indices {
            guard let question = cueWatches[channel].question, let id = question.question
            else { continue }
            let phases = visited & ~cueWatches[channel].askedPhases
            guard phases != 0 else { continue }
            for phase in 0..<DeliverySettings.phaseCount where phases & 1 << phase != 0 {
                if noteAsked(phase: phase, channel, question, nowNs: nowNs) {
                    cueWatches[channel].askedPhases |= 1 << phase
                }
            }
            guard !handovers.isEmpty else { continue }
            audience.desk.handedOver(id, to: handovers)
            handovers.removeAll(keepingCapacity: true)
        }
    }

    /// - Returns: whether all players of the phase have it.
    private mutating func noteAsked(
        phase: Int, _ channel: Int, _ question: CuePlace, nowNs: Int64
    ) -> Bool {
        var hasAll = true
        var slot = phase
        while slot < table.usedEnd {
            defer { slot += DeliverySettings.phaseCount }
            guard table[slot].flags.contains(.player), Int(table[slot].channel) == channel,
                let line = table[slot].line, lines[line].questionSeq != question.seq,
                let ticket = lines[line].ticket
            else { continue }
            guard table[slot].state == .streaming, table[slot].cursor >= question.endPosition
            else {
                hasAll = false
                continue
            }
            lines[line].questionSeq = question.seq
            lines[line].questionNs = nowNs
            handovers.append(QuestionHandover(player: ticket, atNs: nowNs))
        }
        return hasAll
    }

    /// A player has begun to watch, who may have to be asked.
    mutating func addPlayer(_ slot: Int, _ ticket: PlayerTicket, on line: Int) {
        lines[line].ticket = ticket
        table[slot].flags.insert(.player)
        playerCount += 1
        let phase = slot % DeliverySettings.phaseCount
        cueWatches[Int(table[slot].channel)].askedPhases &= ~(1 << phase)
    }
}
