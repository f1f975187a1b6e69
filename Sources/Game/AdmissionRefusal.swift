// Why somebody is not let in, in words for a player.

public import Access
import Trivia

/// Why somebody isn't let in.
public enum AdmissionRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The token isn't good.
    case token(PlayerTokenError)
    /// No such show takes players now.
    case noShow(String)
    /// The token is for a show that isn't there, or that plays on another stream.
    case otherShow
    /// Several shows take players, and the guest hasn't said which is meant.
    case severalShows
    /// The show is settled.
    case over
    /// The host has banned this player.
    case banned
    /// The host has banned the address.
    case addressBanned
    /// Players need a token of the producer's.
    case noGuests
    /// Guests can't win this show's prize, so they can't play for it.
    case noGuestsForPrize
    /// The name can't be shown.
    case badName
    /// There is no more room.
    case full
    /// No token could be made.
    case noToken(String)

    /// In words for a player.
    public var description: String {
        switch self {
        case .token(let error): error.description
        case .noShow: "No show takes players here now; come back when it begins."
        case .otherShow: "This token is for another show; get one for this."
        case .severalShows: "Several shows are on; say which one you mean as \"show\"."
        case .over: "This show is over."
        case .banned: AnswerRefusal.banned.description
        case .addressBanned:
            "The host lets nobody play from where you are. You can watch."
        case .noGuests, .noGuestsForPrize:
            "Guests can't play in this show; sign in where you found it."
        case .badName:
            "Choose a name of 1 to \(PlayerTokenLimits.nameByteCountMax) bytes that can be shown."
        case .full: "The show is full; you can watch."
        case .noToken(let reason): reason
        }
    }
}
