// Money as people type it: taken if it can mean one thing, and explained if it can mean two.

import Testing
import TextWire

@Suite struct MoneyTests {
    @Test(arguments: [
        ("100000.00", "EUR", Int64(10_000_000)), ("100000", "EUR", 10_000_000), ("0", "EUR", 0),
        ("0.01", "EUR", 1), ("00012.30", "USD", 1230), ("100000", "JPY", 100_000),
        ("100.000", "KWD", 100_000), ("100", "KWD", 100_000), ("1.2345", "CLF", 12_345),
        ("10000000000000.00", "EUR", 1_000_000_000_000_000),
    ])
    func amountsAreRead(text: String, currency: String, minorUnits: Int64) throws {
        #expect(try Money.minorUnits(text, currency: currency) == minorUnits)
    }

    @Test(arguments: [
        ("100.000", "EUR", "100000.00 or 100.00"), ("100.0", "EUR", "type 100.00"),
        ("1.234", "EUR", "1234.00 or 1.23"), ("100.00", "JPY", "type 100"),
        ("100.000", "JPY", "100000 or 100"), ("1.23", "KWD", "type 1.230"),
        ("100,000", "EUR", "100000.00"), ("1.000,00", "EUR", "without commas"),
        ("1.000.000", "EUR", "no amount"), ("-5", "EUR", "no amount"), ("+5", "EUR", "no amount"),
        ("1e5", "EUR", "no amount"), ("1E5", "EUR", "no amount"), ("100 000", "EUR", "blanks"),
        (" 5", "EUR", "no amount"), ("5 ", "EUR", "no amount"), ("", "EUR", "no amount"),
        (".", "EUR", "no amount"), ("5.", "EUR", "no amount"), (".5", "EUR", "no amount"),
        ("٣", "EUR", "no amount"), ("１", "EUR", "no amount"), ("0x10", "EUR", "no amount"),
        ("inf", "EUR", "no amount"), ("5\u{301}", "EUR", "no amount"), ("€5", "EUR", "no amount"),
        ("10000000000000.01", "EUR", "10000000000000.00 EUR is the most"),
        ("99999999999999999999999999", "EUR", "is the most"),
        ("9223372036854775808", "JPY", "most"),
        (String(repeating: "9", count: 1000), "EUR", "no amount"), ("5", "ABC", "ISO 4217"),
        ("5", "eur", "ISO 4217"), ("5", "", "ISO 4217"), ("5", "EURO", "ISO 4217"),
        ("5", "\u{212A}WD", "ISO 4217"), ("5", "XXX", "ISO 4217"), ("5", "UR ", "ISO 4217"),
    ])
    func whatCanMeanTwoThingsIsExplained(text: String, currency: String, words: String) {
        let fault = #expect(throws: MoneyFault.self) {
            try Money.minorUnits(text, currency: currency)
        }
        #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "none")")
        #expect((fault?.description.utf8.count ?? .max) < 300)
    }

    @Test func whatIsShownIsReadAsTheSame() throws {
        for currency in ["EUR", "JPY", "KWD", "CLF", "TND", "ISK"] {
            for minorUnits: Int64 in [0, 1, 9, 10, 99, 100, 12_345, Money.minorUnitsMax] {
                let text = Money.amount(minorUnits, currency: currency)
                #expect(try Money.minorUnits(text, currency: currency) == minorUnits)
            }
        }
        #expect(Money.text(10_000_000, currency: "EUR") == "100000.00 EUR")
        #expect(Money.text(5, currency: "EUR") == "0.05 EUR")
        #expect(Money.text(100_000, currency: "JPY") == "100000 JPY")
        #expect(Money.text(-150, currency: "EUR") == "-1.50 EUR")
        // A ledger of before may have a currency that is none.
        #expect(Money.text(500, currency: "ABC") == "500 minor units of ABC")
    }

    @Test func currenciesHaveTheirDigits() {
        for (code, digitCount) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("UYW", 4), ("BIF", 0)] {
            #expect(Currency(code: code)?.digitCount == digitCount)
        }
        var count = 0
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(Unicode.Scalar($0)) }
        for first in letters {
            for second in letters {
                for third in letters where Currency(code: first + second + third) != nil {
                    count += 1
                }
            }
        }
        #expect(count == 166, "each once")
    }
}
