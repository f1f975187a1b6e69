// What the players of a rehearsal are to do.

import AudienceProtocol

/// How the players of a rehearsal play.
public struct QuizPlan: Sendable {
    /// How players come by their tokens.
    public enum Identity: Sendable {
        /// They join as guests.
        case guests
        /// Tokens are made for them here, by their numbers; nil where that fails.
        case minted(@Sendable (Int) -> String?)
    }

    /// The share of the players that answers each question, 0 to 1.
    public var answeringShare: Double
    /// How they come by their tokens.
    public var identity = Identity.guests
    /// The show's id; nil for the only one.
    public var show: String?
    /// The share that watches plain HTTP-FLV and answers by POST, 0 to 1.
    public var postingShare = 0.2
    /// Makes the same choices again.
    public var seed: UInt64 = 1

    /// A plan with the defaults.
    public init(answeringShare: Double) { self.answeringShare = answeringShare }

    /// The most bytes that host, path and query of the stream may have together.
    public static var urlByteCountMax: Int { QuizLimits.urlByteCountMax }

    var habits: AnswerHabits { AnswerHabits(answeringShare: answeringShare, seed: seed) }
}

/// Why nobody can play, so that a rehearsal with answers is of no use.
public enum RehearsalObstacle: Error, Equatable, Sendable, CustomStringConvertible {
    /// The server takes no guests.
    case noGuests
    /// No show takes players, or not that one.
    case noShow(String)
    /// The tokens are no good there.
    case badToken(String)
    /// Too many guests come from this machine's address.
    case joinsTooFast
    /// The server has no game.
    case noGame
    /// No token could be made.
    case noToken

    /// What is in the way and what to do.
    public var description: String {
        switch self {
        case .noGuests:
            "the server takes no guests: start the server with --guests or give --player-key FILE"
        case .noShow(let sentence):
            "nobody can play there now (\(sentence)): open a show's doors with "
                + "fanfare show lobby, and name it with --show where there are several"
        case .badToken(let sentence):
            "the server doesn't take the players' tokens (\(sentence)): give the --player-key "
                + "that it was started with"
        case .joinsTooFast:
            "the server lets only so many guests join from one address: give --player-key FILE"
        case .noGame: "there is no game at this address: it has no \(AudiencePath.join.template)"
        case .noToken: "no player's token can be made: give another --player-key"
        }
    }
}
