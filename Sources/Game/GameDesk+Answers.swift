// Answers in groups: judged, put on disk, and only then acknowledged.

import Ledger
import Trivia

extension GameDesk {
    /// Judges and commits all answers of this turn, and players who came without one.
    func commitAnswers(_ work: inout DeskWork) {
        let count = work.inbox.answers.count
        var start = 0
        repeat {
            let end = min(start + settings.tuning.countMax, count)
            commitGroup(start..<end, &work)
            start = end
        } while start < count
    }

    /// Commits players who came without an answer.
    func commitPlayers(_ work: inout DeskWork) { commitGroup(0..<0, &work) }

    /// What a group writes of one show.
    private typealias SlotWrite = (slot: Int, write: AudienceWrite)

    private func commitGroup(_ range: Range<Int>, _ work: inout DeskWork) {
        work.refusals.removeAll(keepingCapacity: true)
        work.repeats.removeAll(keepingCapacity: true)
        for _ in range {
            work.refusals.append(nil)
            work.repeats.append(false)
        }
        let writes = judge(range, &work)
        var failure: ReceiptRefusal?
        if !writes.isEmpty {
            let startNs = clock.monotonicNs
            let nowNs = clock.nowNs
            do throws(LedgerError) {
                try writer.write(writes.map(\.write), aliveNs: aliveNs(nowNs))
                work.aliveNs = nowNs
                keep(writes, tookNs: clock.monotonicNs - startNs)
            } catch {
                failure = if case .undecided = error { .undecided } else { .notKept }
                takeBack(writes, error)
            }
        }
        guard !range.isEmpty else { return }
        acknowledge(range, failure: failure, &work)
    }

    /// Judges a group in memory. Nobody is told until it is on disk.
    private func judge(_ range: Range<Int>, _ work: inout DeskWork) -> [SlotWrite] {
        state.withLock { state in
            // Only now nobody else has them: what the last group wrote would be copied before.
            for slot in work.groups.indices { work.groups[slot].removeAll() }
            while work.groups.count < state.slots.count { work.groups.append(SlotGroup()) }
            for index in range {
                if let refusal = sort(work.inbox.answers[index], index, state, &work.groups) {
                    work.refusals[index - range.lowerBound] = refusal
                }
            }
            var writes: [SlotWrite] = []
            for slot in state.slots.indices {
                if !work.groups[slot].answers.isEmpty {
                    rule(slot, from: range.lowerBound, &state, &work)
                }
                let players = state.slots[slot].waitingPlayers
                if !work.groups[slot].records.isEmpty || !players.isEmpty {
                    let write = AudienceWrite(
                        show: state.slots[slot].key, players: players,
                        answers: work.groups[slot].records)
                    writes.append((slot, write))
                }
            }
            return writes
        }
    }

    /// Puts an answer with those to the same show.
    private func sort(
        _ answer: PlayerAnswer, _ index: Int, _ state: borrowing DeskState,
        _ groups: inout [SlotGroup]
    ) -> ReceiptRefusal? {
        guard let seat = state.seat(answer.ticket) else {
            return state.isOver(answer.ticket) ? .showOver : .unknownPlayer
        }
        let slot = Int(seat.slot)
        if let show = answer.show, show != state.slots[slot].name { return .rules(.otherShow) }
        var question: QuestionNumber?
        if state.slots[slot].questionName == answer.question {
            question = state.slots[slot].questionOn
        } else {
            question = state.slots[slot].show.questionNumber(forID: answer.question.text)
        }
        guard let question else { return .rules(.unknownQuestion) }
        var handover = Handover.unknown
        if let openedNs = state.slots[slot].show.openedNs(of: question) {
            if seat.handoverQuestion == question.rawValue {
                // Who comes in the midst of a question reads it in what is said first, and can
                // answer before the stream itself has come to it: that isn't too early.
                let byThenNs = min(seat.handover.atNs, clock.showNs(answer.receivedNs))
                handover = .at(ns: byThenNs, lagNsMax: seat.handover.lagNsMax)
            } else if let own = answer.handover {
                // The connection has reported it before, but there was no room.
                let own = SeatHandover(own, openedNs: openedNs, clock: clock)
                handover = .at(ns: own.atNs, lagNsMax: own.lagNsMax)
            }
        }
        groups[slot].answers.append(
            Answer(
                player: PlayerNumber(rawValue: seat.player), question: question,
                choice: Int(answer.choice), receivedAtNs: clock.showNs(answer.receivedNs),
                handover: handover, tag: UInt64(index)))
        return nil
    }

    private func rule(
        _ slot: Int, from start: Int, _ state: inout DeskState, _ work: inout DeskWork
    ) {
        let durable = state.slots[slot].durableReceipt
        work.groups[slot].rule(&state.slots[slot].show)
        for index in work.groups[slot].answers.indices {
            let answer = work.groups[slot].answers[index]
            let place = Int(answer.tag) - start
            switch work.groups[slot].rulings[index] {
            case .accepted(let receipt):
                work.groups[slot].records.append(AnswerRecord(answer, receipt))
            case .repeated(let receipt):
                // The first may be in this very group: then it stands and falls with it.
                if receipt.number <= durable { work.repeats[place] = true }
                state.health.repeatedCount += 1
            case .refused(let refusal): work.refusals[place] = .rules(refusal)
            }
        }
    }

    /// What was written is what players may see.
    private func keep(_ writes: [SlotWrite], tookNs: Int64) {
        state.withLock { state in
            var answerCount = 0
            for (slot, write) in writes {
                state.slots[slot].waitingPlayers.removeFirst(write.players.count)
                state.slots[slot].durableReceipt = state.slots[slot].show.acceptedCount
                answerCount += write.answers.count
            }
            state.health.acceptedCount += answerCount
            state.health.groupCount += 1
            state.health.groupAnswerCountMax = max(state.health.groupAnswerCountMax, answerCount)
            state.health.commitNs += tookNs
            state.health.commits.note(ns: tookNs)
            state.health.commitNsMax = max(state.health.commitNsMax, tookNs)
            noteSuccess(&state)
        }
    }

    /// Makes memory equal to the disk again. Players stay, and are written with the next group:
    /// nothing was promised to them.
    private func takeBack(_ writes: [SlotWrite], _ error: LedgerError) {
        state.withLock { state in
            for write in writes {
                state.slots[write.slot].show.forget(write.write.answers)
                noteFailure(error, of: write.slot, &state)
            }
            state.health.failureCount += 1
            state.health.failure = error.description
        }
    }

    /// - Parameter failure: what those are told who would have been told that they are kept.
    private func acknowledge(
        _ range: Range<Int>, failure: ReceiptRefusal?, _ work: inout DeskWork
    ) {
        work.batch.removeAll()
        var refusedCounts: [ReceiptRefusal: Int] = [:]
        for (place, index) in range.enumerated() {
            var refusal = work.refusals[place]
            // Nor does an answer stand that another one came second to.
            if let failure, !work.repeats[place],
                refusal == nil || refusal == .rules(.alreadyAnswered)
            {
                refusal = failure
            }
            if let refusal { refusedCounts[refusal, default: 0] += 1 }
            work.batch.append(work.inbox.answers[index], refusal: refusal)
        }
        receipts(work.batch)
        let nowNs = clock.monotonicNs
        state.withLock { state in
            for (refusal, count) in refusedCounts {
                state.health.refusedCounts[refusal.code, default: 0] += count
            }
            for index in range {
                state.health.receiptDelays.note(ns: nowNs - work.inbox.answers[index].receivedNs)
            }
        }
    }
}
