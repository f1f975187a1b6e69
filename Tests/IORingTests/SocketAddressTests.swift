// Addresses as operators write them, and whose connections count together.

import IORing
import Testing

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:80", true), ("localhost", "127.0.0.1:80", true),
        ("0.0.0.0", "0.0.0.0:80", false), ("::1", "[::1]:80", true), ("::", "[::]:80", false),
        ("192.0.2.7", "192.0.2.7:80", false),
    ])
    func readsAndWrites(host: String, text: String, isLoopback: Bool) throws {
        let address = try #require(SocketAddress(host: host, port: 80))
        #expect(address.description == text)
        #expect(address.port == 80)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: ["", "example.org", "1.2.3", "1.2.3.4.5", "[::1]", "::g"])
    func refusesWhatIsNoAddress(host: String) {
        #expect(SocketAddress(host: host, port: 80) == nil)
    }

    @Test func countsAHouseholdOnce() throws {
        func key(_ host: String, _ port: UInt16 = 1) throws -> HostKey {
            try #require(SocketAddress(host: host, port: port)).hostKey
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
}
