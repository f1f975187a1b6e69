// Why the game refuses, as the control room tells it.

import ControlRoom
import Game
import Ledger
import Trivia

extension ShowDeskRefusal {
    init(_ refusal: HostRefusal) {
        switch refusal {
        case .rules(.early(let outlook)): self = .unconfirmed(word: "early", outlook.sentence)
        case .rules(let refusal): self.init(refusal)
        case .ledger(let error): self.init(error)
        case .unknownShow: self = .unknownShow
        case .unknownPlayer: self = .unknown(refusal.description)
        case .badCommandID, .badHost, .badStream, .badAddress: self = .invalid(refusal.description)
        case .commandIDReused: self = .idTaken
        case .closed, .streamTaken, .kept, .guestsMightWin, .tooManyShows:
            self = .notNow(refusal.description)
        case .unseen: self = .unseen(refusal.description)
        case .busy: self = .unavailable(refusal.description)
        }
    }

    init(_ error: LedgerError) {
        switch error {
        case .unknownShow: self = .unknownShow
        case .sameShow: self = .notNow(error.description)
        case .cannotOpen, .inUse, .notALedger, .newer, .readOnly, .full, .damaged, .failed,
            .undecided, .badRow, .badLog:
            self = .unavailable(error.description)
        }
    }

    private init(_ refusal: ShowRefusal) {
        switch refusal {
        case .unknownQuestion, .unknownPlayer: self = .unknown(refusal.description)
        case .badShowID, .badOrder, .badReason, .badOutage, .badPlayerID, .badPlayerName,
            .tooManyQuestions, .badAddress, .badLast, .noSuchOption, .badPlan, .badQuestion:
            self = .invalid(refusal.description)
        case .stale, .creation, .clockWentBack, .wrongPhase, .paused, .notPaused, .noQuestions,
            .sameQuestionID, .questionNotWaiting, .questionOn, .noOpenQuestion,
            .answersStillInTime, .noLockedQuestion, .nothingToVoid, .notNewest, .nothingOn,
            .settlementDiffers, .joinedBefore, .playerBanned, .full, .removedBefore, .notRemoved,
            .answer, .badReceipt, .addressBannedBefore, .addressNotBanned, .tooManyAddressBans,
            .planDone, .early, .sameKey, .questionVoid:
            self = .notNow(refusal.description)
        }
    }
}
