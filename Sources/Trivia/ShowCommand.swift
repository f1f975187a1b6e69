// What a host can tell a show to do.

/// A host's command. Questions are called by their ids, players by their numbers.
public enum ShowCommand: Equatable, Sendable {
    /// Changes title, rules and prize. Only a draft's.
    case edit(ShowPlan)
    /// Writes a question, to be asked last.
    case addQuestion(Question)
    /// Changes a question that is waiting, its id included.
    case editQuestion(id: String, Question)
    /// Takes out a question that is waiting.
    case withdrawQuestion(id: String)
    /// Puts the questions that are waiting in this order; all of them have to be named.
    case orderQuestions(ids: [String])
    /// Opens the doors: from now on players can join.
    case openLobby
    /// Opens a question that is waiting; nil is the next one in order.
    case open(question: String?)
    /// Takes no more answers. Unless forced it is refused as long as anybody's can be in time.
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
    /// Ends the game: the winners are known.
    case finish
    /// Takes the finish back, as long as nothing is settled.
    case reopen
    /// Divides the prize, for good.
    case settle
    /// Puts a player out of the game, who may go on watching.
    case kick(PlayerNumber)
    /// Puts a player out for good.
    case ban(PlayerNumber)
    /// Takes a kick or a ban back: the player is what it was, and what was asked meanwhile neither
    /// scored nor eliminated.
    case reinstate(PlayerNumber)
    /// Lets nobody play any more from an address, and puts out for good who came from there.
    case banAddress(String, [PlayerNumber])
    /// Takes the ban of an address back, with all it did.
    case unbanAddress(String)
}
