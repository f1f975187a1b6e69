// The currencies of ISO 4217 that are in use, and how many digits their minor units have.

/// A currency of ISO 4217.
public struct Currency: Equatable, Sendable {
    /// Three capital letters: "EUR".
    public let code: String
    /// Digits behind the point: 2 where a hundred minor units are one, 0 where there are none.
    public let digitCount: Int

    /// The currency of this code; nil where ISO 4217 has none in use.
    public init?(code: String) {
        let bytes = Array(code.utf8)
        guard bytes.count == 3, let digitCount = Self.digitCount(of: bytes) else { return nil }
        self.code = code
        self.digitCount = digitCount
    }

    private static func digitCount(of code: [UInt8]) -> Int? {
        for (digitCount, codes) in table {
            let words = Array(codes.utf8)
            for start in stride(from: 0, to: words.count, by: 4)
            where words[start..<(start + 3)].elementsEqual(code) {
                return digitCount
            }
        }
        return nil
    }

    /// ISO 4217, list one, as of 2025, those for accounts, metals and tests left out. Each code has
    /// three letters and a blank behind it.
    private static let table: [(digitCount: Int, codes: String)] = [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "),
        (
            2,
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP "
                + "BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB "
                + "EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES "
                + "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
                + "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
                + "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
                + "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG "
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND "), (4, "CLF UYW "),
    ]
}
