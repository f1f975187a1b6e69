// Everything that can happen to a show: the log of these is the show.

/// One accepted change. Applied in order to nothing, they give the same show again.
///
/// Instants are in nanoseconds on the show's clock (see `Handover`).
public enum ShowEvent: Equatable, Sendable {
    /// The first of every log.
    indirect case created(id: String, plan: ShowPlan)
    /// The plan was changed.
    indirect case edited(plan: ShowPlan)
    /// A question was written; it gets the next number and is asked last.
    indirect case questionAdded(Question)
    /// A question that was waiting was changed.
    indirect case questionEdited(QuestionNumber, Question)
    /// A question that was waiting was taken out.
    case questionWithdrawn(QuestionNumber)
    /// The questions that are waiting were put in this order.
    case questionsOrdered([QuestionNumber])
    /// The doors opened.
    case lobbyOpened
    /// A player joined and got the next number.
    case joined(id: String, name: String)
    /// A question was opened. The first makes the show live.
    case opened(QuestionNumber, atNs: Int64)
    /// An answer that counts came in.
    case answered(AnswerRecord)
    /// The host stopped the show for a while.
    case paused(atNs: Int64)
    /// The show went on; an open question got the time back.
    case resumed(atNs: Int64)
    /// An open question got back so many ms in which nobody could answer.
    case outageMadeUp(ms: Int, atNs: Int64)
    /// The open question takes no more answers.
    case locked(atNs: Int64, isForced: Bool)
    /// The right answer is out, and has done what it does.
    case revealed
    /// The newest question was taken back, with all it did.
    case voided(QuestionNumber, reason: String)
    /// The question that was on went off; the standings are on.
    case stageCleared
    /// The winners are known.
    case finished
    /// The finish was taken back.
    case reopened
    /// The prize is divided, for good.
    case settled(PrizeSplit?)
    /// The host put a player out of the game.
    case kicked(PlayerNumber)
    /// The host put a player out for good.
    case banned(PlayerNumber)
    /// The host took a kick or a ban back.
    case reinstated(PlayerNumber)
    /// The host banned an address, and these players with it.
    case addressBanned(String, [PlayerNumber])
    /// The host took the ban of an address back.
    case addressUnbanned(String)

    /// Whether the host did it. The others come from the audience, and are many.
    public var isByHost: Bool {
        switch self {
        case .joined, .answered: return false
        default: return true
        }
    }
}
