// Money as people type and read it, and as whole minor units; nothing here is rounded.

/// Why a text is no amount of money.
public enum MoneyFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// No currency of ISO 4217.
    case currency(String)
    /// Not digits with at most one point among them.
    case form(String, example: String)
    /// More digits behind the point than the currency has; or, with three of them, maybe meant to
    /// part thousands.
    case digits(String, currency: Currency, example: String)
    /// More than any prize may be.
    case tooMuch(String, most: String)

    /// What is wrong, and what to type.
    public var description: String {
        switch self {
        case .currency(let code):
            "“\(Money.shortened(code))” is no currency of ISO 4217; give its three capital letters, "
                + "as EUR, USD or JPY"
        case .form(let text, let example):
            "“\(Money.shortened(text))” is no amount of money; type digits, and a point before the "
                + "minor units, without commas, blanks or signs: \(example)"
        case .digits(let text, let currency, let example):
            "“\(Money.shortened(text))” \(Money.digitWords(currency)), so it can't be told what is "
                + "meant; type \(example)"
        case .tooMuch(let text, let most):
            "“\(Money.shortened(text))” is more than a prize may be; \(most) is the most"
        }
    }
}

/// Amounts of money as texts.
public enum Money {
    /// The most there may be, in minor units of any currency: ten million million of most.
    public static let minorUnitsMax: Int64 = 1_000_000_000_000_000
    /// Bytes of an amount.
    private static let byteCountMax = 32

    /// The minor units of an amount such as "100000.00": digits, and if there is a point, exactly as
    /// many behind it as the currency has. "100.000" is refused, as half of the world means by it
    /// what the other half doesn't.
    public static func minorUnits(
        _ text: String, currency code: String
    ) throws(MoneyFault) -> Int64 {
        guard let currency = Currency(code: code) else { throw .currency(code) }
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isForm =
            bytes.count <= byteCountMax && 1...2 ~= parts.count
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            }
        guard isForm else { throw .form(text, example: amount(10_000_000, currency: code)) }
        if parts.count == 2, parts[1].count != currency.digitCount {
            throw .digits(text, currency: currency, example: choices(parts, currency))
        }
        var minorUnits: Int64 = 0
        let fraction =
            parts.count == 2
            ? Array(parts[1])
            : [UInt8](repeating: UInt8(ascii: "0"), count: currency.digitCount)
        for digit in Array(parts[0]) + fraction {
            minorUnits = minorUnits * 10 + Int64(digit - UInt8(ascii: "0"))
            guard minorUnits <= minorUnitsMax else {
                throw .tooMuch(text, most: Self.text(minorUnitsMax, currency: code))
            }
        }
        return minorUnits
    }

    /// The amount alone: "100000.00". Of a currency that ISO 4217 doesn't have, whole minor units.
    public static func amount(_ minorUnits: Int64, currency code: String) -> String {
        guard let currency = Currency(code: code), currency.digitCount > 0 else {
            return "\(minorUnits)"
        }
        var digits = "\(minorUnits.magnitude)"
        let missing = currency.digitCount + 1 - digits.utf8.count
        if missing > 0 { digits = String(repeating: "0", count: missing) + digits }
        let sign = minorUnits < 0 ? "-" : ""
        return
            "\(sign)\(digits.dropLast(currency.digitCount)).\(digits.suffix(currency.digitCount))"
    }

    /// The amount with its currency: "100000.00 EUR".
    public static func text(_ minorUnits: Int64, currency code: String) -> String {
        let unit = Currency(code: code) == nil ? "minor units of " : ""
        return "\(amount(minorUnits, currency: code)) \(unit)\(code)"
    }

    /// Short enough to stand in an error, and without what a terminal would obey.
    static func shortened(_ text: String) -> String {
        var short = ""
        for scalar in text.unicodeScalars.prefix(byteCountMax) {
            let isControl = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
            short.unicodeScalars.append(isControl ? " " : scalar)
        }
        return short
    }

    static func digitWords(_ currency: Currency) -> String {
        currency.digitCount == 0
            ? "has a point, and \(currency.code) has no minor units"
            : "hasn't the \(currency.digitCount) digits behind its point that \(currency.code) has"
    }

    /// "100000.00 or 100.00" for "100.000" in a currency with two digits.
    private static func choices(_ parts: [ArraySlice<UInt8>], _ currency: Currency) -> String {
        let whole = String(decoding: parts[0], as: UTF8.self)
        let behind = String(decoding: parts[1], as: UTF8.self)
        let zeros = String(repeating: "0", count: currency.digitCount)
        func amount(_ whole: String, _ fraction: String) -> String {
            fraction.isEmpty ? whole : "\(whole).\(fraction)"
        }
        let padded = behind.prefix(currency.digitCount)
        let fraction = padded + zeros.dropFirst(padded.utf8.count)
        let small = amount(whole, String(fraction))
        guard behind.utf8.count == 3 else { return small }
        return "\(amount(whole + behind, zeros)) or \(small)"
    }
}
