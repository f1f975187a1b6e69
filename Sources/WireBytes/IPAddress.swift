// Addresses of machines as values: read, written and compared without the system.

/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    /// The first 64 bits, and the last.
    case v6(high: UInt64, low: UInt64)

    /// 127.0.0.1.
    public static let loopback = IPAddress.v4(0x7F00_0001)
    /// 0.0.0.0: as a place to listen, all of the machine's IPv4 addresses.
    public static let any = IPAddress.v4(0)

    /// The IPv4 address that it is, or that is written as an IPv6 one (`::ffff:192.0.2.7`).
    public var asV4: UInt32? {
        switch self {
        case .v4(let number): number
        case .v6(0, let low) where low >> 32 == 0xFFFF: UInt32(truncatingIfNeeded: low)
        case .v6: nil
        }
    }

    /// Whether it is written with colons.
    public var isV6: Bool {
        if case .v6 = self { true } else { false }
    }

    /// Whether only this machine can reach it: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        if let number = asV4 { return number >> 24 == 127 }
        return self == .v6(high: 0, low: 1)
    }

    /// Whether it stands for all addresses of a machine.
    public var isWildcard: Bool { self == .any || self == .v6(high: 0, low: 0) }
}

extension IPAddress: CustomStringConvertible {
    /// As people write it (RFC 5952): `192.0.2.7`, `2001:db8::1`, `::ffff:192.0.2.7`.
    public var description: String {
        switch self {
        case .v4(let number): Self.text(number)
        case .v6(let high, let low): Self.text(high, low)
        }
    }

    private static func text(_ number: UInt32) -> String {
        (0..<4).map { String(number >> (24 - 8 * UInt32($0)) & 0xFF) }.joined(separator: ".")
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let groups = [high, low].flatMap { half in
            (0..<4).map { UInt16(truncatingIfNeeded: half >> (48 - 16 * UInt64($0))) }
        }
        let gap = longestZeros(in: groups)
        // An IPv4 address within one of IPv6, as the C library writes it.
        if gap == 0..<6 || gap == 0..<5 && groups[5] == 0xFFFF {
            let prefix = gap.count == 6 ? "::" : "::ffff:"
            return prefix + text(UInt32(truncatingIfNeeded: low))
        }
        func join(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        if gap.isEmpty { return join(0..<8) }
        return join(0..<gap.lowerBound) + "::" + join(gap.upperBound..<8)
    }

    /// The first of the longest runs of at least two groups that are 0.
    private static func longestZeros(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(1, longest.count) { longest = start..<end }
            start = end + 1
        }
        return longest
    }
}

extension IPAddress {
    /// Reads an address in numbers, without brackets and without a zone; nil when it is none.
    ///
    /// IPv4 is four decimal numbers without zeros in front, as `inet_pton` has it.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: ":")) {
            guard let address = Self.v6(bytes[...]) else { return nil }
            self = address
        } else {
            guard let number = Self.v4(bytes[...]) else { return nil }
            self = .v4(number)
        }
    }

    private static func v4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard 1...3 ~= part.count, part.allSatisfy(\.isDigit),
                part.count == 1 || part.first != UInt8(ascii: "0")
            else { return nil }
            let number = part.reduce(0) { $0 * 10 + UInt32($1 - UInt8(ascii: "0")) }
            guard number <= 255 else { return nil }
            address = address << 8 | number
        }
        return address
    }

    /// Groups of up to four digits, at most one `::` for those that are 0, and perhaps an IPv4
    /// address for the last two (RFC 4291, section 2.2).
    private static func v6(_ text: ArraySlice<UInt8>) -> IPAddress? {
        let colon = UInt8(ascii: ":")
        var parts = text.split(separator: colon, omittingEmptySubsequences: false)
        // A "::" at an end leaves two empty parts there, one in the middle a single one.
        if parts.first?.isEmpty == true {
            guard parts.count > 2, parts[1].isEmpty else { return nil }
            parts.removeFirst()
        }
        if parts.last?.isEmpty == true {
            guard parts[parts.count - 2].isEmpty else { return nil }
            parts.removeLast()
        }
        var groups: [UInt16] = []
        var gap: Int?
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                guard gap == nil else { return nil }
                gap = groups.count
            } else if index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let number = v4(part) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: number >> 16))
                groups.append(UInt16(truncatingIfNeeded: number))
            } else {
                guard part.count <= 4 else { return nil }
                var group: UInt16 = 0
                for byte in part {
                    guard let digit = byte.hexDigitValue else { return nil }
                    group = group << 4 | UInt16(digit)
                }
                groups.append(group)
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        let halves = [groups[..<4], groups[4...]].map { $0.reduce(0) { $0 << 16 | UInt64($1) } }
        return .v6(high: halves[0], low: halves[1])
    }
}
