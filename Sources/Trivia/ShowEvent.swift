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
    /// A question was opened. The first makes the show live. On the last one nobody is revived; nil
    /// is what the log of an older version has: then it is the last if no other was waiting.
    case opened(QuestionNumber, atNs: Int64, isLast: Bool? = nil)
    /// The host said which question is the last, counted from 1.
    case lastPlanned(number: Int)
    /// The right option of a question is another one. Before its reveal, and of a question that is
    /// waiting, that is all; after it the question is judged anew; once the show is settled it is
    /// only recorded.
    case keyCorrected(QuestionNumber, option: Int, reason: String)
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
    /// The prize is divided, for good. `silentWin` is so in logs of an older version alone, in which
    /// players could win who had never answered.
    case settled(PrizeSplit?, silentWin: Bool = false)
    /// The host put a player out of the game.
    case kicked(PlayerNumber)
    /// The host put a player out for good.
    case banned(PlayerNumber)
    /// The host took a kick or a ban back.
    case reinstated(PlayerNumber)
    /// The host gave a player another name before the audience.
    case renamed(PlayerNumber, name: String)
    /// The host hid a player's name from the audience.
    case nameHidden(PlayerNumber)
    /// The host let the audience see it again.
    case nameShown(PlayerNumber)
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

/// One form for the ledger: the case's name and its members. A later version adds members that are
/// optional; it never gives one another meaning.
extension ShowEvent: Codable {
    private enum QuestionAddedCodingKeys: String, CodingKey { case _0 = "question" }
    private enum QuestionEditedCodingKeys: String, CodingKey {
        case _0 = "number"
        case _1 = "question"
    }
    private enum QuestionWithdrawnCodingKeys: String, CodingKey { case _0 = "number" }
    private enum QuestionsOrderedCodingKeys: String, CodingKey { case _0 = "order" }
    private enum OpenedCodingKeys: String, CodingKey {
        case _0 = "number"
        case atNs, isLast
    }
    private enum KeyCorrectedCodingKeys: String, CodingKey {
        case _0 = "number"
        case option, reason
    }
    private enum VoidedCodingKeys: String, CodingKey {
        case _0 = "number"
        case reason
    }
    private enum SettledCodingKeys: String, CodingKey {
        case _0 = "split"
        case silentWin
    }
    private enum KickedCodingKeys: String, CodingKey { case _0 = "player" }
    private enum BannedCodingKeys: String, CodingKey { case _0 = "player" }
    private enum ReinstatedCodingKeys: String, CodingKey { case _0 = "player" }
    private enum RenamedCodingKeys: String, CodingKey {
        case _0 = "player"
        case name
    }
    private enum NameHiddenCodingKeys: String, CodingKey { case _0 = "player" }
    private enum NameShownCodingKeys: String, CodingKey { case _0 = "player" }
    private enum AddressBannedCodingKeys: String, CodingKey {
        case _0 = "address"
        case _1 = "players"
    }
    private enum AddressUnbannedCodingKeys: String, CodingKey { case _0 = "address" }

    /// Looks at what it brings along, where that isn't looked at with the show it happens to.
    ///
    /// - Throws: `ShowRefusal.badPlan` or `.badQuestion`.
    public func checkContents(from source: TextSource) throws(ShowRefusal) {
        if let plan {
            do { try plan.check(from: source) } catch { throw .badPlan(error) }
        }
        if let question {
            do { try question.check(from: source) } catch { throw .badQuestion(error) }
        }
    }

    // One case at a time in these: of two indirect cases that bind the same name, Swift 6.3 lets go
    // of the box before it has copied what is in it, where the event is a temporary.

    /// The plan that it brings along, if it brings one.
    public var plan: ShowPlan? {
        switch self {
        case .created(_, let plan): plan
        case .edited(let plan): plan
        default: nil
        }
    }

    /// The question that it brings along, if it brings one.
    private var question: Question? {
        switch self {
        case .questionAdded(let question): question
        case .questionEdited(_, let question): question
        default: nil
        }
    }
}
