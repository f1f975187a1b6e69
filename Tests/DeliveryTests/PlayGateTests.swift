// Streams that not everybody may watch: who is refused, and that nobody else notices.

import HTTPWire
import Synchronization
import Testing
import WireBytes

@testable import Broadcast
@testable import Delivery

/// Lets in whoever brings `pass=<stream>`, if that came from the right address.
private final class PassGate: PlayGate {
    private let state = Mutex((isShut: true, asked: 0, verdict: PlayVerdict.allowed))
    let host: HostKey?

    init(host: HostKey? = nil) { self.host = host }

    var isShut: Bool { state.withLock { $0.isShut } }
    var askedCount: Int { state.withLock { $0.asked } }

    func open() { state.withLock { $0.isShut = false } }

    /// From now on it is undecided, until `decide`.
    func hesitate() { state.withLock { $0.verdict = .undecided } }

    /// What is said to those who have a pass.
    func decide(_ verdict: PlayVerdict) { state.withLock { $0.verdict = verdict } }

    func verdict(
        stream: String, host: HostKey, item: (StaticString) -> String?
    ) -> PlayVerdict {
        state.withLock { $0.asked += 1 }
        guard let pass = item("pass") else {
            return .refused("This stream needs a pass.", by: .signature)
        }
        if let wanted = self.host, wanted != host {
            return .refused("Not from there.", by: .signature)
        }
        guard pass == stream else { return .refused("The pass is \(pass)'s.", by: .signature) }
        return state.withLock { $0.verdict }
    }
}

@Suite struct PlayGateTests {
    private func get(_ target: String, method: String = "GET", fields: String = "") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    private func stage(_ gate: PassGate) throws -> Stage {
        let stage = Stage(adjust: { $0.playGate = gate })
        try begin("show", on: stage)
        return stage
    }

    private func begin(_ name: String, on stage: Stage) throws {
        try stage.frame(isKeyframe: true, to: try stage.publish(name))
    }

    private static let webSocket =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

    @Test func whoHasAPassWatchesAndWhoHasNoneIsToldWhy() throws {
        let stage = try stage(PassGate())
        let good = stage.connect(get("/live/show.flv?pass=show"))
        let escaped = stage.connect(get("/live/show.flv?a=b&pass=s%68ow"))
        let none = stage.connect(get("/live/show.flv"))
        let other = stage.connect(get("/live/show.flv?pass=other", fields: "Origin: http://b\r\n"))
        let broken = stage.connect(get("/live/show.flv?pass=%zz"))
        try stage.pass(ms: 100)
        #expect(good.statuses == [200] && escaped.statuses == [200])
        #expect(none.statuses == [403] && none.text.contains("This stream needs a pass."))
        #expect(other.statuses == [403] && other.text.contains("The pass is other's."))
        // A page of another origin may read why.
        #expect(other.text.contains("Access-Control-Allow-Origin: *"))
        #expect(broken.statuses == [403] && broken.text.contains("The pass is 's."))
        // The connection stays for another try.
        stage.send(get("/live/show.flv?pass=show"), from: none)
        try stage.pass(ms: 100)
        #expect(none.statuses == [403, 200])
    }

    @Test func aWebSocketIsRefusedBeforeItIsOne() throws {
        let stage = try stage(PassGate())
        let bad = stage.connect(get("/live/show.flv", fields: Self.webSocket))
        let good = stage.connect(get("/live/show.flv?pass=show", fields: Self.webSocket))
        try stage.pass(ms: 100)
        #expect(bad.statuses == [403] && bad.text.contains("needs a pass"))
        #expect(good.statuses == [101])
    }

    @Test func aStreamThatIsNotThereIsNotWaitedForWithoutAPass() throws {
        let gate = PassGate()
        let stage = try stage(gate)
        let bad = stage.connect(get("/live/later.flv"))
        let head = stage.connect(get("/live/show.flv", method: "HEAD"))
        let good = stage.connect(get("/live/later.flv?pass=later"))
        try stage.pass(ms: 100)
        #expect(bad.statuses == [403] && head.statuses == [403] && good.received.isEmpty)
        // Who waits was let in, and isn't asked again.
        let asked = gate.askedCount
        try begin("later", on: stage)
        try stage.pass(ms: 200)
        #expect(good.statuses == [200] && gate.askedCount == asked)
    }

    @Test func aPassMayBeForAnAddress() throws {
        let home = HostKey(v4: 0xC000_0207)
        let stage = try stage(PassGate(host: home))
        let good = stage.connect(get("/live/show.flv?pass=show"), from: home)
        let bad = stage.connect(get("/live/show.flv?pass=show"), from: HostKey(v4: 0xC000_0208))
        try stage.pass(ms: 100)
        #expect(good.statuses == [200] && bad.statuses == [403])
    }

    @Test func anOpenGateAsksNobodyAndPagesArePassedBy() throws {
        let gate = PassGate()
        let stage = try stage(gate)
        let page = stage.connect(get("/api/v1/streams"))
        gate.open()
        let viewer = stage.connect(get("/live/show.flv"))
        try stage.pass(ms: 100)
        #expect(viewer.statuses == [200] && page.statuses != [403] && gate.askedCount == 0)
    }

    @Test(arguments: [true, false])
    func whoIsAskedAboutWaitsAndNobodyElseDoes(isWebSocket: Bool) throws {
        let gate = PassGate()
        let stage = try stage(gate)
        let first = stage.connect(get("/live/show.flv?pass=show"))
        try stage.pass(ms: 100)
        gate.hesitate()
        let fields = isWebSocket ? Self.webSocket : ""
        let good = stage.connect(get("/live/show.flv?pass=show", fields: fields))
        let bad = stage.connect(get("/live/show.flv", fields: fields))
        try stage.pass(ms: 1_000)
        #expect(good.received.isEmpty && bad.statuses == [403] && first.statuses == [200])
        gate.decide(.allowed)
        try stage.pass(ms: 1_000)
        #expect(good.statuses == [isWebSocket ? 101 : 200])
        let asked = gate.askedCount
        try stage.pass(ms: 1_000)
        #expect(gate.askedCount == asked)
    }

    @Test func aNoThatComesLaterIsToldAndTheBufferComesBack() throws {
        let gate = PassGate()
        let stage = try stage(gate)
        gate.hesitate()
        let one = stage.connect(get("/live/show.flv?pass=show"))
        let gone = stage.connect(get("/live/show.flv?pass=show"))
        try stage.pass(ms: 200)
        gone.reset()
        gate.decide(.refused("Not tonight.", by: .backend))
        try stage.pass(ms: 5_000)
        #expect(one.statuses == [403] && one.text.contains("Not tonight."))
        #expect(gone.received.isEmpty || gone.statuses == [403])
        #expect(stage.world.buffersAreAllBack)
    }

    @Test func whoseNoItIsIsCountedAndSaid() throws {
        let gate = PassGate()
        let stage = try stage(gate)
        _ = stage.connect(get("/live/show.flv"), from: HostKey(v4: 1))
        try stage.pass(ms: 100)
        gate.decide(.refused("Not tonight.", by: .backend))
        let atOnce = stage.connect(get("/live/show.flv?pass=show"), from: HostKey(v4: 2))
        try stage.pass(ms: 100)
        gate.hesitate()
        let later = stage.connect(get("/live/show.flv?pass=show"), from: HostKey(v4: 3))
        try stage.pass(ms: 100)
        gate.decide(.refused("Not tonight.", by: .backend))
        try stage.pass(ms: 1_000)
        #expect(atOnce.statuses == [403] && later.statuses == [403])
        let counts = stage.core.counters.refusalCounts
        #expect(counts[RefusalKind.signature.rawValue] == 1)
        #expect(counts[RefusalKind.backend.rawValue] == 2)
    }

    @Test func withoutAVerdictForLongItIsLetIn() throws {
        let gate = PassGate()
        let stage = try stage(gate)
        gate.hesitate()
        let client = stage.connect(get("/live/show.flv?pass=show"))
        try stage.pass(ms: DeliverySettings.verdictMsMax - 500, stepMs: 50)
        #expect(client.received.isEmpty)
        try stage.pass(ms: 2_000, stepMs: 50)
        #expect(client.statuses == [200])
    }
}
