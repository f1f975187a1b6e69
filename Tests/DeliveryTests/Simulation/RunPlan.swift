// What one simulated run is like: everything that follows from its seed.

import TLS
import TestSupport
import WireBytes

@testable import Broadcast
@testable import Delivery
@testable import IORing

/// The circumstances of a run.
struct RunPlan {
    let seed: UInt64
    var settings = DeliverySettings()
    var limits = BroadcastLimits()
    var feeds: [FeedPlan] = []
    var durationNs: Int64
    var viewerCount: Int
    var entryCount: Int
    var bufferCount: Int
    var connectionsPerHost: Int
    /// Whether tags are large enough to fill the arena again and again.
    var isLarge: Bool
    /// Whether the shard reports how busy it is, so that its merge interval moves.
    var isElastic: Bool
    /// Whether so many join that nobody gets a GOP at once.
    var isRushed: Bool
    /// Whether other threads append while the kernel copies.
    var appendsMeanwhile: Bool
    /// Whether everybody leaves before the shard is stopped.
    var endsEmpty: Bool
    var acceptErrorPerCent: Int
    var latePerCent: Int
    var partialPerCent: Int
    /// Out of 100 clients, so many come with a WebSocket.
    var socketPerCent: Int
    /// How often the service replies, out of 100 turns.
    var replyPerCent: Int
    /// How long acknowledgements of zero-copy sends take at most, ns, how many clients give none,
    /// and whether the kernel takes the pages at all.
    var loanNsMax: Int64
    var silentPerCent: Int
    var loansAreReal: Bool

    init(seed: UInt64, random: inout SeededRandom) {
        self.seed = seed
        isLarge = random.chance(12)
        durationNs = Int64(random.within(300...(isLarge ? 1_200 : 2_000))) * 1_000_000
        viewerCount = random.chance(8) ? random.within(20...28) : random.within(1...9)
        entryCount = random.pick([8, 16, 64, 256])
        bufferCount = random.pick([1, 2, 8])
        connectionsPerHost = random.pick([2, 100, 100])
        isElastic = random.chance(20)
        isRushed = random.chance(15)
        appendsMeanwhile = random.chance(30)
        endsEmpty = random.chance(50)
        acceptErrorPerCent = random.pick([0, 0, 10])
        latePerCent = random.pick([0, 20, 60])
        partialPerCent = random.pick([0, 0, 0, 20])

        socketPerCent = random.pick([0, 40, 40, 100])
        replyPerCent = random.pick([3, 30, 100])
        loanNsMax = Int64(random.pick([1, 50, 400, 4_000])) * 1_000_000
        silentPerCent = random.pick([0, 0, 10])
        loansAreReal = random.chance(80)
        settings.mayUseKernelTLS = seed % 3 == 1
        settings.zeroCopy = random.pick([.off, .off, .auto, .on, .on])
        // Drawn by another hand, so that the seeds of before mean what they meant.
        var scarcity = SeededRandom(seed: seed &* 31 &+ 7)
        settings.headBufferCountMax = scarcity.pick([2, 4, 1_024, 1_024])
        settings.frameCountMax = scarcity.pick([4, 4, 4, 32_768])
        settings.recordBufferCountMax = scarcity.pick([2, 4, 256, 256])

        settings.slotCountMax =
            DeliverySettings.refusalSlotCount + random.within(3...max(12, viewerCount))
        settings.mergeMsMin = Int64(random.pick([0, 16, 40, 100]))
        settings.mergeMsMax = settings.mergeMsMin + Int64(random.pick([0, 100]))
        settings.lagSkipMs = Int64(random.within(60...500))
        settings.lagDropMs = settings.lagSkipMs + Int64(random.within(0...1_500))
        settings.waitForStreamMs = Int64(random.pick([0, 300, 1_000]))
        limits.programmeCountMax = 3
        limits.timelineByteCount = 1 << 20
        limits.heldUpMsMax = 0
        limits.retentionMs = Int64(random.pick([300, 1_000, 30_000]))
        limits.graceMs = Int64(random.within(500...1_500))
        limits.keyframeCountMax = random.pick([4, 1_024])
        var oddity = SeededRandom(seed: seed &* 37 &+ 11)
        for index in 0..<random.pick([1, 1, 2]) {
            feeds.append(FeedPlan(name: "show\(index)", isLarge: isLarge, random: &random))
            // So much that full sends go ahead of their times, and then next to nothing.
            if isLarge, seed % 2 == 0 {
                feeds[index].frameIntervalNs = min(feeds[index].frameIntervalNs, 12_000_000)
                feeds[index].framesPerGOP = 1
                feeds[index].frameByteCountMax = min(feeds[index].frameByteCountMax, 60_000)
                feeds[index].calmsNs = durationNs / 2
            }
            feeds[index].adopt(FeedTraits(random: &oddity))
        }
        // A track that goes and comes back takes its time.
        if feeds.contains(where: { $0.traits.hasAbsence }) { durationNs += 4_500_000_000 }
    }

    /// Where clients come from.
    let hosts = (0..<6).map { HostKey(kind: .v4, value: $0, isLoopback: $0 < 3) }

    /// The time between two visits if no turn is late, ns: as long as the interval, and a cohort
    /// more where it began to grow meanwhile.
    var roundNsMax: Int64 {
        intervalNsMax + intervalNsMax / Int64(DeliverySettings.cohortCount)
    }

    /// As long as the merge interval gets, ns.
    var intervalNsMax: Int64 {
        (isElastic ? settings.mergeMsMax : settings.mergeMsMin) * 1_000_000
    }

    /// Whether clients ask for files, too, of which some are more than any socket holds. In a fifth
    /// of the runs, those not among them that once found something.
    var hasFiles: Bool { seed % 5 == 4 }

    /// The most time that may pass between two visits, if turns are that far apart, ns.
    func visitNsMax(gapNs: Int64) -> Int64 {
        let stepNs = settings.mergeMsMax * 1_000_000 / Int64(DeliverySettings.cohortCount)
        return Int64(DeliverySettings.cohortCount + 1) * max(stepNs, gapNs) + gapNs
    }

    /// Gives a client TLS, if it is to have it. Drawn by another hand, so that the seeds of before mean
    /// what they meant.
    ///
    /// - Returns: the server's keys; nil for a client without.
    func secure(_ client: FakeConnection) -> SessionKeys? {
        var plans = SeededRandom(seed: seed &* 43 &+ 13)
        let perCent = plans.pick([0, 40, 100])
        let keyUpdatePerCent = plans.pick([0, 30])
        var random = SeededRandom(seed: seed &* 47 &+ UInt64(client.id))
        guard random.chance(perCent) else { return nil }
        let suite = random.pick(CipherSuite.allCases)
        let version = random.pick([TLSVersion.tls12, .tls13, .tls13])
        // Some are near to where a key is spent.
        let spent = TLSLimits.recordCountMax
        let writeSequence = random.chance(15) ? spent - UInt64(random.below(30)) : nil
        let keys = FakeTLSClient.serverKeys(
            suite, version, number: UInt8(truncatingIfNeeded: client.id),
            writeSequence: writeSequence)
        let tls = FakeTLSClient(serverKeys: keys)
        tls.keyUpdatePerCent = keyUpdatePerCent
        tls.liePerCent = random.chance(5) ? 20 : 0
        client.tls = tls
        client.sealingRandom = SeededRandom(seed: random.next())
        return keys
    }

    /// A client of this run, who comes at that time.
    func makeClient(id: Int, atNs: Int64, random: inout SeededRandom) -> FakeConnection {
        let client = FakeConnection(id: id, host: random.pick(hosts))
        client.capacity = random.pick([1, 300, 4 << 10, 16 << 10, 64 << 10, 400 << 10])
        client.writableMin = max(1, client.capacity / random.pick([1, 3, 1_000]))
        client.bytesPerMs = Double(random.pick([0, 5, 30, 100, 300, 10_000, 10_000, 10_000]))
        if client.capacity == 1 { client.bytesPerMs = Double(random.pick([0, 10])) }
        client.shortPerCent = random.pick([0, 0, 10])
        client.stopPerCent = 60
        client.pollsLie = random.chance(4)
        for _ in 0..<random.below(3) {
            let start = atNs + Int64(random.below(2_000)) * 1_000_000
            client.pauses.append(start..<(start + Int64(random.below(1_500)) * 1_000_000))
        }
        if client.pauses.count == 2, client.pauses[0].overlaps(client.pauses[1]) {
            client.pauses.removeLast()
        }
        if random.chance(12) { client.leavesAtByte = random.below(random.pick([400, 30_000])) }
        if random.chance(12) {
            client.leavesAtNs = atNs + Int64(random.below(2_000)) * 1_000_000
        }
        if random.chance(socketPerCent) {
            client.pieces = socketPieces(fromNs: atNs, random: &random)
            return client
        }
        if hasFiles {
            // Drawn by another hand, so that the seeds of before mean what they meant.
            var wishes = SeededRandom(seed: seed &* 41 &+ UInt64(id))
            let asks = (0..<wishes.below(4)).map { _ in FilePlan.request(&wishes) }
            client.pieces = cut(Array(asks.joined().utf8), fromNs: atNs, random: &wishes)
        }
        let fromNs = client.pieces.last?.atNs ?? atNs
        client.pieces += cut(requests(&random), fromNs: fromNs, random: &random)
        return client
    }

    /// A WebSocket's request, and what its client says afterwards.
    private func socketPieces(
        fromNs: Int64, random: inout SeededRandom
    ) -> [(atNs: Int64, bytes: [UInt8])] {
        let show = random.chance(95) ? feeds[random.below(feeds.count)].name : "nobody"
        let token = random.pick(["p1", "p2", nil, "bad"].dropLast(random.chance(90) ? 1 : 0))
        let request = Array(SocketTalk.request(show, token: token).utf8)
        var pieces = cut(request, fromNs: fromNs, random: &random)
        var atNs = (pieces.last?.atNs ?? fromNs) + Int64(random.within(1...400)) * 1_000_000
        var bytes: [UInt8] = []
        for number in 0..<random.below(40) {
            switch random.below(200) {
            case 0: bytes += SocketTalk.frame(.close, [3, 0xE8])
            case 1: bytes += [UInt8(random.below(256)), UInt8(random.below(256)), 1, 2, 3, 4, 5, 6]
            case 2...60: bytes += SocketTalk.answer("q\(random.below(9))", number)
            case 61...90: bytes += SocketTalk.text(#"{"type":"ping","t":\#(number)}"#)
            case 91...110:
                bytes += SocketTalk.frame(.text, Array(#"{"type":"#.utf8), isFinal: false)
                bytes += SocketTalk.frame(.ping, [1])
                bytes += SocketTalk.frame(.continuation, Array(#""ping"}"#.utf8))
            case 111...120: bytes += SocketTalk.text("nonsense")
            case 121...130:
                bytes += SocketTalk.text(
                    #"{"type":"report","state":"playing","delayMs":\#(number * 100),"stalls":2}"#)
            default: bytes += SocketTalk.frame(.ping, [UInt8](repeating: 9, count: number))
            }
            guard random.chance(50) else { continue }
            pieces += cut(bytes, fromNs: atNs, random: &random)
            bytes = []
            atNs = max(atNs, pieces.last?.atNs ?? 0) + Int64(random.below(200)) * 1_000_000
        }
        return pieces
    }

    private func requests(_ random: inout SeededRandom) -> [UInt8] {
        let show = random.chance(90) ? feeds[random.below(feeds.count)].name : "nobody"
        let host =
            "Host: a\r\nUser-Agent: \(String(repeating: "x", count: random.below(90)))\r\n\r\n"
        let get = "GET /live/\(show).flv HTTP/1.1\r\n" + host
        let text =
            switch random.below(30) {
            case 0: "OPTIONS /live/\(show).flv HTTP/1.1\r\n" + host + get
            case 1: "GET /else HTTP/1.1\r\n" + host + get + get
            case 2: "HEAD /live/\(show).flv HTTP/1.1\r\n" + host
            case 3: "POST /live/\(show).flv HTTP/1.1\r\nContent-Length: 5\r\n" + host + "hello"
            case 4: String(repeating: "nonsense ", count: random.below(2_000))
            case 6: SocketTalk.post("answers", #"{"question":"q1","choice":1}"#) + get
            case 7: SocketTalk.post("answers", #"{"question":"q1","choice":1}"#)
            case 8: "GET /api/v1/state HTTP/1.1\r\n" + host + get
            case 9: SocketTalk.post("join", #"{"name":"n"}"#) + get
            case 5: String(get.prefix(random.below(get.count)))
            default: get
            }
        return Array(text.utf8)
    }

    private func cut(
        _ bytes: [UInt8], fromNs: Int64, random: inout SeededRandom
    ) -> [(atNs: Int64, bytes: [UInt8])] {
        var pieces: [(atNs: Int64, bytes: [UInt8])] = []
        var rest = bytes[...]
        var atNs = fromNs
        let sizeMax = random.pick([1 + bytes.count / 20, 200, 5_000])
        while !rest.isEmpty {
            let size = min(rest.count, 1 + random.below(sizeMax))
            pieces.append((atNs, Array(rest.prefix(size))))
            rest = rest.dropFirst(size)
            if random.chance(60) { atNs += Int64(random.below(20)) * 1_000_000 }
        }
        return pieces
    }
}
