// What an edit changes, with the old and the new value of each thing, for the record.

import TextWire
import Trivia

/// Edits in words.
enum Changes {
    /// Bytes of all changes of one order in the record.
    private static let byteCountMax = 16_000

    /// What is another in a plan.
    static func words(from old: ShowPlan, to new: ShowPlan) -> String {
        words(from: values(of: old), to: values(of: new))
    }

    /// What is another in a question.
    static func words(from old: Question, to new: Question) -> String {
        words(from: values(of: old), to: values(of: new))
    }

    /// What an import is: how many questions it has, and what it takes out and changes.
    static func words(
        bringing questions: [Question], _ events: [ShowEvent], into show: Show
    ) -> String {
        let withdrawn = events.compactMap { event in
            guard case .questionWithdrawn(let number) = event else { return String?.none }
            return show.question(number)?.question.id
        }
        var lines = ["\(questions.count) questions"]
        if !withdrawn.isEmpty { lines.append("taken out: \(withdrawn.joined(separator: ", "))") }
        return (lines + words(of: events, in: show)).joined(separator: "; ")
    }

    /// What a list of events does to the questions of a show.
    private static func words(of events: [ShowEvent], in show: Show) -> [String] {
        var lines: [String] = []
        var byteCount = 0
        for event in events {
            guard case .questionEdited(let number, let new) = event,
                let old = show.question(number)?.question
            else { continue }
            let line = "\(old.id): \(words(from: old, to: new))"
            byteCount += line.utf8.count
            guard byteCount <= byteCountMax else {
                lines.append("…")
                break
            }
            lines.append(line)
        }
        return lines
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
        ]
    }

    private static func values(of question: Question) -> [(name: String, value: String)] {
        [
            ("id", question.id), ("text", "“\(question.text)”"),
            ("options", question.options.map { "“\($0)”" }.joined(separator: ", ")),
            ("correct", "\(question.correctOption + 1)"), ("window", "\(question.windowMs) ms"),
            ("explanation", question.explanation.map { "“\($0)”" } ?? "none"),
            ("media", question.mediaURL ?? "none"),
        ]
    }
}
