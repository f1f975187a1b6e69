// The ingest's thread: publishers' sockets on a ring, sessions, programmes.

import Broadcast
import Glibc
import IORing
import RTMP
import Synchronization
import WireBytes

/// The connections and what is done for them; lives on the ingest's thread.
struct IngestLoop: ~Copyable {
    var ring: Ring
    private let pool: BufferPool
    private let listener: Int32
    private let peer = PeerAddressBuffer()
    let settings: IngestSettings
    let programmes: Programmes
    let admission: PublishAdmission
    let feeds: FeedReports
    let gate: IngestGate
    let onEvent: @Sendable (IngestEvent) -> Void
    /// Asks somebody else about a publish of that slot and generation; nil where nobody is asked.
    typealias Asking = @Sendable (PublishQuestion, _ slot: Int, _ generation: UInt32) -> Void
    private let asking: Asking?

    private(set) var connections: [IngestConnection?]
    /// Slots whose close has not completed yet.
    private var isClosing: [Bool]
    private var generation: UInt32 = 0
    private var acceptSlot: Int?
    private var acceptGeneration: UInt32 = 0
    private var acceptRetryNs: Int64 = 0
    private(set) var nowMs: Int64 = 0
    private(set) var isStopping = false
    /// Closed connections whose last bytes the kernel has not let go of yet.
    private var orphans: [UInt64: IngestConnection] = [:]
    /// Whose programme has no room at the moment: nothing is received from them.
    private var heldUpSlots: [Int] = []

    private enum Operation {
        static let accept: UInt8 = 1
        static let receive: UInt8 = 2
        static let send: UInt8 = 3
        static let close: UInt8 = 4
        static let wake: UInt8 = 5
        static let ignored: UInt8 = 6
        static let shutdown: UInt8 = 7
    }

    init(
        listener: Int32, settings: IngestSettings, programmes: Programmes, feeds: FeedReports,
        gate: IngestGate, keyCheck: @escaping @Sendable (String?) -> Bool,
        signatureCheck: @escaping SignatureCheck, asking: Asking? = nil,
        onEvent: @escaping @Sendable (IngestEvent) -> Void
    ) throws(RingError) {
        // Two slots more than connections, so that a newcomer in the clear and one over TLS can be
        // taken before others go.
        let slotCount = settings.connectionCountMax + 2
        let ring = try Ring(
            entries: IngestSettings.ringEntryCount,
            completions: IngestSettings.ringCompletionCount, slots: slotCount)
        let pool = try BufferPool(
            ring: ring, group: 0, count: IngestSettings.receiveBufferCount,
            bufferByteCount: IngestSettings.receiveBufferByteCount)
        self.ring = ring
        self.pool = pool
        self.listener = listener
        self.settings = settings
        self.programmes = programmes
        self.feeds = feeds
        self.gate = gate
        admission = PublishAdmission(
            programmes: programmes, settings: settings, keyCheck: keyCheck,
            signatureCheck: signatureCheck)
        self.onEvent = onEvent
        self.asking = asking
        connections = Array(repeating: nil, count: slotCount)
        isClosing = Array(repeating: false, count: slotCount)
    }

    // MARK: The thread

    mutating func run(
        wakeSignal: borrowing WakeSignal, stopRequested: borrowing Atomic<Bool>,
        orders: IngestOrders, arrivals: SecurePublishers
    ) throws(RingError) {
        var tickNs: Int64 = 0
        nowMs = MonotonicClock.nowMs()
        watch(wakeSignal)
        // What it was raised for before it was watched.
        follow(orders)
        takeIn(arrivals)
        while true {
            let nowNs = MonotonicClock.nowNs()
            nowMs = nowNs / 1_000_000
            if stopRequested.load(ordering: .acquiring), !isStopping { stop() }
            if nowNs >= tickNs {
                tickNs = nowNs + IngestSettings.tickNs
                tick()
            }
            if isStopping, connections.allSatisfy({ $0 == nil }), !isClosing.contains(true),
                orphans.isEmpty
            {
                return
            }
            if nowNs >= acceptRetryNs { armAccept() }
            let heldUpNs = heldUpSlots.isEmpty ? .max : IngestSettings.heldUpRetryMs * 1_000_000
            try ring.submit(waitingAtMostNs: min(tickNs - nowNs, heldUpNs))
            nowMs = MonotonicClock.nowMs()
            retryHeldUp()
            // Bounded, since publishers who send without an end have always more.
            var completionCount = 0
            while completionCount < IngestSettings.completionsPerTurnMax,
                let completion = ring.nextCompletion()
            {
                completionCount += 1
                if ring.entriesLeft < 8 { try ring.submit() }
                if completion.token.operation == Operation.wake {
                    watch(wakeSignal)
                    follow(orders)
                    endBanned()
                    takeIn(arrivals)
                } else {
                    handle(completion)
                }
            }
        }
    }

    private mutating func watch(_ wakeSignal: borrowing WakeSignal) {
        guard !isStopping else { return }
        ring.watch(wakeSignal, token: Token(operation: Operation.wake, generation: 0, slot: 0))
    }

    private mutating func stop() {
        isStopping = true
        if let acceptSlot {
            let accept = Token(
                operation: Operation.accept, generation: acceptGeneration, slot: acceptSlot)
            ring.cancel(accept, token: ignoredToken)
        }
        for slot in connections.indices {
            guard let connection = connections[slot] else { continue }
            connection.handler.nowMs = nowMs
            connection.handler.disconnected(reason: "the server shuts down")
            connection.session.endPublish(
                code: "NetStream.Unpublish.Success", description: "The server is shutting down.")
            afterInput(slot, connection)
        }
    }

    private mutating func handle(_ completion: Completion) {
        let slot = completion.token.slot
        switch completion.token.operation {
        case Operation.accept:
            accepted(completion)
        case Operation.close:
            isClosing[slot] = false
        case Operation.receive:
            received(slot, completion)
        case Operation.send:
            sent(slot, completion)
        case Operation.shutdown:
            shutDown(slot, completion)
        default:
            break
        }
    }

    // MARK: Connections

    private func token(_ operation: UInt8, _ slot: Int, _ connection: IngestConnection) -> Token {
        Token(operation: operation, generation: connection.generation, slot: slot)
    }

    private var ignoredToken: Token {
        Token(operation: Operation.ignored, generation: 0, slot: 0)
    }

    private func connection(_ completion: Completion) -> IngestConnection? {
        guard let connection = connections[completion.token.slot],
            connection.generation & 0xFF_FFFF == completion.token.generation
        else { return nil }
        return connection
    }

    /// A slot that nobody has, and nobody is being accepted into.
    var freeSlot: Int? {
        connections.indices.first {
            connections[$0] == nil && !isClosing[$0] && $0 != acceptSlot
        }
    }

    /// A new connection in a slot.
    mutating func makeConnection(_ slot: Int, _ peer: IPEndpoint) -> IngestConnection {
        generation &+= 1
        return makeConnection(slot, peer, generation: generation)
    }

    private mutating func makeConnection(
        _ slot: Int, _ peer: IPEndpoint, generation: UInt32
    ) -> IngestConnection {
        let handler = PublishHandler(
            admission: admission, address: peer.description, host: peer.hostKey,
            isAsking: asking != nil)
        let connection = IngestConnection(
            handler: handler, isProxy: gate.isTrusted(peer.address), generation: generation,
            nowMs: nowMs)
        connections[slot] = connection
        return connection
    }

    private mutating func armAccept() {
        guard acceptSlot == nil, !isStopping, let slot = freeSlot else { return }
        generation &+= 1
        acceptSlot = slot
        acceptGeneration = generation
        ring.accept(
            listener: listener, into: slot, peer: peer,
            token: Token(operation: Operation.accept, generation: generation, slot: slot))
    }

    private mutating func accepted(_ completion: Completion) {
        guard let slot = acceptSlot else { return }
        acceptSlot = nil
        guard completion.result >= 0 else {
            acceptRetryNs = MonotonicClock.nowNs() + IngestSettings.acceptRetryNs
            return
        }
        let connection = makeConnection(slot, peer.value, generation: acceptGeneration)
        if isStopping {
            close(slot, connection)
            return
        }
        if connection.isProxy || isWelcome(slot, connection) { receive(slot, connection) }
        makeRoom(for: connection.isProxy ? nil : connection.handler.host)
        armAccept()
    }

    mutating func receive(_ slot: Int, _ connection: IngestConnection) {
        connection.isReceiving = true
        ring.receive(
            slot: slot, pool: pool.group, token: token(Operation.receive, slot, connection))
    }

    private mutating func received(_ slot: Int, _ completion: Completion) {
        defer { if let id = completion.bufferId { pool.giveBack(id) } }
        guard let connection = connection(completion) else { return }
        connection.isReceiving = false
        if completion.result == -ENOBUFS {
            // All buffers are in use by completions before this one: they come back this turn.
            receive(slot, connection)
            return
        }
        connection.handler.nowMs = nowMs
        guard completion.result > 0, let id = completion.bufferId else {
            let reason =
                completion.result == 0
                ? "the publisher hung up" : errorText(-completion.result)
            connection.handler.disconnected(reason: reason)
            close(slot, connection)
            return
        }
        let bytes = unsafe pool.bytes(of: id, count: Int(completion.result))
        unsafe take(bytes.bytes, slot, connection)
    }

    /// Tries again to append what was held up.
    private mutating func retryHeldUp() {
        guard !heldUpSlots.isEmpty else { return }
        var slots: [Int] = []
        swap(&slots, &heldUpSlots)
        for slot in slots {
            guard let connection = connections[slot], connection.handler.isHeldUp else { continue }
            connection.handler.nowMs = nowMs
            connection.handler.retryHeldUp()
            finishInput(slot, connection)
        }
    }

    mutating func finishInput(_ slot: Int, _ connection: IngestConnection) {
        if let failure = connection.handler.failure {
            connection.handler.disconnected(reason: failure.description)
            connection.session.endPublish(
                code: "NetStream.Publish.Failed", description: failure.description)
        }
        if connection.session.isClosing {
            connection.handler.disconnected(reason: "the session ended")
        }
        afterInput(slot, connection)
        endDismissed()
    }

    /// Sends what the session has to say, and goes on reading or ends.
    mutating func afterInput(_ slot: Int, _ connection: IngestConnection) {
        report(connection)
        send(slot, connection)
        if connection.isEnding, connection.sendingByteCount == 0 { linger(slot, connection) }
        if connection.handler.isHeldUp, !connection.isEnding {
            if !heldUpSlots.contains(slot) { heldUpSlots.append(slot) }
        } else if connection.session.isUndecided {
            if let question = connection.handler.takeQuestion() {
                asking?(question, slot, connection.generation)
            }
        } else if !connection.isReceiving {
            receive(slot, connection)
        }
    }

    private mutating func send(_ slot: Int, _ connection: IngestConnection) {
        guard let bytes = unsafe connection.beginSend(), let address = bytes.baseAddress
        else { return }
        unsafe ring.sendAll(
            slot: slot, from: address, byteCount: bytes.count,
            token: token(Operation.send, slot, connection))
    }

    private mutating func sent(_ slot: Int, _ completion: Completion) {
        orphans[completion.token.rawValue] = nil
        guard let connection = connection(completion) else { return }
        let isWhole = Int(completion.result) == connection.sendingByteCount
        connection.endSend()
        guard isWhole else {
            connection.handler.nowMs = nowMs
            connection.handler.disconnected(reason: "the publisher takes no answers")
            close(slot, connection)
            return
        }
        send(slot, connection)
        if connection.isEnding, connection.sendingByteCount == 0 {
            linger(slot, connection)
        }
    }

    /// The last word is out: the peer may read it before the connection goes.
    private mutating func linger(_ slot: Int, _ connection: IngestConnection) {
        guard connection.lingersSinceMs == nil else { return }
        connection.lingersSinceMs = nowMs
        connection.isShuttingDown = true
        ring.shutdownSending(slot: slot, token: token(Operation.shutdown, slot, connection))
    }

    /// The kernel has ended our direction, by a thread of its own: had the slot been another
    /// connection's by then, that one would have been cut off.
    private mutating func shutDown(_ slot: Int, _ completion: Completion) {
        guard let connection = connection(completion) else {
            let generation = completion.token.generation
            let close = Token(operation: Operation.close, generation: generation, slot: slot)
            ring.close(slot: slot, token: close)
            return
        }
        connection.isShuttingDown = false
    }

    mutating func close(_ slot: Int, _ connection: IngestConnection) {
        report(connection)
        if connection.isReceiving {
            ring.cancel(token(Operation.receive, slot, connection), token: ignoredToken)
        }
        if connection.sendingByteCount > 0 {
            // The kernel may still read these bytes, so they stay until it says that it is done.
            orphans[token(Operation.send, slot, connection).rawValue] = connection
            ring.cancel(token(Operation.send, slot, connection), token: ignoredToken)
        }
        connections[slot] = nil
        isClosing[slot] = true
        guard !connection.isShuttingDown else { return }
        ring.close(slot: slot, token: token(Operation.close, slot, connection))
    }

    private func report(_ connection: IngestConnection) {
        for event in connection.handler.takeEvents() {
            onEvent(event)
            // A connection by which nobody wants to publish is how a proxy looks whether all is well.
            if case .published = event, connection.isProxy,
                gate.noteUnnamed(by: connection.handler.host)
            {
                onEvent(.silentProxy(address: "\(connection.handler.host)"))
            }
        }
    }
}
