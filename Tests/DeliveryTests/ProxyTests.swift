// Who is behind a proxy: by its PROXY header, or by the fields of each request.

import HTTPWire
import Synchronization
import Testing
import WireBytes

@testable import Delivery

@Suite struct ProxyTests {
    private static let proxy = HostKey(v4: 0x0A00_0001)
    private static let stranger = HostKey(v4: 0xC633_6401)
    private static let stream = request("/live/show.flv")

    private static func request(_ path: String, _ fields: String...) -> String {
        (["GET \(path) HTTP/1.1", "Host: a"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    private static func line(_ address: String) -> String {
        "PROXY TCP4 \(address) 192.0.2.1 40000 8080\r\n"
    }

    private func stage(
        _ admission: AdmissionLimits = AdmissionLimits(), service: FakePlayerService? = nil,
        adjust: (inout DeliverySettings) -> Void = { _ in }
    ) throws -> Stage {
        let stage = Stage(admission: admission, service: service, adjust: adjust)
        stage.addresses.change(trusted: AddressRanges([try #require(AddressRange("10.0.0.0/8"))]))
        return stage
    }

    private var onePerAddress: AdmissionLimits {
        var limits = AdmissionLimits()
        limits.perAddressMax = 1
        return limits
    }

    @Test func aHeaderSaysWhoseAConnectionIs() throws {
        let stage = try stage(onePerAddress)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let first = stage.connect(Self.line("203.0.113.7") + Self.stream, from: Self.proxy)
        let second = stage.connect(Self.line("203.0.113.7") + Self.stream, from: Self.proxy)
        let other = stage.connect(Self.line("203.0.113.8") + Self.stream, from: Self.proxy)
        try stage.pass(ms: 200)
        #expect([first, second, other].map(\.statuses) == [[200], [429], [200]])
        // Of nobody else's address one more comes in when the first has gone.
        first.reset()
        try stage.frame(to: publication)
        try stage.pass(ms: 200)
        let third = stage.connect(Self.line("203.0.113.7") + Self.stream, from: Self.proxy)
        try stage.pass(ms: 200)
        #expect(third.statuses == [200])
    }

    @Test func aProxyThatNamesNobodyIsToldOfOnce() throws {
        let silent = Mutex<[HostKey]>([])
        let stage = Stage(onSilentProxy: { proxy in silent.withLock { $0.append(proxy) } })
        stage.addresses.change(trusted: AddressRanges([try #require(AddressRange("10.0.0.0/8"))]))
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let others = [HostKey(v4: 0x0A00_0002), HostKey(v4: 0x0A00_0003)]
        // Looks whether all is well, by each kind of header that names nobody, and without one.
        let local: [UInt8] =
            [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x20, 0, 0, 0]
        let check = stage.connect("", from: Self.proxy)
        stage.send(local + Array(Self.request("/healthz").utf8), from: check)
        _ = stage.connect("PROXY UNKNOWN\r\n" + Self.request("/healthz"), from: Self.proxy)
        _ = stage.connect(Self.request("/"), from: Self.proxy)
        // Names whom it brings, by either way, and strangers name nobody.
        _ = stage.connect(Self.line("203.0.113.7") + Self.stream, from: others[0])
        _ = stage.connect(
            Self.request("/live/show.flv", "X-Forwarded-For: 203.0.113.9"), from: others[1])
        _ = stage.connect(Self.stream, from: Self.stranger)
        try stage.pass(ms: 200)
        #expect(silent.withLock { $0 }.isEmpty)
        for proxy in others { _ = stage.connect(Self.stream, from: proxy) }
        try stage.pass(ms: 200)
        #expect(silent.withLock { $0 }.isEmpty, "they name others")
        for _ in 0..<3 { _ = stage.connect(Self.stream, from: Self.proxy) }
        try stage.pass(ms: 200)
        #expect(silent.withLock { $0 } == [Self.proxy])
    }

    @Test func aHeaderMayComeInPieces() throws {
        let stage = try stage(service: FakePlayerService())
        let client = stage.connect("", from: Self.proxy)
        for character in Self.line("203.0.113.7") + Self.request("/api/v1/clock") {
            stage.send(String(character), from: client)
            try stage.turn()
        }
        try stage.pass(ms: 100)
        #expect(client.statuses == [200])
        #expect(stage.core.peers.host(stage.core.table[0].peer).description == "203.0.113.7")
    }

    @Test func theBinaryHeaderIsReadAsWell() throws {
        let stage = try stage()
        let client = stage.connect("", from: Self.proxy)
        let header: [UInt8] =
            [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0, 12]
            + [203, 0, 113, 7, 192, 0, 2, 1, 0x9C, 0x40, 0x1F, 0x90]
        stage.send(header + Array(Self.request("/api/v1/clock").utf8), from: client)
        try stage.pass(ms: 100)
        #expect(client.statuses == [200])
        #expect(stage.core.peers.host(stage.core.table[0].peer).description == "203.0.113.7")
    }

    @Test func aBrokenHeaderEndsTheConnection() throws {
        let stage = try stage()
        let client = stage.connect("PROXY TCP4 nobody\r\n" + Self.stream, from: Self.proxy)
        try stage.pass(ms: 100)
        #expect(client.statuses == [400] && client.text.contains("PROXY line"))
    }

    @Test func aHeaderThatDoesNotComeWholeIsNotWaitedFor() throws {
        let stage = try stage()
        let client = stage.connect("PROXY TCP4 203.0.", from: Self.proxy)
        try stage.pass(ms: DeliverySettings.headMsMax + 500, stepMs: 50)
        #expect(client.statuses == [408])
    }

    /// A proxy behind a proxy is trusted already.
    @Test func aSecondLineIsToldApart() throws {
        let stage = try stage()
        let client = stage.connect(
            Self.line("10.1.1.1") + Self.line("203.0.113.7") + Self.stream, from: Self.proxy)
        try stage.pass(ms: 100)
        #expect(client.statuses == [400])
        #expect(client.text.contains("second PROXY line"))
        #expect(!client.text.contains("--trusted-proxies"))
        #expect(stage.core.counters.refusalCounts[RefusalKind.proxyHeader.rawValue] == 0)
    }

    @Test func strangersAreToldWhatToSet() throws {
        let stage = try stage()
        let client = stage.connect(Self.line("203.0.113.7") + Self.stream, from: Self.stranger)
        try stage.pass(ms: 100)
        #expect(client.statuses == [400])
        #expect(client.text.contains("--trusted-proxies 198.51.100.1"))
        #expect(stage.core.counters.refusalCounts[RefusalKind.proxyHeader.rawValue] == 1)
    }

    @Test func oneConnectionBringsRequestsOfMany() throws {
        let service = FakePlayerService()
        let stage = try stage(service: service) { $0.requestsPerAddressPerSecondMax = 1 }
        let proxied = stage.connect("", from: Self.proxy)
        // As many as one address may send, and more, of several people over one connection.
        for number in 1...8 {
            stage.send(
                Self.request("/api/v1/clock", "X-Forwarded-For: 6.6.6.6, 203.0.113.\(number)"),
                from: proxied)
            try stage.turn()
        }
        try stage.pass(ms: 50)
        #expect(proxied.statuses == Array(repeating: 200, count: 8))
        let abuser = stage.connect("", from: Self.proxy)
        for _ in 1...4 {
            stage.send(
                Self.request("/api/v1/clock", "Forwarded: for=203.0.113.99"), from: abuser)
            try stage.turn()
        }
        try stage.pass(ms: 50)
        #expect(abuser.statuses == [200, 200, 429])
        // The others behind the same proxy go on.
        stage.send(Self.request("/api/v1/clock", "X-Forwarded-For: 203.0.113.50"), from: proxied)
        try stage.pass(ms: 50)
        #expect(proxied.statuses.last == 200)
    }

    @Test func playersComeFromTheirOwnAddress() throws {
        let service = FakePlayerService()
        let stage = try stage(service: service)
        let client = stage.connect("", from: Self.proxy)
        let body = #"{"name":"Ada"}"#
        let head = [
            "POST /api/v1/join HTTP/1.1", "Host: a", "Content-Type: application/json",
            "Content-Length: \(body.utf8.count)", "X-Forwarded-For: 2001:db8:1:2::7",
        ]
        stage.send(head.joined(separator: "\r\n") + "\r\n\r\n" + body, from: client)
        try stage.pass(ms: 50)
        #expect(service.joins.map(\.host.description) == ["2001:db8:1:2::/64"])
    }

    /// What a connection may ask is no bound for those who share a proxy's.
    @Test func playersDoNotHoldUpEachOther() throws {
        let service = FakePlayerService()
        let stage = try stage(service: service)
        let client = stage.connect("", from: Self.proxy)
        for number in 1...30 {
            stage.send(
                Self.request(
                    "/api/v1/me", "X-Forwarded-For: 203.0.113.\(number)",
                    "Authorization: Bearer p\(number)"), from: client)
            try stage.turn()
            try stage.turn()
            let asked = try #require(service.standings().last)
            service.reply(asked.1, "{}")
            try stage.turn()
            try stage.turn()
        }
        try stage.pass(ms: 50)
        #expect(client.statuses == Array(repeating: 200, count: 30))
    }

    @Test func fieldsOfOthersAreIgnored() throws {
        let stage = try stage(onePerAddress)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let clients = (1...3).map { number in
            stage.connect(
                Self.request("/live/show.flv", "X-Forwarded-For: 203.0.113.\(number)"),
                from: Self.stranger)
        }
        try stage.pass(ms: 200)
        #expect(clients.map(\.statuses) == [[200], [429], [429]])
    }

    @Test func fieldsThatContradictEachOtherAreRefused() throws {
        let stage = try stage()
        let client = stage.connect(
            Self.request(
                "/api/v1/clock", "X-Forwarded-For: 203.0.113.7", "Forwarded: for=198.51.100.9"),
            from: Self.proxy)
        try stage.pass(ms: 100)
        #expect(client.statuses == [400] && client.text.contains("don't say the same"))
    }

    /// A stream's address stays that of its request; an idle connection is the proxy's again.
    @Test func whatCountsIsWhatIsGoingOn() throws {
        let stage = try stage(onePerAddress)
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let viewer = stage.connect(
            Self.request("/live/show.flv", "X-Forwarded-For: 203.0.113.7"), from: Self.proxy)
        try stage.pass(ms: 100)
        #expect(viewer.statuses == [200])
        let again = stage.connect(
            Self.request("/api/v1/clock", "X-Forwarded-For: 203.0.113.7"), from: Self.proxy)
        let idle = stage.connect(
            Self.request("/api/v1/clock", "X-Forwarded-For: 203.0.113.8"), from: Self.proxy)
        try stage.pass(ms: 1_000)
        #expect(again.statuses == [429] && idle.statuses == [200])
        let next = stage.connect(
            Self.request("/live/show.flv", "X-Forwarded-For: 203.0.113.8"), from: Self.proxy)
        try stage.pass(ms: 100)
        #expect(next.statuses == [200])
        #expect(!viewer.isClosedByServer && !idle.isClosedByServer)
    }

    @Test func aProxyHasNoBoundsOfOneAddress() throws {
        let stage = try stage(onePerAddress)
        let clients = (0..<40).map { _ in
            stage.connect(Self.request("/healthz"), from: Self.proxy)
        }
        try stage.pass(ms: 200)
        #expect(clients.allSatisfy { $0.statuses == [200] })
        for client in clients { client.reset() }
        try stage.pass(ms: 200)
        #expect(stage.addresses.count == 0)
    }

    @Test func theProxiesMayChange() throws {
        let stage = try stage()
        stage.addresses.change(trusted: AddressRanges())
        let client = stage.connect(Self.line("203.0.113.7") + Self.stream, from: Self.proxy)
        try stage.pass(ms: 100)
        #expect(client.statuses == [400])
    }
}
