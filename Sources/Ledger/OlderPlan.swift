// Plans and questions as rows of formats 1 and 2 have them. Nothing here changes any more.

import Trivia

/// A show's plan, member by member.
struct OlderPlan: Decodable {
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

    var value: ShowPlan {
        get throws(StoredEventError) {
            guard let mode = ShowMode(rawValue: mode) else { throw .unfit("mode \(mode)") }
            var rule: RemainderRule?
            if prizeMinorUnits != nil {
                let word = try OlderEvent.need(remainderRule, "remainderRule")
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

extension OlderPlan {
    /// Older versions kept any number, which is only shown: a show isn't lost for one that no
    /// calendar has.
    private static func possible(_ startsAtMs: Int64) -> Int64? {
        TriviaLimits.startsAtMs.contains(startsAtMs) ? startsAtMs : nil
    }
}

/// A question, with its right option.
struct OlderQuestion: Decodable {
    var id: String
    var text: String
    var options: [String]
    var correctOption: Int
    var windowMs: Int
    var explanation: String?
    var mediaURL: String?
    var isSpare: Bool?

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
