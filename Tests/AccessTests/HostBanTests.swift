// Bans as values: made, lifted, over.

import Access
import Testing
import WireBytes

@Suite struct HostBanTests {
    private func ban(_ address: String, untilMs: Int64? = nil) throws -> HostBan {
        HostBan(
            range: try #require(AddressRange(address)), reason: "", by: "di", atMs: 1,
            untilMs: untilMs)
    }

    @Test func aBanHoldsUntilItIsLifted() throws {
        var bans = HostBans()
        try bans.add(try ban("203.0.113.0/24"))
        #expect(bans.ranges.contains(HostKey(v4: 0xCB00_7107)))
        #expect(!bans.lift(try #require(AddressRange("203.0.113.7"))))
        #expect(bans.lift(try #require(AddressRange("203.0.113.0/24"))))
        #expect(bans.all.isEmpty)
    }

    @Test func aBanWithAnEndIsOverThen() throws {
        var bans = HostBans()
        try bans.add(try ban("203.0.113.7", untilMs: 100))
        try bans.add(try ban("203.0.113.8"))
        let early = bans.forgetOver(nowMs: 99)
        let late = bans.forgetOver(nowMs: 100)
        #expect(!early && late)
        #expect(bans.all.map(\.range.description) == ["203.0.113.8"])
    }

    @Test func theSameAddressIsBannedOnce() throws {
        var bans = HostBans()
        try bans.add(try ban("203.0.113.7", untilMs: 100))
        try bans.add(try ban("203.0.113.7", untilMs: 200))
        #expect(bans.all.map(\.untilMs) == [200])
    }

    @Test(arguments: ["0.0.0.0/0", "8.0.0.0/7", "::/0", "2000::/15"])
    func everybodyIsNotBanned(address: String) throws {
        var bans = HostBans()
        let ban = try ban(address)
        #expect(throws: HostBanError.tooWide(ban.range)) { try bans.add(ban) }
    }

    @Test func proxiesAreNotBanned() throws {
        var bans = HostBans()
        let trusted = AddressRanges([try #require(AddressRange("10.0.0.0/8"))])
        for address in ["10.1.2.3", "10.0.0.0/8"] {
            let ban = try ban(address)
            #expect(throws: HostBanError.isProxy(ban.range, trusted.all[0])) {
                try bans.add(ban, trusted: trusted)
            }
        }
        #expect(bans.all.isEmpty)
    }

    @Test func thereIsAMost() throws {
        var bans = HostBans()
        for number in 0..<HostBans.countMax {
            try bans.add(try ban("10.0.\(number / 256).\(number % 256)"))
        }
        let more = try ban("203.0.113.7")
        #expect(throws: HostBanError.tooMany) { try bans.add(more) }
    }
}
