// The schemas of shows, questions and what comes out of them.

import Trivia

/// Named schemas of everything about shows.
enum ShowSchemas {
    static let all: [(name: String, schema: Schema)] = [
        ("ShowPlan", .object(planProperties(isWhole: true))), ("Prize", prize),
        ("ShowSummary", summary), ("ShowState", state), ("OnAir", onAir), ("Question", question),
        ("QuestionDraft", questionDraft), ("QuestionRecord", record), ("QuestionOn", questionOn),
        ("Tally", tally), ("RowFault", rowFault), ("OrderReceipt", receipt),
        ("Player", player), ("Address", address), ("ShowResults", results),
        ("QuestionResult", result), ("ShowWinners", winners), ("ShowAudit", audit),
        ("KeyCorrection", correction), ("Winner", winner), ("SettlementPreview", settlement),
        ("AnswerLag", answerLag), ("WinnerLags", winnerLags),
        ("AnswerLine", answerLine), ("ImportPreview", importPreview),
    ]

    /// Keys that every order's body may have.
    static let ticket: [Schema.Property] = [
        .may("id", .string("The order's id, where Idempotency-Key doesn't give it.")),
        .may("expectedVersion", .integer("Refuse if the show's version is another.")),
    ]

    /// - Parameter isWhole: as answers have it; an order may leave everything out.
    static func planProperties(isWhole: Bool, needs: Set<String> = []) -> [Schema.Property] {
        let optional: Set = ["bestCount", "prize", "startsAtMs", "questionCount"]
        let all: [(String, Schema)] = [
            ("title", .string()), ("mode", .words(ShowMode.self)),
            ("reviveCount", .integer("How often each player is revived.")),
            (
                "entryClosesAtQuestion",
                .integer("Whoever joins when so many questions have been opened only watches.")
            ),
            ("graceMs", .integer("How late an answer may come after its viewer's window.")),
            ("lagMsMax", .integer("How much of a connection's lag counts.")),
            ("defaultLagMs", .integer("The lag taken where it isn't known.")),
            ("speedLagMsMax", .integer("How much of a connection's lag counts for speed.")),
            ("pointsBase", .integer()), ("pointsSpeed", .integer()),
            ("bestCount", .integer("How many win a points show; without it, the highest score.")),
            ("prize", .named("Prize")), ("startsAtMs", .integer("Milliseconds since 1970.")),
            (
                "questionCount",
                .integer("How many are to be asked; without it, all that aren't spares.")
            ),
            (
                "locksWhenAllAnswered",
                .boolean("A question locks by itself once everybody who is asked has answered.")
            ),
            ("isRehearsal", .boolean("Nothing of it is kept or paid.")),
            ("guestsMayWin", .boolean("Guests play for the prize, be they one person or many.")),
        ]
        return all.map { name, schema in
            let isRequired = isWhole ? !optional.contains(name) : needs.contains(name)
            return Schema.Property(name: name, schema: schema, isRequired: isRequired)
        }
    }

    private static let prize: Schema = .object([
        .may("amount", .string("As money, with all its digits: 100000.00. Or minorUnits.")),
        .may("minorUnits", .integer("Exactly: 10000000.")),
        .must("currency", .string("By ISO 4217: EUR.")),
        .may("remainderRule", .words(RemainderRule.self)),
    ])

    private static let summary: Schema = .object([
        .must("id", .string()), .must("stream", .string()), .must("title", .string()),
        .must("mode", .words(ShowMode.self)), .must("isRehearsal", .boolean()),
        .must("phase", .words(ShowPhase.self)), .may("version", .integer("Grows with each order.")),
        .must("questionCount", .integer()), .must("playerCount", .integer()),
        .may("startsAtMs", .integer()), .may("prize", .named("Prize")),
        .may("problem", .string("Why it can't be played: what is written of it is damaged.")),
    ])

    private static let onAir: Schema = .object([
        .must("feed", .words(OnAir.Feed.self)),
        .must("feedSinceMs", .integer("Milliseconds since 1970.")),
        .must("viewers", .integer("How many watch.")),
        .must("isSeen", .boolean("Whether it is live and somebody watches.")),
        .must("isSeenSinceMs", .integer("Milliseconds since 1970.")),
        .must("warnings", .array(of: .string("What is wrong with the feed."))),
    ])

    private static let state: Schema = .object([
        .must("id", .string()), .must("stream", .string("The stream it plays on.")),
        .must("plan", .named("ShowPlan")),
        .must("phase", .words(ShowPhase.self)), .must("isPaused", .boolean()),
        .must("version", .integer("Grows with each order.")), .must("tally", .named("Tally")),
        .may("question", .named("QuestionOn")), .must("waitingCount", .integer()),
        .must("spareCount", .integer("Spares among those that are waiting.")),
        .must("askedCount", .integer("Asked so far, voided ones not.")),
        .must("plannedCount", .integer("To be asked in all.")),
        .must("isPlanDone", .boolean("The last question was asked as planned.")),
        .may("nextQuestion", .string("The id of the question that would be asked next.")),
        .may("settlement", .named("SettlementPreview")),
        .may("onAir", .named("OnAir")),
        .must(
            "notes",
            .array(of: .object([.must("atMs", .integer()), .must("text", .string())]))),
        .must(
            "crowdedAddresses",
            .array(
                of: .object([.must("address", .string()), .must("playerCount", .integer())]),
                "Where five or more players came from, the most first.")),
    ])

    private static func questionProperties(isWhole: Bool) -> [Schema.Property] {
        let number: Schema = .integer("The right option's number, counted from 1.", min: 1)
        return [
            Schema.Property(name: "id", schema: .string(), isRequired: isWhole),
            .must("text", .string()), .must("options", .array(of: .string(), "2 to 8.")),
            .must("correct", isWhole ? number : .oneOf([number, .string("Or its text.")])),
            Schema.Property(name: "windowMs", schema: .integer(), isRequired: isWhole),
            .may("explanation", .string()), .may("mediaURL", .string()),
            Schema.Property(
                name: "spare", schema: .boolean("It is asked only in another one's place."),
                isRequired: isWhole),
        ]
    }

    private static let question: Schema = .object(questionProperties(isWhole: true))
    static let questionDraft: Schema = .object(questionProperties(isWhole: false))

    private static let record: Schema = .object([
        .must("question", .named("Question")),
        .must("state", questionState),
    ])

    private static let questionOn: Schema = .object([
        .must("question", .named("Question")),
        .must("state", questionState), .may("voidReason", .string()),
        .must("number", .integer("From 1; 0 if it was taken back.")), .must("of", .integer()),
        .must("isLast", .boolean("Nobody is revived on it.")),
        .may("remainingMs", .integer("Of the window as the first viewers see it.")),
        .may("lockableInMs", .integer("Until nobody's answer can be in time.")),
        .must("isLockPending", .boolean()), .must("askedCount", .integer()),
        .must("answeredCount", .integer()),
        .must("counts", .array(of: .integer(), "Answers for each option.")),
        .may("revivedCount", .integer()), .may("eliminatedCount", .integer()),
    ])

    /// What was taken out before it was asked isn't seen again.
    private static let questionState: Schema = .string(
        words: QuestionState.allCases.filter { $0 != .withdrawn }.map(\.rawValue))

    private static let tally: Schema = .object([
        .must("players", .integer()), .must("survivors", .integer()),
        .must("eliminated", .integer()), .must("spectators", .integer()),
    ])

    private static let rowFault: Schema = .object([
        .must("row", .integer("In CSV the column names are row 1; in JSON the first question is.")),
        .must("error", .string()),
    ])

    private static let receipt: Schema = .object([
        .must("id", .string("The order's id.")), .must("show", .string()),
        .must("version", .integer()),
        .must("isPending", .boolean("A lock that waits for the last viewer's deadline.")),
    ])

    private static let player: Schema = .object([
        .must("id", .string()), .must("name", .string("As the player joined.")),
        .may("shownName", .string("What the audience sees instead.")),
        .may("isNameHidden", .boolean("The host has hidden the name.")),
        .must("status", .words(PlayerRecord.Status.self)), .must("score", .integer()),
        .must("timeMs", .integer()), .must("revivesLeft", .integer()),
        .may("address", .string("Where it came from as it joined.")),
        .may("joinedAtMs", .integer()),
    ])

    private static let address: Schema = .object([
        .may("address", .string("Nil for players of whom it isn't known.")),
        .must("playerCount", .integer()), .must("survivorCount", .integer()),
        .may("firstJoinedAtMs", .integer()), .may("lastJoinedAtMs", .integer()),
        .must("sameInstantCount", .integer("The most who joined within ten seconds.")),
        .must("samePatternCount", .integer("The most who gave the very same answers.")),
        .must("isSuspicious", .boolean("It may be one person; it may be a school as well.")),
        .must("isBanned", .boolean("Nobody can play from there.")),
    ])

    private static let result: Schema = .object([
        .must("question", .named("Question")),
        .must("state", questionState), .may("voidReason", .string()),
        .must("counts", .array(of: .integer())), .must("correctCount", .integer()),
        .must("wrongCount", .integer()), .must("missingCount", .integer()),
        .must("revivedCount", .integer()), .must("eliminatedCount", .integer()),
        .must("survivorCount", .integer()),
        .must("corrections", .array(of: .named("KeyCorrection"))),
    ])

    private static let results: Schema = .object([
        .must("show", .string()), .must("phase", .words(ShowPhase.self)),
        .must("tally", .named("Tally")),
        .must("questions", .array(of: .named("QuestionResult"))),
    ])

    private static let settlement: Schema = .object([
        .must("winnerCount", .integer()), .may("prize", .named("Prize")),
        .must("shareMinorUnits", .integer("What each winner gets.")),
        .may("shareAmount", .string("As money.")),
        .must("remainderMinorUnits", .integer("What equal shares leave over.")),
        .may("remainderAmount", .string("As money.")),
        .must("keptMinorUnits", .integer("What nobody gets.")),
        .may("keptAmount", .string("As money.")), .must("isSettled", .boolean()),
        .must("sentence", .string("All of it in words.")),
    ])

    private static let answerLine: Schema = .object([
        .must("receipt", .integer()), .must("player", .string("The id.")),
        .must("name", .string()), .must("question", .string("The id.")),
        .must("choice", .integer("From 1.", min: 1)), .must("choiceText", .string()),
        .must("ruling", .string("right, wrong, void, or waiting for the reveal.")),
        .must("receivedAtMs", .integer("Milliseconds since 1970.")),
        .may("afterOpeningMs", .integer("From the opening to when it came in.")),
        .may("lagMeasuredMs", .integer("From the opening to the player's connection.")),
        .may("lagWindowMs", .integer("What counted of it for the window.")),
        .may("lagSpeedMs", .integer("What counted of it for points.")),
        .may("elapsedMs", .integer("The time that counted.")),
    ])

    private static let answerLag: Schema = .object([
        .must("question", .string()),
        .may(
            "measuredMs", .integer("Until the player's connection had it; none had without this.")),
        .must("countedMs", .integer("How much later than the opening the player's window began.")),
        .must("speedMs", .integer("How much of it counted for points.")),
    ])

    private static let winnerLags: Schema = .object([
        .must("id", .string()), .must("name", .string()),
        .must("lags", .array(of: .named("AnswerLag"))),
    ])

    private static let importPreview: Schema = .object([
        .must("version", .integer("As expectedVersion, for an import that does just this.")),
        .must("waitingBefore", .integer()), .must("waitingAfter", .integer()),
        .must("questionCount", .integer("Of the file.")),
        .must("removed", .array(of: .string(), "Questions that would go.")),
        .must("changed", .array(of: .string(), "Questions that would be others.")),
    ])

    private static let winners: Schema = .object([
        .must("show", .string()), .must("isSettled", .boolean()),
        .must("isRehearsal", .boolean()), .may("prize", .named("Prize")),
        .must("keptMinorUnits", .integer("What nobody gets of the prize.")),
        .may("keptAmount", .string("As money.")),
        .must(
            "winners",
            .array(of: .named("Winner"))),
        .may("due", due),
    ])

    private static let winner: Schema = .object([
        .must("place", .integer("Equal for whom the rule holds for equal.")),
        .must("id", .string()), .must("name", .string()), .must("score", .integer()),
        .must("timeMs", .integer()), .must("minorUnits", .integer()),
        .may("amount", .string("As money.")), .must("lags", .array(of: .named("AnswerLag"))),
    ])

    /// What would have been due by what was put right after the prize was divided.
    private static let due: Schema = .object([
        .must("corrections", .array(of: .named("KeyCorrection"))),
        .must("winnerCount", .integer()), .must("shareMinorUnits", .integer()),
        .must("keptMinorUnits", .integer()), .must("winners", .array(of: .named("Winner"))),
    ])

    private static let correction: Schema = .object([
        .must("question", .string("Its id.")),
        .must("formerCorrect", .integer("The option that was right until then, from 1.")),
        .must("correct", .integer("The option that is right, from 1.")),
        .must("reason", .string()),
        .must("returnedCount", .integer("Players it brought back.")),
    ])

    private static let audit: Schema = .object([
        .must("show", .string()),
        .must("agrees", .boolean("Computed anew from the record, the winners are the same.")),
        .must("findings", .array(of: .string())), .must("playerCount", .integer()),
        .must("answerCount", .integer()),
        .must(
            "entries",
            .array(
                of: .object([
                    .must("number", .integer()), .must("atMs", .integer()),
                    .must("by", .string()), .may("orderID", .string()),
                    .must("what", .string()), .must("detail", .string()),
                ]))),
        .must("winnerLags", .array(of: .named("WinnerLags"), "Of the first thousand.")),
    ])
}
