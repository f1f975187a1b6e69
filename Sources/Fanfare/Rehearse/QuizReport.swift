// What the players of a rehearsal went through, for people and for programs.

import Rehearsal

/// The players' part of a rehearsal's report.
struct QuizReport: Encodable {
    /// How a cue spread.
    struct Cue: Encodable {
        let phase: String
        let question: String
        /// Players who watched by then.
        let watching: Int
        /// From its first arrival at any player to those at the players who watched by then.
        let delay: RehearsalReport.Delays
    }

    /// What was answered to a question.
    struct Question: Encodable {
        let question: String
        let sent: Int
        let acceptedByOption: [Int]
        let revealedByOption: [Int]?
        let isVoid: Bool
        let agreesWithReveal: Bool
    }

    let players: Int
    let byPost: Int
    let cameBack: Int
    let out: Int
    let answers: Int
    let resent: Int
    let accepted: Int
    let refused: Int
    let refusedByReason: [String: Int]
    let withoutReceipt: Int
    let wrongReceipts: Int
    let notAnswered: Int
    let receipts: RehearsalReport.Delays
    let receiptsByPost: RehearsalReport.Delays
    let cues: [Cue]
    let questions: [Question]
    let playersChecked: Int
    let playersNotChecked: Int
    let answersChecked: Int
    let missing: Int
    let differing: Int
    let isClean: Bool

    init(_ tally: QuizTally) {
        players = tally.playerCount
        byPost = tally.postingCount
        cameBack = tally.returnCount
        out = tally.outCount
        answers = tally.sentCount
        resent = tally.resentCount
        accepted = tally.acceptedCount
        refused = tally.refusedCounts.values.reduce(0, +)
        refusedByReason = tally.refusedCounts
        withoutReceipt = tally.unreceiptedCount + tally.pendingCount
        wrongReceipts = tally.wrongReceiptCount
        notAnswered = tally.abstainedCount
        receipts = RehearsalReport.Delays(tally.receiptDelay)
        receiptsByPost = RehearsalReport.Delays(tally.postReceiptDelay)
        cues = tally.cues.map {
            Cue(
                phase: $0.phase, question: $0.question, watching: $0.watchingCount,
                delay: RehearsalReport.Delays($0.delay))
        }
        questions = tally.questions.map {
            Question(
                question: $0.id, sent: $0.sentCount, acceptedByOption: $0.acceptedCounts,
                revealedByOption: $0.revealedCounts, isVoid: $0.isVoid,
                agreesWithReveal: !$0.contradictsReveal)
        }
        playersChecked = tally.checkedCount
        playersNotChecked = tally.toCheckCount - tally.checkedCount
        answersChecked = tally.checkedAnswerCount
        missing = tally.missingCount
        differing = tally.differingCount
        isClean = tally.isClean
    }

    /// The lines of the report as people read it.
    var text: String {
        var text = "  players    \(players) play, \(byPost) of them by POST; \(out) are out"
        text += cameBack > 0 ? ", \(cameBack) came back\n" : "\n"
        text += "  answers    \(answers) sent, \(accepted) accepted, \(refused) refused"
        if refused > 0 { text += " (\(reasons))" }
        text += ", \(notAnswered) not given\n"
        text += "  receipts   \(withoutReceipt) missing after 10 s"
        if wrongReceipts > 0 { text += ", \(wrongReceipts) FOR ANOTHER OPTION" }
        if resent > 0 { text += "; \(resent) answers sent once more" }
        text += "\n"
        text += "  WebSocket  \(receipts.text)\n"
        if receiptsByPost.count > 0 { text += "  by POST    \(receiptsByPost.text)\n" }
        for cue in firstCues {
            text +=
                "  question   \(cue.question) at \(cue.delay.count) of \(cue.watching) players: "
            text += "\(cue.delay.text) after the first\n"
        }
        for question in questions where !question.agreesWithReveal {
            let accepted = question.acceptedByOption.map { "\($0)" }.joined(separator: " ")
            let revealed = (question.revealedByOption ?? []).map { "\($0)" }
            text += "  reveal     \(question.question) COUNTS TOO FEW: receipts for \(accepted),"
            text += " revealed \(revealed.joined(separator: " "))\n"
        }
        text += "  ledger     \(missing) acknowledged answers missing, \(differing) with another"
        text += " choice, of \(answersChecked) looked for"
        text += playersNotChecked > 0 ? "; \(playersNotChecked) players got no answer\n" : "\n"
        return text
    }

    /// Questions as they were first told: later they are for those who come, or come back.
    private var firstCues: [Cue] {
        var known: Set<String> = []
        return cues.filter {
            $0.phase == "question" && $0.delay.count > 0 && known.insert($0.question).inserted
        }
    }

    private var reasons: String {
        refusedByReason.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
