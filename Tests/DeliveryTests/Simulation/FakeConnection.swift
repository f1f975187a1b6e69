// One member of the simulated audience: its socket, what it sends and when, how fast it reads.

import Glibc
import IORing
import TLS
import TestSupport
import WireBytes

/// A connection as the kernel sees it, with the client behind it.
final class FakeConnection {
    /// What the client has done with its end.
    enum Life { case open, finished, reset }

    let id: Int
    let host: HostKey
    var life = Life.open

    // MARK: From the client

    /// What it will send, and when.
    var pieces: [(atNs: Int64, bytes: [UInt8])] = []
    /// When it leaves without a word; nil if it stays.
    var leavesAtNs: Int64?
    /// After how many received bytes it leaves; nil if it stays.
    var leavesAtByte: Int?
    /// Its TLS; nil if it speaks without.
    var tls: FakeTLSClient?
    /// What the kernel seals with for it; nil if it wasn't given the key.
    var kernelTLS: FakeKernelTLS?
    var sealingRandom = SeededRandom(seed: 1)
    /// Sent and not yet received by the server.
    var inbox: [UInt8] = []

    // MARK: To the client

    /// What the socket holds at most, bytes.
    var capacity = 64 << 10
    /// How much room there must be for the socket to count as writable, bytes.
    var writableMin = 1
    /// How fast the client reads, bytes a ms.
    var bytesPerMs = 1_000.0
    /// When it doesn't read at all, ns.
    var pauses: [Range<Int64>] = []
    /// How often a socket with room takes only a part, or nothing, out of 100.
    var shortPerCent = 0
    /// How often it stops reading for a while when it has got half of a message, out of 100.
    var stopPerCent = 0
    /// How much it takes of the next send only, bytes; nil for what there is room for.
    var nextTakeByteCountMax: Int?
    /// What another thread does while its next send is copied.
    var meanwhile: (() -> Void)?
    /// Whether polls tell it is writable even when it is full.
    var pollsLie = false
    /// Whether it is the client that doesn't read, and not the network that is slow.
    var closesItsWindow = false
    /// For how long its window was the limit.
    private(set) var windowLimitedNs: Int64 = 0
    private(set) var waiting = 0.0
    private(set) var received: [UInt8] = []

    // MARK: The server's side

    var slot = -1
    /// Which life of the slot it is.
    var generation: UInt32 = 0
    var pendingReceive: Token?
    var pendingPoll: Token?
    var isClosedByServer = false
    var isSendingShut = false
    /// The server broke the connection, and whether the kernel had anything lent for it then, or
    /// had not told yet that it hadn't.
    var isResetByServer = false
    var hadLoans = false

    // MARK: What the checks want to know

    /// Bytes before the last send.
    private(set) var lastSendOffset = 0
    private(set) var lastSendNs: Int64 = 0
    /// What it got of the stream last.
    private(set) var lastStreamRange = 0..<0
    /// Since when the socket refuses bytes; nil while it takes all it is offered.
    private(set) var refusesSinceNs: Int64?
    /// When it last took less than it was offered.
    private(set) var lastShortNs = Int64.min
    var closedNs: Int64?
    /// Where the timelines began when it was closed.
    var tailsAtClose: [UInt64] = []
    /// What the last send brought, without what sealed it.
    private(set) var plaintextTaken = 0
    /// Bytes of streams taken, without answers.
    private(set) var streamByteCount = 0

    init(id: Int, host: HostKey) {
        self.id = id
        self.host = host
    }

    var free: Int { max(0, capacity - Int(waiting.rounded(.up))) }
    var isWritable: Bool { life == .reset || pollsLie || free >= min(capacity, writableMin) }

    /// Time passes: the client reads, sends, or leaves.
    func advance(fromNs: Int64, toNs: Int64) {
        if let at = leavesAtNs, at <= toNs, life != .reset { reset() }
        while let piece = pieces.first, piece.atNs <= toNs {
            pieces.removeFirst()
            if life == .open { inbox += tls?.seal(piece.bytes, &sealingRandom) ?? piece.bytes }
        }
        var readingNs = toNs - fromNs
        for pause in pauses { readingNs -= pause.clamped(to: fromNs..<toNs).duration }
        if closesItsWindow, free < max(1, capacity / 2) { windowLimitedNs += toNs - fromNs }
        waiting = max(0, waiting - bytesPerMs * Double(readingNs) / 1_000_000)
    }

    func reset() { life = .reset }

    /// The server sends: the bytes taken, or a negated errno.
    func take(
        _ bytes: UnsafeRawBufferPointer, isStream: Bool, nowNs: Int64, random: inout SeededRandom
    ) -> Int {
        if isSendingShut { return Int(-EPIPE) }
        if life == .reset { return Int(random.chance(50) ? -ECONNRESET : -EPIPE) }
        var count = min(free, bytes.count, nextTakeByteCountMax ?? .max)
        nextTakeByteCountMax = nil
        if shortPerCent > 0, random.chance(shortPerCent) { count = random.below(count + 1) }
        if let limit = leavesAtByte, received.count + count >= limit {
            count = max(0, limit - received.count)
            reset()
        }
        let isShort = count < bytes.count
        if isShort {
            lastShortNs = nowNs
            if count > 0 || refusesSinceNs == nil { refusesSinceNs = nowNs }
        } else {
            refusesSinceNs = nil
        }
        plaintextTaken = 0
        if unsafe count == 0 && !bytes.isEmpty {
            if kernelTLS == nil { _ = unsafe tls?.take(bytes, count: 0) }
            return Int(-EAGAIN)
        }
        meanwhile?()
        meanwhile = nil
        lastSendOffset = received.count
        lastSendNs = nowNs
        if let tls, let kernelTLS {
            let taken = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<count])
            received += unsafe kernelTLS.seal(taken, for: tls)
        } else if let tls {
            received += unsafe tls.take(bytes, count: count)
        } else {
            unsafe received.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        plaintextTaken = received.count - lastSendOffset
        waiting += Double(count)
        if isShort, !isStream, stopPerCent > 0, random.chance(stopPerCent) {
            stopReading(nowNs: nowNs)
        }
        if isStream {
            streamByteCount += plaintextTaken
            lastStreamRange = lastSendOffset..<received.count
        }
        return count
    }

    /// The kernel is to seal a message: 0, or a negated errno.
    func take(_ message: ControlMessage) -> Int {
        if life == .reset { return Int(-EPIPE) }
        guard free > 0, let kernelTLS, let tls else { return Int(-EAGAIN) }
        kernelTLS.seal(message, for: tls)
        return 0
    }

    /// Falls behind with half a message.
    private func stopReading(nowNs: Int64) {
        waiting = Double(capacity)
        pauses.append(nowNs..<nowNs + 1_000_000_000)
    }
}

extension Range where Bound == Int64 {
    var duration: Int64 { upperBound - lowerBound }
}

extension SeededRandom {
    /// A number from 0 to one less than `bound`.
    mutating func below(_ bound: Int) -> Int {
        bound <= 1 ? 0 : Int(truncatingIfNeeded: next() >> 33) % bound
    }

    /// A number of the range.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    mutating func chance(_ perCent: Int) -> Bool { below(100) < perCent }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }
}
