// What the fair deadline says to an answer, by bounds that hold whatever the machine was doing.

/// When a question was opened and locked, as the host saw it, ms.
struct QuestionTimes {
    /// The order was given, and answered.
    var openAskedMs = 0.0
    var openDoneMs = 0.0
    /// Answers may be refused by the lock from here on; infinite while it waits for everybody.
    var lockAskedMs = Double.infinity
    /// By now it is locked.
    var lockDoneMs = Double.infinity
    var windowMs = 0.0
}

/// The rules of one show.
struct TimingJudge {
    var graceMs = 500.0
    var lagMsMax = 4_000.0
    var defaultLagMs = 2_000.0
    /// No ruling is demanded of an answer so near an edge, ms.
    static let marginMs = 300.0
    /// The most that counts of a lag that is the player's own making: it doesn't read, ms.
    static let ownLagMsMax = 500.0

    enum Demand { case accepted, tooLate, either }

    /// What has to become of a player's first answer to a question, if nothing but time decides.
    ///
    /// The server has it between `sentMs` and its receipt. Nobody is owed a lag: whoever reads at
    /// once has none but the server's own, and whoever doesn't read makes its own.
    ///
    /// - Parameter offeredByMs: by when the server had offered the question to everybody.
    func demand(
        _ answer: SentAnswer, of player: SimulatedPlayer, _ times: QuestionTimes,
        offeredByMs: Double
    ) -> Demand {
        guard let receipt = answer.receipt,
            let cue = player.walker.cues.first(where: {
                $0.phase == "question" && $0.question == answer.question
            })
        else { return .either }
        let openedLateMs = max(times.openAskedMs, min(times.openDoneMs, cue.readMs))
        var earliestMs = times.openAskedMs
        var latestMs = openedLateMs
        if player.way == .postAlone {
            earliestMs += defaultLagMs
            latestMs += defaultLagMs
        } else {
            latestMs = min(cue.readMs, openedLateMs + lagMsMax)
            if player.lagMs > 0 {
                latestMs = min(latestMs, max(offeredByMs, openedLateMs) + Self.ownLagMsMax)
            }
            latestMs = max(earliestMs, latestMs)
        }
        let openForMs = times.windowMs + graceMs
        let isBeforeLock = receipt.readMs + Self.marginMs <= times.lockAskedMs
        if receipt.readMs + Self.marginMs <= earliestMs + openForMs, isBeforeLock {
            return .accepted
        }
        let isLate = answer.sentMs >= latestMs + openForMs + Self.marginMs
        return isLate || answer.sentMs >= times.lockDoneMs + Self.marginMs ? .tooLate : .either
    }

    /// By when a question had been offered to everybody: those who read at once have it. It is
    /// repeated while it is open; the first time counts.
    static func offeredByMs(_ question: String, _ players: [SimulatedPlayer]) -> Double {
        players.filter { $0.lagMs == 0 }
            .compactMap { player in
                player.walker.cues.first { $0.phase == "question" && $0.question == question }
            }
            .map(\.readMs).max() ?? .infinity
    }
}
