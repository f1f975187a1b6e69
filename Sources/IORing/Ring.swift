// One io_uring, used by one thread: submission entries in, completions out.

public import CLiburing
import Glibc

/// An io_uring with a table of direct descriptors.
///
/// It belongs to the thread that made it (`IORING_SETUP_SINGLE_ISSUER`). Operations name
/// sockets by their slot in the ring's own table, so they cost no process descriptor.
@safe public struct Ring: ~Copyable {
    @usableFromInline let ring: UnsafeMutablePointer<io_uring>
    /// How many slots the table of direct descriptors has.
    public let slotCount: Int
    /// The calls of `io_uring_enter` so far.
    public private(set) var enterCount: UInt64 = 0

    /// Makes a ring on the calling thread.
    ///
    /// - Parameters:
    ///   - entries: how many submissions fit before the kernel must be entered.
    ///   - completions: how many completions fit.
    ///   - slots: how many direct descriptors; at most RLIMIT_NOFILE.
    public init(entries: Int, completions: Int, slots: Int) throws(RingError) {
        let memory = UnsafeMutablePointer<io_uring>.allocate(capacity: 1)
        unsafe memory.initialize(to: io_uring())
        var code: Int32 = -EINVAL
        for flags in [fanfare_setup_deferred, fanfare_setup_cooperative] {
            var parameters = io_uring_params()
            parameters.flags = flags
            parameters.cq_entries = UInt32(completions)
            code = unsafe io_uring_queue_init_params(UInt32(entries), memory, &parameters)
            if code != -EINVAL { break }
        }
        guard code == 0 else {
            unsafe memory.deallocate()
            throw .setup(errno: -code, disabledSetting: disabledSetting())
        }
        // A registered ring saves a descriptor look-up an enter; without it all works the same.
        _ = unsafe io_uring_register_ring_fd(memory)
        if slots > 0 {
            code = unsafe io_uring_register_files_sparse(memory, UInt32(slots))
            guard code == 0 else {
                unsafe io_uring_queue_exit(memory)
                unsafe memory.deallocate()
                throw .directDescriptors(count: slots, errno: -code)
            }
        }
        unsafe ring = memory
        slotCount = slots
    }

    deinit {
        unsafe io_uring_queue_exit(ring)
        unsafe ring.deallocate()
    }

    /// Whether completions run only when this thread enters the kernel (Linux 6.1 and newer).
    public var defersTaskWork: Bool {
        unsafe ring.pointee.flags & (1 << 13) != 0
    }

    // MARK: Submission

    /// Submission entries still free before the ring must be submitted.
    @inlinable
    public var entriesLeft: Int { Int(unsafe io_uring_sq_space_left(ring)) }

    /// Submission entries the kernel has not taken yet. After a submit there are some only if it
    /// was short of memory; they go with the next one, and what they point to must live on.
    public var entriesPending: Int { Int(unsafe io_uring_sq_ready(ring)) }

    /// The next submission entry. The caller keeps `entriesLeft` in sight.
    @inlinable
    func nextEntry() -> UnsafeMutablePointer<io_uring_sqe> {
        guard let entry = unsafe io_uring_get_sqe(ring) else {
            preconditionFailure("the submission queue is full: submit first")
        }
        return unsafe entry
    }

    @inlinable
    func finish(_ entry: UnsafeMutablePointer<io_uring_sqe>, _ token: Token, _ flags: UInt32) {
        unsafe entry.pointee.flags |= UInt8(truncatingIfNeeded: flags)
        unsafe entry.pointee.user_data = token.rawValue
    }

    /// Sends without waiting, and says nothing when all of it went.
    ///
    /// A short send posts its count, a full socket `-EAGAIN`; nothing stays pending in the
    /// kernel, so the memory may be written over once `submit` returns. `MSG_WAITALL` is what
    /// makes a short send count as a failure, which a skipped completion would hide.
    @inlinable
    public mutating func sendQuietly(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_send(entry, Int32(slot), address, byteCount, quietSendFlags)
        unsafe finish(entry, token, fixedFile | skipSuccess)
    }

    /// Sends without waiting and posts a completion in every case.
    @inlinable
    public mutating func send(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_send(entry, Int32(slot), address, byteCount, quietSendFlags)
        unsafe finish(entry, token, fixedFile)
    }

    /// Sends everything, waiting as long as it takes; the memory stays taken till it completes.
    public mutating func sendAll(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_send(
            entry, Int32(slot), address, byteCount,
            Int32(MSG_NOSIGNAL) | Int32(MSG_WAITALL))
        unsafe finish(entry, token, fixedFile)
    }

    /// Receives once into a buffer of the pool of that group.
    public mutating func receive(slot: Int, pool: BufferGroup, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_recv(entry, Int32(slot), nil, 0, 0)
        unsafe entry.pointee.buf_group = pool.id
        unsafe finish(entry, token, fixedFile | bufferSelect)
    }

    /// Receives once into memory that the caller keeps until it completes.
    public mutating func receive(
        slot: Int, into address: UnsafeMutableRawPointer, byteCount: Int, token: Token
    ) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_recv(entry, Int32(slot), address, byteCount, 0)
        unsafe finish(entry, token, fixedFile)
    }

    /// Accepts one connection of a listening descriptor into a slot; the peer's address is
    /// written to `peer`, which the caller keeps until it completes.
    public mutating func accept(
        listener: Int32, into slot: Int, peer: PeerAddressBuffer, token: Token
    ) {
        let entry = unsafe nextEntry()
        peer.reset()
        unsafe io_uring_prep_accept_direct(
            entry, listener, peer.address, peer.length, 0, UInt32(slot))
        unsafe finish(entry, token, 0)
    }

    /// Completes once the slot's socket can take more bytes or is broken.
    public mutating func pollWritable(slot: Int, token: Token) {
        let entry = unsafe nextEntry()
        unsafe fanfare_prep_poll_out(entry, Int32(slot))
        unsafe finish(entry, token, 0)
    }

    /// Ends the sending direction of a socket, so that the peer sees an orderly end.
    ///
    /// The kernel hands it to a thread of its own, which looks into the slot only then. So it always
    /// completes, and the slot is to be closed after that: else it may meet the slot's next
    /// connection.
    public mutating func shutdownSending(slot: Int, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_shutdown(entry, Int32(slot), Int32(SHUT_WR))
        unsafe finish(entry, token, fixedFile)
    }

    /// Cancels the operation with that token. Its own outcome is of no interest.
    public mutating func cancel(_ victim: Token, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_cancel64(entry, victim.rawValue, 0)
        unsafe finish(entry, token, skipSuccess)
    }

    /// Closes the socket in a slot; a completion says when the slot is free.
    public mutating func close(slot: Int, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_close_direct(entry, UInt32(slot))
        unsafe finish(entry, token, 0)
    }

    /// Reads from a plain descriptor of the process, such as an eventfd.
    mutating func read(
        descriptor: Int32, into address: UnsafeMutableRawPointer, byteCount: Int, token: Token
    ) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_read(entry, descriptor, address, UInt32(byteCount), 0)
        unsafe finish(entry, token, 0)
    }

    // MARK: A client's operations

    /// Moves a process descriptor into a slot, whatever was there before; the descriptor itself
    /// may be closed then.
    public func install(descriptor: Int32, into slot: Int) throws(RingError) {
        var descriptor = descriptor
        let code = unsafe io_uring_register_files_update(ring, UInt32(slot), &descriptor, 1)
        guard code == 1 else { throw .directDescriptors(count: slotCount, errno: -code) }
    }

    /// Connects a slot's socket. The address is read by the time `submit` returns, so it has to
    /// live that long.
    public mutating func connect(slot: Int, to peer: PeerAddressBuffer, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_connect(entry, Int32(slot), peer.address, peer.length.pointee)
        unsafe finish(entry, token, fixedFile)
    }

    /// Receives and throws away what it gets, without a copy (`MSG_TRUNC`, tcp(7)).
    public mutating func discard(slot: Int, byteCount: Int, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_recv(
            entry, Int32(slot), discardAddress, byteCount, Int32(MSG_TRUNC))
        unsafe finish(entry, token, fixedFile)
    }

    // MARK: The kernel's turn

    /// Hands the prepared entries to the kernel and lets it post what is ready; doesn't wait.
    public mutating func submit() throws(RingError) {
        enterCount &+= 1
        try check(unsafe io_uring_submit_and_get_events(ring))
    }

    /// Hands the prepared entries to the kernel and waits for completions, at most that long.
    ///
    /// - Parameter completions: how many are worth waking up for.
    public mutating func submit(
        waitingAtMostNs: Int64, completions: Int = 1
    ) throws(RingError) {
        guard waitingAtMostNs > 0 else { return try submit() }
        enterCount &+= 1
        var time = __kernel_timespec(
            tv_sec: waitingAtMostNs / 1_000_000_000, tv_nsec: waitingAtMostNs % 1_000_000_000)
        var first: UnsafeMutablePointer<io_uring_cqe>?
        try check(
            unsafe io_uring_submit_and_wait_timeout(
                ring, &first, UInt32(completions), &time, nil))
    }

    private func check(_ code: Int32) throws(RingError) {
        switch code {
        case 0..., -ETIME, -EINTR, -EAGAIN, -EBUSY: break
        default: throw .enter(errno: -code)
        }
    }

    /// The oldest completion not seen yet, taken off the queue.
    @inlinable
    public mutating func nextCompletion() -> Completion? {
        guard let entry = unsafe fanfare_peek(ring) else { return nil }
        let completion = unsafe Completion(
            token: Token(rawValue: entry.pointee.user_data), result: entry.pointee.res,
            flags: entry.pointee.flags)
        unsafe fanfare_seen(ring)
        return completion
    }
}

/// TCP writes nothing to the address of a receive that discards; it only must not be nil.
nonisolated(unsafe) private let discardAddress = UnsafeMutableRawPointer.allocate(
    byteCount: 64, alignment: 64)

/// `MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL`.
@usableFromInline let quietSendFlags: Int32 = 0x40 | 0x100 | 0x4000
/// `IOSQE_FIXED_FILE`, `IOSQE_BUFFER_SELECT`, `IOSQE_CQE_SKIP_SUCCESS` (linux/io_uring.h).
@usableFromInline let fixedFile: UInt32 = 1 << 0
@usableFromInline let bufferSelect: UInt32 = 1 << 5
@usableFromInline let skipSuccess: UInt32 = 1 << 6

/// The sysctl `kernel.io_uring_disabled`, if this kernel has it.
func disabledSetting() -> Int? {
    guard let file = unsafe fopen("/proc/sys/kernel/io_uring_disabled", "r") else { return nil }
    defer { unsafe fclose(file) }
    let character = unsafe fgetc(file)
    return character >= 0x30 && character <= 0x39 ? Int(character) - 0x30 : nil
}
