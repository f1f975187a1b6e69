// What of this server can be reached from where, and what stands before it.

import Settings
import WireBytes

/// From where a listener can be reached.
enum Reach: Sendable, Equatable {
    /// From this machine alone.
    case machine
    /// From a network of one's own, as far as the address says.
    case privateNetwork
    /// From everywhere, unless a firewall keeps them out.
    case internet

    init(_ address: IPAddress) {
        self =
            address.isLoopback ? .machine : Self.isPrivate(address) ? .privateNetwork : .internet
    }

    /// Where a host is that this machine calls, as far as its name says: one without a dot, or under a
    /// domain that no registry has, is at home.
    init(host: String) {
        if let address = IPAddress(host) {
            self.init(address)
            return
        }
        let name = host.lowercased()
        let domains = [".local", ".internal", ".lan", ".home.arpa", ".localhost", ".test"]
        self =
            name == "localhost" || name.hasSuffix(".localhost")
            ? .machine
            : !name.contains(".") || domains.contains { name.hasSuffix($0) }
                ? .privateNetwork : .internet
    }

    /// RFC 1918, link-local (RFC 3927, RFC 4291), carriers' NAT (RFC 6598), unique local (RFC 4193).
    private static func isPrivate(_ address: IPAddress) -> Bool {
        guard let v4 = address.asV4 else {
            guard case .v6(let high, _) = address else { return false }
            return high >> 57 == 0xFC >> 1 || high >> 54 == 0xFE80 >> 6
        }
        let ranges: [(UInt32, UInt32)] = [
            (0x0A00_0000, 8), (0xAC10_0000, 12), (0xC0A8_0000, 16), (0xA9FE_0000, 16),
            (0x6440_0000, 10),
        ]
        return ranges.contains { network, bitCount in
            (v4 ^ network) >> (32 - bitCount) == 0
        }
    }
}

/// The ways in, as the settings have them.
struct Exposure: Sendable {
    /// One way in.
    struct Plane: Sendable {
        var reach: Reach
        /// Whether nobody on the way can read along: it is never plain beyond this machine.
        var isEncrypted = false
    }

    var audience: Plane
    var ingest: Plane
    var staff: Plane
    /// Proxies of one's own tell the real addresses of those they bring.
    var hasTrustedProxies = false
    /// Whoever watches needs a link that was signed.
    var playNeedsKey = false

    /// What the settings say. Whatever protects a way in is one line here.
    init(_ settings: Settings) {
        audience = Self.plane(
            settings.http, secure: settings.https, isRedirected: settings.redirectsHTTP)
        ingest = Self.plane(settings.rtmp, secure: settings.rtmps, isRedirected: false)
        staff = Plane(reach: Reach(settings.staff.address), isEncrypted: settings.staffTLS)
        hasTrustedProxies = !settings.trustedProxies.all.isEmpty
        playNeedsKey = settings.playKey != nil
    }

    /// A way in that may be two, in the clear and over TLS: as open as the one in the clear, unless
    /// that can't be used from elsewhere.
    private static func plane(
        _ plain: IPEndpoint, secure: IPEndpoint?, isRedirected: Bool
    ) -> Plane {
        guard let secure, plain.isLoopback || isRedirected else {
            return Plane(reach: Reach(plain.address))
        }
        return Plane(reach: Reach(secure.address), isEncrypted: true)
    }
}
