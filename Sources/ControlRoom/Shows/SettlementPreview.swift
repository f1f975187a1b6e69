// What dividing the prize would do, before anybody does it.

import TextWire
public import Trivia

/// How a finished show's prize is to be divided, or was.
public struct SettlementPreview: Sendable, Codable, Equatable {
    /// How many have won.
    public var winnerCount: Int
    /// The whole prize, its sum as money, and its rule; nil where there is none.
    public var prize: PrizePool?
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
        winnerCount: Int, prize: PrizePool? = nil, shareMinorUnits: Int64 = 0,
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
