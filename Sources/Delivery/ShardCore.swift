// A shard's work, one turn at a time; no thread, no clock and no kernel of its own.

import Broadcast
import HTTPWire
import IORing

/// The kinds of operations a shard has in the kernel.
enum Operation {
    static let accept: UInt8 = 1
    static let receive: UInt8 = 2
    static let sendBlock: UInt8 = 3
    static let sendTags: UInt8 = 4
    static let sendAnswer: UInt8 = 5
    static let poll: UInt8 = 6
    static let close: UInt8 = 7
    static let wake: UInt8 = 8
    /// A cancel or shutdown that failed: there was nothing left to cancel.
    static let ignored: UInt8 = 9
    static let sendTagsZeroCopy: UInt8 = 10
}

/// The viewers of one shard and everything that is done for them.
struct ShardCore<Kernel: DeliveryRing & ~Copyable>: ~Copyable {
    var ring: Kernel
    let settings: DeliverySettings
    let programs: Programs
    let addresses: AddressBook
    var table: ViewerTable
    var clock: MergeClock
    var blocks = StartBlocks()
    var heads: HeadBuffers
    var counters: ShardCounters

    /// The programmes this shard knows, by slot: what keeps `views` valid.
    var known: [Program?]
    var knownVersion = UInt64.max
    let views: ProgramViews
    /// Where who joins a known programme begins, as of this turn.
    var starts: [StartPoint?]
    private var startVersions: [UInt64]
    var rush = JoinRush()
    /// Per phase and programme: up to where its viewers were sent to.
    var visitedHeads: [UInt64]

    /// Answers whose bytes the kernel reads at the next submit.
    var answers: [[UInt8]] = []
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
    /// Per programme: where the oldest bytes lie that were sent since the last look at the ends of
    /// its timeline.
    var oldestSent: [UInt64]
    var zeroCopy: ZeroCopy
    /// Per programme: this shard's floor in its timeline, and what it was set to.
    var floors: [TimelineFloor?]
    var floorPositions: [UInt64]
    /// Per programme: whether its timeline is registered with the ring; nil before it was tried.
    var isRegistered: [Bool?]
    var lendingDueMs: Int64 = 0
    var cueWatches: [CueWatch]
    /// When a state may be hurried next.
    var hurryDueNs: Int64 = 0
    var acceptRetryMs: Int64 = 0
    /// What went wrong where nothing can be thrown.
    private var failure: RingError?
    /// The wake-up read must be armed again; the shard's thread does it.
    var wantsWakeWatch = true

    init(
        ring: consuming Kernel, settings: DeliverySettings, programs: Programs,
        addresses: AddressBook
    ) {
        self.ring = ring
        self.settings = settings
        self.programs = programs
        self.addresses = addresses
        let programCount = programs.limits.programCountMax
        table = ViewerTable(slotCount: settings.slotCountMax)
        clock = MergeClock(mergeMsMin: settings.mergeMsMin, mergeMsMax: settings.mergeMsMax)
        heads = HeadBuffers(
            count: min(settings.slotCountMax, DeliverySettings.headBufferCountMax),
            byteCountMax: settings.http.headByteCountMax
                + DeliverySettings.receiveBufferByteCount)
        zeroCopy = ZeroCopy(
            policy: settings.zeroCopy, isSupported: self.ring.supportsZeroCopy,
            programCount: programCount)
        floors = Array(repeating: nil, count: programCount)
        floorPositions = Array(repeating: TimelineFloor.none, count: programCount)
        isRegistered = Array(repeating: nil, count: programCount)
        cueWatches = Array(repeating: CueWatch(), count: programCount)
        counters = ShardCounters(programCount: programCount)
        known = Array(repeating: nil, count: programCount)
        views = ProgramViews(count: programCount)
        starts = Array(repeating: nil, count: programCount)
        startVersions = Array(repeating: .max, count: programCount)
        oldestSent = Array(repeating: .max, count: programCount)
        visitedHeads = Array(repeating: 0, count: DeliverySettings.phaseCount * programCount)
        counters.slotCount = settings.slotCountMax - DeliverySettings.refusalSlotCount
    }

    /// Connections that are not yet closed.
    var connectionCount: Int { table.slotCount - table.freeCount - (acceptSlot >= 0 ? 1 : 0) }

    // MARK: A turn

    /// Does everything that is due. The caller then sleeps until the next due time or until the
    /// kernel or another thread has something.
    mutating func turn(nowNs: Int64) throws(RingError) {
        nowMs = nowNs / 1_000_000
        acceptsThisTurn = 0
        refreshPrograms()
        noticeCues()
        armAccept()
        armDueReceives()
        if nowMs >= lendingDueMs || isPressed { tendLending() }
        try flush()
        try visitDuePhases(nowNs: nowNs)
        try hurryCues(nowNs: nowNs)
        counters.enterCount = ring.enterCount
        counters.connectionCount = connectionCount
        counters.mergeMs = Double(clock.intervalNs) / 1_000_000
        counters.busyShare = clock.busyShare
    }

    /// When the next turn is due at the latest, ns.
    func dueNs(nowNs: Int64) -> Int64 {
        if !dueReceives.isEmpty { return nowNs }
        let canAccept = acceptSlot < 0 && table.freeCount > 0 && !isStopping
        if canAccept && acceptRetryMs <= nowMs { return nowNs }
        let housekeepingNs = nowNs + (canAccept ? 10_000_000 : 50_000_000)
        if clock.sendsAtOnce || connectionCount == 0 { return housekeepingNs }
        return min(clock.nextDueNs, housekeepingNs)
    }

    /// Ends everything: no more connections, what is due goes out, everyone gets an orderly end.
    mutating func stop() throws(RingError) {
        isStopping = true
        if acceptSlot >= 0 {
            prepare()
            ring.cancel(token(Operation.accept, acceptSlot), token: ignoredToken)
        }
        for phase in 0..<DeliverySettings.phaseCount { try visit(phase: phase) }
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
            try submit()
            while let completion = ring.nextCompletion() { handle(completion) }
        } while hasPrepared
        answers.removeAll(keepingCapacity: true)
        endOvertaken()
        if let failure { throw failure }
    }

    /// Makes sure that one event's entries fit.
    mutating func makeRoom() {
        while ring.entriesLeft < DeliverySettings.entriesPerEvent, failure == nil {
            do throws(RingError) { try submit() } catch { failure = error }
        }
    }

    private mutating func submit() throws(RingError) {
        try ring.submit()
        // Short of memory the kernel takes a part only: the rest has to go before anything that
        // depends on it.
        hasPrepared = ring.entriesPending > 0
    }

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
        if operation == Operation.sendTagsZeroCopy {
            zeroCopyCompleted(completion)
            return
        }
        let slot = completion.token.slot
        guard table[slot].generation & 0xFF_FFFF == completion.token.generation else {
            if let id = completion.bufferId { ring.giveBack(id) }
            return
        }
        switch operation {
        case Operation.accept: accepted(slot, completion.result)
        case Operation.receive: received(slot, completion)
        case Operation.sendBlock: blockSent(slot, completion.result)
        case Operation.sendTags: tagsFellShort(slot, completion.result)
        case Operation.sendAnswer: answerFellShort(slot)
        case Operation.poll: becameWritable(slot)
        case Operation.close: closed(slot)
        default: preconditionFailure("a completion of no operation of ours")
        }
    }

    func token(_ operation: UInt8, _ slot: Int) -> Token {
        Token(operation: operation, generation: table[slot].generation, slot: slot)
    }

    var ignoredToken: Token { Token(operation: Operation.ignored, generation: 0, slot: 0) }

    // MARK: Programmes

    private mutating func refreshPrograms() {
        let version = programs.version.load(ordering: .acquiring)
        if version != knownVersion {
            knownVersion = version
            for (index, program) in programs.snapshot().enumerated()
            where program !== known[index] {
                if known[index] != nil { endViewers(ofProgram: index) }
                stopLending(program: index)
                cueWatches[index] = CueWatch()
                known[index] = program
                views[index] = program?.timeline.view
                floors[index] = program?.timeline.makeFloor()
                starts[index] = nil
                startVersions[index] = .max
            }
        }
        for index in known.indices {
            guard let program = known[index] else { continue }
            let version = program.startVersion.load(ordering: .acquiring)
            guard version != startVersions[index] else { continue }
            startVersions[index] = version
            starts[index] = program.startPoint()
        }
    }

    private mutating func endViewers(ofProgram index: Int) {
        for slot in 0..<table.usedEnd where Int(table[slot].program) == index {
            makeRoom()
            switch table[slot].state {
            case .awaitingKeyframe, .starting, .streaming: end(slot, .ended)
            default: break
            }
        }
    }
}

/// The timelines of the known programmes, without references.
@safe struct ProgramViews: ~Copyable {
    private let views: UnsafeMutablePointer<TimelineView?>
    private let count: Int

    init(count: Int) {
        self.count = count
        unsafe views = .allocate(capacity: count)
        unsafe views.initialize(repeating: nil, count: count)
    }

    deinit { unsafe views.deallocate() }

    subscript(index: Int) -> TimelineView? {
        get {
            precondition(index >= 0 && index < count)
            return unsafe views[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count)
            unsafe views[index] = newValue
        }
    }
}
