// A kernel in memory: what io_uring would do, under a seed, with everything that can go wrong.

import Glibc
import TLS
import TestSupport
import WireBytes

@testable import Delivery
@testable import IORing

/// What a submission entry asks for.
enum FakeEntry {
    case accept(Int, Token)
    case receive(Int, Token)
    case send(Int, UnsafeRawBufferPointer, Token)
    case sendCounted(Int, UnsafeRawBufferPointer, Token)
    case sendLast(Int, ControlMessage, Token)
    case sendZeroCopy(Int, UnsafeRawBufferPointer, Token)
    case reset(Int, Token)
    case poll(Int, Token)
    case shutdown(Int, Token)
    case cancel(Token, Token)
    case close(Int, Token)
    case expose(Int, Token)
}

/// Sockets, queues and time of a simulated kernel.
///
/// Sends and cancels take effect within `submit`, in order. What has to wait for the peer completes
/// later, in any order, and a shutdown finds its socket only when it is done. What is against the
/// rules is noted in `violations`.
final class FakeWorld {
    var random: SeededRandom
    private(set) var nowNs: Int64 = 0
    private(set) var enterCount: UInt64 = 0
    /// Whether it can say for how long a peer's window was the limit.
    var tellsWindowTime = true
    /// Descriptors that were made and not closed, by number.
    var exposed: [Int32: FakeConnection] = [:]
    private(set) var acceptedHost = HostKey(kind: .v4, value: 0, isLoopback: true)
    private(set) var violations: [String] = []

    /// Connections by slot, from accept to close.
    var slots: [FakeConnection?]
    /// Clients who came and were not accepted yet.
    private(set) var backlog: [FakeConnection] = []
    /// After how many turns in a row somebody was still waiting to be accepted.
    var turnsWithBacklog = 0
    /// Out of 100 accepts, so many fail.
    var acceptErrorPerCent = 0
    /// Out of 100 connections whose keys it is given, it takes so many.
    var kernelTLSPerCent = 100
    /// Out of 100 completions, so many come a submit later.
    var latePerCent = 20
    /// Out of 100 submits, so many take only a part of what is prepared.
    var partialPerCent = 0
    /// The kernel's own deferred work is done so many at a time.
    var notificationsPerSubmitMax = Int.max
    /// What other threads do while the kernel copies.
    var meanwhile: (() -> Void)?
    /// Where the timelines begin now.
    var tails: () -> [UInt64] = { [] }

    private let entryCount: Int
    private var entries: [FakeEntry] = []
    private var posted: [Completion] = []
    private var postedStart = 0
    private var late: [Completion] = []
    private var pendingAccept: (slot: Int, token: Token)?
    private var shutdowns: [(slot: Int, token: Token, meant: FakeConnection?)] = []
    private let buffers: FakeBuffers
    let loans = FakeLoans()

    /// Bytes that sockets took of streams, and how many sends were made of them.
    private(set) var streamByteCount = 0
    private(set) var streamSendCount = 0

    init(random: SeededRandom, slotCount: Int, entryCount: Int, bufferCount: Int) {
        self.random = random
        self.entryCount = entryCount
        slots = Array(repeating: nil, count: slotCount)
        buffers = FakeBuffers(count: bufferCount)
    }

    // MARK: The world outside

    /// Time passes for every client.
    func advance(toNs: Int64) {
        for connection in open { connection.advance(fromNs: nowNs, toNs: toNs) }
        for connection in backlog { connection.advance(fromNs: nowNs, toNs: toNs) }
        nowNs = toNs
    }

    /// A client connects.
    func connect(_ connection: FakeConnection) { backlog.append(connection) }

    /// Connections whose handshake somebody else has done, by their descriptors: far from those that
    /// this process has.
    var descriptors: [Int32: FakeConnection] = [:]
    var nextDescriptor: Int32 = 1 << 30

    /// Connections that are in a slot.
    var open: [FakeConnection] = []
    var openCount: Int { open.count }

    /// Whether the shard's thread would be woken: something is posted or would complete.
    var wantsAttention: Bool {
        if postedStart < posted.count || !late.isEmpty || !shutdowns.isEmpty { return true }
        if pendingAccept != nil && !backlog.isEmpty || !descriptors.isEmpty { return true }
        return open.contains { connection in
            connection.pendingReceive != nil && hasInput(connection)
                || connection.pendingPoll != nil && connection.isWritable
        }
    }

    /// Whether an operation is in the kernel or its completion is on the way.
    func isOutstanding(_ token: Token) -> Bool {
        if let connection = slots[token.slot],
            connection.pendingReceive == token || connection.pendingPoll == token
        {
            return true
        }
        return late.contains { $0.token == token }
            || posted[postedStart...].contains { $0.token == token }
    }

    // MARK: The shard's side

    var entriesLeft: Int { entryCount - entries.count }
    var entriesPending: Int { entries.count }

    func add(_ entry: FakeEntry) {
        if entries.count >= entryCount { violate("more entries than the queue has") }
        entries.append(entry)
    }

    func submit() {
        enterCount += 1
        if random.chance(50) { completeAccept() }
        // Short of memory, the kernel takes a part of the entries, or none.
        let count = random.chance(partialPerCent) ? random.below(entries.count) : entries.count
        let prepared = Array(entries[..<count])
        entries.removeFirst(count)
        for entry in prepared {
            if let meanwhile, random.chance(3) { meanwhile() }
            run(entry)
        }
        for connection in open { completeWaiting(connection) }
        completeShutdowns()
        completeAccept()
        endLoans()
        releaseLate()
    }

    /// Whether a notification of a connection's is on the way: until it has it, the shard must
    /// take the memory for lent.
    private func isToBeTold(of connection: FakeConnection) -> Bool {
        late.contains { completion in
            completion.isNotification && completion.token.slot & 0xF_FFFF == connection.slot
                && completion.token.generation == connection.generation
        }
    }

    private func endLoans() {
        for token in loans.takeEnded(nowNs: nowNs, countMax: notificationsPerSubmitMax) {
            let result = loans.isReal ? 0 : Int32(bitPattern: copiedFlag)
            post(token, result, flags: notificationFlag)
        }
    }

    func nextCompletion() -> Completion? {
        guard postedStart < posted.count else {
            posted.removeAll(keepingCapacity: true)
            postedStart = 0
            return nil
        }
        postedStart += 1
        return posted[postedStart - 1]
    }

    func received(_ completion: Completion) -> UnsafeRawBufferPointer {
        guard let id = completion.bufferId, completion.result > 0 else {
            return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        }
        if !buffers.isTaken(id) { violate("read a buffer that was given back") }
        return unsafe buffers.bytes(id, count: Int(completion.result))
    }

    func giveBack(_ id: UInt16) {
        if !buffers.isTaken(id) { violate("gave a buffer back twice") }
        buffers.giveBack(id)
    }

    var buffersAreAllBack: Bool { buffers.areAllBack }

    func violate(_ text: String) { violations.append(text) }

    // MARK: Operations

    private func run(_ entry: FakeEntry) {
        switch entry {
        case .accept(let slot, let token):
            if pendingAccept != nil { violate("two accepts at a time") }
            pendingAccept = (slot, token)
        case .receive(let slot, let token):
            guard let connection = slots[slot] else { return post(token, -EBADF) }
            if connection.pendingReceive != nil { violate("two receives of slot \(slot)") }
            connection.pendingReceive = token
        case .send(let slot, let bytes, let token):
            unsafe send(slot, bytes, token)
        case .sendCounted(let slot, let bytes, let token):
            unsafe sendCounted(slot, bytes, token)
        case .sendLast(let slot, let message, let token):
            sendLast(slot, message, token)
        case .sendZeroCopy(let slot, let bytes, let token):
            unsafe sendZeroCopy(slot, bytes, token)
        case .reset(let slot, let token):
            guard let connection = slots[slot] else { return post(token, -EBADF) }
            if connection.life != .reset {
                connection.isResetByServer = true
                connection.hadLoans = loans.has(connection) || isToBeTold(of: connection)
            }
            connection.reset()
        case .poll(let slot, let token):
            guard let connection = slots[slot] else { return post(token, -EBADF) }
            if connection.pendingPoll != nil { violate("two polls of slot \(slot)") }
            connection.pendingPoll = token
        case .shutdown(let slot, let token):
            if slots[slot]?.kernelTLS != nil { violate("a shutdown before what the kernel seals") }
            shutdowns.append((slot, token, slots[slot]))
        case .cancel(let victim, let token):
            if !cancel(victim) { post(token, -ENOENT) }
        case .close(let slot, let token):
            close(slot, token)
        case .expose(let slot, let token):
            guard let connection = slots[slot] else { return post(token, -EBADF) }
            let descriptor = (0...).first { exposed[$0] == nil } ?? 0
            exposed[descriptor] = connection
            post(token, descriptor)
        }
    }

    private func send(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, _ token: Token
    ) {
        guard let connection = slots[slot] else {
            violate("a send to the empty slot \(slot)")
            return post(token, -EBADF)
        }
        if connection.kernelTLS != nil {
            violate("the kernel's TLS knows no MSG_WAITALL")
            return post(token, -EOPNOTSUPP)
        }
        let result = unsafe take(bytes, of: connection, token)
        if result != bytes.count { postNow(token, Int32(result)) }
    }

    /// A socket is offered bytes: how many it took, or a negated errno.
    func take(
        _ bytes: UnsafeRawBufferPointer, of connection: FakeConnection, _ token: Token
    ) -> Int {
        let isStream = token.operation == Operation.sendStream
        let result = unsafe connection.take(
            bytes, isStream: isStream, nowNs: nowNs, random: &random)
        if isStream {
            streamSendCount += 1
            streamByteCount += result > 0 ? connection.plaintextTaken : 0
        }
        if let violation = connection.tls?.violation { violate(violation) }
        return result
    }

    private func sendZeroCopy(_ slot: Int, _ bytes: UnsafeRawBufferPointer, _ token: Token) {
        guard let connection = slots[slot] else {
            violate("a send to the empty slot \(slot)")
            return post(token, -EBADF)
        }
        let result = unsafe connection.take(bytes, isStream: true, nowNs: nowNs, random: &random)
        streamSendCount += 1
        streamByteCount += max(0, result)
        // A failed send has been lent nothing, and says so, or not.
        let isLent = result > 0 || random.chance(50)
        if isLent {
            let taken = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<max(0, result)])
            unsafe loans.add(taken, token, connection, nowNs: nowNs, random: &random)
        }
        postNow(token, Int32(result), flags: isLent ? moreFlag : 0)
    }

    private func close(_ slot: Int, _ token: Token) {
        guard let connection = slots[slot] else {
            violate("a close of the empty slot \(slot)")
            return post(token, -EBADF)
        }
        if connection.pendingReceive != nil || connection.pendingPoll != nil {
            violate("slot \(slot) was closed with an operation left that will never end")
        }
        connection.isClosedByServer = true
        connection.closedNs = nowNs
        connection.tailsAtClose = tails()
        slots[slot] = nil
        open.removeAll { $0 === connection }
        post(token, 0)
    }

    /// Does what the kernel leaves to its threads, some of it.
    private func completeShutdowns() {
        while !shutdowns.isEmpty, random.chance(60) {
            let (slot, token, meant) = shutdowns.removeFirst()
            if slots[slot] !== meant { violate("a shutdown met another connection") }
            slots[slot]?.isSendingShut = true
            post(token, slots[slot]?.life == .reset ? -ENOTCONN : 0)
        }
    }

    private func cancel(_ victim: Token) -> Bool {
        if let accept = pendingAccept, accept.token == victim {
            pendingAccept = nil
            post(victim, -ECANCELED)
            return true
        }
        guard let connection = slots[victim.slot] else { return false }
        if connection.pendingReceive == victim {
            connection.pendingReceive = nil
        } else if connection.pendingPoll == victim {
            connection.pendingPoll = nil
        } else {
            return false
        }
        post(victim, -ECANCELED)
        return true
    }

    // MARK: What waits for the peer

    private func hasInput(_ connection: FakeConnection) -> Bool {
        !connection.inbox.isEmpty || connection.life != .open
    }

    private func completeWaiting(_ connection: FakeConnection) {
        if let token = connection.pendingPoll, connection.isWritable {
            connection.pendingPoll = nil
            post(token, connection.life == .reset ? POLLERR | POLLHUP : POLLOUT)
        }
        guard let token = connection.pendingReceive, hasInput(connection) else { return }
        connection.pendingReceive = nil
        if connection.life == .reset {
            post(token, random.chance(50) ? 0 : -ECONNRESET)
        } else if connection.inbox.isEmpty {
            post(token, 0)
        } else if let id = buffers.take() {
            let count = min(connection.inbox.count, FakeBuffers.byteCount)
            unsafe buffers.bytes(id, count: count).copyBytes(from: connection.inbox[..<count])
            connection.inbox.removeFirst(count)
            post(token, Int32(count), flags: bufferFlag | UInt32(id) << bufferShift)
        } else {
            post(token, -ENOBUFS)
        }
    }

    private func completeAccept() {
        guard let (slot, token) = pendingAccept, !backlog.isEmpty else { return }
        pendingAccept = nil
        if random.chance(acceptErrorPerCent) {
            // For want of a descriptor the kernel closes the connection; others stay.
            let error = random.pick([ENFILE, ECONNABORTED, ENOBUFS, EMFILE])
            if error == ENFILE { backlog.removeFirst().isClosedByServer = true }
            return post(token, -error)
        }
        let connection = backlog.removeFirst()
        if slots[slot] != nil { violate("slot \(slot) was given to two connections") }
        slots[slot] = connection
        open.append(connection)
        connection.slot = slot
        connection.generation = token.generation
        acceptedHost = connection.host
        // At once: the next accept overwrites the address.
        postNow(token, 0)
    }

    func postNow(_ token: Token, _ result: Int32, flags: UInt32 = 0) {
        posted.append(Completion(token: token, result: result, flags: flags))
    }

    func post(_ token: Token, _ result: Int32, flags: UInt32 = 0) {
        let completion = Completion(token: token, result: result, flags: flags)
        if random.chance(latePerCent) {
            late.append(completion)
        } else {
            posted.append(completion)
        }
    }

    private func releaseLate() {
        guard !late.isEmpty, random.chance(60) else { return }
        while !late.isEmpty, random.chance(80) {
            posted.append(late.remove(at: random.below(late.count)))
        }
    }
}
