// Ranges of addresses as operators write them: 203.0.113.7, 10.0.0.0/8, 2001:db8::/32.

/// All addresses that begin with the same bits (CIDR, RFC 4632 and RFC 4291, section 2.3).
///
/// An IPv4 address written as an IPv6 one is the IPv4 address, in a range as in what is looked for.
public struct AddressRange: Sendable, Hashable {
    /// The first address.
    public let first: IPAddress
    /// How many bits all of them share: 0 to 32, or to 128.
    public let prefixBitCount: Int

    /// The range with this address in it; the bits behind the prefix are of no meaning.
    ///
    /// - Returns: nil for a prefix that is longer than the address.
    public init?(_ address: IPAddress, prefixBitCount: Int) {
        if let number = address.asV4 {
            // "::ffff:10.0.0.0/104" is 10.0.0.0/8.
            let count = address.isV6 ? prefixBitCount - 96 : prefixBitCount
            guard 0...32 ~= count else { return nil }
            first = .v4(number & UInt32(truncatingIfNeeded: Self.mask(count) >> 32))
            self.prefixBitCount = count
            return
        }
        guard case .v6(let high, let low) = address, 0...128 ~= prefixBitCount else { return nil }
        first = .v6(
            high: high & Self.mask(min(prefixBitCount, 64)),
            low: low & Self.mask(max(prefixBitCount - 64, 0)))
        self.prefixBitCount = prefixBitCount
    }

    /// One address.
    public init(_ address: IPAddress) {
        first = address.asV4.map { .v4($0) } ?? address
        prefixBitCount = address.asV4 == nil ? 128 : 32
    }

    /// Reads an address, or one with a slash and the length of a prefix; nil when it is neither.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, text.utf8.count <= 64, let address = IPAddress(String(parts[0]))
        else { return nil }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        guard 1...3 ~= parts[1].utf8.count, parts[1].utf8.allSatisfy(\.isDigit),
            let count = Int(parts[1])
        else { return nil }
        self.init(address, prefixBitCount: count)
    }

    /// Whether an address is one of them.
    public func contains(_ address: IPAddress) -> Bool {
        switch (first, address.asV4) {
        case (.v4(let number), let other?):
            (number ^ other) & UInt32(truncatingIfNeeded: Self.mask(prefixBitCount) >> 32) == 0
        case (.v6(let high, let low), nil):
            if case .v6(let otherHigh, let otherLow) = address {
                (high ^ otherHigh) & Self.mask(min(prefixBitCount, 64)) == 0
                    && (low ^ otherLow) & Self.mask(max(prefixBitCount - 64, 0)) == 0
            } else {
                false
            }
        default: false
        }
    }

    /// Whether all that counts as one address may be of them. Of IPv6 that is a /64, and a range
    /// within it stands for all of it.
    public func contains(_ host: HostKey) -> Bool {
        switch (first, host.kind) {
        case (.v4, .v4): contains(.v4(UInt32(truncatingIfNeeded: host.value)))
        case (.v6(let high, _), .v6Subnet), (.v6(let high, _), .v6Site):
            (high ^ host.value) & Self.mask(min(prefixBitCount, 64)) == 0
        default: false
        }
    }

    /// Whether any address is in both.
    public func overlaps(_ other: AddressRange) -> Bool {
        contains(other.first) || other.contains(first)
    }

    /// The same as far as connections are told apart: of IPv6 no less than a /64.
    public var asCounted: AddressRange {
        guard first.isV6, prefixBitCount > 64 else { return self }
        return AddressRange(first, prefixBitCount: 64) ?? self
    }

    /// That many bits from the front.
    private static func mask(_ bitCount: Int) -> UInt64 {
        bitCount == 0 ? 0 : ~0 << UInt64(64 - bitCount)
    }
}

extension AddressRange: CustomStringConvertible {
    /// As `init` reads it; one address without a length.
    public var description: String {
        let isOne = prefixBitCount == (first.isV6 ? 128 : 32)
        return isOne ? first.description : "\(first)/\(prefixBitCount)"
    }
}

/// Several ranges, looked through one after the other: few, as people write them.
public struct AddressRanges: Sendable, Equatable {
    /// Each of them.
    public var all: [AddressRange]

    /// These ranges.
    public init(_ all: [AddressRange] = []) { self.all = all }

    /// Whether an address is in any of them.
    public func contains(_ address: IPAddress) -> Bool { all.contains { $0.contains(address) } }

    /// Whether what counts as one address is in any of them.
    public func contains(_ host: HostKey) -> Bool { all.contains { $0.contains(host) } }
}
