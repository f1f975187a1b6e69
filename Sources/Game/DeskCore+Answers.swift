// Answers in groups: judged, put on disk, and only then acknowledged.

import Ledger
import Trivia

extension DeskCore {
    /// Judges and commits all answers of this turn, and players who came without one.
    mutating func commitAnswers() {
        let count = arrivals.answers.count
        var start = 0
        repeat {
            let end = min(start + settings.tuning.countMax, count)
            commitGroup(start..<end)
            start = end
        } while start < count
    }

    /// Commits players who came without an answer.
    mutating func commitPlayers() { commitGroup(0..<0) }

    /// What a group writes of one show.
    private typealias SlotWrite = (slot: Int, write: AudienceWrite)

    /// Decide, write, publish: for a group of answers.
    private mutating func commitGroup(_ range: Range<Int>) {
        refusals.removeAll(keepingCapacity: true)
        repeats.removeAll(keepingCapacity: true)
        for _ in range {
            refusals.append(nil)
            repeats.append(false)
        }
        let writes = judge(range)
        var failure: ReceiptRefusal?
        if !writes.isEmpty {
            let startNs = clock.monotonicNs
            let nowNs = clock.nowNs
            do throws(LedgerError) {
                try writer.write(writes.map(\.write), aliveNs: clockToKeep(nowNs))
                aliveNs = nowNs
                keep(writes, tookNs: clock.monotonicNs - startNs)
            } catch {
                failure = if case .undecided = error { .undecided } else { .notKept }
                takeBack(writes, error)
            }
        }
        // Whoever gets a receipt finds the answer counted.
        publishWhenDue()
        guard !range.isEmpty else { return }
        acknowledge(range, failure: failure)
    }

    /// Judges a group in memory. Nobody is told until it is on disk.
    private mutating func judge(_ range: Range<Int>) -> [SlotWrite] {
        // Only now nobody else has them: what the last group wrote would be copied before.
        for slot in groups.indices { groups[slot].removeAll() }
        while groups.count < shows.slots.count { groups.append(SlotGroup()) }
        for index in range {
            if let refusal = sort(arrivals.answers[index], index) {
                refusals[index - range.lowerBound] = refusal
            }
        }
        var writes: [SlotWrite] = []
        for slot in shows.slots.indices {
            if !groups[slot].answers.isEmpty { rule(slot, from: range.lowerBound) }
            let players = shows.slots[slot].waitingPlayers
            if !groups[slot].records.isEmpty || !players.isEmpty {
                let write = AudienceWrite(
                    show: shows.slots[slot].key, players: players, answers: groups[slot].records)
                writes.append((slot, write))
            }
        }
        return writes
    }

    /// Puts an answer with those to the same show.
    private mutating func sort(_ answer: PlayerAnswer, _ index: Int) -> ReceiptRefusal? {
        guard let seat = shows.seat(answer.ticket) else {
            return shows.isOver(answer.ticket) ? .showOver : .unknownPlayer
        }
        let slot = Int(seat.slot)
        if let show = answer.show, show != shows.slots[slot].name { return .rules(.otherShow) }
        var question: QuestionNumber?
        if shows.slots[slot].questionName == answer.question {
            question = shows.slots[slot].questionOn
        } else {
            question = shows.slots[slot].show.questionNumber(forID: answer.question.text)
        }
        guard let question else { return .rules(.unknownQuestion) }
        var handover = Handover.unknown
        if let openedNs = shows.slots[slot].show.openedNs(of: question) {
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

    private mutating func rule(_ slot: Int, from start: Int) {
        let durable = shows.slots[slot].durableReceipt
        groups[slot].rule(&shows.slots[slot].show)
        for index in groups[slot].answers.indices {
            let answer = groups[slot].answers[index]
            let place = Int(answer.tag) - start
            switch groups[slot].rulings[index] {
            case .accepted(let receipt):
                assert(receipt.number > durable, "a receipt's number is above all on disk")
                groups[slot].records.append(AnswerRecord(answer, receipt))
            case .repeated(let receipt):
                // The first may be in this very group: then it stands and falls with it.
                if receipt.number <= durable { repeats[place] = true }
                health.repeatedCount += 1
            case .refused(let refusal): refusals[place] = .rules(refusal)
            }
        }
    }

    /// What was written is what players may see.
    private mutating func keep(_ writes: [SlotWrite], tookNs: Int64) {
        var answerCount = 0
        for (slot, write) in writes {
            shows.slots[slot].keep(write)
            changed(slot, .numbers)
            answerCount += write.answers.count
        }
        health.acceptedCount += answerCount
        health.groupCount += 1
        health.groupAnswerCountMax = max(health.groupAnswerCountMax, answerCount)
        health.commitNs += tookNs
        health.commits.note(ns: tookNs)
        health.commitNsMax = max(health.commitNsMax, tookNs)
        noteSuccess()
    }

    /// Makes memory equal to the disk again. Players stay, and are written with the next group:
    /// nothing was promised to them.
    private mutating func takeBack(_ writes: [SlotWrite], _ error: LedgerError) {
        for write in writes {
            shows.slots[write.slot].show.forget(write.write.answers)
            changed(write.slot, .numbers)
            noteFailure(error, of: write.slot)
        }
        health.failureCount += 1
        health.failure = error.description
    }

    /// - Parameter failure: what those are told who would have been told that they are kept.
    private mutating func acknowledge(_ range: Range<Int>, failure: ReceiptRefusal?) {
        batch.removeAll()
        var refusedCounts: [ReceiptRefusal: Int] = [:]
        for (place, index) in range.enumerated() {
            var refusal = refusals[place]
            // Nor does an answer stand that another one came second to.
            if let failure, !repeats[place],
                refusal == nil || refusal == .rules(.alreadyAnswered)
            {
                refusal = failure
            }
            if let refusal { refusedCounts[refusal, default: 0] += 1 }
            batch.append(arrivals.answers[index], refusal: refusal)
        }
        assertNothingIsPromised()
        parts.receipts(batch)
        let nowNs = clock.monotonicNs
        for (refusal, count) in refusedCounts {
            health.refusedCounts[refusal.code, default: 0] += count
        }
        for index in range {
            health.receiptDelays.note(ns: nowNs - arrivals.answers[index].receivedNs)
        }
    }

    /// A receipt comes after its commit: of what was accepted nothing is left that isn't on disk.
    private func assertNothingIsPromised() {
        assert(
            shows.slots.allSatisfy { $0.isGone || $0.durableReceipt == $0.show.acceptedCount },
            "every answer that memory counts is on disk when receipts go out")
    }
}

/// The answers to one show within a group.
struct SlotGroup: Sendable {
    var answers: [Answer] = []
    var rulings: [AnswerRuling] = []
    var records: [AnswerRecord] = []

    /// Judges the answers, which puts them into their order.
    mutating func rule(_ show: inout Show) {
        show.answer(group: &answers, rulings: &rulings)
    }

    mutating func removeAll() {
        answers.removeAll(keepingCapacity: true)
        rulings.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }
}
