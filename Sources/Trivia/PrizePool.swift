// The prize, and how it is divided in whole minor units.

import TextWire

/// What is to be won.
public struct PrizePool: Equatable, Sendable {
    /// The whole prize in minor units: cents, pence; in yen where the currency has none.
    public let minorUnits: Int64
    /// The currency by its three letters (ISO 4217): "EUR".
    public let currency: String
    /// What happens to what equal shares leave over.
    public var remainderRule: RemainderRule

    /// A prize.
    ///
    /// - Parameter source: from where it comes; a ledger of before may have a currency that is none.
    /// - Throws: `PlanFault.prize` or `.currency`.
    public init(
        minorUnits: Int64, currency: String, remainderRule: RemainderRule = .kept,
        from source: TextSource = .people
    ) throws(PlanFault) {
        guard 0...TriviaLimits.prizeMinorUnitsMax ~= minorUnits else {
            throw .prize(minorUnits: minorUnits)
        }
        let isCurrency =
            currency.utf8.count == 3
            && currency.utf8.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
        guard isCurrency, source == .ledger || Currency(code: currency) != nil else {
            throw .currency(currency)
        }
        self.minorUnits = minorUnits
        self.currency = currency
        self.remainderRule = remainderRule
    }

    /// Divides the prize: equal shares, rounded down.
    ///
    /// - Precondition: `winnerCount` isn't negative.
    public func split(winnerCount: Int) -> PrizeSplit {
        precondition(winnerCount >= 0)
        let share = winnerCount == 0 ? 0 : minorUnits / Int64(winnerCount)
        return PrizeSplit(
            poolMinorUnits: minorUnits, winnerCount: winnerCount, shareMinorUnits: share,
            remainderMinorUnits: minorUnits - share * Int64(winnerCount),
            remainderRule: remainderRule)
    }
}

/// One form for the API and for the ledger: the sum as money stands beside the minor units, which are
/// what is exact.
extension PrizePool: Codable {
    /// Its members in JSON.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case amount, minorUnits, currency, remainderRule
    }

    /// The sum as money: "100000.00".
    public var amount: String { Money.amount(minorUnits, currency: currency) }

    /// The sum with its currency: "100000.00 EUR".
    public var money: String { Money.text(minorUnits, currency: currency) }

    /// Reads what `encode` writes; the amount says nothing that the minor units don't.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            minorUnits: try members.decode(Int64.self, forKey: .minorUnits),
            currency: try members.decode(String.self, forKey: .currency),
            remainderRule: try members.decode(RemainderRule.self, forKey: .remainderRule),
            from: .ledger)
    }

    /// Writes the amount beside the minor units.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(minorUnits, forKey: .minorUnits)
        try members.encode(amount, forKey: .amount)
        try members.encode(currency, forKey: .currency)
        try members.encode(remainderRule, forKey: .remainderRule)
    }
}

/// What happens to the minor units that equal shares leave over.
public enum RemainderRule: String, Equatable, Sendable, Codable, CaseIterable {
    /// Nobody gets them: they stay with whoever put up the prize.
    case kept
    /// One each to the first of the winners: the order is that of `Show.winners`, the quickest
    /// first, without any lot. If there are no winners at all, they are kept.
    case toTheFirst

    /// The rule in words, for the record.
    public var sentence: String {
        switch self {
        case .kept: return "What equal shares leave over is not paid out."
        case .toTheFirst:
            return "What equal shares leave over goes one minor unit each to the first winners: "
                + "by score, then by the least time taken over all answers, then by who joined "
                + "first."
        }
    }
}

/// A prize divided: `shareMinorUnits * winnerCount + remainderMinorUnits == poolMinorUnits`.
public struct PrizeSplit: Equatable, Sendable, Codable {
    /// The whole prize, minor units.
    public let poolMinorUnits: Int64
    /// Among how many it was divided.
    public let winnerCount: Int
    /// What each of them gets, minor units. With no winner it is 0.
    public let shareMinorUnits: Int64
    /// What is left over, minor units: less than one for each winner, or all of it with no winner.
    public let remainderMinorUnits: Int64
    /// What happens to that.
    public var remainderRule: RemainderRule

    /// A split as a log has it. Applying it to a show checks it against the prize and the winners.
    public init(
        poolMinorUnits: Int64, winnerCount: Int, shareMinorUnits: Int64,
        remainderMinorUnits: Int64, remainderRule: RemainderRule
    ) {
        self.poolMinorUnits = poolMinorUnits
        self.winnerCount = winnerCount
        self.shareMinorUnits = shareMinorUnits
        self.remainderMinorUnits = remainderMinorUnits
        self.remainderRule = remainderRule
    }

    /// How the prize is divided, for whoever is about to divide it and for the record.
    public func sentence(currency: String) -> String {
        func money(_ minorUnits: Int64) -> String { Money.text(minorUnits, currency: currency) }
        guard winnerCount > 0 else {
            return "Nobody has won: nothing of \(money(poolMinorUnits)) is paid."
        }
        let winners = winnerCount == 1 ? "1 winner" : "\(winnerCount) winners"
        var text = "\(money(poolMinorUnits)) among \(winners): \(money(shareMinorUnits)) each"
        if remainderMinorUnits > 0 {
            text += "; \(money(remainderMinorUnits)) left over"
            text +=
                remainderRule == .kept
                ? ", which is not paid out"
                : ", which goes to the first \(remainderMinorUnits), \(money(1)) each"
        }
        return text + "."
    }

    /// What the winner with this place gets, minor units; the first winner's place is 0.
    public func payout(place: Int) -> Int64 {
        precondition(0..<winnerCount ~= place)
        let getsMore = remainderRule == .toTheFirst && Int64(place) < remainderMinorUnits
        return shareMinorUnits + (getsMore ? 1 : 0)
    }

    /// What stays with whoever put up the prize, minor units.
    public var keptMinorUnits: Int64 {
        remainderRule == .toTheFirst && winnerCount > 0 ? 0 : remainderMinorUnits
    }
}
