// The schemas of rehearsals and of the go / no-go sheet.

/// Named schemas of rehearsals.
enum RehearsalSchemas {
    static let all: [(name: String, schema: Schema)] = [
        ("Rehearsal", rehearsal), ("CrowdReport", report), ("CrowdDelay", delay),
        ("ReadinessCheck", check),
    ]

    private static let rehearsal: Schema = .object([
        .must("id", .string()), .must("by", .string("Who began it.")),
        .must("stream", .string()), .must("viewers", .integer()), .must("seconds", .integer()),
        .must("players", .integer()), .must("state", .words(RehearsalRecord.State.self)),
        .must("startedAtMs", .integer("Milliseconds since 1970.")),
        .may("endedAtMs", .integer()),
        .must("progress", .number("How much of its time is over, 0 to 1.")),
        .may("verdict", .words(RehearsalRecord.Verdict.self)),
        .may("report", .named("CrowdReport")), .may("error", .string("Why there is no report.")),
        .must("log", .string("The newest that it said.")),
    ])

    private static let report: Schema = .object([
        .must("isClean", .boolean()), .must("joined", .integer()),
        .must("watchingAtEnd", .integer()), .must("refused", .integer()),
        .must("lost", .integer("Those whose stream broke off.")),
        .must("stalled", .integer("Those who got nothing for more than a second.")),
        .must("wrongBytes", .integer("Those who got other bytes than their peers.")),
        .must("gigabitsPerSecond", .number()), .must("startUpMs", .named("CrowdDelay")),
        .must("delayMs", .named("CrowdDelay")),
        .may(
            "players",
            .object([
                .must("count", .integer()), .must("answered", .integer()),
                .must("receipts", .integer()), .must("lostReceipts", .integer()),
                .must("refused", .integer()), .must("receiptMs", .named("CrowdDelay")),
            ])),
        .must("text", .string("All of it in words.")),
    ])

    private static let delay: Schema = .object([
        .must("p50", .number()), .must("p99", .number()), .must("max", .number()),
    ])

    private static let check: Schema = .object([
        .must("id", .string("Which one, for programs.")), .must("title", .string()),
        .must("verdict", .words(ReadinessCheck.Verdict.self)),
        .must("text", .string("What was found, and what to do.")),
    ])
}
