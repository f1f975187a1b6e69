// What the log says of a command besides its word: which question it was, who, and what changed.

import Trivia

extension DeskCore {
    /// The detail of a command's line.
    ///
    /// - Parameter show: the show before it.
    static func detail(
        of command: ShowCommand, _ events: [ShowEvent], in show: Show
    ) -> String {
        switch command {
        case .addQuestions(let questions), .replaceQuestions(let questions):
            return "\(questions.count) questions: " + QuestionWords.changes(by: events, in: show)
        case .kick(let id), .ban(let id), .reinstate(let id): return id
        case .rename(let id, let name): return "\(id): \(named(id, in: show)) → \(name)"
        case .hideName(let id), .showName(let id): return "\(id): \(named(id, in: show))"
        default: return events.first.map { detail(of: $0, in: show) } ?? ""
        }
    }

    /// What the audience sees of a player's name.
    private static func named(_ id: String, in show: Show) -> String {
        show.playerNumber(forID: id).flatMap { show.standing(of: $0) }?.name ?? ""
    }

    private static func detail(of event: ShowEvent, in show: Show) -> String {
        if let words = QuestionWords.change(by: event, in: show) { return words }
        func id(_ number: QuestionNumber) -> String { show.question(number)?.question.id ?? "" }
        switch (event, show.stage) {
        case (.edited(let plan), _): return PlanWords.words(from: show.plan, to: plan)
        case (.settled(let split, _), _):
            guard let split, let currency = show.plan.prize?.currency else {
                return "\(show.winners.count) winners, no prize"
            }
            return split.sentence(currency: currency)
                + (show.plan.isRehearsal ? " A rehearsal: nothing is paid." : "")
        case (.opened(let number, _, let isLast), _):
            return id(number) + (isLast == true ? ", the last" : "")
        case (.voided(let number, let reason), _): return "\(id(number)): \(reason)"
        case (.locked(_, let isForced), .question(let number)):
            return id(number) + (isForced ? ", forced" : "")
        case (.revealed, .question(let number)): return id(number)
        case (.lobbyOpened, _) where show.plan.guestsMayWin && show.plan.prize != nil:
            return "guests may win the prize"
        case (.keyCorrected, _): return detail(ofCorrection: event, in: show)
        case (.lastPlanned(let number), _): return "question \(number)"
        case (.outageMadeUp(let ms, _), _): return "\(ms) ms"
        case (.addressBanned(let address, let players), _):
            return "\(address), \(players.count) players"
        case (.finished, _) where !show.isPlanDone:
            return "early: " + FinishOutlook(show).meaning
        default: return ""
        }
    }
}
