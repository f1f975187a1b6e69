// A shard on a well-behaved fake kernel, for tests that say themselves what happens when.

import FLV
import TLS
import TestSupport
import WireBytes

@testable import Broadcast
@testable import Delivery
@testable import IORing

/// A shard, its kernel and its clock, moved on by hand.
final class Stage {
    let programs: Programmes
    let addresses: Admission
    let world: FakeWorld
    var core: ShardCore<FakeKernel>
    private(set) var nowNs: Int64 = 1_000_000_000
    let secureInbox = SecureInbox()
    private var connectionCount = 0
    private var mediaMs: UInt32 = 0

    init(
        slotCount: Int = DeliverySettings.refusalSlotCount + 100, entryCount: Int = 256,
        bufferCount: Int = 64, limits: BroadcastLimits = Stage.smallLimits,
        admission: AdmissionLimits = AdmissionLimits(), service: FakePlayerService? = nil,
        adjust: (inout DeliverySettings) -> Void = { _ in },
        onRefusals: @escaping @Sendable (RefusalNews) -> Void = { _ in },
        onSilentProxy: @escaping @Sendable (HostKey) -> Void = { _ in }
    ) {
        var settings = DeliverySettings()
        settings.slotCountMax = slotCount
        adjust(&settings)
        programs = Programmes(limits: limits)
        addresses = Admission(
            limits: admission, onRefusals: onRefusals, onSilentProxy: onSilentProxy)
        world = FakeWorld(
            random: SeededRandom(seed: 1), slotCount: slotCount, entryCount: entryCount,
            bufferCount: bufferCount)
        world.latePerCent = 0
        core = ShardCore(
            ring: FakeKernel(world: world), settings: settings, programs: programs,
            addresses: addresses, audience: service?.audience, secureInbox: secureInbox,
            kernelTLS: true)
        world.advance(toNs: nowNs)
    }

    static var smallLimits: BroadcastLimits {
        var limits = BroadcastLimits()
        limits.timelineByteCount = 1 << 20
        limits.heldUpMsMax = 0
        return limits
    }

    var nowMs: Int64 { nowNs / 1_000_000 }

    // MARK: Clients

    /// A client that reads as fast as it can and has sent this.
    func connect(_ text: String = "", host: UInt64 = 1, isLoopback: Bool = true) -> FakeConnection {
        connect(text, from: HostKey(kind: .v4, value: host, isLoopback: isLoopback))
    }

    func connect(_ text: String, from key: HostKey) -> FakeConnection {
        let client = FakeConnection(id: connectionCount, host: key)
        connectionCount += 1
        client.capacity = 1 << 20
        client.bytesPerMs = 1e6
        send(text, from: client)
        world.connect(client)
        return client
    }

    /// A client whose handshake is over, which has sent this since.
    func connectSecurely(
        _ text: String = "", _ suite: CipherSuite = .aes128GCM, _ version: TLSVersion = .tls13,
        host: UInt64 = 1, writeSequence: UInt64? = nil, pending: [UInt8] = []
    ) -> FakeConnection {
        let key = HostKey(kind: .v4, value: host, isLoopback: true)
        let client = FakeConnection(id: connectionCount, host: key)
        connectionCount += 1
        client.capacity = 1 << 20
        client.bytesPerMs = 1e6
        let keys = FakeTLSClient.serverKeys(
            suite, version, number: UInt8(truncatingIfNeeded: client.id),
            writeSequence: writeSequence)
        client.tls = FakeTLSClient(serverKeys: keys)
        send(text, from: client)
        let connection = SecureConnection(
            descriptor: world.makeDescriptor(client), address: key.someAddress, keys: keys,
            pending: pending)
        if secureInbox.add(connection) == nil { world.drop(connection.descriptor) }
        return client
    }

    func send(_ text: String, from client: FakeConnection) {
        send(Array(text.utf8), from: client)
    }

    func send(_ bytes: [UInt8], from client: FakeConnection) {
        guard let tls = client.tls, !bytes.isEmpty else {
            client.inbox += bytes
            return
        }
        client.inbox += tls.seal(bytes)
    }

    /// Time passes, with a turn every so often.
    func pass(ms: Int64, stepMs: Int64 = 10) throws {
        let endNs = nowNs + ms * 1_000_000
        while nowNs < endNs {
            nowNs = min(endNs, nowNs + stepMs * 1_000_000)
            try turn()
        }
    }

    /// One turn, now.
    func turn() throws {
        world.advance(toNs: nowNs)
        try core.turn(nowNs: nowNs)
        try core.finishQuestions(nowNs: nowNs)
    }

    // MARK: Publishers

    func publish(_ name: String = "show") throws -> Publication {
        let publication = try programs.publish(
            name: name, publisher: Publisher(address: "test"), nowMs: nowMs)
        try append(.video, EncoderHeaders.avc, to: publication)
        try append(.audio, EncoderHeaders.aac, to: publication)
        return publication
    }

    func append(_ type: FLVTagType, _ body: [UInt8], to publication: Publication) throws {
        try publication.append(
            type, timestampMs: mediaMs, body: body.span.bytes, arrivalMs: nowMs)
    }

    /// A frame 40 ms after the last one.
    func frame(
        isKeyframe: Bool = false, byteCount: Int = 100, to publication: Publication
    ) throws {
        mediaMs += 40
        let filler = UInt8(truncatingIfNeeded: mediaMs / 40)
        let head: [UInt8] = [isKeyframe ? 0x17 : 0x27, 1, 0, 0, 0]
        let body = head + [UInt8](repeating: filler, count: byteCount)
        try append(.video, body, to: publication)
    }

    /// What a programme's timeline holds from a position on.
    func timeline(_ program: Programme, from position: UInt64) -> [UInt8] {
        let view = program.timeline.view
        return unsafe Array(
            UnsafeRawBufferPointer(
                start: view.address(of: position), count: Int(view.head - position)))
    }
}

extension FakeConnection {
    /// What it got, as text.
    var text: String { String(decoding: received, as: UTF8.self) }

    /// The statuses of the answers it got.
    var statuses: [Int] {
        text.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }
}
