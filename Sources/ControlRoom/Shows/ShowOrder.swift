// What staff can tell a show to do.

/// One order to a show. Questions and players are called by their ids.
public enum ShowOrder: Sendable, Equatable {
    /// Makes the show, as a draft that will play on a stream. Its id is the one the order is for.
    case create(ShowPlanDraft, stream: String)
    /// Changes title, rules and prize. Only a draft's.
    case edit(ShowPlanDraft)
    /// Removes the show and all that belongs to it. Refused while it is played.
    case delete
    /// Adds these, to be asked last in this order.
    case addQuestions([ShowQuestion])
    /// Puts these in the place of all that are waiting.
    case replaceQuestions([ShowQuestion])
    /// Changes a question that is waiting, its id included.
    case editQuestion(id: String, ShowQuestion)
    /// Takes out a question that is waiting.
    case withdrawQuestion(id: String)
    /// Puts those that are waiting in this order; all of them are named.
    case orderQuestions(ids: [String])
    /// Puts those that are waiting in an order by chance.
    case shuffle
    /// Opens the doors.
    case openLobby
    /// Opens a question; nil is the next one. Unless forced it is refused where nobody sees it.
    case open(question: String?, isForced: Bool = false)
    /// Takes no more answers: after the last deadline, or at once.
    case lock(isForced: Bool)
    /// Tells the right answer.
    case reveal
    /// Takes back the newest question with all it did; nil is the one that is on.
    case void(question: String?, reason: String)
    /// Takes the question off and shows the standings.
    case next
    /// Stops the show for a while.
    case pause
    /// Lets it go on.
    case resume
    /// Ends the game.
    case finish
    /// Takes the finish back.
    case reopen
    /// Divides the prize, for good.
    case settle
    /// Puts a player out of the game, who may go on watching.
    case kick(player: String)
    /// Puts a player out for good.
    case ban(player: String)
    /// Takes a kick or a ban back.
    case reinstate(player: String)
    /// Lets nobody play any more from an address, and puts out for good who came from there.
    case banAddress(String)
    /// Takes the ban of an address back.
    case unbanAddress(String)
}
