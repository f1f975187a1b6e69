// The schemas of the staff themselves.

import Access

/// Named schemas of people and sessions.
enum PeopleSchemas {
    static let all: [(name: String, schema: Schema)] = [
        ("Session", session), ("StaffPerson", person), ("NewStaffPerson", newPerson),
        ("SecondPersonWanted", secondWanted),
    ]

    private static let session: Schema = .object([
        .must("name", .string("Who asks; \"staff\" where the token names nobody.")),
        .must("role", .words(StaffRole.self)),
        .must("isOpen", .boolean("Nobody needs a token here.")),
        .must("audienceURL", .string("Where viewers come in, as it is reached from here.")),
        .must("version", .string()),
        .must("settleNeedsSecond", .boolean("Dividing a prize needs two people.")),
        .must("playIsSigned", .boolean("Nobody watches without a signed URL.")),
    ])

    private static let person: Schema = .object([
        .must("name", .string()), .must("role", .words(StaffRole.self)),
        .must("createdAtMs", .integer("Milliseconds since 1970.")),
        .may("lastSeenAtMs", .integer("Since the appliance was started.")),
    ])

    private static let newPerson: Schema = .object([
        .must("name", .string()), .must("role", .words(StaffRole.self)),
        .must("token", .string("Told this once.")),
    ])

    private static let secondWanted: Schema = .object([
        .must("confirm", .string(words: ["second-person"])),
        .must("by", .string("Who has said it.")),
        .must("version", .integer("Of the show.")),
        .must("expiresAtMs", .integer("Until when another may, milliseconds since 1970.")),
    ])
}
