// Ranges of addresses: what is read, and what is in them.

import Testing
import WireBytes

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7"), ("10.1.2.3/8", "10.0.0.0/8"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("192.0.2.1/32", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("::/0", "::/0"),
        ("2001:db8:1:2:3::/65", "2001:db8:1:2::/65"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("2001:db8::/128", "2001:db8::"),
    ])
    func isReadAndWritten(text: String, written: String) throws {
        #expect(try #require(AddressRange(text)).description == written)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "::ffff:10.0.0.0/95", "host/8", "10.0.0.0/ 8", "10.0.0.0/0008",
    ])
    func refusesWhatIsNone(text: String) { #expect(AddressRange(text) == nil) }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("0.0.0.0/0", "203.0.113.1", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "203.0.113.1", false),
        ("::/0", "2001:db8::1", true), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false), ("2001:db8::4/126", "2001:db8::7", true),
        ("2001:db8::4/126", "2001:db8::8", false), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.6/31", "192.0.2.7", true), ("192.0.2.6/31", "192.0.2.8", false),
    ])
    func knowsWhatIsInIt(range: String, address: String, isIn: Bool) throws {
        let range = try #require(AddressRange(range))
        let address = try #require(IPAddress(address))
        #expect(range.contains(address) == isIn)
        #expect(AddressRanges([range]).contains(address) == isIn)
    }

    @Test(arguments: [
        ("203.0.113.0/24", "203.0.113.9", true), ("203.0.113.0/24", "203.0.114.9", false),
        ("2001:db8:1:2::7", "2001:db8:1:2::8", true), ("2001:db8:1:2::7", "2001:db8:1:3::7", false),
        ("2001:db8:1::/48", "2001:db8:1:ffff::1", true), ("0.0.0.0/0", "::1", false),
    ])
    func standsForWhatCountsAsOne(range: String, address: String, isIn: Bool) throws {
        let host = try #require(HostKey(address))
        #expect(try #require(AddressRange(range)).contains(host) == isIn)
    }

    @Test func whatIsCountedIsNeverLessThanAHousehold() throws {
        #expect(
            try #require(AddressRange("2001:db8:1:2::7")).asCounted.description
                == "2001:db8:1:2::/64")
        #expect(try #require(AddressRange("2001:db8::/32")).asCounted.prefixBitCount == 32)
        #expect(try #require(AddressRange("192.0.2.7")).asCounted.prefixBitCount == 32)
    }

    @Test func tellsWhetherTwoShareAnything() throws {
        let wide = try #require(AddressRange("10.0.0.0/8"))
        let narrow = try #require(AddressRange("10.1.0.0/16"))
        let other = try #require(AddressRange("11.0.0.0/8"))
        #expect(wide.overlaps(narrow) && narrow.overlaps(wide))
        #expect(!wide.overlaps(other) && !other.overlaps(narrow))
    }
}
