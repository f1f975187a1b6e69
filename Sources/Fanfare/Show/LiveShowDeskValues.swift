// What the game reports of a show, put together as the control room shows it.

import ControlRoom
import Game
import Ledger
import Trivia

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
            entry.state != .withdrawn
        else { return nil }
        let reveal = report.reveal
        self.init(
            question: entry.question, state: entry.state,
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
            isLockPending: report.isLockPending && entry.state == .open,
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
            winnerCount: winnerCount, prize: report.plan.prize,
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
        corrections: [KeyCorrection]
    ) {
        guard entry.state != .withdrawn else { return nil }
        guard let reveal else {
            self.init(
                question: entry.question, state: entry.state, voidReason: voidReason,
                counts: entry.question.noCounts)
            return
        }
        self.init(
            question: entry.question, state: entry.state, counts: reveal.counts,
            correctCount: reveal.correctCount, wrongCount: reveal.wrongCount,
            missingCount: reveal.missingCount, revivedCount: reveal.revivedCount,
            eliminatedCount: reveal.eliminatedCount, survivorCount: reveal.survivorCount,
            corrections: corrections.map {
                CorrectionRecord($0, question: entry.question.id)
            })
    }
}

extension CorrectionRecord {
    init(_ correction: KeyCorrection, question: String?) {
        self.init(
            question: question ?? "", formerCorrect: correction.formerOption + 1,
            correct: correction.option + 1, reason: correction.reason,
            returnedCount: correction.returnedCount)
    }
}

extension PlayerRecord {
    init(_ standing: Standing, _ origin: PlayerOrigin?) {
        self.init(
            id: standing.id, name: standing.joinedName, status: Status(standing.status),
            score: standing.score, timeMs: standing.timeMs, revivesLeft: standing.revivesLeft,
            address: origin?.host?.description, joinedAtMs: origin?.joinedMs,
            shownName: standing.name == standing.joinedName ? nil : standing.name,
            isNameHidden: standing.isNameHidden ? true : nil)
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
