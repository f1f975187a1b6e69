// What somebody of the staff has done, for all others to see at once.

import Trivia

/// Something that was done.
struct Deed: Sendable, Codable, Equatable {
    /// When, ms since 1970.
    var atMs: Int64
    /// Who.
    var by: String
    /// To which show; nil where it was none.
    var show: String?
    /// To which stream; nil where it was none.
    var stream: String?
    /// What, in a word for programs: "open".
    var command: String
    /// What, in a few words for people.
    var text: String

    init(
        by: String, show: String? = nil, stream: String? = nil, command: String, text: String,
        atMs: Int64 = StaffClock.wallMs()
    ) {
        self.atMs = atMs
        self.by = by
        self.show = show
        self.stream = stream
        self.command = command
        // Texts of players and hosts may be in it; whoever wants all of it looks at the audit.
        self.text = String(text.prefix(Limits.deedCharacterCountMax))
    }
}

extension ShowCommand {
    /// What is said of it once it is done: the last part of its path, or what it is otherwise, and a
    /// few words.
    var deed: (command: String, text: String) {
        switch self {
        case .create: ("create", "made the show")
        case .edit: ("edit", "changed the show's plan")
        case .delete: ("delete", "removed the show")
        case .addQuestions(let questions): ("import", "added \(Self.count(questions.count))")
        case .replaceQuestions(let questions):
            ("import", "put \(Self.count(questions.count)) in the place of those that waited")
        case .editQuestion(let id, _): ("edit-question", "changed question \(id)")
        case .withdrawQuestion(let id): ("withdraw", "took out question \(id)")
        case .orderQuestions: ("order", "put the questions in order")
        case .shuffle: ("shuffle", "shuffled the questions")
        case .openLobby: ("lobby", "opened the doors")
        case .open(let question, let isForced, let isLast):
            (
                "open",
                "opened \(question.map { "question \($0)" } ?? "the next question")"
                    + (isLast ? ", the last" : "") + (isForced ? ", though nobody saw it" : "")
            )
        case .planLast: ("last", "said which question is the last")
        case .correct(let question, let correct, _):
            ("correct", "put the key of \(question ?? "the question") right: \(correct)")
        case .lock(let isForced): ("lock", isForced ? "locked at once" : "locked")
        case .reveal: ("reveal", "told the right answer")
        case .void(let question, let reason):
            ("void", "took back \(question ?? "the question"): \(reason)")
        case .next: ("next", "showed the standings")
        case .pause: ("pause", "paused the show")
        case .resume: ("resume", "let the show go on")
        case .makeUpOutage: ("make-up-outage", "made up for an outage")
        case .finish: ("finish", "ended the game")
        case .finishEarly: ("finish", "ended the game early")
        case .reopen: ("reopen", "took the end back")
        case .settle: ("settle", "divided the prize")
        case .kick(let player): ("kick", "put out \(player)")
        case .ban(let player): ("ban", "banned \(player)")
        case .reinstate(let player): ("reinstate", "took \(player) back")
        case .rename(let player, let name): ("rename", "called \(player) \(name)")
        case .hideName(let player): ("hide-name", "hid the name of \(player)")
        case .showName(let player): ("show-name", "showed the name of \(player) again")
        case .banAddress(let address): ("ban-address", "banned \(address)")
        case .unbanAddress(let address): ("unban-address", "took the ban of \(address) back")
        }
    }

    private static func count(_ count: Int) -> String {
        count == 1 ? "1 question" : "\(count) questions"
    }
}
