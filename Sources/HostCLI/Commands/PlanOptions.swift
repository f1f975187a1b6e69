// A show's rules and prize as options, for making a show and for changing one.

import ArgumentParser
import TextWire
import Trivia

/// What isn't named stays as it is.
struct PlanOptions: ParsableArguments {
    @Option(
        help: """
            knockout: one wrong answer and you are out; points: right answers score. By default \
            knockout.
            """)
    var mode: ShowMode?

    @Option(help: "How often each player is revived; by default once.")
    var revives: Int?

    @Option(
        help: "Whoever joins when so many questions have been opened only watches; by default 1.")
    var entryClosesAt: Int?

    @Option(
        help: ArgumentHelp(
            "How late an answer may come after its viewer's window; by default 500.",
            valueName: "MS"))
    var graceMs: Int?

    @Option(
        help: ArgumentHelp(
            "How far behind the picture a viewer may be without losing time; by default 4000.",
            valueName: "MS"))
    var maxLagMs: Int?

    @Option(
        help: ArgumentHelp(
            "How far behind a player counts whose stream isn't known; by default 2000.",
            valueName: "MS"))
    var defaultLagMs: Int?

    @Option(
        help: ArgumentHelp(
            "How much of being behind makes up for slowness in points; by default 1000.",
            valueName: "MS"))
    var maxSpeedLagMs: Int?

    @Option(help: "Points of a right answer in a points show; by default 500.")
    var points: Int?

    @Option(help: "Points on top for the quickest; by default 500.")
    var speedPoints: Int?

    @Option(help: "How many of the best win a points show; by default the highest score.")
    var best: Int?

    @Option(
        help: ArgumentHelp(
            "The prize as money, with all its digits: 100000.00; needs --currency.",
            valueName: "AMOUNT"))
    var prize: String?

    @Option(
        help: ArgumentHelp(
            "The same in whole minor units, as programs have it: 10000000.", valueName: "UNITS"))
    var prizeMinorUnits: Int64?

    @Option(help: "The prize's currency by ISO 4217, as EUR.")
    var currency: String?

    @Option(help: "What equal shares leave over: kept, or toTheFirst (a cent each).")
    var remainder: RemainderRule?

    @Option(
        help: ArgumentHelp(
            "How many questions are to be asked; by default, and with 0, all that aren't spares.",
            valueName: "N"))
    var questions: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Locks a question as soon as everybody who is asked has answered.")
    var lockWhenAllAnswered: Bool?

    @Option(help: "When it begins, as 2026-11-23T20:15:00+01:00; only shown.")
    var startsAt: String?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Guests play for the prize, on a server that lets guests in (--guests): anybody, and \
            anybody under a hundred names. By default they can't.
            """)
    var guestsMayWin: Bool?

    /// Whether a prize is named.
    var namesPrize: Bool { prize != nil || prizeMinorUnits != nil }

    func validate() throws {
        guard prize == nil || prizeMinorUnits == nil else {
            throw ValidationError("--prize and --prize-minor-units say the same; give one of them")
        }
        guard namesPrize == (currency != nil) else {
            throw ValidationError(
                "--prize and --currency go together, as in --prize 500.00 --currency EUR")
        }
        guard remainder == nil || namesPrize else {
            throw ValidationError("--remainder needs --prize and --currency")
        }
        do throws(MoneyFault) { _ = try minorUnits() } catch {
            throw ValidationError(error.description)
        }
        do throws(PlanFault) { _ = try prizePool() } catch {
            throw ValidationError(error.description)
        }
        if let startsAt, WallClock.ms(parsing: startsAt) == nil {
            throw ValidationError("--starts-at is like 2026-11-23T20:15:00+01:00")
        }
    }

    /// The prize in minor units; nil where none is named.
    private func minorUnits() throws(MoneyFault) -> Int64? {
        guard let currency else { return nil }
        if let prize { return try Money.minorUnits(prize, currency: currency) }
        guard Currency(code: currency) != nil else { throw .currency(currency) }
        return prizeMinorUnits
    }

    /// The prize, by the usual rule for its remainder; nil where none is named.
    private func prizePool(_ usual: RemainderRule = .kept) throws(PlanFault) -> PrizePool? {
        guard let minorUnits = try? minorUnits(), let currency else { return nil }
        return try PrizePool(
            minorUnits: minorUnits, currency: currency, remainderRule: remainder ?? usual)
    }

    func apply(to plan: inout ShowPlan) {
        if let mode { plan.mode = mode }
        if let revives { plan.reviveCount = revives }
        if let entryClosesAt { plan.entryClosesAtQuestion = entryClosesAt }
        if let graceMs { plan.timing.graceMs = graceMs }
        if let maxLagMs {
            plan.timing.lagMsMax = maxLagMs
            plan.timing.defaultLagMs = min(plan.timing.defaultLagMs, maxLagMs)
        }
        if let defaultLagMs { plan.timing.defaultLagMs = defaultLagMs }
        if let maxSpeedLagMs { plan.timing.speedLagMsMax = maxSpeedLagMs }
        if let points { plan.scoring.base = points }
        if let speedPoints { plan.scoring.speed = speedPoints }
        if let best { plan.bestCount = best }
        if let guestsMayWin { plan.guestsMayWin = guestsMayWin }
        if let questions { plan.questionCount = questions == 0 ? nil : questions }
        if let lockWhenAllAnswered { plan.locksWhenAllAnswered = lockWhenAllAnswered }
        if let startsAtMs = startsAt.flatMap(WallClock.ms) { plan.startsAtMs = startsAtMs }
        // `validate` has looked at it.
        if let prize = try? prizePool(plan.prize?.remainderRule ?? .kept) { plan.prize = prize }
    }
}

extension ShowMode: ExpressibleByArgument {}
extension RemainderRule: ExpressibleByArgument {}
