// The simulated audience of one ring, on a thread of its own.

import Glibc
import HTTPWire
import IORing
import Synchronization

/// What the thread and its owner share.
final class AudienceShared: Sendable {
    let tally = Mutex(RehearsalTally())
    /// How many viewers there should be now.
    let wanted = Atomic<Int>(0)
    /// How many leave, and come anew, since the start.
    let churned = Atomic<Int>(0)
    let stopRequested = Atomic<Bool>(false)
    let failure = Mutex<RingError?>(nil)
}

/// Viewers on a ring.
struct AudienceThread: ~Copyable {
    private var ring: Ring
    private let pool: BufferPool
    private let plan: RehearsalPlan
    private let shared: AudienceShared
    private let peer: PeerAddressBuffer
    private let request: [UInt8]
    /// Tells the sources of one ring from those of the others.
    private let index: Int

    private var members: [AudienceMember]
    private var freeSlots: [Int]
    private var heads: [Int: [UInt8]] = [:]
    private var verifiers: [TagVerifier?] = []
    private var freeVerifiers: [Int32] = []
    private var reference = TagReference()
    private var tally = RehearsalTally()
    private var presentCount = 0
    private var churnedCount = 0
    private var sourceCount = 0
    private var oldestSlot = 0
    private var nowNs: Int64 = 0

    private var nowMs: Int64 { nowNs / 1_000_000 }

    private enum Operation {
        static let connect: UInt8 = 1
        static let send: UInt8 = 2
        static let head: UInt8 = 3
        static let read: UInt8 = 4
        static let discard: UInt8 = 5
        static let close: UInt8 = 6
        static let ignored: UInt8 = 7
    }

    /// Bytes that one discarding receive takes at most.
    private static let discardByteCount = 4 << 20
    /// How often the audience is looked over, ns.
    private static let tickNs: Int64 = 10_000_000
    /// Connects begun in a tick at most, so that reading isn't held up by joining.
    private static let connectsPerTick = 400

    init(index: Int, plan: RehearsalPlan, shared: AudienceShared) throws(RingError) {
        let slotCount = plan.connectionsPerRing
        let ring = try Ring(entries: 1_024, completions: 32_768, slots: slotCount)
        let pool = try BufferPool(ring: ring, group: 0, count: 1_024, bufferByteCount: 16 << 10)
        self.ring = ring
        self.pool = pool
        self.index = index
        self.plan = plan
        self.shared = shared
        peer = PeerAddressBuffer(plan.address)
        request = plan.request
        members = Array(repeating: AudienceMember(), count: slotCount)
        freeSlots = Array((0..<slotCount).reversed())
    }

    // MARK: The thread

    mutating func run() throws(RingError) {
        var tickNs: Int64 = 0
        var sweepMs: Int64 = 0
        while !shared.stopRequested.load(ordering: .acquiring) {
            nowNs = MonotonicClock.nowNs()
            if nowNs >= tickNs {
                tickNs = nowNs + AudienceThread.tickNs
                try adjustSize()
                if nowMs >= sweepMs {
                    sweepMs = nowMs + 100
                    try sweep()
                    let tally = tally
                    shared.tally.withLock { $0 = tally }
                }
            }
            try ring.submit(waitingAtMostNs: tickNs - MonotonicClock.nowNs())
            try drain()
        }
        nowNs = MonotonicClock.nowNs()
        try sweep()
        let tally = tally
        shared.tally.withLock { $0 = tally }
    }

    private mutating func drain() throws(RingError) {
        nowNs = MonotonicClock.nowNs()
        var count = 0
        while let completion = ring.nextCompletion() {
            if ring.entriesLeft < 8 { try ring.submit() }
            handle(completion)
            count += 1
            if count & 255 == 0 { nowNs = MonotonicClock.nowNs() }
        }
    }

    /// Lets viewers come or go until there are as many as there should be.
    private mutating func adjustSize() throws(RingError) {
        let churned = shared.churned.load(ordering: .relaxed)
        while churnedCount < churned {
            churnedCount += 1
            try makeRoom()
            leaveOldest()
        }
        let wanted = shared.wanted.load(ordering: .relaxed)
        var begun = 0
        while presentCount < wanted, begun < AudienceThread.connectsPerTick,
            let slot = freeSlots.popLast()
        {
            try makeRoom()
            try connect(slot)
            begun += 1
        }
    }

    private mutating func makeRoom() throws(RingError) {
        guard ring.entriesLeft < 8 else { return }
        try ring.submit()
        try drain()
    }

    private mutating func leaveOldest() {
        for _ in members.indices {
            oldestSlot = (oldestSlot + 1) % members.count
            if members[oldestSlot].state == .watching, members[oldestSlot].kind != .stuck {
                tally.leftCount += 1
                close(oldestSlot)
                return
            }
        }
    }

    // MARK: Coming

    private mutating func connect(_ slot: Int) throws(RingError) {
        let socket = try ClientSocket(
            source: source(), isIPv6: plan.address.host.contains(":"))
        try ring.install(descriptor: socket.descriptor, into: slot)
        var member = AudienceMember()
        member.generation = members[slot].generation &+ 1
        member.state = .connecting
        member.kind = kind(number: tally.startedCount)
        member.startedNs = nowNs
        members[slot] = member
        presentCount += 1
        tally.startedCount += 1
        ring.connect(slot: slot, to: peer, token: token(Operation.connect, slot))
    }

    /// A loopback target is asked from many loopback addresses: one has too few ports.
    private mutating func source() -> SocketAddress? {
        guard plan.address.isLoopback, !plan.address.host.contains(":") else { return nil }
        defer { sourceCount += 1 }
        let number = sourceCount / RehearsalPlan.viewersPerSource % 50_000
        let host = "127.\(10 + index % 200).\(number / 250).\(number % 250 + 1)"
        return SocketAddress(host: host, port: 0)
    }

    /// Spreads the shares evenly over those who come.
    private func kind(number: Int) -> MemberKind {
        func isDue(_ share: Double, offset: Double) -> Bool {
            let position = Double(number) + offset
            return Int(position * share) != Int((position + 1) * share)
        }
        if isDue(plan.verifiedShare, offset: 0) || plan.verifiedShare > 0 && number == 0 {
            return .verified
        }
        if isDue(plan.stuckShare, offset: 0.5) { return .stuck }
        if isDue(plan.slowShare, offset: 0.25) { return .slow }
        return .plain
    }

    private func token(_ operation: UInt8, _ slot: Int) -> Token {
        Token(operation: operation, generation: members[slot].generation, slot: slot)
    }

    // MARK: Completions

    private mutating func handle(_ completion: Completion) {
        let slot = completion.token.slot
        defer { if let id = completion.bufferId { pool.giveBack(id) } }
        guard completion.token.operation != Operation.ignored,
            members[slot].generation & 0xFF_FFFF == completion.token.generation
        else { return }
        switch completion.token.operation {
        case Operation.connect: connected(slot, completion.result)
        case Operation.send:
            if Int(completion.result) != request.count { refused(slot) }
        case Operation.head: headReceived(slot, completion)
        case Operation.read: received(slot, completion)
        case Operation.discard: discarded(slot, completion.result)
        case Operation.close:
            members[slot].state = .free
            freeSlots.append(slot)
        default: break
        }
    }

    private mutating func connected(_ slot: Int, _ result: Int32) {
        guard result == 0 else {
            refused(slot)
            return
        }
        members[slot].state = .asking
        unsafe request.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe ring.send(
                slot: slot, from: base, byteCount: bytes.count,
                token: token(Operation.send, slot))
        }
        receive(slot, Operation.head)
    }

    private mutating func receive(_ slot: Int, _ operation: UInt8) {
        ring.receive(slot: slot, pool: pool.group, token: token(operation, slot))
    }

    private mutating func headReceived(_ slot: Int, _ completion: Completion) {
        if completion.result == -ENOBUFS {
            // All buffers are in use by completions before this one.
            receive(slot, Operation.head)
            return
        }
        guard completion.result > 0, let id = completion.bufferId else {
            refused(slot)
            return
        }
        let bytes = unsafe pool.bytes(of: id, count: Int(completion.result))
        var all = heads.removeValue(forKey: slot) ?? []
        unsafe all.append(contentsOf: bytes)
        var scanned = 0
        let head: HTTPResponseHead?
        do {
            head = try unsafe HTTPResponseHead.parse(all.span.bytes, scanned: &scanned)
        } catch {
            refused(slot)
            return
        }
        guard let head else {
            guard all.count < RehearsalPlan.headByteCountMax else {
                refused(slot)
                return
            }
            heads[slot] = all
            receive(slot, Operation.head)
            return
        }
        guard head.statusCode == 200 else {
            tally.refusalStatus = head.statusCode
            refused(slot)
            return
        }
        joined(slot, head, Array(all[head.headByteCount...]))
    }

    private mutating func joined(_ slot: Int, _ head: HTTPResponseHead, _ body: [UInt8]) {
        members[slot].state = .watching
        tally.joinedCount += 1
        tally.watchingCount += 1
        if members[slot].kind == .verified {
            let isChunked = head.bodyFraming(answering: .get) == .chunked
            let verifier = freeVerifiers.popLast() ?? Int32(verifiers.count)
            if Int(verifier) == verifiers.count { verifiers.append(nil) }
            verifiers[Int(verifier)] = TagVerifier(isChunked: isChunked)
            members[slot].verifier = verifier
        }
        if !body.isEmpty {
            heard(slot, body.count)
            guard unsafe verify(slot, body.span.bytes) else { return }
        }
        readOn(slot)
    }

    private mutating func readOn(_ slot: Int) {
        switch members[slot].kind {
        case .verified:
            receive(slot, Operation.read)
        case .plain:
            ring.discard(
                slot: slot, byteCount: AudienceThread.discardByteCount,
                token: token(Operation.discard, slot))
        case .slow:
            if members[slot].restsUntilMs > nowMs {
                members[slot].state = .resting
            } else {
                ring.discard(
                    slot: slot, byteCount: RehearsalPlan.slowByteCount,
                    token: token(Operation.discard, slot))
                members[slot].restsUntilMs = nowMs + RehearsalPlan.slowRestMs
            }
        case .stuck:
            members[slot].state = .stuck
        }
    }

    private mutating func received(_ slot: Int, _ completion: Completion) {
        if completion.result == -ENOBUFS {
            receive(slot, Operation.read)
            return
        }
        guard completion.result > 0, let id = completion.bufferId else {
            ended(slot)
            return
        }
        heard(slot, Int(completion.result))
        let bytes = unsafe pool.bytes(of: id, count: Int(completion.result))
        guard unsafe verify(slot, bytes.bytes) else { return }
        readOn(slot)
    }

    private mutating func discarded(_ slot: Int, _ result: Int32) {
        guard result > 0 else {
            ended(slot)
            return
        }
        heard(slot, Int(result))
        readOn(slot)
    }

    /// False if the stream is wrong, and the viewer gone.
    private mutating func verify(_ slot: Int, _ bytes: RawSpan) -> Bool {
        let index = Int(members[slot].verifier)
        guard index >= 0, var verifier = verifiers[index] else { return true }
        verifiers[index] = nil
        do {
            try verifier.receive(
                bytes, atUs: MonotonicClock.nowNs() / 1_000, reference: &reference,
                tally: &tally)
            verifiers[index] = verifier
            return true
        } catch {
            verifiers[index] = verifier
            tally.wrongCount += 1
            tally.wrongReason = tally.wrongReason ?? error.description
            close(slot)
            return false
        }
    }

    private mutating func heard(_ slot: Int, _ byteCount: Int) {
        tally.byteCount += UInt64(byteCount)
        if members[slot].heardMs == 0 {
            tally.startUp.record(us: (nowNs - members[slot].startedNs) / 1_000)
        }
        noteStall(slot)
        members[slot].heardMs = nowMs
    }

    private mutating func noteStall(_ slot: Int) {
        let member = members[slot]
        guard member.heardMs > 0, !member.hasStalled,
            member.kind == .plain || member.kind == .verified,
            nowMs - member.heardMs > RehearsalPlan.stallMs
        else { return }
        members[slot].hasStalled = true
        tally.stalledCount += 1
    }

    // MARK: Going

    private mutating func refused(_ slot: Int) {
        guard members[slot].state != .closing else { return }
        tally.refusedCount += 1
        close(slot)
    }

    /// The server ended the stream.
    private mutating func ended(_ slot: Int) {
        switch members[slot].kind {
        case .plain, .verified: tally.lostCount += 1
        case .slow, .stuck: tally.droppedCount += 1
        }
        close(slot)
    }

    private mutating func close(_ slot: Int) {
        guard members[slot].state != .closing, members[slot].state != .free else { return }
        switch members[slot].state {
        case .watching, .resting, .stuck: tally.watchingCount -= 1
        default: break
        }
        let ignored = Token(operation: Operation.ignored, generation: 0, slot: 0)
        for operation in [Operation.head, Operation.read, Operation.discard] {
            ring.cancel(token(operation, slot), token: ignored)
        }
        heads[slot] = nil
        let verifier = members[slot].verifier
        if verifier >= 0 {
            verifiers[Int(verifier)]?.end(&reference)
            verifiers[Int(verifier)] = nil
            freeVerifiers.append(verifier)
        }
        members[slot].verifier = -1
        members[slot].state = .closing
        members[slot].generation &+= 1
        presentCount -= 1
        ring.close(slot: slot, token: token(Operation.close, slot))
    }

    /// Looks for those who wait too long, and lets the slow read on.
    private mutating func sweep() throws(RingError) {
        for slot in members.indices {
            switch members[slot].state {
            case .free, .closing, .stuck: continue
            case .connecting, .asking:
                let waitedMs = nowMs - members[slot].startedNs / 1_000_000
                if waitedMs > RehearsalPlan.startMsMax {
                    try makeRoom()
                    refused(slot)
                }
            case .watching:
                noteStall(slot)
            case .resting:
                guard nowMs >= members[slot].restsUntilMs else { continue }
                try makeRoom()
                members[slot].state = .watching
                readOn(slot)
            }
        }
    }
}
