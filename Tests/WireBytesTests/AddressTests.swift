// Addresses as operators write them, and whose connections count together.

import Glibc
import TestSupport
import Testing
import WireBytes

@Suite struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:80", true), ("localhost", "127.0.0.1:80", true),
        ("0.0.0.0", "0.0.0.0:80", false), ("::1", "[::1]:80", true), ("::", "[::]:80", false),
        ("192.0.2.7", "192.0.2.7:80", false),
    ])
    func readsAndWrites(host: String, text: String, isLoopback: Bool) throws {
        let address = try #require(IPEndpoint(host: host, port: 80))
        #expect(address.description == text)
        #expect(address.port == 80)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: ["", "example.org", "1.2.3", "1.2.3.4.5", "[::1]", "::g"])
    func refusesWhatIsNoAddress(host: String) {
        #expect(IPEndpoint(host: host, port: 80) == nil)
    }

    @Test func countsAHouseholdOnce() throws {
        func key(_ host: String, _ port: UInt16 = 1) throws -> HostKey {
            try #require(IPEndpoint(host: host, port: port)).hostKey
        }
        #expect(try key("192.0.2.7", 1) == key("192.0.2.7", 2))
        #expect(try key("192.0.2.7") != key("192.0.2.8"))
        #expect(try key("2001:db8::1") == key("2001:db8::2"))
        #expect(try key("2001:db8::1") != key("2001:db8:0:1::1"))
        #expect(try key("::ffff:192.0.2.7") == key("192.0.2.7"))
        // Neighbours are not merged, whatever their first bit or the like.
        for bit in 0..<64 {
            let prefix: UInt64 = 0x2001_0DB8_0001_0002
            #expect(HostKey(v6Subnet: prefix) != HostKey(v6Subnet: prefix ^ 1 << UInt64(bit)))
        }
        #expect(try key("2001:db8:0:80::1") != key("2001:db8::1"))
        #expect(HostKey(v6Subnet: 0x0A4D_0002) != HostKey(v4: 0x0A4D_0002))
        #expect(try key("2001:db8:1:2::1").site == key("2001:db8:1:3::9").site)
        #expect(try key("2001:db8:1:2::1").site != key("2001:db8:2:2::1").site)
        #expect(try key("192.0.2.7").site == nil)
        #expect(try key("::1").isLoopback)
        #expect(try key("127.8.9.10").isLoopback)
        #expect(try key("::ffff:127.0.0.1").isLoopback)
        #expect(try !key("192.0.2.7").isLoopback)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"), ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::/64", "2001:db8:1:2::/64"), ("2001:db8:1:2::/48", "2001:db8:1::/48"),
        ("2001:db8::/64", "2001:db8::/64"), ("2001:0:0:1::/64", "2001:0:0:1::/64"),
        ("::1", "::1"), ("::5", "::/64"),
    ])
    func hostsAreReadAndWritten(text: String, written: String) throws {
        let key = try #require(HostKey(text))
        #expect(key.description == written)
        #expect(HostKey(written) == key)
    }

    @Test(arguments: [
        "", "x", "localhost", "192.0.2.0/24", "2001:db8::/32", "2001:db8::/64/64", "::1/48", "/64",
        "192.0.2.7/64", "2001:db8::/", "2001:db8::1%eth0",
    ])
    func whatIsNoHostIsRefused(text: String) { #expect(HostKey(text) == nil) }

    @Test func addressesAreThoseOfTheCLibrary() {
        var random = SeededRandom(seed: 4_291)
        for _ in 0..<5_000 {
            let text = Self.almostAddress(&random)
            let known = Self.systemsText(text)
            #expect(IPAddress(text)?.description == known, "seed \(random.seed): \(text)")
        }
    }

    /// A text of an address's pieces: an address, or nearly one.
    private static func almostAddress(_ random: inout SeededRandom) -> String {
        let isV4 = Int.random(in: 0..<4, using: &random) == 0
        let usual = isV4 ? ["0", "1", "10", "255"] : ["0", "0", "0", "1", "abc", "FFFF"]
        let odd = isV4 ? ["01", "256", "", "x"] : ["", "", "", "1.2.3.4", "ffff", "12345", "g"]
        let count = isV4 ? 3...5 : 2...9
        let pieces = (0..<Int.random(in: count, using: &random)).compactMap { _ in
            (Int.random(in: 0..<8, using: &random) == 0 ? odd : usual).randomElement(using: &random)
        }
        // A gap at an end is two colons.
        let text = pieces.joined(separator: isV4 ? "." : ":")
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where !isV4: return "::" + text
        case 1 where !isV4: return text + "::"
        default: return text
        }
    }

    /// What `inet_pton` reads and `inet_ntop` writes; nil for what is no address.
    private static func systemsText(_ text: String) -> String? {
        for family in [AF_INET, AF_INET6] {
            var bytes = [UInt8](repeating: 0, count: 16)
            guard inet_pton(family, text, &bytes) == 1 else { continue }
            var written = [CChar](repeating: 0, count: 64)
            inet_ntop(family, bytes, &written, 64)
            return String(
                decoding: written.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return nil
    }
}
