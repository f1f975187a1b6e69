// Whose connections count together: an IPv4 address, an IPv6 /64, and the /48 that it lies in.

/// An address as far as counting and banning go.
///
/// An IPv6 /64 is what one household has; a /48 is what one organisation, or one attacker, may have
/// in one piece: 65 536 of them.
public struct HostKey: Sendable, Hashable {
    /// What the number is of.
    public enum Kind: UInt8, Sendable {
        case v4
        /// A /64.
        case v6Subnet
        /// A /48.
        case v6Site
    }

    /// What it is.
    public let kind: Kind
    /// The IPv4 address, or the first 64 bits of the IPv6 address.
    public let value: UInt64
    /// Whether it is this machine.
    public let isLoopback: Bool

    /// A key with that number. Nothing is packed into it: two keys are the same only if all is.
    public init(kind: Kind, value: UInt64, isLoopback: Bool) {
        self.kind = kind
        self.value = value
        self.isLoopback = isLoopback
    }

    /// An IPv4 address.
    public init(v4 address: UInt32) {
        self.init(kind: .v4, value: UInt64(address), isLoopback: address >> 24 == 127)
    }

    /// What an address counts as; an IPv4 address within one of IPv6 as itself.
    public init(_ address: IPAddress) {
        switch address {
        case .v6(let high, _) where address.asV4 == nil:
            self.init(v6Subnet: high, isLoopback: address.isLoopback)
        default: self.init(v4: address.asV4 ?? 0)
        }
    }

    /// The /64 with these first bits.
    public init(v6Subnet prefix: UInt64, isLoopback: Bool = false) {
        self.init(kind: .v6Subnet, value: prefix, isLoopback: isLoopback)
    }

    /// The /48 that a /64 lies in; nil for all else.
    public var site: HostKey? {
        guard kind == .v6Subnet, !isLoopback else { return nil }
        return HostKey(kind: .v6Site, value: value & ~0xFFFF, isLoopback: false)
    }

    /// Whether it is the other, or the other lies in it.
    public func contains(_ other: HostKey) -> Bool { self == other || self == other.site }
}

extension HostKey: CustomStringConvertible {
    /// As people write it: `192.0.2.7`, `2001:db8:1:2::/64`, `2001:db8:1::/48`, `::1`.
    public var description: String {
        if kind == .v4 {
            return IPAddress.v4(UInt32(truncatingIfNeeded: value)).description
        }
        if isLoopback { return "::1" }
        var groups = (0..<4).map { value >> (48 - 16 * UInt64($0)) & 0xFFFF }
        while groups.last == 0 { groups.removeLast() }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
            + (kind == .v6Subnet ? "::/64" : "::/48")
    }

    /// Reads an address, a `/64` or a `/48`. An IPv6 address without a length stands for its /64.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, text.utf8.count <= 64, let address = IPAddress(String(parts[0]))
        else { return nil }
        let key = HostKey(address)
        switch (parts.count == 2 ? String(parts[1]) : nil, key.kind) {
        case (nil, _), ("32", .v4), ("64", .v6Subnet): self = key
        case ("48", .v6Subnet):
            guard let site = key.site else { return nil }
            self = site
        default: return nil
        }
    }
}

extension IPEndpoint {
    /// Whose it is, as far as counting goes.
    public var hostKey: HostKey { HostKey(address) }
}
