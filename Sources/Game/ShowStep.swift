// What happens in a show, step by step, for whoever writes it down for people.

import TextWire
public import Trivia

/// A step of a show that was taken and is on disk. None tells what a player did, so that there are as
/// many as the host has taken, however large the audience is; and none tells the right option.
public struct ShowStep: Equatable, Sendable {
    /// What has happened. Questions have their id and their number among those that were asked.
    public enum Kind: Equatable, Sendable {
        /// The show was made; the prize as money, if there is one.
        case made(prize: String?, isRehearsal: Bool)
        /// Players may come in.
        case doorsOpened
        /// Who comes in from now on watches.
        case doorsClosed
        /// A question was opened for so many.
        case questionOpened(id: String, number: Int, isLast: Bool, asked: Int)
        /// It takes no more answers; so many of those who were asked have given one.
        case questionLocked(id: String, number: Int, answers: Int, asked: Int)
        /// The right answer is out. So many were right, wrong and silent, and so many of these were
        /// revived, or are out by it.
        case questionRevealed(
            id: String, number: Int, right: Int, wrong: Int, missing: Int, revived: Int, out: Int)
        /// A question was taken back, and why.
        case questionVoided(id: String, reason: String)
        /// Its right option is another one, and why.
        case keyCorrected(id: String, reason: String)
        /// The standings are on.
        case standingsShown
        /// The host has stopped it for a while.
        case paused
        /// It goes on.
        case resumed
        /// So many have won, and each gets so much, if there is a prize.
        case finished(winners: Int, share: String?)
        /// The finish was taken back.
        case reopened
        /// The prize is divided, for good.
        case settled(winners: Int, share: String?)
        /// The show was deleted.
        case deleted
    }

    /// The show's id.
    public let show: String
    /// The stream it plays on.
    public let stream: String
    /// Who did it, as the log of the show has it.
    public let who: String
    /// What has happened.
    public let kind: Kind
    /// The players behind it.
    public let tally: PlayerTally
}

extension ShowStep.Kind {
    /// What events were, in their order; none for those that only the show's own log has.
    ///
    /// - Parameters:
    ///   - old: the show before all of them.
    ///   - show: the show behind all of them.
    ///   - settlement: how it ended, if it has.
    static func steps(
        of events: [ShowEvent], from old: Show, to show: Show, settlement: Settlement?
    ) -> [Self] {
        var steps = events.compactMap { step(of: $0, in: show, settlement) }
        if old.isEntryOpen, !show.isEntryOpen { steps.append(.doorsClosed) }
        return steps
    }

    private static func step(
        of event: ShowEvent, in show: Show, _ settlement: Settlement?
    ) -> Self? {
        func id(_ number: QuestionNumber) -> String { show.question(number)?.question.id ?? "" }
        switch event {
        case .created(_, let plan):
            return .made(
                prize: plan.prize.map { Money.text($0.minorUnits, currency: $0.currency) },
                isRehearsal: plan.isRehearsal)
        case .lobbyOpened: return .doorsOpened
        case .opened(let number, _, let isLast):
            return .questionOpened(
                id: id(number), number: show.askedCount, isLast: isLast ?? false,
                asked: show.liveNumbers?.askedCount ?? show.tally.survivors)
        case .locked:
            guard let numbers = show.liveNumbers else { return nil }
            return .questionLocked(
                id: id(numbers.question), number: show.askedCount,
                answers: numbers.answeredCount, asked: numbers.askedCount)
        case .revealed:
            guard case .question(let number) = show.stage, let reveal = show.reveal(of: number)
            else { return nil }
            return .questionRevealed(
                id: id(number), number: show.askedCount, right: reveal.correctCount,
                wrong: reveal.wrongCount, missing: reveal.missingCount,
                revived: reveal.revivedCount, out: reveal.eliminatedCount)
        case .voided(let number, let reason):
            return .questionVoided(id: id(number), reason: reason)
        case .keyCorrected(let number, _, let reason):
            return .keyCorrected(id: id(number), reason: reason)
        case .stageCleared: return .standingsShown
        case .paused: return .paused
        case .resumed: return .resumed
        case .finished: return end(settlement).map { .finished(winners: $0, share: $1) }
        case .reopened: return .reopened
        case .settled: return end(settlement).map { .settled(winners: $0, share: $1) }
        default: return nil
        }
    }

    private static func end(
        _ settlement: Settlement?
    ) -> (winners: Int, share: String?)? {
        settlement.map { settlement in
            let share = settlement.split.flatMap { split in
                settlement.currency.map { Money.text(split.shareMinorUnits, currency: $0) }
            }
            return (settlement.payouts.count, share)
        }
    }
}

extension DeskCore {
    /// Tells what has happened in a show.
    func tellSteps(_ kinds: [ShowStep.Kind], of show: Show, on stream: String, by who: String) {
        for kind in kinds {
            parts.steps(
                ShowStep(show: show.id, stream: stream, who: who, kind: kind, tally: show.tally))
        }
    }
}
