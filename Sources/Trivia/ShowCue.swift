// What the audience is told in each phase, as plain values; the stream and the state are made of it.

/// The state of a show for everybody. Whatever is in it may be seen by any player.
///
/// The right option is in `RevealCue` alone, and that is made only of a question whose state is
/// `revealed`.
public enum ShowCue: Equatable, Sendable {
    /// The doors are open, and no question has come yet.
    case lobby(LobbyCue)
    /// A question is open.
    case question(QuestionCue)
    /// This question, by its id, takes no more answers.
    case locked(question: String)
    /// The right answer is out.
    case reveal(RevealCue)
    /// This question was taken back.
    case void(question: String, reason: String)
    /// Who is ahead, the best first.
    case standings([StandingLine])
    /// The winners.
    case winners(WinnersCue)
    /// An earlier question was judged anew; what is on comes again behind it.
    case correction(CorrectionCue)
    /// Nothing more comes.
    case over
}

/// The lobby.
public struct LobbyCue: Equatable, Sendable {
    /// The show's title.
    public let title: String
    /// When it is to begin, ms since 1970.
    public let startsAtMs: Int64?
    /// How many have joined.
    public let playerCount: Int
    /// What is to be won.
    public let prize: PrizePool?
}

/// An open question, without its right option.
public struct QuestionCue: Equatable, Sendable {
    /// Its id.
    public let question: String
    /// The how manieth of the show it is, from 1. Voided ones don't count.
    public let number: Int
    /// How many there are to be.
    public let of: Int
    /// What is asked.
    public let text: String
    /// What can be answered.
    public let options: [String]
    /// How long a viewer has from when the question reached it, ms.
    public let windowMs: Int
    /// The end of the window counted from the opening, ms: the window, and the time given back for
    /// pauses and outages so far. The programme time of the opening plus this is `deadlinePts`.
    public let deadlineMsAfterOpening: Int64
    /// When it was opened, ns on the show's clock.
    public let openedNs: Int64
    /// A picture or sound that goes with it.
    public let mediaURL: String?
}

/// What came out of a question.
public struct RevealCue: Equatable, Sendable {
    /// Its id.
    public let question: String
    /// The right option and who chose what.
    public let reveal: Reveal
    /// What is said with it.
    public let explanation: String?
    /// What was put right since, the newest.
    public let correction: KeyCorrection?
}

/// A question that was judged anew after it had gone off.
public struct CorrectionCue: Equatable, Sendable {
    /// Its id.
    public let question: String
    /// Both keys, and why.
    public let correction: KeyCorrection
    /// How many are in now.
    public let survivorCount: Int
}

/// A line of the standings.
public struct StandingLine: Equatable, Sendable {
    /// The place, from 1. Whom the rule holds for equal has the same.
    public let place: Int
    /// The player's name.
    public let name: String
    /// Points; in a knockout show the number of right answers.
    public let score: Int
}

/// Those who have won.
public struct WinnersCue: Equatable, Sendable {
    /// How many they are.
    public let count: Int
    /// What each gets, minor units: the equal share, without what `RemainderRule` may add. nil
    /// where there is no prize.
    public let shareMinorUnits: Int64?
    /// The prize's currency.
    public let currency: String?
    /// The first of them, at most `TriviaLimits.winnerNameCountMax`.
    public let names: [String]
}

extension Show {
    /// What the audience is to be told at this moment; nil for a draft.
    ///
    /// For standings and winners it looks at every player: make it after a command, and keep it.
    public var cue: ShowCue? {
        switch phase {
        case .draft: return nil
        case .lobby: return .lobby(lobbyCue)
        case .live: return liveCue
        case .finished: return .winners(winnersCue)
        case .settled: return .over
        }
    }

    private var liveCue: ShowCue {
        switch stage {
        case .empty: return rounds.isEmpty ? .lobby(lobbyCue) : .standings(standingLines)
        case .voided(let number, let reason):
            return .void(question: questions[number.index].question.id, reason: reason)
        case .question(let number):
            let question = questions[number.index].question
            guard let round = rounds.last, round.terms.question == number else {
                preconditionFailure("the question that is on is the newest")
            }
            if let effect = round.effect {
                return .reveal(
                    RevealCue(
                        question: question.id, reveal: effect.reveal,
                        explanation: question.explanation, correction: round.corrections.last))
            }
            if round.terms.lockedNs != nil { return .locked(question: question.id) }
            return .question(
                QuestionCue(
                    question: question.id, number: rounds.count,
                    of: plannedCount, text: question.text,
                    options: question.options, windowMs: question.windowMs,
                    deadlineMsAfterOpening: Int64(question.windowMs)
                        + round.terms.clock.extensionNs / 1_000_000,
                    openedNs: round.terms.clock.openedNs, mediaURL: question.mediaURL))
        }
    }

    private var lobbyCue: LobbyCue {
        LobbyCue(
            title: plan.title, startsAtMs: plan.startsAtMs, playerCount: tally.players,
            prize: plan.prize)
    }

    private var standingLines: [StandingLine] {
        let standings = topStandings
        return zip(standings, places(of: standings.map(\.player))).map { standing, place in
            StandingLine(place: place, name: standing.name, score: standing.score)
        }
    }

    private var winnersCue: WinnersCue {
        let winners = winners
        return WinnersCue(
            count: winners.count,
            shareMinorUnits: plan.prize?.split(winnerCount: winners.count).shareMinorUnits,
            currency: plan.prize?.currency,
            names: winners.prefix(TriviaLimits.winnerNameCountMax).map { players.shownName(of: $0) }
        )
    }
}
