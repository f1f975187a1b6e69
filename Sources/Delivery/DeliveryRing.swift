// What a shard needs of a ring; the tests give it one with a mind of its own.

import Glibc
import IORing
import TLS
import WireBytes

/// The kernel's side of a shard.
protocol DeliveryRing: ~Copyable {
    /// Submission entries left before `submit` is needed.
    var entriesLeft: Int { get }
    /// Entries that the kernel has not taken yet.
    var entriesPending: Int { get }
    /// Calls into the kernel so far.
    var enterCount: UInt64 { get }
    /// Where the last accepted connection comes from.
    var acceptedAddress: IPAddress { get }
    /// Whether it can send without a copy.
    var supportsZeroCopy: Bool { get }
    /// Whether it can say for how long a peer's receive window was the limit.
    var tellsWindowTime: Bool { get }

    mutating func accept(into slot: Int, token: Token)
    /// Moves a descriptor of the process into a slot; false if the kernel doesn't take it. Closes it
    /// in any case.
    mutating func install(descriptor: Int32, into slot: Int) -> Bool
    /// Gives the key of what goes to a descriptor's peer to the kernel's TLS; false where it doesn't
    /// take it, and nothing has changed.
    mutating func seal(descriptor: Int32, with keys: SessionKeys) -> Bool
    /// Closes a descriptor that nobody takes.
    mutating func drop(descriptor: Int32)
    mutating func receive(slot: Int, token: Token)
    /// What came with a receive; the buffer must be given back.
    func received(_ completion: Completion) -> UnsafeRawBufferPointer
    mutating func giveBack(_ bufferId: UInt16)
    mutating func sendQuietly(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token)
    /// Sends what the kernel seals; how much it took is posted in every case.
    mutating func sendCounted(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token)
    /// Has the kernel seal and send a message of the record layer's, whole or not at all.
    mutating func sendLast(_ message: ControlMessage, slot: Int, token: Token)
    mutating func sendZeroCopy(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, region: Int?, token: Token)
    /// Registers memory to send from; false where the system does not allow it.
    func register(region: Int, memory: UnsafeRawBufferPointer) -> Bool
    func unregister(region: Int)
    /// Breaks a connection, so that the kernel gives back what it has of ours.
    mutating func reset(slot: Int, token: Token)
    mutating func pollWritable(slot: Int, token: Token)
    mutating func shutdownSending(slot: Int, token: Token)
    /// Makes a descriptor of a slot's socket, which `takeWindowTimeUs` is given.
    mutating func expose(slot: Int, token: Token)
    /// For how long the receive window of a socket's peer was what held up sending, µs since it was
    /// connected; nil where that isn't known. Closes the descriptor.
    mutating func takeWindowTimeUs(descriptor: Int32) -> UInt64?
    mutating func cancel(_ victim: Token, token: Token)
    mutating func close(slot: Int, token: Token)
    mutating func submit() throws(RingError)
    mutating func nextCompletion() -> Completion?
}

/// The real one: a ring with its listener and its pool of receive buffers.
struct KernelRing: DeliveryRing, ~Copyable {
    private var ring: Ring
    private let pool: BufferPool
    private let listener: Int32
    private let peer = PeerAddressBuffer()
    let supportsZeroCopy: Bool
    let tellsWindowTime: Bool
    private let hasRegions: Bool
    private var alerts = KernelAlerts()

    /// - Parameter regionCount: how many timelines may be registered to send from.
    init(slotCount: Int, listener: Int32, regionCount: Int) throws(RingError) {
        let ring = try Ring(
            entries: DeliverySettings.ringEntryCount,
            completions: DeliverySettings.ringCompletionCount, slots: slotCount)
        let pool = try BufferPool(
            ring: ring, group: 0, count: DeliverySettings.receiveBufferCount,
            bufferByteCount: DeliverySettings.receiveBufferByteCount)
        supportsZeroCopy = ring.supportsZeroCopy
        tellsWindowTime = ring.canExpose
        hasRegions = ring.prepareRegions(count: regionCount)
        self.ring = ring
        self.pool = pool
        self.listener = listener
    }

    var entriesLeft: Int { ring.entriesLeft }
    var entriesPending: Int { ring.entriesPending }
    var enterCount: UInt64 { ring.enterCount }
    var acceptedAddress: IPAddress { peer.value.address }

    mutating func accept(into slot: Int, token: Token) {
        ring.accept(listener: listener, into: slot, peer: peer, token: token)
    }
    mutating func install(descriptor: Int32, into slot: Int) -> Bool {
        defer { _ = Glibc.close(descriptor) }
        // Where a receive would come back at once, there would be no waiting for bytes.
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) >= 0 else { return false }
        do throws(RingError) {
            try ring.install(descriptor: descriptor, into: slot)
            return true
        } catch {
            // The table is as large as it is, and others' slots aren't given away.
            return false
        }
    }
    mutating func seal(descriptor: Int32, with keys: SessionKeys) -> Bool {
        KernelTLS.give(keys, to: descriptor)
    }
    mutating func drop(descriptor: Int32) { _ = Glibc.close(descriptor) }
    mutating func receive(slot: Int, token: Token) {
        ring.receive(slot: slot, pool: pool.group, token: token)
    }
    func received(_ completion: Completion) -> UnsafeRawBufferPointer {
        guard let id = completion.bufferId, completion.result > 0 else {
            return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return unsafe pool.bytes(of: id, count: Int(completion.result))
    }
    mutating func giveBack(_ bufferId: UInt16) { pool.giveBack(bufferId) }
    mutating func sendQuietly(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        unsafe ring.sendQuietly(slot: slot, from: address, byteCount: byteCount, token: token)
    }
    mutating func sendCounted(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        unsafe ring.sendCounted(slot: slot, from: address, byteCount: byteCount, token: token)
    }
    mutating func sendLast(_ message: ControlMessage, slot: Int, token: Token) {
        alerts.send(message, to: slot, by: &ring, token)
    }
    mutating func sendZeroCopy(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, region: Int?, token: Token
    ) {
        unsafe ring.sendZeroCopy(
            slot: slot, from: address, byteCount: byteCount, region: region, token: token)
    }
    func register(region: Int, memory: UnsafeRawBufferPointer) -> Bool {
        guard hasRegions, let address = memory.baseAddress else { return false }
        return unsafe ring.register(region: region, from: address, byteCount: memory.count)
    }
    func unregister(region: Int) { ring.unregister(region: region) }
    mutating func reset(slot: Int, token: Token) { ring.reset(slot: slot, token: token) }
    mutating func pollWritable(slot: Int, token: Token) {
        ring.pollWritable(slot: slot, token: token)
    }
    mutating func shutdownSending(slot: Int, token: Token) {
        ring.shutdownSending(slot: slot, token: token)
    }
    mutating func expose(slot: Int, token: Token) { ring.expose(slot: slot, token: token) }
    mutating func takeWindowTimeUs(descriptor: Int32) -> UInt64? {
        let socket = ExposedSocket(descriptor: descriptor)
        return socket.windowLimitedUs
    }
    mutating func cancel(_ victim: Token, token: Token) { ring.cancel(victim, token: token) }
    mutating func close(slot: Int, token: Token) { ring.close(slot: slot, token: token) }
    mutating func submit() throws(RingError) { try ring.submit() }
    mutating func nextCompletion() -> Completion? { ring.nextCompletion() }

    /// Submits, and sleeps until so much has happened or the time is over.
    mutating func submit(waitingAtMostNs: Int64, completions: Int) throws(RingError) {
        try ring.submit(waitingAtMostNs: waitingAtMostNs, completions: completions)
    }
    /// Asks to be told, once, when the signal is raised.
    mutating func watch(_ wakeSignal: WakeSignal, token: Token) {
        ring.watch(wakeSignal, token: token)
    }
}
