// A show's plan as a body has it: what is left out is as usual.

import TextWire
import Trivia

enum ShowPlanJSON {
    static let keys = ShowPlan.CodingKeys.allCases.map(\.rawValue)

    static func read(_ fields: JSONFields) throws(Complaint) -> ShowPlan {
        guard let title = try fields.string("title") else { throw fields.missing("title") }
        var plan = ShowPlan(title: title)
        plan.mode = try fields.word("mode", ShowMode.self) ?? plan.mode
        plan.reviveCount = try fields.integer("reviveCount") ?? plan.reviveCount
        plan.entryClosesAtQuestion =
            try fields.integer("entryClosesAtQuestion") ?? plan.entryClosesAtQuestion
        plan.timing.graceMs = try fields.integer("graceMs") ?? plan.timing.graceMs
        plan.timing.lagMsMax = try fields.integer("lagMsMax") ?? plan.timing.lagMsMax
        // A lower bound alone would leave a default above it.
        plan.timing.defaultLagMs =
            try fields.integer("defaultLagMs")
            ?? min(plan.timing.defaultLagMs, plan.timing.lagMsMax)
        plan.timing.speedLagMsMax = try fields.integer("speedLagMsMax") ?? plan.timing.speedLagMsMax
        plan.scoring.base = try fields.integer("pointsBase") ?? plan.scoring.base
        plan.scoring.speed = try fields.integer("pointsSpeed") ?? plan.scoring.speed
        plan.bestCount = try fields.integer("bestCount")
        plan.questionCount = try fields.integer("questionCount")
        plan.locksWhenAllAnswered = try fields.bool("locksWhenAllAnswered") ?? false
        plan.startsAtMs = try fields.integer("startsAtMs").map(Int64.init)
        plan.isRehearsal = try fields.bool("isRehearsal") ?? false
        plan.guestsMayWin = try fields.bool("guestsMayWin") ?? false
        if let prize = fields.value("prize") { plan.prize = try self.prize(prize) }
        return plan
    }

    private static func prize(_ tree: JSONTree) throws(Complaint) -> PrizePool {
        let fields = try JSONFields(
            tree, what: "a prize", keys: PrizePool.CodingKeys.allCases.map(\.rawValue))
        guard let currency = try fields.string("currency") else {
            throw fields.missing("currency")
        }
        let exact = try fields.integer("minorUnits").map { Int64($0) }
        let amount = try self.amount(fields, currency)
        if let exact, let amount, exact != amount {
            throw Complaint(
                "\"minorUnits\" and \"amount\" of the prize are two sums: "
                    + "\(Money.text(exact, currency: currency)) and "
                    + "\(Money.text(amount, currency: currency)); send one of them")
        }
        guard let minorUnits = exact ?? amount else { throw fields.missing("amount") }
        let rule = try fields.word("remainderRule", RemainderRule.self) ?? .kept
        do throws(PlanFault) {
            return try PrizePool(minorUnits: minorUnits, currency: currency, remainderRule: rule)
        } catch { throw Complaint(error.description) }
    }

    /// The minor units of an amount that is written as money.
    private static func amount(
        _ fields: JSONFields, _ currency: String
    ) throws(Complaint) -> Int64? {
        switch fields.value("amount") {
        case nil: return nil
        case .string(let text):
            do throws(MoneyFault) {
                return try Money.minorUnits(text, currency: currency)
            } catch { throw Complaint(error.description) }
        default:
            throw Complaint(
                "\"amount\" of a prize must be a text, as \"100000.00\": numbers are rounded on the "
                    + "way")
        }
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
