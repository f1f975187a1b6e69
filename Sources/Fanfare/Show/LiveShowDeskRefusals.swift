// Why the game refuses, as the control room tells it.

import ControlRoom
import Game
import Ledger
import Trivia

extension ShowDeskRefusal {
    init(_ refusal: HostRefusal) {
        switch refusal {
        case .rules(let refusal):
            switch refusal.concern {
            case .unknown: self = .unknown(refusal.description)
            case .invalid: self = .invalid(refusal.description)
            case .unconfirmed: self = .unconfirmed(word: "early", refusal.description)
            case .notNow: self = .notNow(refusal.description)
            }
        case .ledger(let error): self.init(error)
        case .unknownShow: self = .unknownShow
        case .badCommandID, .badHost, .badStream, .badAddress: self = .invalid(refusal.description)
        case .commandIDReused: self = .idTaken
        case .closed, .streamTaken, .guestsMightWin, .tooManyShows:
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
}
