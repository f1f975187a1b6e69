// What staff can tell a show to do.

public import Trivia

/// One order to a show. Questions and players are called by their ids.
public enum ShowOrder: Sendable, Equatable {
    /// Makes the show, as a draft that will play on a stream. Its id is the one the order is for.
    case create(ShowPlan, stream: String)
    /// Changes title, rules and prize. Only a draft's.
    case edit(ShowPlan)
    /// Removes the show and all that belongs to it. Refused while it is played.
    case delete
    /// Adds these, to be asked last in this order.
    case addQuestions([Question])
    /// Puts these in the place of all that are waiting.
    case replaceQuestions([Question])
    /// Changes a question that is waiting, its id included.
    case editQuestion(id: String, Question)
    /// Takes out a question that is waiting.
    case withdrawQuestion(id: String)
    /// Puts those that are waiting in this order; all of them are named.
    case orderQuestions(ids: [String])
    /// Puts those that are waiting in an order by chance.
    case shuffle
    /// Opens the doors.
    case openLobby
    /// Opens a question; nil is the next one. Unless forced it is refused where nobody sees it.
    /// It is the last as planned, or if that is said.
    case open(question: String?, isForced: Bool = false, isLast: Bool = false)
    /// Says which question is the last, counted from 1; nil is the next one.
    case planLast(number: Int?)
    /// Puts the right option right, as people write it: its number from 1, `#2`, or its text. nil is
    /// the question that is on.
    case correct(question: String?, correct: String, reason: String)
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
    /// Ends the game, if all is asked that was planned.
    case finish
    /// Ends the game all the same.
    case finishEarly
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
