// Why a show doesn't do what it is told.

/// How far a show is.
public enum ShowPhase: String, Equatable, Sendable, Codable, CaseIterable {
    /// It is being written; nobody can join.
    case draft
    /// The doors are open.
    case lobby
    /// A question has been opened.
    case live
    /// The winners are known.
    case finished
    /// The prize is divided. Nothing changes any more.
    case settled
}

/// Why a command or an event of a log was refused. Whatever was refused has changed nothing.
public enum ShowRefusal: Error, Equatable, Sendable {
    /// Somebody else has changed the show since the revision the command was given for.
    case stale(expected: Int, revision: Int)
    /// What was played for real is kept.
    case kept(String)
    /// A log doesn't begin with the show's creation, or has it twice.
    case creation
    /// The show's id isn't one.
    case badShowID(TextFault)
    /// An event is older than one before it.
    case clockWentBack
    /// The show is in another phase than the command is for.
    case wrongPhase(ShowPhase, allowed: [ShowPhase])
    /// The show is paused.
    case paused
    /// The show isn't paused.
    case notPaused

    /// The plan can't be played.
    case badPlan(PlanFault)
    /// The question can't be asked.
    case badQuestion(QuestionFault)
    /// There is no question to ask.
    case noQuestions
    /// All questions that were planned have been asked.
    case planDone(Int)
    /// So manieth can't be the last question, with so many asked.
    case badLast(number: Int, askedCount: Int)
    /// Not all questions that were planned have been asked.
    case early(FinishOutlook)
    /// The option, counted from 0, isn't one of the question's.
    case noSuchOption(String, option: Int, optionCount: Int)
    /// What was said to be the right option is none of the question's.
    case badOption(OptionFault)
    /// No question is on that could be put right.
    case nothingToCorrect
    /// The option is the right one already.
    case sameKey(String)
    /// The question was taken back: there is nothing to put right.
    case questionVoid(String)
    /// As many questions as there may be.
    case tooManyQuestions
    /// The show has no question of this id, or none any more.
    case unknownQuestion(String)
    /// Another question has this id.
    case sameQuestionID(String)
    /// The question isn't waiting.
    case questionNotWaiting(String, QuestionState)
    /// The order doesn't name each waiting question once.
    case badOrder

    /// A question is on that has to come to its end first.
    case questionOn(String, QuestionState)
    /// No question is open.
    case noOpenQuestion
    /// Answers can still be in time for so many ms.
    case answersStillInTime(ms: Int64)
    /// No question is locked.
    case noLockedQuestion
    /// No question has been opened that isn't void already.
    case nothingToVoid
    /// A later question was opened since.
    case notNewest(String, newest: String)
    /// The reason can't be shown.
    case badReason(TextFault)
    /// No question is on.
    case nothingOn
    /// So much time can't be given back.
    case badOutage(ms: Int)
    /// The settlement in the log isn't what follows from the log.
    case settlementDiffers

    /// The show has no such player.
    case unknownPlayer
    /// The show has no player of this id.
    case unknownPlayerID(String)
    /// The player's id can't be used.
    case badPlayerID(TextFault)
    /// The player's name can't be shown.
    case badPlayerName(TextFault)
    /// The player's id has joined already.
    case joinedBefore
    /// The player is banned.
    case playerBanned
    /// The show is full.
    case full
    /// The player is kicked or banned already.
    case removedBefore
    /// The player is neither kicked nor banned.
    case notRemoved
    /// The player's name is hidden already.
    case nameHidden
    /// The player's name isn't hidden.
    case nameNotHidden
    /// The address can't be one.
    case badAddress(TextFault)
    /// The address is banned already.
    case addressBannedBefore(String)
    /// The address isn't banned.
    case addressNotBanned(String)
    /// As many banned addresses as there may be.
    case tooManyAddressBans

    /// An answer in the log doesn't count, or not with the receipt it has there.
    case answer(AnswerRefusal)
    /// An answer in the log has another receipt than its place says.
    case badReceipt(UInt32, expected: UInt32)
}

extension ShowRefusal: CustomStringConvertible {
    /// What is the matter, and what to do.
    public var description: String {
        switch self {
        case .stale(let expected, let revision):
            return "The show has changed since (revision \(revision), not \(expected)): "
                + "look at it again, then repeat the command."
        case .kept(let id):
            return
                "Show “\(id)” was played, and is kept. Only drafts, lobbies and rehearsals can be "
                + "deleted."
        case .creation: return "A log begins with the show's creation, and has it once."
        case .badShowID(let fault): return "The show's id \(fault)."
        case .clockWentBack: return "The log's times go back: it isn't in its order."
        case .wrongPhase(let phase, let allowed):
            let names = allowed.map(\.rawValue).joined(separator: " or ")
            return "The show is in phase \(phase.rawValue); this needs \(names)."
                + Self.hint(for: phase)
        case .paused: return "The show is paused; resume it first."
        case .notPaused: return "The show isn't paused."
        case .badPlan(let fault): return fault.description
        case .badQuestion(let fault): return fault.description
        case .noQuestions: return "There is no question left to ask; add one."
        case .planDone(let count):
            return "All \(count) questions that were planned have been asked. Finish the show, or "
                + "open one by its id: that is one more, and the last."
        case .badLast(let number, let askedCount):
            return "Question \(number) can't be the last: \(askedCount) have been opened, and what "
                + "was opened stays what it was. Choose \(askedCount + 1) to "
                + "\(TriviaLimits.questionCountMax)."
        case .early(let outlook): return outlook.sentence
        case .noSuchOption(let id, _, let optionCount):
            return "Question “\(id)” has \(optionCount) options; choose 1 to \(optionCount)."
        case .badOption(let fault): return fault.description + "."
        case .nothingToCorrect:
            return "No question is on; name the one that is to be put right."
        case .sameKey(let id): return "This is the right option of question “\(id)” already."
        case .questionVoid(let id):
            return "Question “\(id)” is void: it counts for nobody, whatever its right option is."
        case .tooManyQuestions:
            return "A show has at most \(TriviaLimits.questionCountMax) questions, and "
                + "\(TriviaLimits.questionNumberMax) with those taken out again."
        case .unknownQuestion(let id): return "This show has no question “\(id)”."
        case .sameQuestionID(let id):
            return "There is a question “\(id)” already; choose another id."
        case .questionNotWaiting(let id, let state):
            return "Question “\(id)” is \(state); only a waiting one can be opened or changed."
        case .badOrder: return "The order has to name each waiting question once, and no other."
        case .questionOn(let id, let state):
            return "Question “\(id)” is \(state); "
                + (state == .open ? "lock and reveal it" : "reveal it") + ", or void it, first."
        case .noOpenQuestion: return "No question is open; open one first."
        case .answersStillInTime(let ms):
            return "Answers can be in time for another \(ms) ms; wait, or force the lock."
        case .noLockedQuestion: return "No question is locked; lock the open one first."
        case .nothingToVoid: return "No question is on; name the one to void, if it is the newest."
        case .notNewest(let id, let newest):
            return "Question “\(id)” isn't the newest; void “\(newest)” first."
        case .badReason(let fault): return "The reason \(fault)."
        case .nothingOn: return "No question is on; open the next one."
        case .badOutage(let ms):
            return "\(ms) ms can't be given back; give 1 to \(TriviaLimits.outageMsMax), "
                + "or void the question."
        case .settlementDiffers:
            return "The settlement in the log isn't what follows from it: don't pay, and compare."
        case .unknownPlayer: return "This show has no such player."
        case .unknownPlayerID(let id): return "This show has no player “\(id)”."
        case .badPlayerID(let fault): return "The player's id \(fault)."
        case .badPlayerName(let fault): return "The name \(fault)."
        case .joinedBefore: return "This player has joined already."
        case .playerBanned: return "This player is banned from the show."
        case .full: return "The show is full with \(TriviaLimits.playerCountMax) players."
        case .removedBefore: return "This player is kicked or banned already."
        case .badAddress(let fault): return "The address \(fault)."
        case .addressBannedBefore(let address): return "\(address) is banned already."
        case .addressNotBanned(let address): return "\(address) isn't banned from this show."
        case .tooManyAddressBans:
            return "\(TriviaLimits.addressBanCountMax) addresses are banned; take one back, or ban "
                + "an IPv6 /48 instead of many /64."
        case .notRemoved: return "This player is neither kicked nor banned."
        case .nameHidden: return "This player's name is hidden already."
        case .nameNotHidden: return "This player's name isn't hidden."
        case .answer(let refusal): return "An answer in the log doesn't count: \(refusal)"
        case .badReceipt(let number, let expected):
            return "An answer in the log has receipt \(number), and \(expected) is next: "
                + "one is missing, or twice there."
        }
    }

    private static func hint(for phase: ShowPhase) -> String {
        switch phase {
        case .draft: return " Open the lobby first."
        case .lobby: return " The first question that is opened makes it live."
        case .live: return ""
        case .finished: return " Reopen it to go on with it."
        case .settled: return " Nothing can be changed any more."
        }
    }
}

extension ShowRefusal {
    /// Whom it concerns: what was asked, or the moment it was asked at.
    public enum Concern: Sendable {
        /// The show hasn't what the command names.
        case unknown
        /// What was given can't be, at no time.
        case invalid
        /// It means more than it seems to, and is done if that is said.
        case unconfirmed
        /// It can't be done as the show is now.
        case notNow
    }

    /// Whom it concerns.
    public var concern: Concern {
        switch self {
        case .unknownQuestion, .unknownPlayer, .unknownPlayerID: .unknown
        case .badShowID, .badPlan, .badQuestion, .badOrder, .badReason, .badOutage, .badPlayerID,
            .badPlayerName, .tooManyQuestions, .badAddress, .badLast, .noSuchOption, .badOption:
            .invalid
        case .early: .unconfirmed
        default: .notNow
        }
    }
}
