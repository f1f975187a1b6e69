// What the staff do with the audience: bans, draining, looking at viewers and ending them.

import Synchronization
import Testing
import WireBytes

@testable import Delivery

@Suite struct ControlTests {
    private static func request(_ path: String, _ fields: String...) -> String {
        (["GET \(path) HTTP/1.1", "Host: a"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    private static let stream = request("/live/show.flv", "User-Agent: Player/1.0 \u{e9}")
    private static let here = HostKey(v4: 0xCB00_7107)
    private static let there = HostKey(v4: 0xCB00_7108)

    private func onAir(_ stage: Stage) throws {
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        for _ in 0..<5 { try stage.frame(to: publication) }
    }

    private func range(_ text: String) throws -> AddressRange { try #require(AddressRange(text)) }

    /// Has the shard do something, and waits for what it says.
    private func follow<Answer: Sendable>(
        _ stage: Stage, _ order: (@escaping @Sendable (Answer) -> Void) -> ShardOrder
    ) throws -> Answer {
        let said = Mutex<Answer?>(nil)
        #expect(stage.core.orders.add(order { answer in said.withLock { $0 = answer } }))
        try stage.turn()
        return try #require(said.withLock { $0 })
    }

    // MARK: Bans

    @Test func aBannedAddressIsNotLetIn() throws {
        let stage = Stage()
        try onAir(stage)
        stage.addresses.change(bans: AddressRanges([try range("203.0.113.7")]))
        let banned = stage.connect(Self.stream, from: Self.here)
        let other = stage.connect(Self.stream, from: Self.there)
        try stage.pass(ms: 100)
        #expect(banned.statuses == [403] && banned.text.contains("banned"))
        #expect(other.statuses == [200])
        #expect(stage.core.counters.refusalCounts[RefusalKind.banned.rawValue] == 1)
        stage.addresses.change(bans: AddressRanges())
        let again = stage.connect(Self.stream, from: Self.here)
        try stage.pass(ms: 100)
        #expect(again.statuses == [200])
    }

    @Test func behindAProxyTheViewerIsBannedAndNotTheProxy() throws {
        let stage = Stage()
        try onAir(stage)
        stage.addresses.change(trusted: AddressRanges([try range("10.0.0.1")]))
        stage.addresses.change(
            bans: AddressRanges([try range("203.0.113.0/24"), try range("10.0.0.0/8")]))
        let proxy = HostKey(v4: 0x0A00_0001)
        let clients = ["203.0.113.7", "198.51.100.1"].map { address in
            stage.connect(
                Self.request("/live/show.flv", "X-Forwarded-For: \(address)"), from: proxy)
        }
        try stage.pass(ms: 100)
        #expect(clients.map(\.statuses) == [[403], [200]])
    }

    @Test func thoseWhoAreInAreEnded() throws {
        let stage = Stage()
        try onAir(stage)
        let viewers = [Self.here, Self.here, Self.there].map {
            stage.connect(Self.stream, from: $0)
        }
        let idle = stage.connect("", from: Self.here)
        try stage.pass(ms: 100)
        let range = try range("203.0.113.7")
        let count = try follow(stage) { .endAll(range, answer: $0) }
        try stage.pass(ms: 100)
        #expect(count == 3)
        #expect((viewers + [idle]).map(\.isClosedByServer) == [true, true, false, true])
        #expect(stage.core.counters.viewerEndCounts[DropReason.kicked.rawValue] == 2)
    }

    // MARK: Draining

    @Test func whoIsNewGoesElsewhereAndWhoIsHereStays() throws {
        let stage = Stage(service: FakePlayerService())
        try onAir(stage)
        let viewer = stage.connect(Self.stream)
        let healthy = stage.connect(Self.request("/healthz"))
        try stage.pass(ms: 100)
        #expect(healthy.statuses == [200] && healthy.text.hasSuffix(#"{"status":"ok"}"#))
        stage.addresses.isDraining = true
        let late = stage.connect(Self.stream)
        let player = stage.connect(
            Self.request("/live/show.flv", "Authorization: Bearer p1"))
        let asking = stage.connect(Self.request("/api/v1/clock"))
        stage.send(Self.request("/healthz"), from: healthy)
        let joining = stage.connect(
            "POST /api/v1/join HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 14\r\n\r\n{\"name\":\"Ada\"}")
        try stage.pass(ms: 100)
        #expect(late.statuses == [503] && late.text.contains("Retry-After: 30"))
        #expect(joining.statuses == [503])
        #expect(healthy.statuses == [200, 503])
        #expect(healthy.text.hasSuffix(#"{"status":"draining"}"#))
        // Players have their show here and nowhere else.
        #expect(player.statuses == [200] && asking.statuses == [200])
        #expect(!viewer.isClosedByServer)
        stage.addresses.isDraining = false
        let next = stage.connect(Self.stream)
        try stage.pass(ms: 100)
        #expect(next.statuses == [200])
    }

    // MARK: Viewers

    @Test func viewersAreSeenAsTheyAre() throws {
        let stage = Stage(service: FakePlayerService())
        try onAir(stage)
        let viewer = stage.connect(Self.stream, from: Self.here)
        _ = stage.connect(
            Self.request("/live/show.flv", "Authorization: Bearer p1"), from: Self.there)
        try stage.pass(ms: 2_000)
        let all = try follow(stage) { .list(ViewerQuery(), answer: $0) }
        #expect(all.count == 2 && all.viewers.count == 2)
        let plain = try #require(all.viewers.first { $0.host == Self.here })
        #expect(plain.agent == "Player/1.0 ??" && plain.stream == "show" && !plain.isWebSocket)
        #expect(plain.player == nil && plain.watchedMs >= 1_900)
        let head = "\r\n\r\n".utf8.count
        #expect(plain.byteCount > 0 && plain.byteCount < UInt64(viewer.received.count - head))
        let player = try #require(all.viewers.first { $0.host == Self.there })
        #expect(player.player == FakePlayerService.ticket(1) && player.agent.isEmpty)
        let here = try range("203.0.113.7")
        let some = try follow(stage) { .list(ViewerQuery(range: here), answer: $0) }
        #expect(some.viewers.map(\.id) == [plain.id])
        let none = try follow(stage) { .list(ViewerQuery(stream: "other"), answer: $0) }
        #expect(none.count == 0)
    }

    @Test func ofManySomeAreShown() throws {
        let stage = Stage()
        try onAir(stage)
        for _ in 0..<50 { _ = stage.connect(Self.stream) }
        try stage.pass(ms: 300)
        let some = try follow(stage) { .list(ViewerQuery(countMax: 10), answer: $0) }
        #expect(some.count == 50 && some.viewers.count == 10)
        #expect(Set(some.viewers.map(\.id)).count == 10)
    }

    @Test func oneIsEndedByItsName() throws {
        let stage = Stage()
        try onAir(stage)
        let viewers = (0..<3).map { _ in stage.connect(Self.stream) }
        try stage.pass(ms: 100)
        let all = try follow(stage) { .list(ViewerQuery(), answer: $0) }
        let id = try #require(all.viewers.first?.id)
        #expect(ViewerID(id.description) == id)
        var query = ViewerQuery(countMax: 1)
        query.id = id
        #expect(try follow(stage) { .list(query, answer: $0) }.viewers.map(\.id) == [id])
        #expect(try follow(stage) { .endViewer(id, answer: $0) } == 1)
        // Whoever has its place now is somebody else.
        let next = stage.connect(Self.stream)
        try stage.pass(ms: 100)
        #expect(try follow(stage) { .endViewer(id, answer: $0) } == 0)
        #expect(try follow(stage) { .list(query, answer: $0) }.count == 0)
        #expect(viewers.filter(\.isClosedByServer).count == 1 && !next.isClosedByServer)
    }

    @Test func aPlayersConnectionsAreEnded() throws {
        let stage = Stage(service: FakePlayerService())
        try onAir(stage)
        let players = ["p1", "p1", "p2"].map { token in
            stage.connect(Self.request("/live/show.flv", "Authorization: Bearer \(token)"))
        }
        try stage.pass(ms: 100)
        let ticket = FakePlayerService.ticket(1)
        #expect(try follow(stage) { .endPlayer(ticket, answer: $0) } == 2)
        try stage.pass(ms: 100)
        #expect(players.map(\.isClosedByServer) == [true, true, false])
    }

    @Test(arguments: ["", "1-2", "1-2-3-4", "a-b-c", "-1-2-3", "1-2-99999999999"])
    func otherNamesAreNobodys(text: String) { #expect(ViewerID(text) == nil) }

    @Test func madeUpSoftwareIsOneAmongOthers() {
        var agents = AgentTable()
        let numbers = (0..<2_000).map { agents.enter("bot \($0)") }
        #expect(Set(numbers).count < DeliverySettings.agentCountMax)
        #expect(agents.name(numbers[0]) == "bot 0" && agents.name(numbers[1_999]) == "other")
        for number in numbers { agents.leave(number) }
        let next = agents.enter("Player")
        #expect(agents.name(next) == "Player")
        #expect(agents.enter("Player") == next)
    }
}
