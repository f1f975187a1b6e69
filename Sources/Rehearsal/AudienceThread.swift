// The simulated audience of one ring, on a thread of its own: who comes, and who goes.

import Glibc
import IORing
import Synchronization
import WireBytes

/// What the thread and its owner share.
final class AudienceShared: Sendable {
    let tally = Mutex(RehearsalTally())
    /// How many viewers there should be now.
    let wanted = Atomic<Int>(0)
    /// How many leave, and come anew, since the start.
    let churned = Atomic<Int>(0)
    let stopRequested = Atomic<Bool>(false)
    let failure = Mutex<RingError?>(nil)
    let quiz: QuizShared

    init(quiz: QuizShared) { self.quiz = quiz }
}

/// Viewers on a ring.
struct AudienceThread: ~Copyable {
    var ring: Ring
    let pool: BufferPool
    let plan: RehearsalPlan
    let shared: AudienceShared
    let peer: PeerAddressBuffer
    let request: [UInt8]
    /// Tells the sources of one ring from those of the others.
    let index: Int

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

    /// What belongs to a quiz; all of it is empty where nobody plays.
    let quiz: QuizPlan?
    var players: [Player] = []
    var book: QuestionBook
    var due = DueQueue()
    var sideRequests: SideRequestTable
    var output: OutputBuffer
    var quizTally = QuizTally()
    /// Players who have got their token, and want their stream.
    var admitted: [Int] = []

    var nowMs: Int64 { nowNs / 1_000_000 }

    enum Operation {
        static let connect: UInt8 = 1
        static let send: UInt8 = 2
        static let head: UInt8 = 3
        static let read: UInt8 = 4
        static let discard: UInt8 = 5
        static let close: UInt8 = 6
        static let ignored: UInt8 = 7
        /// A send that completes only if it fails.
        static let quietSend: UInt8 = 8
    }

    /// How often the audience is looked over, ns.
    private static let tickNs: Int64 = 10_000_000
    /// Connects begun in a tick at most, so that reading isn't held up by joining.
    private static let connectsPerTick = 400
    /// Entries that handling one completion, or starting or ending one viewer, may need.
    private static let entriesPerEvent = 8

    init(index: Int, plan: RehearsalPlan, shared: AudienceShared) throws(RingError) {
        let ring = try Ring(
            entries: 1_024, completions: 32_768, slots: plan.connectionsPerRing)
        let pool = try BufferPool(ring: ring, group: 0, count: 1_024, bufferByteCount: 16 << 10)
        self.ring = ring
        self.pool = pool
        self.index = index
        self.plan = plan
        self.shared = shared
        peer = PeerAddressBuffer(plan.address)
        request = plan.request
        // A player keeps its slot, so there are no more slots than players.
        let slotCount =
            plan.quiz == nil ? plan.viewersPerRing : plan.share(of: plan.viewerCount, index)
        members = Array(repeating: AudienceMember(), count: slotCount)
        freeSlots = Array((0..<slotCount).reversed())
        quiz = plan.quiz
        book = QuestionBook(slotCount: slotCount)
        sideRequests = SideRequestTable(firstSlot: slotCount, count: plan.sideConnectionsPerRing)
        output = OutputBuffer(byteCount: QuizLimits.outputByteCount)
        if let quiz = plan.quiz { players = Self.players(slotCount, quiz) }
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
                if quiz != nil { try playOn() }
                if nowMs >= sweepMs {
                    sweepMs = nowMs + 100
                    try sweep()
                    publish()
                }
            }
            try flush(waitingAtMostNs: tickNs - MonotonicClock.nowNs())
        }
        nowNs = MonotonicClock.nowNs()
        try sweep()
        tally.unansweredCount = members.count { member in
            [.joining, .connecting, .asking].contains(member.state)
                && nowMs - member.startedNs / 1_000_000 > RehearsalPlan.stallMs
        }
        countUnreceipted()
        publish()
    }

    private func publish() {
        var tally = tally
        if quiz != nil { tally.quiz = quizTally }
        shared.tally.withLock { $0 = tally }
    }

    /// Hands over what is prepared and handles what comes of it.
    ///
    /// Short of memory the kernel takes a part only: the rest has to go before anything that
    /// depends on it.
    private mutating func flush(waitingAtMostNs: Int64 = 0) throws(RingError) {
        try ring.submit(waitingAtMostNs: waitingAtMostNs)
        var isPending = ring.entriesPending > 0
        if !isPending { output.reset() }
        try drain()
        while isPending {
            try ring.submit()
            isPending = ring.entriesPending > 0
            if !isPending { output.reset() }
            try drain()
        }
    }

    private mutating func drain() throws(RingError) {
        nowNs = MonotonicClock.nowNs()
        var count = 0
        while let completion = ring.nextCompletion() {
            while isFull {
                try ring.submit()
                if ring.entriesPending == 0 { output.reset() }
            }
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

    /// Whether one event more might find no entry, or no memory for what it sends.
    private var isFull: Bool {
        ring.entriesLeft < AudienceThread.entriesPerEvent || !output.hasRoom
    }

    mutating func makeRoom() throws(RingError) {
        while isFull { try flush() }
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
        var member = AudienceMember()
        let former = members[slot]
        member.generation = former.generation &+ 1
        member.kind = former.isPlayer ? former.kind : kind(number: tally.startedCount)
        member.isPlayer = quiz != nil && (member.kind == .plain || member.kind == .verified)
        member.startedNs = nowNs
        members[slot] = member
        presentCount += 1
        tally.startedCount += 1
        guard !member.isPlayer || hasToken(slot) else { return }
        try openStream(slot)
    }

    mutating func openStream(_ slot: Int) throws(RingError) {
        try install(slot)
        members[slot].state = .connecting
        members[slot].startedNs = nowNs
        ring.connect(slot: slot, to: peer, token: token(Operation.connect, slot))
    }

    /// Puts a new socket into a slot of the ring.
    mutating func install(_ slot: Int) throws(RingError) {
        let socket = try ClientSocket(
            source: source(), isIPv6: plan.address.address.isV6)
        try ring.install(descriptor: socket.descriptor, into: slot)
    }

    /// A loopback target is asked from many loopback addresses: one has too few ports.
    private mutating func source() -> IPAddress? {
        guard plan.address.isLoopback, !plan.address.address.isV6 else { return nil }
        defer { sourceCount += 1 }
        let number = sourceCount / RehearsalPlan.viewersPerSource % 50_000
        let host = [127, 10 + index % 200, number / 250, number % 250 + 1]
        return .v4(host.reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// Spreads the shares evenly over those who come.
    private func kind(number: Int) -> MemberKind {
        if Self.isDue(plan.verifiedShare, number) || plan.verifiedShare > 0 && number == 0 {
            return .verified
        }
        if Self.isDue(plan.stuckShare, number, offset: 0.5) { return .stuck }
        if Self.isDue(plan.slowShare, number, offset: 0.25) { return .slow }
        return .plain
    }

    /// Whether it is the turn of one of a share.
    static func isDue(_ share: Double, _ number: Int, offset: Double = 0) -> Bool {
        let position = Double(number) + offset
        return Int(position * share) != Int((position + 1) * share)
    }

    func token(_ operation: UInt8, _ slot: Int) -> Token {
        Token(operation: operation, generation: members[slot].generation, slot: slot)
    }

    // MARK: Going

    /// - Parameters:
    ///   - cause: what went wrong, where it isn't told by the answer's status.
    ///   - result: of the operation that did.
    mutating func refused(_ slot: Int, _ cause: String? = nil, _ result: Int32 = 0) {
        guard members[slot].state != .closing else { return }
        tally.refusedCount += 1
        if let cause, tally.refusalCause == nil {
            tally.refusalCause = result < 0 ? "\(cause): errno \(-result)" : cause
        }
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
        if members[slot].isPlayer { loseStream(slot) }
        members[slot].verifier = -1
        members[slot].state = .closing
        members[slot].generation &+= 1
        presentCount -= 1
        ring.close(slot: slot, token: token(Operation.close, slot))
    }

    /// The slot can be taken again.
    mutating func free(_ slot: Int) {
        members[slot].state = .free
        freeSlots.append(slot)
    }

    /// Looks for those who wait too long, and lets the slow read on.
    private mutating func sweep() throws(RingError) {
        for slot in members.indices {
            // Before the look at the state, which it may change.
            try makeRoom()
            switch members[slot].state {
            case .free, .closing, .stuck: continue
            case .away:
                if nowMs >= members[slot].restsUntilMs { free(slot) }
            case .joining, .connecting, .asking:
                let waitedMs = nowMs - members[slot].startedNs / 1_000_000
                if waitedMs > RehearsalPlan.startMsMax { refused(slot, "no answer") }
            case .watching:
                noteStall(slot)
                if members[slot].isPlayer { noteOverdue(slot) }
            case .resting:
                guard nowMs >= members[slot].restsUntilMs else { continue }
                members[slot].state = .watching
                readOn(slot)
            }
        }
        if quiz != nil { try sweepSideRequests() }
    }
}
