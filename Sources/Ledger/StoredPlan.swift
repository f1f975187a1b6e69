// Plans, questions and splits as the JSON of a host's event has them.

import Trivia

/// A show's plan, member by member.
struct StoredPlan: Codable {
    var title: String
    var mode: String
    var reviveCount: Int
    var entryClosesAtQuestion: Int
    var graceMs: Int
    var lagMsMax: Int
    var defaultLagMs: Int
    /// Not in plans of before there was such a bound: then it is as usual, and their old answers
    /// are judged without it (`Handover.at`).
    var speedLagMsMax: Int?
    var basePoints: Int
    var speedPoints: Int
    /// So many best win; nothing is everybody with the highest score.
    var winnerCount: Int?
    var prizeMinorUnits: Int64?
    var currency: String?
    var remainderRule: String?
    var startsAtMs: Int64?
    var isRehearsal: Bool
    /// Not in plans of before it was asked for: then they don't.
    var guestsMayWin: Bool?
    /// Not in format 1, nor are those below.
    var questionCount: Int?
    var locksWhenAllAnswered: Bool?

    init(_ plan: ShowPlan) {
        title = plan.title
        mode = plan.mode.rawValue
        reviveCount = plan.reviveCount
        entryClosesAtQuestion = plan.entryClosesAtQuestion
        graceMs = plan.timing.graceMs
        lagMsMax = plan.timing.lagMsMax
        defaultLagMs = plan.timing.defaultLagMs
        speedLagMsMax = plan.timing.speedLagMsMax
        basePoints = plan.scoring.base
        speedPoints = plan.scoring.speed
        if case .best(let count) = plan.winnerRule { winnerCount = count }
        prizeMinorUnits = plan.prize?.minorUnits
        currency = plan.prize?.currency
        remainderRule = plan.prize?.remainderRule.rawValue
        startsAtMs = plan.startsAtMs
        isRehearsal = plan.isRehearsal
        guestsMayWin = plan.guestsMayWin ? true : nil
        questionCount = plan.questionCount
        if plan.locksWhenAllAnswered { locksWhenAllAnswered = true }
    }

    var value: ShowPlan {
        get throws(StoredEventError) {
            guard let mode = ShowMode(rawValue: mode) else { throw .unfit("mode \(mode)") }
            var rule: RemainderRule?
            if prizeMinorUnits != nil {
                let word = try StoredEvent.need(remainderRule, "remainderRule")
                rule = RemainderRule(rawValue: word)
                guard rule != nil else { throw .unfit("remainder rule \(word)") }
            }
            do throws(PlanFault) {
                var prize: PrizePool?
                if let prizeMinorUnits, let rule {
                    prize = try PrizePool(
                        minorUnits: prizeMinorUnits, currency: currency ?? "", remainderRule: rule,
                        from: .ledger)
                }
                return try ShowPlan(
                    title: title, mode: mode, reviveCount: reviveCount,
                    entryClosesAtQuestion: entryClosesAtQuestion,
                    timing: AnswerTiming(
                        graceMs: graceMs, lagMsMax: lagMsMax, defaultLagMs: defaultLagMs,
                        speedLagMsMax: speedLagMsMax ?? AnswerTiming.standard.speedLagMsMax),
                    scoring: Scoring(base: basePoints, speed: speedPoints),
                    winnerRule: winnerCount.map(WinnerRule.best) ?? .topScore, prize: prize,
                    startsAtMs: startsAtMs.flatMap(Self.possible), isRehearsal: isRehearsal,
                    guestsMayWin: guestsMayWin ?? false, questionCount: questionCount,
                    locksWhenAllAnswered: locksWhenAllAnswered ?? false, from: .ledger)
            } catch { throw .unfit(error.description) }
        }
    }
}

extension StoredPlan {
    /// Older versions kept any number, which is only shown: a show isn't lost for one that no
    /// calendar has.
    private static func possible(_ startsAtMs: Int64) -> Int64? {
        TriviaLimits.startsAtMs.contains(startsAtMs) ? startsAtMs : nil
    }
}

/// A question, with its right option.
struct StoredQuestion: Codable {
    var id: String
    var text: String
    var options: [String]
    var correctOption: Int
    var windowMs: Int
    var explanation: String?
    var mediaURL: String?
    var isSpare: Bool?

    init(_ question: Question) {
        id = question.id
        text = question.text
        options = question.options
        correctOption = question.correctOption
        windowMs = question.windowMs
        explanation = question.explanation
        mediaURL = question.mediaURL
        if question.isSpare { isSpare = true }
    }

    var value: Question {
        get throws(StoredEventError) {
            do throws(QuestionFault) {
                return try Question(
                    id: id, text: text, options: options, correctOption: correctOption,
                    windowMs: windowMs, explanation: explanation, mediaURL: mediaURL,
                    isSpare: isSpare ?? false, from: .ledger)
            } catch { throw .unfit(error.description) }
        }
    }
}

/// A prize divided.
struct StoredSplit: Codable {
    var poolMinorUnits: Int64
    var winnerCount: Int
    var shareMinorUnits: Int64
    var remainderMinorUnits: Int64
    var remainderRule: String

    init(_ split: PrizeSplit) {
        poolMinorUnits = split.poolMinorUnits
        winnerCount = split.winnerCount
        shareMinorUnits = split.shareMinorUnits
        remainderMinorUnits = split.remainderMinorUnits
        remainderRule = split.remainderRule.rawValue
    }

    var value: PrizeSplit {
        get throws(StoredEventError) {
            guard let rule = RemainderRule(rawValue: remainderRule) else {
                throw .unfit("remainder rule \(remainderRule)")
            }
            return PrizeSplit(
                poolMinorUnits: poolMinorUnits, winnerCount: winnerCount,
                shareMinorUnits: shareMinorUnits, remainderMinorUnits: remainderMinorUnits,
                remainderRule: rule)
        }
    }
}
