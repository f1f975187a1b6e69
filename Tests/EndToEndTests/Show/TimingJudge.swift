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
    /// The most that a player's connection can hold between the server's hand-over and its reading:
    /// what the kernel takes unsent, a socket buffer on top, the player's own, and some.
    static let heldByteCountMax = 288 << 10

    enum Demand { case accepted, tooLate, either }

    /// What has to become of a player's first answer to a question, if nothing but time decides.
    ///
    /// The server has it between `sentMs` and its receipt.
    func demand(
        _ answer: SentAnswer, of player: SimulatedPlayer, _ times: QuestionTimes
    ) -> Demand {
        guard let receipt = answer.receipt,
            let cue = player.walker.cues.first(where: {
                $0.phase == "question" && $0.question == answer.question
            })
        else { return .either }
        let openedLateMs = max(times.openAskedMs, min(times.openDoneMs, cue.readMs))
        let earliestMs: Double
        let latestMs: Double
        if player.way == .postAlone {
            earliestMs = times.openAskedMs + defaultLagMs
            latestMs = openedLateMs + defaultLagMs
        } else {
            let notBeforeMs = max(times.openAskedMs, player.handedOverNotBeforeMs(cue))
            earliestMs = min(notBeforeMs, times.openAskedMs + lagMsMax)
            latestMs = max(earliestMs, min(cue.readMs, openedLateMs + lagMsMax))
        }
        let openForMs = times.windowMs + graceMs
        let isBeforeLock = receipt.readMs + Self.marginMs <= times.lockAskedMs
        if receipt.readMs + Self.marginMs <= earliestMs + openForMs, isBeforeLock {
            return .accepted
        }
        let isLate = answer.sentMs >= latestMs + openForMs + Self.marginMs
        return isLate || answer.sentMs >= times.lockDoneMs + Self.marginMs ? .tooLate : .either
    }
}

extension SimulatedPlayer {
    /// The kernel can't have had a cue before the player had read all but what can be held on the
    /// way.
    func handedOverNotBeforeMs(_ cue: SeenCue) -> Double {
        let byteCount = cue.byteCount - TimingJudge.heldByteCountMax
        // What was read by one reading was still there until then.
        return readings.last { $0.byteCount < byteCount }?.ms ?? 0
    }
}
