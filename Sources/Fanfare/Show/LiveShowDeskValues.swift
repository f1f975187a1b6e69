// Plans, questions, players and results: the game's values as the control room's, and back.

import ControlRoom
import Game
import Ledger
import Trivia

// MARK: Plans

extension ShowPlan {
    /// A plan as staff wrote it.
    ///
    /// - Throws: `ShowDeskRefusal.invalid` with what is to be changed.
    init(checking draft: ShowPlanDraft) throws(ShowDeskRefusal) {
        do throws(PlanFault) {
            var pool: PrizePool?
            if let prize = draft.prize {
                pool = try PrizePool(
                    minorUnits: prize.minorUnits, currency: prize.currency,
                    remainderRule: prize.remainderRule == .kept ? .kept : .toTheFirst)
            }
            try self.init(
                title: draft.title, mode: draft.mode == .knockout ? .knockout : .points,
                reviveCount: draft.reviveCount,
                entryClosesAtQuestion: draft.entryClosesAtQuestion,
                timing: AnswerTiming(
                    graceMs: draft.graceMs, lagMsMax: draft.lagMsMax,
                    defaultLagMs: draft.defaultLagMs, speedLagMsMax: draft.speedLagMsMax),
                scoring: Scoring(base: draft.pointsBase, speed: draft.pointsSpeed),
                winnerRule: draft.bestCount.map(WinnerRule.best) ?? .topScore, prize: pool,
                startsAtMs: draft.startsAtMs, isRehearsal: draft.isRehearsal,
                guestsMayWin: draft.guestsMayWin, questionCount: draft.questionCount,
                locksWhenAllAnswered: draft.locksWhenAllAnswered)
        } catch { throw .invalid(error.description) }
    }
}

extension ShowPlanDraft {
    init(_ plan: ShowPlan) {
        self.init(title: plan.title)
        mode = Mode(plan.mode)
        reviveCount = plan.reviveCount
        entryClosesAtQuestion = plan.entryClosesAtQuestion
        graceMs = plan.timing.graceMs
        lagMsMax = plan.timing.lagMsMax
        defaultLagMs = plan.timing.defaultLagMs
        speedLagMsMax = plan.timing.speedLagMsMax
        pointsBase = plan.scoring.base
        pointsSpeed = plan.scoring.speed
        if case .best(let count) = plan.winnerRule { bestCount = count }
        prize = plan.prize.map { pool in
            Prize(
                minorUnits: pool.minorUnits, currency: pool.currency,
                remainderRule: pool.remainderRule == .kept ? .kept : .toTheFirst)
        }
        startsAtMs = plan.startsAtMs
        isRehearsal = plan.isRehearsal
        guestsMayWin = plan.guestsMayWin
        questionCount = plan.questionCount
        locksWhenAllAnswered = plan.locksWhenAllAnswered
    }
}

extension ShowPlanDraft.Mode {
    init(_ mode: ShowMode) {
        self =
            switch mode {
            case .knockout: .knockout
            case .points: .points
            }
    }
}

extension ControlRoom.ShowPhase {
    init(_ phase: Trivia.ShowPhase) {
        self =
            switch phase {
            case .draft: .draft
            case .lobby: .lobby
            case .live: .live
            case .finished: .finished
            case .settled: .settled
            }
    }
}

extension ShowTally {
    init(_ tally: PlayerTally) {
        self.init(
            players: tally.players, survivors: tally.survivors, eliminated: tally.eliminated,
            spectators: tally.spectators)
    }
}

extension OnAir {
    init(_ report: SightReport) {
        self.init(
            feed: {
                switch report.sight.feed {
                case .live: .live
                case .silent: .silent
                case .off: .off
                }
            }(), feedSinceMs: report.feedSinceMs, viewers: report.sight.viewerCount,
            isSeen: report.sight.isSeen, isSeenSinceMs: report.seenSinceMs,
            warnings: report.sight.warnings)
    }
}

// MARK: Questions

extension Question {
    /// A question as staff wrote it, whose options are counted from 1.
    init(checking question: ShowQuestion) throws(QuestionRefusal) {
        let optionCount = question.options.count
        guard optionCount == 0 || 1...optionCount ~= question.correct else {
            throw QuestionRefusal(
                "The correct option is \(question.correct); with \(optionCount) options it is "
                    + "one of 1 to \(optionCount).")
        }
        do throws(QuestionFault) {
            try self.init(
                id: question.id, text: question.text, options: question.options,
                correctOption: optionCount == 0 ? 0 : question.correct - 1,
                windowMs: question.windowMs, explanation: question.explanation,
                mediaURL: question.mediaURL, isSpare: question.isSpare)
        } catch { throw QuestionRefusal(error.description) }
    }
}

extension ShowQuestion {
    init(_ question: Question) {
        self.init(
            id: question.id, text: question.text, options: question.options,
            correct: question.correctOption + 1, windowMs: question.windowMs,
            explanation: question.explanation, mediaURL: question.mediaURL,
            isSpare: question.isSpare)
    }
}

extension QuestionRecord.State {
    /// nil for a question that was taken out before it was asked: staff don't see it again.
    init?(_ state: QuestionState) {
        switch state {
        case .waiting: self = .waiting
        case .open: self = .open
        case .locked: self = .locked
        case .revealed: self = .revealed
        case .void: self = .void
        case .withdrawn: return nil
        }
    }
}

extension QuestionOn {
    /// The question that is on; nil where none is.
    init?(_ report: ShowReport) {
        let number: QuestionNumber
        var voidReason: String?
        switch report.stage {
        case .empty: return nil
        case .question(let asked): number = asked
        case .voided(let asked, let reason):
            number = asked
            voidReason = reason
        }
        guard let entry = report.show.question(number),
            let state = QuestionRecord.State(entry.state)
        else { return nil }
        let reveal = report.reveal
        self.init(
            question: ShowQuestion(entry.question), state: state,
            number: voidReason == nil ? report.show.askedCount : 0,
            of: report.show.plannedCount,
            askedCount: report.numbers?.askedCount
                ?? reveal.map { $0.correctCount + $0.wrongCount + $0.missingCount } ?? 0,
            answeredCount: report.numbers?.answeredCount
                ?? reveal.map { $0.correctCount + $0.wrongCount } ?? 0,
            counts: report.numbers?.counts ?? reveal?.counts ?? entry.question.noCounts,
            remainingMs: report.windowLeftMs.map { Int($0) },
            lockableInMs: report.leftMs.map { Int($0) },
            // Another lock or a void may have come first.
            isLockPending: report.isLockPending && state == .open,
            voidReason: voidReason, revivedCount: reveal?.revivedCount,
            eliminatedCount: reveal?.eliminatedCount,
            isLast: voidReason == nil && report.show.isOnTheLast)
    }
}

extension Question {
    fileprivate var noCounts: [Int] { [Int](repeating: 0, count: options.count) }
}

// MARK: Results

extension SettlementPreview {
    /// How the prize is to be divided, or was; nil before the finish.
    init?(_ report: ShowReport) {
        guard let settlement = report.settlement else { return nil }
        let winnerCount = settlement.payouts.count
        var sentence = "\(winnerCount) \(winnerCount == 1 ? "winner" : "winners"), and no prize."
        if let split = settlement.split, let currency = settlement.currency {
            sentence = split.sentence(currency: currency)
        }
        if settlement.isRehearsal { sentence += " It is a rehearsal: nothing is paid." }
        self.init(
            winnerCount: winnerCount, prize: ShowPlanDraft(report.plan).prize,
            shareMinorUnits: settlement.split?.shareMinorUnits ?? 0,
            remainderMinorUnits: settlement.split?.remainderMinorUnits ?? 0,
            keptMinorUnits: settlement.split?.keptMinorUnits ?? 0,
            isSettled: report.phase == .settled, sentence: sentence)
    }
}

extension QuestionResult {
    /// What came out of a question; zeros as long as nothing has.
    init?(
        _ entry: QuestionEntry, _ reveal: Reveal?, voidReason: String?,
        corrections: [Trivia.KeyCorrection]
    ) {
        guard let state = QuestionRecord.State(entry.state) else { return nil }
        let question = ShowQuestion(entry.question)
        guard let reveal else {
            self.init(
                question: question, state: state, voidReason: voidReason,
                counts: entry.question.noCounts)
            return
        }
        self.init(
            question: question, state: state, counts: reveal.counts,
            correctCount: reveal.correctCount, wrongCount: reveal.wrongCount,
            missingCount: reveal.missingCount, revivedCount: reveal.revivedCount,
            eliminatedCount: reveal.eliminatedCount, survivorCount: reveal.survivorCount,
            corrections: corrections.map {
                ControlRoom.KeyCorrection($0, question: entry.question.id)
            })
    }
}

extension ControlRoom.KeyCorrection {
    init(_ correction: Trivia.KeyCorrection, question: String?) {
        self.init(
            question: question ?? "", formerCorrect: correction.formerOption + 1,
            correct: correction.option + 1, reason: correction.reason,
            returnedCount: correction.returnedCount)
    }
}

extension PlayerRecord {
    init(_ standing: Standing, _ origin: PlayerOrigin?) {
        self.init(
            id: standing.id, name: standing.name, status: Status(standing.status),
            score: standing.score, timeMs: standing.timeMs, revivesLeft: standing.revivesLeft,
            address: origin?.host?.description, joinedAtMs: origin?.joinedMs)
    }
}

extension AddressRecord {
    init(_ report: AddressReport) {
        self.init(
            address: report.host?.description, playerCount: report.playerCount,
            survivorCount: report.survivorCount, firstJoinedAtMs: report.firstJoinedMs,
            lastJoinedAtMs: report.lastJoinedMs, sameInstantCount: report.sameInstantCount,
            samePatternCount: report.samePatternCount, isSuspicious: report.isSuspicious,
            isBanned: report.isBanned)
    }
}

extension PlayerRecord.Status {
    init(_ status: PlayerStatus) {
        self =
            switch status {
            case .playing: .playing
            case .eliminated: .eliminated
            case .watching: .watching
            case .kicked: .kicked
            case .banned: .banned
            }
    }
}
