// HOST:PORT, in and out.

import Testing
import WireBytes

@testable import Settings

@Suite struct EndpointTests {
    @Test(arguments: [
        ("0.0.0.0:8080", "0.0.0.0:8080"), ("[::]:8080", "[::]:8080"), ("[::1]:0", "[::1]:0"),
        ("localhost:1935", "127.0.0.1:1935"), ("*:80", "0.0.0.0:80"),
        ("[2001:db8::7]:65535", "[2001:db8::7]:65535"),
    ])
    func goodOnesAreRead(text: String, shown: String) throws {
        #expect(try IPEndpoint(parsing: text).description == shown)
    }

    @Test(arguments: [
        "", ":", "8080", ":8080", "0.0.0.0", "0.0.0.0:", "0.0.0.0:x", "0.0.0.0:-1", "0.0.0.0:+1",
        "0.0.0.0:65536", "::1:8080", "[::1]", "[::1:80", "[]:80", "[1.2.3.4]:80", "1.2.3:80",
        "256.1.1.1:80", "example.com:80", " 0.0.0.0:80", "0.0.0.0:80 ", "0.0.0.0:٨",
    ])
    func badOnesAreRefused(text: String) {
        #expect(throws: BadValue.self) { try IPEndpoint(parsing: text) }
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("127.255.0.3:1", true), ("[::1]:1", true),
        ("[0:0:0:0:0:0:0:1]:1", true), ("[::ffff:127.0.0.1]:1", true), ("0.0.0.0:1", false),
        ("[::]:1", false), ("12.7.0.1:1", false), ("[::2]:1", false),
        ("[::ffff:10.0.0.1]:1", false), ("[::127.0.0.1]:1", false), ("[1::1]:1", false),
    ])
    func loopbackIsKnown(text: String, isLoopback: Bool) throws {
        #expect(try IPEndpoint(parsing: text).isLoopback == isLoopback)
    }

    @Test func wildcardsAreKnown() throws {
        #expect(try IPEndpoint(parsing: "0.0.0.0:1").address.isWildcard)
        #expect(try IPEndpoint(parsing: "[0::0]:1").address.isWildcard)
        #expect(try !IPEndpoint(parsing: "10.0.0.0:1").address.isWildcard)
    }
}
