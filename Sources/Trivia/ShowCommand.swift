// What a host can tell a show to do: what the API reads, the desk carries out and the log names.

/// A host's command. Questions and players are called by their ids, options as people name them; the
/// rules find what is meant (`Show.events`).
public enum ShowCommand: Equatable, Sendable, Codable {
    /// Makes the show, as a draft that will play on a stream.
    indirect case create(ShowPlan, stream: String)
    /// Changes title, rules and prize. Only a draft's.
    indirect case edit(ShowPlan)
    /// Takes the show out: a draft, one that is in its lobby, or any rehearsal.
    case delete
    /// Writes questions, to be asked last in this order. Their ids are new.
    case addQuestions([Question])
    /// Puts these in the place of all that are waiting; those of the same id are changed.
    case replaceQuestions([Question])
    /// Changes a question that is waiting, its id included.
    indirect case editQuestion(id: String, Question)
    /// Takes out a question that is waiting.
    case withdrawQuestion(id: String)
    /// Puts the questions that are waiting in this order; all of them have to be named.
    case orderQuestions(ids: [String])
    /// Puts the questions that are waiting in an order of chance.
    case shuffle
    /// Opens the doors: from now on players can join.
    case openLobby
    /// Opens a question that is waiting; nil is the next one in order, `Show.nextQuestion`. Unless
    /// forced it is refused where nobody sees it. It is the last one if so many are planned, or if
    /// the host says so.
    case open(question: String?, isForced: Bool = false, isLast: Bool = false)
    /// Says which question is the last, counted from 1; nil is the next one to be opened. What was
    /// opened already stays what it was when it was opened.
    case planLast(number: Int? = nil)
    /// Puts the right option of a question right; nil is the one that is on. `correct` is the option's
    /// number from 1, `#2`, or its text. Before the reveal the reason may be empty.
    case correct(question: String?, correct: String, reason: String)
    /// Takes no more answers. Unless forced it waits as long as anybody's can be in time.
    case lock(isForced: Bool)
    /// Tells the right answer.
    case reveal
    /// Takes back the newest question with all it did, from its opening to long after its reveal;
    /// nil is the one that is on. Further back it goes question by question.
    case void(question: String?, reason: String)
    /// Takes the question that was revealed or voided off, and shows the standings.
    case next
    /// Stops the show: no answers are taken.
    case pause
    /// Lets it go on; an open question gets the time back.
    case resume
    /// Gives an open question back so many ms in which nobody could answer, as after a restart.
    /// It is no way to be generous: whoever answers later would score as if it had been quicker.
    case makeUpOutage(ms: Int)
    /// Ends the game: the winners are known. Refused as long as not all is asked that was planned.
    case finish
    /// Ends the game though not all is asked that was planned.
    case finishEarly
    /// Takes the finish back, as long as nothing is settled.
    case reopen
    /// Divides the prize, for good.
    case settle
    /// Puts a player out of the game, who may go on watching.
    case kick(player: String)
    /// Puts a player out for good.
    case ban(player: String)
    /// Takes a kick or a ban back: the player is what it was, and what was asked meanwhile neither
    /// scored nor eliminated.
    case reinstate(player: String)
    /// Gives a player another name before the audience: in standings, among the winners, in exports.
    case rename(player: String, name: String)
    /// Hides a player's name from the audience, which sees a number instead.
    case hideName(player: String)
    /// Lets the audience see it again.
    case showName(player: String)
    /// Lets nobody play any more from an address, an IPv6 /64 or a /48, and puts out for good who came
    /// from there.
    case banAddress(String)
    /// Takes the ban of an address back, with all it did.
    case unbanAddress(String)
}

/// The words for commands in the log. What stands in ledgers stays what it is.
public enum CommandWord: String, Sendable, CaseIterable {
    case create, edit, delete, editQuestion, withdrawQuestion, order, shuffle, lobby, open, last
    case correct, lock, reveal, void, next, pause, resume, makeUpOutage, finish, reopen, settle
    case kick, ban, reinstate, banAddress, unbanAddress, rename, hideName, showName
    case importQuestions = "import"
    /// In logs of older versions, which had a command for each question.
    case addQuestion
    /// What the appliance does with rehearsals that are over.
    case discard

    /// What was done, as an audit says it.
    public var done: String {
        switch self {
        case .create: "created"
        case .delete: "deleted"
        case .discard: "discarded"
        case .importQuestions: "questions imported"
        case .shuffle: "questions shuffled"
        case .edit: "edited"
        case .addQuestion: "question added"
        case .editQuestion: "question edited"
        case .withdrawQuestion: "question withdrawn"
        case .order: "questions ordered"
        case .lobby: "lobby opened"
        case .open: "opened"
        case .lock: "locked"
        case .reveal: "revealed"
        case .void: "voided"
        case .next: "cleared"
        case .pause: "paused"
        case .resume: "resumed"
        case .makeUpOutage: "outage made up"
        case .last: "last question planned"
        case .correct: "key corrected"
        case .finish: "finished"
        case .reopen: "reopened"
        case .settle: "settled"
        case .kick: "kicked"
        case .ban: "banned"
        case .reinstate: "reinstated"
        case .rename: "player renamed"
        case .hideName: "name hidden"
        case .showName: "name shown"
        case .banAddress: "address banned"
        case .unbanAddress: "address no longer banned"
        }
    }
}

extension ShowCommand {
    /// The word for it in the log.
    public var word: CommandWord {
        switch self {
        case .create: .create
        case .edit: .edit
        case .delete: .delete
        case .addQuestions, .replaceQuestions: .importQuestions
        case .editQuestion: .editQuestion
        case .withdrawQuestion: .withdrawQuestion
        case .orderQuestions: .order
        case .shuffle: .shuffle
        case .openLobby: .lobby
        case .open: .open
        case .planLast: .last
        case .correct: .correct
        case .lock: .lock
        case .reveal: .reveal
        case .void: .void
        case .next: .next
        case .pause: .pause
        case .resume: .resume
        case .makeUpOutage: .makeUpOutage
        case .finish, .finishEarly: .finish
        case .reopen: .reopen
        case .settle: .settle
        case .kick: .kick
        case .ban: .ban
        case .reinstate: .reinstate
        case .rename: .rename
        case .hideName: .hideName
        case .showName: .showName
        case .banAddress: .banAddress
        case .unbanAddress: .unbanAddress
        }
    }
}
