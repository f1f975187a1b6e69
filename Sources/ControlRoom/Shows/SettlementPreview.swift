// What dividing the prize would do, before anybody does it.

import TextWire

/// How a finished show's prize is to be divided, or was.
public struct SettlementPreview: Sendable, Codable, Equatable {
    /// How many have won.
    public var winnerCount: Int
    /// The whole prize, its sum as money, and its rule; nil where there is none.
    public var prize: ShowPlanDraft.Prize?
    /// What each winner gets, minor units, without what the remainder's rule may add.
    public var shareMinorUnits: Int64
    /// The same as money; nil where there is no prize.
    public var shareAmount: String?
    /// What equal shares leave over, minor units.
    public var remainderMinorUnits: Int64
    /// The same as money.
    public var remainderAmount: String?
    /// What nobody gets, minor units.
    public var keptMinorUnits: Int64
    /// The same as money.
    public var keptAmount: String?
    /// Whether it is divided, for good.
    public var isSettled: Bool
    /// All of it in words.
    public var sentence: String

    /// A preview.
    public init(
        winnerCount: Int, prize: ShowPlanDraft.Prize? = nil, shareMinorUnits: Int64 = 0,
        remainderMinorUnits: Int64 = 0, keptMinorUnits: Int64 = 0, isSettled: Bool = false,
        sentence: String
    ) {
        func amount(_ minorUnits: Int64) -> String? {
            prize.map { Money.amount(minorUnits, currency: $0.currency) }
        }
        self.winnerCount = winnerCount
        self.prize = prize
        self.shareMinorUnits = shareMinorUnits
        shareAmount = amount(shareMinorUnits)
        self.remainderMinorUnits = remainderMinorUnits
        remainderAmount = amount(remainderMinorUnits)
        self.keptMinorUnits = keptMinorUnits
        keptAmount = amount(keptMinorUnits)
        self.isSettled = isSettled
        self.sentence = sentence
    }
}

extension ShowPlanDraft.Prize {
    private enum Key: String, CodingKey { case minorUnits, amount, currency, remainderRule }

    /// The sum as money: "100000.00". What is exact is `minorUnits`.
    public var amount: String { Money.amount(minorUnits, currency: currency) }

    /// The sum with its currency: "100000.00 EUR".
    public var money: String { Money.text(minorUnits, currency: currency) }

    /// Reads what `encode` writes; the amount says nothing that the minor units don't.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            minorUnits: try container.decode(Int64.self, forKey: .minorUnits),
            currency: try container.decode(String.self, forKey: .currency),
            remainderRule: try container.decode(
                ShowPlanDraft.RemainderRule.self, forKey: .remainderRule))
    }

    /// Writes the amount beside the minor units.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(minorUnits, forKey: .minorUnits)
        try container.encode(amount, forKey: .amount)
        try container.encode(currency, forKey: .currency)
        try container.encode(remainderRule, forKey: .remainderRule)
    }
}
