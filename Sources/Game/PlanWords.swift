// What an edit of a plan changes, with the old and the new value of each thing, for the record.

import TextWire
import Trivia
import WireBytes

/// Edits of a plan in words.
enum PlanWords {
    /// What is another in a plan.
    static func words(from old: ShowPlan, to new: ShowPlan) -> String {
        words(from: values(of: old), to: values(of: new))
    }

    /// The prize with its sum as money.
    static func words(_ prize: PrizePool?) -> String {
        prize.map { Money.text($0.minorUnits, currency: $0.currency) } ?? "none"
    }

    private static func words(
        from old: [(name: String, value: String)], to new: [(name: String, value: String)]
    ) -> String {
        let changes = zip(old, new).compactMap { old, new in
            old.value.hasSameBytes(as: new.value)
                ? nil : "\(new.name): \(old.value) → \(new.value)"
        }
        return changes.isEmpty ? "nothing is another" : changes.joined(separator: "; ")
    }

    private static func values(of plan: ShowPlan) -> [(name: String, value: String)] {
        var best = "all with the highest score"
        if case .best(let count) = plan.winnerRule { best = "the best \(count)" }
        return [
            ("title", "“\(plan.title)”"), ("mode", plan.mode.rawValue),
            ("revives", "\(plan.reviveCount)"),
            ("entry closes at question", "\(plan.entryClosesAtQuestion)"),
            ("grace", "\(plan.timing.graceMs) ms"), ("most lag", "\(plan.timing.lagMsMax) ms"),
            ("lag by default", "\(plan.timing.defaultLagMs) ms"),
            ("most lag for points", "\(plan.timing.speedLagMsMax) ms"),
            ("points", "\(plan.scoring.base)"), ("points for speed", "\(plan.scoring.speed)"),
            ("winners", best), ("prize", words(plan.prize)),
            ("remainder", plan.prize?.remainderRule.rawValue ?? "none"),
            ("starts at", plan.startsAtMs.map { "\($0) ms" } ?? "none"),
            ("rehearsal", plan.isRehearsal ? "yes" : "no"),
            ("guests may win", plan.guestsMayWin ? "yes" : "no"),
            ("questions", plan.questionCount.map { "\($0)" } ?? "all that aren't spares"),
            ("locks when all have answered", plan.locksWhenAllAnswered ? "yes" : "no"),
        ]
    }
}
