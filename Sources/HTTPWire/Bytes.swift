// The character classes of RFC 9110 and 3986 on borrowed bytes.

import WireBytes

extension UInt8 {
    /// Space or horizontal tab: the white space allowed around values (OWS).
    var isBlank: Bool { self == UInt8(ascii: " ") || self == 0x09 }

    /// `tchar` of RFC 9110, section 5.6.2: what methods and field names are made of.
    var isTokenCharacter: Bool {
        if isLetter || isDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
            UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    /// What may stand in a request target. Wider than RFC 3986 by what browsers leave unencoded
    /// (`[ ] { } | \ ^` and the backquote); a fragment never reaches a server.
    var isTargetCharacter: Bool {
        guard self > 0x20 && self < 0x7F else { return false }
        switch self {
        case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            return false
        default: return true
        }
    }

    /// What a registered host name is made of (RFC 3986, section 3.2.2).
    var isHostNameCharacter: Bool {
        if isLetter || isDigit { return true }
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "%"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
            UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
            return true
        default: return false
        }
    }
}

extension RawSpan {
    /// The first control character (tab, CR and LF included) from `start` on, or `end`.
    ///
    /// Takes 8 bytes at a time where they have none, as most of a head's bytes.
    func firstControl(from start: Int, to end: Int) -> Int {
        var index = start
        while index + 8 <= end {
            let word = self.word(at: index)
            // A byte below 0x20 borrows from its high bit, which it hasn't set itself; so does a
            // 0x7F once it has been made 0. False alarms only cost the loop below.
            let below = (word &- 0x2020_2020_2020_2020) & ~word
            let deletes = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let equal = (deletes &- 0x0101_0101_0101_0101) & ~deletes
            guard (below | equal) & 0x8080_8080_8080_8080 == 0 else { break }
            index += 8
        }
        while index < end, self[index] >= 0x20, self[index] != 0x7F { index += 1 }
        return index
    }

    /// `range` without the white space at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end && self[start].isBlank { start += 1 }
        while end > start && self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// A plain number, 1 or more digits and nothing else. Too large a number becomes `Int.max`.
    func decimalNumber(in range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        var value = 0
        for index in range {
            guard self[index].isDigit else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(self[index] & 0x0F))
            value = overflow || carry ? .max : sum
        }
        return value
    }
}

/// The members of a comma-separated list (RFC 9110, section 5.6.1), empty ones left out.
struct ListMembers {
    private var offset: Int
    private let end: Int

    init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    mutating func next(in bytes: RawSpan) -> Range<Int>? {
        while offset < end {
            let start = offset
            let comma = bytes.firstIndex(of: UInt8(ascii: ","), in: start..<end) ?? end
            offset = comma < end ? comma + 1 : end
            let member = bytes.trimmed(start..<comma)
            if !member.isEmpty { return member }
        }
        return nil
    }
}
