// How many questions a show is to have, and which is its last: a plan, not an accident.

import TextWire

extension Show {
    /// How many questions are to be asked, those that were asked included and voided ones not.
    ///
    /// It is what the plan says, or what the host has said since (`ShowCommand.planLast`). Where
    /// neither says anything it is fixed as the first question opens: all that aren't spares. From
    /// then on it follows the questions that are added and taken out, and never promises more than
    /// there are. A void changes nothing about it: another question is to come in that one's place.
    public var plannedCount: Int {
        var count = fixedCount ?? plan.questionCount ?? regularWaitingCount
        if !isCountGiven, fixedCount != nil { count = min(count, askedCount + plannedOrder.count) }
        return max(count, askedCount, 1)
    }

    /// Whether the question that was asked last was the last one: nobody is revived on it.
    public var isOnTheLast: Bool { rounds.last?.terms.isLast ?? false }

    /// Whether the question that was asked last was the last one as planned, so that the show can be
    /// finished.
    public var isPlanDone: Bool {
        isOnTheLast && askedCount >= plannedCount
    }

    /// The question that is opened next, where none is named: those that aren't spares in their
    /// order, then the spares. nil where none is waiting.
    public var nextQuestion: QuestionNumber? {
        plannedOrder.first { !questions[$0.index].question.isSpare } ?? plannedOrder.first
    }

    /// How many spares are waiting.
    public var spareCount: Int { plannedOrder.count - regularWaitingCount }

    /// Whether whichever question is opened next is the last. One that is opened beyond the plan is.
    var isNextTheLast: Bool { askedCount + 1 >= plannedCount }

    private var regularWaitingCount: Int {
        plannedOrder.count { !questions[$0.index].question.isSpare }
    }

    /// Fixes the count as the first question opens.
    mutating func fixPlannedCount() {
        guard fixedCount == nil else { return }
        fixedCount = plannedCount
        isCountGiven = plan.questionCount != nil
    }

    /// Follows the questions that are added and taken out.
    mutating func changePlannedCount(_ step: Int) {
        guard let count = fixedCount, !isCountGiven else { return }
        fixedCount = count + step
    }

    /// Whether everybody who could still answer the open question has.
    public var hasEverybodyAnswered: Bool {
        guard stateOn == .open, let numbers = liveNumbers else { return false }
        return numbers.askedCount > 0 && numbers.answeredCount == numbers.askedCount
    }
}

/// What it would mean to finish a show now.
public struct FinishOutlook: Equatable, Sendable {
    /// How many questions were asked and not voided.
    public let askedCount: Int
    /// How many were planned.
    public let plannedCount: Int
    /// Whether the question that was asked last was played as the last one.
    public let isLastPlayed: Bool
    /// How many would win.
    public let winnerCount: Int
    /// How many are in, and would win nothing, since they have never answered.
    public let silentCount: Int
    /// How the prize would be divided; nil where there is none.
    public let split: PrizeSplit?
    /// The prize's currency.
    public let currency: String?

    /// What it would mean now.
    public init(_ show: Show) {
        askedCount = show.askedCount
        plannedCount = show.plannedCount
        isLastPlayed = show.isOnTheLast
        winnerCount = show.winners.count
        silentCount = show.silentCount
        split = show.winnersSplit()
        currency = show.plan.prize?.currency
    }

    /// The same for a host, and what to do.
    public var sentence: String {
        meaning + " Open the next question, or finish early by saying so."
    }

    /// The same in words.
    public var meaning: String {
        var text =
            askedCount < plannedCount
            ? "Only \(askedCount) of the \(plannedCount) planned questions have been asked"
            : "All \(plannedCount) planned questions have been asked"
        if askedCount > 0, !isLastPlayed {
            text += ", and the newest was not played as the last one"
        }
        text += ". Finished now, " + result
        if silentCount > 0 {
            text +=
                silentCount == 1
                ? " 1 player who is in has never answered, and wins nothing."
                : " \(silentCount) players who are in have never answered, and win nothing."
        }
        return text
    }

    private var result: String {
        guard winnerCount > 0 else {
            return split == nil
                ? "nobody wins." : "nobody wins, and the whole prize is kept."
        }
        var text = winnerCount == 1 ? "1 player wins" : "\(winnerCount) players win"
        if let split, let currency {
            text += " " + Money.text(split.shareMinorUnits, currency: currency)
            if winnerCount > 1 { text += " each" }
        }
        return text + "."
    }
}
