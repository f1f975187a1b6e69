// The schemas that the API document has by name. They say what the types' coding does; a test
// compares them with real answers.

/// Named schemas.
enum APISchemas {
    static let all: [(name: String, schema: Schema)] =
        [
            ("Error", error), ("Health", health), ("Stream", stream), ("StreamHistory", history),
            ("TakenOffPublisher", takenOffPublisher), ("Announcement", announcement),
            ("AnnouncementReceipt", announcementReceipt), ("SignedURL", signedURL),
            ("CallbackReport", callbackReport), ("Callback", callback),
        ] + ShowSchemas.all + PeopleSchemas.all + RehearsalSchemas.all + ReloadRoutes.schemas
        + AudienceSchemas.all

    private static let signedURL: Schema = .object([
        .must("role", .string(words: ["play", "push"])), .must("stream", .string()),
        .must("expiresAtMs", .integer("Milliseconds since 1970.")),
        .must("query", .string("What is behind the ? of each.")),
        .must(
            "urls",
            .object([
                .may("server", .string("For OBS: the server.")),
                .may("streamKey", .string("For OBS: the stream key.")),
                .may("rtmp", .string()), .may("page", .string()), .may("flv", .string()),
                .may("ws", .string()),
            ])),
    ])

    private static let callbackReport: Schema = .object([
        .must("waiting", .integer("To be told yet.")), .must("dead", .integer("Given up.")),
        .must("callbacks", .array(of: .named("Callback"), "At most 100.")),
    ])

    private static let callback: Schema = .object([
        .must("number", .integer()), .must("id", .string("By which its receiver knows it.")),
        .must("event", .string()), .must("url", .string("Whom to tell, without path and query.")),
        .must("body", .string("What to tell: JSON.")),
        .must("createdAtMs", .integer("Milliseconds since 1970.")),
        .must("attempts", .integer("How often it was tried.")), .must("isDead", .boolean()),
        .may("failure", .string("Why the last try failed.")),
    ])

    private static let error: Schema = .object([
        .must("error", .string("What is wrong, and what to do.")),
        .may("code", .string("A word for it, where the status alone doesn't say what to do.")),
        .must("status", .integer("The HTTP status again.")),
        .may("stream", .string()),
        .may("state", .named("ShowState")),
        .may(
            "confirm",
            .string("The command is done if it comes again with this word set to true.")),
        .may("rows", .array(of: .named("RowFault"), "Every row of a file that won't do.")),
    ])

    private static let health: Schema = .object([
        .must("status", .string(words: ["ok", "failing"])),
        .may("problems", .array(of: .string(), "What is broken.")),
        .may("warnings", .array(of: .string(), "What works, and needs somebody's eye.")),
    ])

    private static let stream: Schema = .object([
        .must("name", .string()), .must("state", .string(words: ["live", "stalled", "waiting"])),
        .may(
            "video",
            .object([
                .must("codec", .string()), .may("width", .integer()), .may("height", .integer()),
                .may("framesPerSecond", .number()), .may("profile", .string()),
            ])),
        .may(
            "audio",
            .object([
                .must("codec", .string()), .may("sampleRateHz", .integer()),
                .may("channels", .integer()),
            ])),
        .must("bitrateKbps", .number()), .must("framesPerSecond", .number()),
        .may("keyframeIntervalMs", .integer()), .may("publisherAddress", .string()),
        .may("encoder", .string()), .must("uptimeMs", .integer()), .must("viewers", .integer()),
        .must("bytesSent", .integer()),
        .must(
            "warnings",
            .array(
                of: .object([
                    .must("code", .string()),
                    .must("level", .string(words: ["trouble", "advice"])),
                    .must("text", .string("What is wrong, and what to do.")),
                ]))),
        .may("silentMs", .integer("How long nothing has come, ms.")),
        .may(
            "feed",
            .object([
                .must("videoKbps", .number()), .must("audioKbps", .number()),
            ])),
        .may("joins", .integer("Viewers who were given the stream since it went on air.")),
        .may("drops", .integer("Those let go because they took too little.")),
        .may("skips", .integer("Times that one who fell behind was moved on.")),
        .may(
            "reports",
            .object([
                .must("count", .integer("Players who have said anything lately.")),
                .may("delayMs", spread), .may("offsetMs", spread), .may("spreadMs", .number()),
                .may("stallsPerMinute", .number()),
                .must(
                    "states",
                    .object([
                        .may("playing", .integer()), .may("buffering", .integer()),
                        .may("connecting", .integer()), .may("hidden", .integer()),
                        .may("failed", .integer()),
                    ])),
            ])),
    ])

    private static let spread: Schema = .object([
        .must("p5", .number()), .must("p50", .number()), .must("p95", .number()),
    ])

    /// Numbers, and null where nobody knows.
    private static let figures: Schema = .array(of: .oneOf([.number(), .null]))

    private static let history: Schema = .object([
        .must("stepMs", .integer()), .must("fromMs", .integer("Milliseconds since 1970.")),
        .must(
            "series",
            .object([
                .must("videoKbps", figures), .must("audioKbps", figures), .must("fps", figures),
                .must("keyframeMs", figures), .must("viewers", figures), .must("joins", figures),
                .must("drops", figures),
            ])),
    ])

    private static let takenOffPublisher: Schema = .object([
        .must("address", .string("Where it came from.")),
        .may("encoder", .string("What it called its software.")),
    ])

    private static let announcement: Schema = .object([
        .must("text", .string("At most \(Limits.announcementByteCountMax) bytes.")),
        .may("level", .words(Announcement.Level.self)),
    ])

    private static let announcementReceipt: Schema = .object([
        .may("seq", .integer("The number of the cue, as viewers see it.")),
        .may("pts", .integer("The programme time, ms.")),
        .must("isPending", .boolean("It is kept, and said when there is a picture.")),
    ])
}
