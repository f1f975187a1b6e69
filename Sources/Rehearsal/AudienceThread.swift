// The simulated audience of one ring, on a thread of its own: who comes, and who goes.

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
    var ring: Ring
    let pool: BufferPool
    private let plan: RehearsalPlan
    private let shared: AudienceShared
    private let peer: PeerAddressBuffer
    let request: [UInt8]
    /// Tells the sources of one ring from those of the others.
    private let index: Int

    var members: [AudienceMember]
    var freeSlots: [Int]
    var heads: [Int: [UInt8]] = [:]
    var verifiers: [TagVerifier?] = []
    var freeVerifiers: [Int32] = []
    var reference = TagReference()
    var tally = RehearsalTally()
    private var presentCount = 0
    private var churnedCount = 0
    private var sourceCount = 0
    private var oldestSlot = 0
    var nowNs: Int64 = 0

    var nowMs: Int64 { nowNs / 1_000_000 }

    enum Operation {
        static let connect: UInt8 = 1
        static let send: UInt8 = 2
        static let head: UInt8 = 3
        static let read: UInt8 = 4
        static let discard: UInt8 = 5
        static let close: UInt8 = 6
        static let ignored: UInt8 = 7
    }

    /// How often the audience is looked over, ns.
    private static let tickNs: Int64 = 10_000_000
    /// Connects begun in a tick at most, so that reading isn't held up by joining.
    private static let connectsPerTick = 400
    /// Entries that handling one completion, or starting or ending one viewer, may need.
    private static let entriesPerEvent = 8

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
            try flush(waitingAtMostNs: tickNs - MonotonicClock.nowNs())
        }
        nowNs = MonotonicClock.nowNs()
        try sweep()
        tally.unansweredCount = members.count { member in
            (member.state == .connecting || member.state == .asking)
                && nowMs - member.startedNs / 1_000_000 > RehearsalPlan.stallMs
        }
        let tally = tally
        shared.tally.withLock { $0 = tally }
    }

    /// Hands over what is prepared and handles what comes of it.
    ///
    /// Short of memory the kernel takes a part only: the rest has to go before anything that
    /// depends on it.
    private mutating func flush(waitingAtMostNs: Int64 = 0) throws(RingError) {
        try ring.submit(waitingAtMostNs: waitingAtMostNs)
        var isPending = ring.entriesPending > 0
        try drain()
        while isPending {
            try ring.submit()
            isPending = ring.entriesPending > 0
            try drain()
        }
    }

    private mutating func drain() throws(RingError) {
        nowNs = MonotonicClock.nowNs()
        var count = 0
        while let completion = ring.nextCompletion() {
            while ring.entriesLeft < AudienceThread.entriesPerEvent { try ring.submit() }
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
        while ring.entriesLeft < AudienceThread.entriesPerEvent { try flush() }
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

    func token(_ operation: UInt8, _ slot: Int) -> Token {
        Token(operation: operation, generation: members[slot].generation, slot: slot)
    }

    // MARK: Going

    mutating func refused(_ slot: Int) {
        guard members[slot].state != .closing else { return }
        tally.refusedCount += 1
        close(slot)
    }

    /// The server ended the stream.
    mutating func ended(_ slot: Int) {
        switch members[slot].kind {
        case .plain, .verified: tally.lostCount += 1
        case .slow, .stuck: tally.droppedCount += 1
        }
        close(slot)
    }

    mutating func close(_ slot: Int) {
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
            // Before the look at the state, which it may change.
            try makeRoom()
            switch members[slot].state {
            case .free, .closing, .stuck: continue
            case .connecting, .asking:
                let waitedMs = nowMs - members[slot].startedNs / 1_000_000
                if waitedMs > RehearsalPlan.startMsMax { refused(slot) }
            case .watching:
                noteStall(slot)
            case .resting:
                guard nowMs >= members[slot].restsUntilMs else { continue }
                members[slot].state = .watching
                readOn(slot)
            }
        }
    }
}
