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
        #expect(try key("::1").isLoopback)
        #expect(try key("127.8.9.10").isLoopback)
        #expect(try key("::ffff:127.0.0.1").isLoopback)
        #expect(try !key("192.0.2.7").isLoopback)
    }
}
