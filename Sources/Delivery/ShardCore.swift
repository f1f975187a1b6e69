// A shard's work, one turn at a time; no thread, no clock and no kernel of its own.

import Broadcast
import HTTPWire
import IORing
import TLS
import WireBytes

/// The kinds of operations a shard has in the kernel.
enum Operation {
    static let accept: UInt8 = 1
    static let receive: UInt8 = 2
    /// What isn't the stream: answers and messages.
    static let send: UInt8 = 3
    /// The stream: blocks and tags.
    static let sendStream: UInt8 = 4
    static let sendStreamZeroCopy: UInt8 = 5
    static let poll: UInt8 = 6
    static let close: UInt8 = 7
    static let wake: UInt8 = 8
    /// A cancel that failed: there was nothing left to cancel.
    static let ignored: UInt8 = 9
    static let shutdown: UInt8 = 10
    static let expose: UInt8 = 11
}

/// The viewers of one shard and everything that is done for them.
struct ShardCore<Kernel: DeliveryRing & ~Copyable>: ~Copyable {
    var ring: Kernel
    let settings: DeliverySettings
    let programs: Programmes
    let addresses: Admission
    var peers = Peers()
    var knownTokens = KnownTokens()
    /// Whose the connections are that bring other people's requests, by their slots.
    var proxies: [Int: HostKey] = [:]
    /// What only staff look at, by slots; as long as the highest slot that was ever a viewer's.
    var notes: [ViewerNote] = []
    var agents = AgentTable()
    /// What the staff want.
    let orders: ShardOrders
    var table: ViewerTable
    var clock: MergeClock
    var heads: HeadBuffers
    var counters: ShardCounters

    var channels: Channels
    /// The version of the programmes that `channels` is of.
    var knownVersion = UInt64.max
    var rush = JoinRush()
    /// What connections are to get besides the timeline.
    var outbound: Outbound
    /// What goes right before closes; the kernel reads it at the next submit.
    var farewells: [[UInt8]] = []
    /// The connections of TLS, what seals and opens their records, and where.
    var sealed = SealedConnections()
    var scratch = SealingScratch()
    let sealer = RecordSealer()
    let opener = RecordOpener()
    var records: HeadBuffers
    /// Counts the rounds of sends that are confirmed together.
    var sendRound: UInt32 = 1
    let secureInbox: SecureInbox?
    /// Whether the kernel can seal.
    let kernelTLS: Bool
    /// The list that `outbound` gets in exchange for one of its own.
    var tokens: [Token] = []
    /// Receives made and requests taken.
    var inputThisTurn = 0
    /// Receives that wait for the next turn.
    var dueReceives: [Token] = []
    var acceptSlot = -1
    var acceptsThisTurn = 0
    var isStopping = false
    var nowMs: Int64 = 0
    /// Something is prepared that was not submitted yet.
    var hasPrepared = false
    var zeroCopy: ZeroCopy
    var lendingDueMs: Int64 = 0
    /// When a state may be hurried next.
    var hurryDueNs: Int64 = 0
    /// The cohorts that were visited since the last look at who has been asked, one bit each.
    var visitedCohorts: UInt16 = 0

    /// The game, if there is one.
    let audience: Audience?
    let inbox: ReplyInbox?
    var sessions = Sessions()
    /// Replies that the service owes.
    var replyCount = 0
    /// Viewers who are players.
    var playerCount = 0
    var sharedResponses = SharedResponses()
    /// What players report.
    var reports: ReportWindows
    /// When, and at whom, the next look is taken at how far players are behind.
    var lagDueNs: Int64 = 0
    var lagCohort = 0
    var handovers: [QuestionHandover] = []
    var nowNs: Int64 = 0
    var acceptRetryMs: Int64 = 0
    /// When memory that nobody uses is given back next, ms.
    private var trimDueMs: Int64 = 0
    /// What went wrong where nothing can be thrown.
    var failure: RingError?
    /// The wake-up read must be armed again; the shard's thread does it.
    var wantsWakeWatch = true

    init(
        ring: consuming Kernel, settings: DeliverySettings, programs: Programmes,
        addresses: Admission, audience: Audience? = nil, orders: ShardOrders = ShardOrders(),
        secureInbox: SecureInbox? = nil, kernelTLS: Bool = false
    ) {
        self.orders = orders
        self.ring = ring
        self.settings = settings
        self.programs = programs
        self.addresses = addresses
        self.audience = audience
        inbox = audience?.replies.makeInbox()
        self.secureInbox = secureInbox
        self.kernelTLS = kernelTLS && settings.mayUseKernelTLS
        records = HeadBuffers(
            count: min(settings.slotCountMax, settings.recordBufferCountMax),
            byteCountMax: DeliverySettings.recordBufferByteCount)
        let programCount = programs.limits.programmeCountMax
        let channelCount = Channel.count(programCount: programCount)
        table = ViewerTable(slotCount: settings.slotCountMax)
        clock = MergeClock(mergeMsMin: settings.mergeMsMin, mergeMsMax: settings.mergeMsMax)
        heads = HeadBuffers(
            count: min(settings.slotCountMax, settings.headBufferCountMax),
            byteCountMax: max(
                settings.http.headByteCountMax + settings.http.bodyByteCountMax
                    + DeliverySettings.receiveBufferByteCount,
                settings.webSocket.storageByteCount))
        zeroCopy = ZeroCopy(
            policy: settings.zeroCopy, isSupported: self.ring.supportsZeroCopy,
            channelCount: channelCount)
        outbound = Outbound(frameCountMax: settings.frameCountMax)
        counters = ShardCounters(programCount: programCount)
        reports = ReportWindows(programCount: programCount)
        channels = Channels(count: channelCount)
        counters.slotCount = settings.slotCountMax - DeliverySettings.refusalSlotCount
    }

    /// Connections that are not yet closed.
    var connectionCount: Int { table.slotCount - table.freeCount - (acceptSlot >= 0 ? 1 : 0) }

    // MARK: A turn

    /// Does everything that is due. The caller then sleeps until the next due time or until the
    /// kernel or another thread has something.
    mutating func turn(nowNs: Int64) throws(RingError) {
        self.nowNs = nowNs
        nowMs = nowNs / 1_000_000
        acceptsThisTurn = 0
        refreshPrograms()
        noticeCues()
        armAccept()
        takeSecure()
        armDueReceives()
        takeReplies()
        if orders.areWaiting { follow() }
        try flush()
        if nowMs >= lendingDueMs || isPressed { try tendLending() }
        if nowMs >= trimDueMs {
            trimDueMs = nowMs + DeliverySettings.trimIntervalMs
            outbound.trim()
            sessions.trim()
            sealed.trim()
        }
        tellReports()
        try visitDueCohorts(nowNs: nowNs)
        noticeCues()
        try hurryCues(nowNs: nowNs)
        counters.enterCount = ring.enterCount
        counters.connectionCount = connectionCount
        counters.mergeMs = Double(clock.intervalNs) / 1_000_000
        counters.busyShare = clock.busyShare
        assert(violation == nil, violation ?? "")
    }

    /// What is wrong with any slot after a turn; nil if all is well. Looked at in debug builds.
    private var violation: String? {
        for slot in 0..<table.usedEnd {
            if let text = table[slot].violation { return "slot \(slot): \(text)" }
            guard table[slot].state == .streaming || table[slot].state == .starting else {
                continue
            }
            guard let view = channels[Int(table[slot].channel)].view else {
                return "slot \(slot) watches nothing"
            }
            if table[slot].cursor > view.head { return "slot \(slot) is ahead of the programme" }
        }
        return nil
    }

    /// When the next turn is due at the latest, ns.
    func dueNs(nowNs: Int64) -> Int64 {
        if !dueReceives.isEmpty || !outbound.due.isEmpty { return nowNs }
        let canAccept = acceptSlot < 0 && table.freeCount > 0 && !isStopping
        if canAccept && acceptRetryMs <= nowMs { return nowNs }
        let housekeepingNs = nowNs + (canAccept ? 10_000_000 : 50_000_000)
        if clock.sendsAtOnce || connectionCount == 0 { return housekeepingNs }
        return min(clock.nextDueNs, housekeepingNs)
    }

    /// Ends everything: no more connections, what is due goes out, everyone gets an orderly end.
    mutating func stop() throws(RingError) {
        isStopping = true
        dropSecure()
        if acceptSlot >= 0 {
            prepare()
            ring.cancel(token(Operation.accept, acceptSlot), token: ignoredToken)
        }
        for cohort in 0..<DeliverySettings.cohortCount { try visit(cohort: cohort) }
        takeReplies()
        try flush()
        // After the last bytes, so that a viewer's stream ends with a whole tag.
        for slot in 0..<table.usedEnd {
            if ring.entriesLeft < DeliverySettings.entriesPerEvent { try flush() }
            end(slot, .ended)
        }
        try flush()
    }

    /// Whether nothing is left of a stopped shard.
    var isStopped: Bool { isStopping && table.freeCount == table.slotCount }

    /// Submits what is prepared and handles what comes of it, until nothing does.
    ///
    /// Afterwards every send so far is confirmed: a viewer's cursor is where its socket is.
    mutating func flush() throws(RingError) {
        repeat {
            repeat {
                try submit()
                while let completion = ring.nextCompletion() { handle(completion) }
            } while hasPrepared
            sendRound &+= 1
            confirmOffers()
            offerDue()
        } while hasPrepared
        farewells.removeAll(keepingCapacity: true)
        outbound.releaseRetired()
        endOverrun()
        if let failure { throw failure }
    }

    /// Makes sure that one event's entries fit.
    mutating func makeRoom() {
        while ring.entriesLeft < DeliverySettings.entriesPerEvent, failure == nil {
            do throws(RingError) { try submit() } catch { failure = error }
            // What completes by it is yet to be handled, even if nothing else is prepared: until
            // then nothing of it is confirmed.
            hasPrepared = true
        }
    }

    mutating func submit() throws(RingError) {
        try ring.submit()
        // Short of memory the kernel takes a part only: the rest has to go before anything that
        // depends on it.
        hasPrepared = ring.entriesPending > 0
        if !hasPrepared { scratch.reset() }
    }

    /// Whether something is prepared, or is to be offered.
    var needsFlush: Bool { hasPrepared || !outbound.due.isEmpty }

    /// Notes that an entry is about to be prepared.
    mutating func prepare() { hasPrepared = true }

    // MARK: Completions

    private mutating func handle(_ completion: Completion) {
        makeRoom()
        let operation = completion.token.operation
        if operation == Operation.wake {
            wantsWakeWatch = true
            return
        }
        if operation == Operation.ignored { return }
        if operation == Operation.sendStreamZeroCopy {
            zeroCopyCompleted(completion)
            return
        }
        let slot = completion.token.slot
        let isOfNow = table[slot].generation & 0xFF_FFFF == completion.token.generation
        if operation == Operation.expose {
            exposed(completion, isOfNow: isOfNow)
            return
        }
        guard isOfNow else {
            if let id = completion.bufferId { ring.giveBack(id) }
            if operation == Operation.shutdown { closeAfterShutdown(slot) }
            countLate(completion, of: slot)
            return
        }
        switch operation {
        case Operation.accept: accepted(slot, completion.result)
        case Operation.receive: received(slot, completion)
        case Operation.send, Operation.sendStream: advance(slot, completion.result)
        case Operation.poll: becameWritable(slot)
        case Operation.close: closed(slot)
        case Operation.shutdown: table[slot].flags.remove(.shuttingDown)
        default: preconditionFailure("a completion of no operation of ours")
        }
    }

    func token(_ operation: UInt8, _ slot: Int) -> Token {
        Token(operation: operation, generation: table[slot].generation, slot: slot)
    }

    var ignoredToken: Token { Token(operation: Operation.ignored, generation: 0, slot: 0) }
}
