// The schemas of those who watch, and of bans.

/// Named schemas of viewers, bans and draining.
enum AudienceSchemas {
    static let all: [(name: String, schema: Schema)] = [
        ("ViewerList", list), ("Viewer", viewer), ("AddressBan", ban), ("BanOrder", order),
        ("BanReceipt", receipt), ("DrainState", drain), ("AuditLine", AuditRoutes.schema),
    ]

    private static let list: Schema = .object([
        .must("count", .integer("How many there are that were asked for.")),
        .must("viewers", .array(of: .named("Viewer"))),
    ])

    private static let viewer: Schema = .object([
        .must("id", .string("Of the connection; never another's.")),
        .must("address", .string("An IPv4 address, or an IPv6 /64.")),
        .must("stream", .string()), .must("isWebSocket", .boolean()),
        .may("agent", .string("What the software calls itself.")),
        .may("show", .string("Of a player.")), .may("player", .string("Its id.")),
        .may("name", .string("As the audience sees it.")),
        .must("watchedMs", .integer("For how long.")),
        .must("behindMs", .integer("How far behind the newest it was sent; about.")),
        .must("bytes", .integer("Of the stream, taken by its socket.")),
    ])

    private static let ban: Schema = .object([
        .must("address", .string("An address or a range of them.")), .must("reason", .string()),
        .must("by", .string()), .must("atMs", .integer("Milliseconds since 1970.")),
        .may("untilMs", .integer("Milliseconds since 1970; without it, until it is lifted.")),
    ])

    private static let order: Schema = .object([
        .must(
            "address",
            .string(
                "203.0.113.7, 203.0.113.0/24 or 2001:db8::/48; an IPv6 address stands for its /64.")
        ),
        .may("reason", .string("At most \(Limits.banReasonByteCountMax) bytes.")),
        .may("forS", .integer("Seconds; without it, until it is lifted.")),
    ])

    private static let receipt: Schema = .object([
        .must("ban", .named("AddressBan")),
        .must("endedCount", .integer("The audience's connections that were ended.")),
    ])

    private static let drain: Schema = .object([
        .must("isDraining", .boolean("Nobody new is let in.")),
        .may("sinceMs", .integer("Milliseconds since 1970.")),
        .must("viewers", .integer("How many still watch.")),
    ])
}
