// What players do about a question: wait, answer, and keep the receipt.

import HTTPWire
import IORing
import TextWire
import WireBytes

extension AudienceThread {
    /// The words of the API for those who don't play, or no longer.
    private static let outCodes: Set<String> = [
        "eliminated", "watching", "kicked", "banned", "not_joined",
    ]

    /// What a player does when it receives a cue that is new to it.
    mutating func act(_ slot: Int, on cue: QuestionBook.Cue, atNs: Int64) {
        guard cue.question >= 0 else { return }
        switch cue.phase {
        case .question: consider(slot, cue, atNs: atNs)
        case .reveal:
            let question = book.questions[cue.question]
            let choice = question.acknowledged[slot]
            guard !players[slot].isOut, players[slot].playsSinceNs < question.firstNs,
                Int(choice) != question.correct
            else { return }
            planToAsk(slot, atNs: atNs)
        case .locked:
            guard [.planned, .unsent].contains(players[slot].attempt) else { return }
            players[slot].attempt = .settled
            quizTally.abstainedCount += 1
        // What was taken back may have brought it back into the game.
        case .void: if players[slot].isOut { planToAsk(slot, atNs: atNs) }
        default: break
        }
    }

    private mutating func consider(_ slot: Int, _ cue: QuestionBook.Cue, atNs: Int64) {
        if Int(players[slot].question) != cue.question {
            giveUp(slot)
            players[slot].question = Int32(cue.question)
            decide(slot, cue)
        }
        guard !players[slot].isOut else { return }
        guard !cue.isPaused else {
            if players[slot].attempt == .planned { players[slot].attempt = .unsent }
            players[slot].stamp &+= 1
            return
        }
        switch players[slot].attempt {
        case .unsent, .lost: plan(slot, cue, atNs: atNs)
        default: break
        }
    }

    /// Makes up the player's mind about a question that it receives for the first time.
    private mutating func decide(_ slot: Int, _ cue: QuestionBook.Cue) {
        let question = book.questions[cue.question]
        players[slot].attempt = .settled
        guard let quiz, !players[slot].isOut, players[slot].playsSinceNs < question.firstNs
        else { return }
        let decision = quiz.habits.decision(
            player: number(slot), question: question.key, optionCount: question.optionCount)
        guard decision.answers else {
            quizTally.abstainedCount += 1
            return
        }
        players[slot].choice = UInt8(clamping: decision.choice)
        players[slot].attempt = .unsent
    }

    /// Sets the time of the answer, within what is left of the window.
    private mutating func plan(_ slot: Int, _ cue: QuestionBook.Cue, atNs: Int64) {
        guard let quiz else { return }
        let question = book.questions[cue.question]
        var windowMs = cue.windowMs
        if let deadlineMs = cue.deadlineMs {
            windowMs = min(windowMs, deadlineMs - Int64(players[slot].follower.timestampMs))
        }
        guard windowMs > 0 else { return }
        let decision = quiz.habits.decision(
            player: number(slot), question: question.key, optionCount: question.optionCount)
        // What was sent before is sent again soon: only its receipt is missing.
        let delayMs =
            players[slot].attempt == .lost
            ? min(windowMs, QuizLimits.askMsMin) : decision.delayMs(windowMs: windowMs)
        if players[slot].attempt == .unsent { players[slot].attempt = .planned }
        players[slot].stamp &+= 1
        due.add(
            DueQueue.Task(
                dueNs: atNs + delayMs * 1_000_000, slot: Int32(slot),
                stamp: players[slot].stamp, kind: .answer))
    }

    private mutating func planToAsk(_ slot: Int, atNs: Int64) {
        let spread = AnswerHabits.spread(player: number(slot), salt: UInt64(atNs))
        let delayMs = QuizLimits.askMsMin + Int64(spread * Double(QuizLimits.askMsSpread))
        due.add(
            DueQueue.Task(
                dueNs: atNs + delayMs * 1_000_000, slot: Int32(slot), stamp: 0, kind: .ask))
    }

    mutating func perform(_ task: DueQueue.Task) {
        let slot = Int(task.slot)
        guard task.kind == .answer else {
            sideRequests.add(SideRequest(kind: .ask, slot: task.slot))
            return
        }
        guard task.stamp == players[slot].stamp, members[slot].state == .watching else { return }
        switch players[slot].attempt {
        case .planned where players[slot].isOut: players[slot].attempt = .settled
        case .planned:
            quizTally.sentCount += 1
            quizTally.questions[Int(players[slot].question)].sentCount += 1
            answer(slot)
        case .lost:
            quizTally.resentCount += 1
            answer(slot)
        default: break
        }
    }

    private mutating func answer(_ slot: Int) {
        quizTally.pendingCount += 1
        players[slot].attempt = .sent
        players[slot].sentNs = MonotonicClock.nowNs()
        guard !players[slot].isPosting else {
            sideRequests.add(SideRequest(kind: .answer, slot: Int32(slot)))
            return
        }
        let mask = UInt32(truncatingIfNeeded: SplitMix64.mix(UInt64(players[slot].sentNs)))
        let frame = unsafe WebSocketFrame.bytes(
            .text, answerText(slot).span.bytes, mask: mask)
        sendQuietly(frame, slot: slot, token: token(Operation.quietSend, slot))
    }

    func answerText(_ slot: Int) -> [UInt8] {
        let question = book.questions[Int(players[slot].question)]
        var text = Array(#"{"type":"answer","question":"#.utf8)
        JSONText.append(question.id, to: &text)
        text += Array(#","choice":\#(players[slot].choice)}"#.utf8)
        return text
    }

    /// Sends a copy of some bytes; a completion comes only if that fails.
    mutating func sendQuietly(_ bytes: [UInt8], slot: Int, token: Token) {
        precondition(bytes.count <= QuizLimits.requestByteCountMax)
        let place = unsafe output.put(bytes)
        unsafe ring.sendQuietly(slot: slot, from: place, byteCount: bytes.count, token: token)
    }

    // MARK: Receipts

    mutating func take(_ receipt: HeardReceipt, of slot: Int) {
        let question = Int(players[slot].question)
        let attempt = players[slot].attempt
        guard question >= 0, [.sent, .overdue, .lost].contains(attempt),
            receipt.question.map({ $0 == book.questions[question].id }) ?? true
        else { return }
        let us = (MonotonicClock.nowNs() - players[slot].sentNs) / 1_000
        if players[slot].isPosting {
            quizTally.postReceiptDelay.record(us: us)
        } else {
            quizTally.receiptDelay.record(us: us)
        }
        if attempt == .sent { quizTally.pendingCount -= 1 }
        players[slot].attempt = .settled
        switch receipt.verdict {
        case .accepted:
            if let choice = receipt.choice, choice != Int(players[slot].choice) {
                quizTally.wrongReceiptCount += 1
            }
            _ = book.acknowledge(
                question, slot: slot, choice: Int(players[slot].choice), tally: &quizTally)
        case .refused(let code):
            quizTally.refuse(code)
            if code == "paused" { players[slot].attempt = .unsent }
            if Self.outCodes.contains(code) { setOut(slot, true) }
        }
    }

    /// Notes whether a player is out of the game.
    mutating func setOut(_ slot: Int, _ isOut: Bool) {
        guard players[slot].isOut != isOut else { return }
        players[slot].isOut = isOut
        quizTally.outCount += isOut ? 1 : -1
    }

    /// Sees whether a receipt takes too long.
    mutating func noteOverdue(_ slot: Int) {
        guard players[slot].attempt == .sent,
            nowNs - players[slot].sentNs > QuizLimits.receiptMsMax * 1_000_000
        else { return }
        players[slot].attempt = .overdue
        quizTally.pendingCount -= 1
        quizTally.unreceiptedCount += 1
    }

    /// The player turns to another question, or goes: a receipt that is missing now stays so.
    private mutating func giveUp(_ slot: Int) {
        switch players[slot].attempt {
        case .sent:
            quizTally.pendingCount -= 1
            quizTally.unreceiptedCount += 1
        case .lost: quizTally.unreceiptedCount += 1
        default: break
        }
        players[slot].attempt = .settled
    }

    /// In the end, counts what has no receipt.
    mutating func countUnreceipted() {
        for slot in players.indices { giveUp(slot) }
    }
}
