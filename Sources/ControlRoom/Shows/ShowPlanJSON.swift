// A show's plan as a body has it: what is left out is as usual.

enum ShowPlanJSON {
    static let keys = [
        "title", "mode", "reviveCount", "entryClosesAtQuestion", "graceMs", "lagMsMax",
        "defaultLagMs", "speedLagMsMax", "pointsBase", "pointsSpeed", "bestCount", "prize",
        "startsAtMs", "isRehearsal", "guestsMayWin", "questionCount", "locksWhenAllAnswered",
    ]

    static func read(_ fields: JSONFields) throws(Complaint) -> ShowPlanDraft {
        guard let title = try fields.string("title") else { throw fields.missing("title") }
        var plan = ShowPlanDraft(title: title)
        plan.mode = try fields.word("mode", ShowPlanDraft.Mode.self) ?? plan.mode
        plan.reviveCount = try fields.integer("reviveCount") ?? plan.reviveCount
        plan.entryClosesAtQuestion =
            try fields.integer("entryClosesAtQuestion") ?? plan.entryClosesAtQuestion
        plan.graceMs = try fields.integer("graceMs") ?? plan.graceMs
        plan.lagMsMax = try fields.integer("lagMsMax") ?? plan.lagMsMax
        // A lower bound alone would leave a default above it.
        plan.defaultLagMs =
            try fields.integer("defaultLagMs") ?? min(plan.defaultLagMs, plan.lagMsMax)
        plan.speedLagMsMax = try fields.integer("speedLagMsMax") ?? plan.speedLagMsMax
        plan.pointsBase = try fields.integer("pointsBase") ?? plan.pointsBase
        plan.pointsSpeed = try fields.integer("pointsSpeed") ?? plan.pointsSpeed
        plan.bestCount = try fields.integer("bestCount")
        plan.questionCount = try fields.integer("questionCount")
        plan.locksWhenAllAnswered = try fields.bool("locksWhenAllAnswered") ?? false
        plan.startsAtMs = try fields.integer("startsAtMs").map(Int64.init)
        plan.isRehearsal = try fields.bool("isRehearsal") ?? false
        plan.guestsMayWin = try fields.bool("guestsMayWin") ?? false
        if let prize = fields.value("prize") { plan.prize = try self.prize(prize) }
        return plan
    }

    private static func prize(_ tree: JSONTree) throws(Complaint) -> ShowPlanDraft.Prize {
        let fields = try JSONFields(
            tree, what: "a prize", keys: ["minorUnits", "currency", "remainderRule"])
        guard let minorUnits = try fields.integer("minorUnits") else {
            throw fields.missing("minorUnits")
        }
        guard let currency = try fields.string("currency") else {
            throw fields.missing("currency")
        }
        return ShowPlanDraft.Prize(
            minorUnits: Int64(minorUnits), currency: currency,
            remainderRule: try fields.word(
                "remainderRule", ShowPlanDraft.RemainderRule.self) ?? .kept)
    }

    /// A show's id from its title: "Friday’s Final!" is "friday-s-final". Nil if no letter is left.
    static func id(from title: String) -> String? {
        var id = ""
        for scalar in title.lowercased().unicodeScalars {
            let isPlain = "a"..."z" ~= scalar || "0"..."9" ~= scalar
            if isPlain {
                id.unicodeScalars.append(scalar)
            } else if !id.isEmpty, !id.hasSuffix("-") {
                id += "-"
            }
            if id.utf8.count == Limits.orderIDByteCountMax { break }
        }
        while id.hasSuffix("-") { id.removeLast() }
        return id.isEmpty ? nil : id
    }
}
