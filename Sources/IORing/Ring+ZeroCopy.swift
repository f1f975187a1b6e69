// Sends that hand the kernel our pages instead of a copy of them.

import CLiburing
import Glibc

extension Ring {
    /// Whether the kernel can send without a copy (`IORING_OP_SEND_ZC`, Linux 6.0) and say
    /// whether it did (`IORING_SEND_ZC_REPORT_USAGE`, 6.2).
    public var supportsZeroCopy: Bool {
        guard let probe = unsafe io_uring_get_probe_ring(ring) else { return false }
        defer { unsafe io_uring_free_probe(probe) }
        return unsafe io_uring_opcode_supported(probe, Int32(fanfare_op_send_zc)) == 1
    }

    /// Makes an empty table of registered memory.
    ///
    /// - Returns: whether the kernel has given one.
    public func prepareRegions(count: Int) -> Bool {
        unsafe io_uring_register_buffers_sparse(ring, UInt32(count)) == 0
    }

    /// Registers memory, so that a send from it need not look up its pages; they stay pinned.
    ///
    /// - Returns: whether the kernel took it; where RLIMIT_MEMLOCK is too low it does not.
    public func register(
        region index: Int, from address: UnsafeRawPointer, byteCount: Int
    ) -> Bool {
        var vector = unsafe iovec(
            iov_base: UnsafeMutableRawPointer(mutating: address), iov_len: byteCount)
        return unsafe io_uring_register_buffers_update_tag(
            ring, UInt32(index), &vector, nil, 1) == 1
    }

    /// Takes memory off the table; what is still being sent from it stays until it went.
    public func unregister(region index: Int) {
        var vector = unsafe iovec(iov_base: nil, iov_len: 0)
        _ = unsafe io_uring_register_buffers_update_tag(ring, UInt32(index), &vector, nil, 1)
    }

    /// Sends without waiting and, where the way to the peer allows it, without a copy.
    ///
    /// The first completion tells what the socket took, as `send` does. Unless it says that
    /// nothing `follows`, a second one with `isNotification` comes when the kernel has done with
    /// the memory, which must not change before.
    ///
    /// - Parameter region: the registered memory it lies in; nil for any other.
    public mutating func sendZeroCopy(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, region: Int?, token: Token
    ) {
        let entry = unsafe nextEntry()
        if let region {
            unsafe io_uring_prep_send_zc_fixed(
                entry, Int32(slot), address, byteCount, quietSendFlags, zeroCopyReport,
                UInt32(region))
        } else {
            unsafe io_uring_prep_send_zc(
                entry, Int32(slot), address, byteCount, quietSendFlags, zeroCopyReport)
        }
        unsafe finish(entry, token, fixedFile)
    }

    /// Breaks a connection: the peer sees a reset, and the kernel drops what it has not sent.
    ///
    /// Connecting to "nowhere" is the way to do so by a direct descriptor (connect(2)).
    public mutating func reset(slot: Int, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_connect(
            entry, Int32(slot), nowhere, socklen_t(MemoryLayout<sockaddr>.size))
        unsafe finish(entry, token, fixedFile | skipSuccess)
    }
}

extension Completion {
    /// The kernel has done with the memory of a zero-copy send; this is no result.
    @inlinable
    public var isNotification: Bool { flags & notificationFlag != 0 }

    /// Whether another completion of the same operation follows.
    @inlinable
    public var isFollowed: Bool { flags & moreFlag != 0 }

    /// Of a notification: whether the kernel copied after all.
    @inlinable
    public var wasCopied: Bool { UInt32(bitPattern: result) & copiedFlag != 0 }
}

/// An address of the family AF_UNSPEC.
nonisolated(unsafe) private let nowhere: UnsafePointer<sockaddr> = {
    let address = UnsafeMutablePointer<sockaddr>.allocate(capacity: 1)
    unsafe address.initialize(to: sockaddr())
    return unsafe UnsafePointer(address)
}()

/// `IORING_SEND_ZC_REPORT_USAGE`, `IORING_CQE_F_NOTIF`, `IORING_CQE_F_MORE` and
/// `IORING_NOTIF_USAGE_ZC_COPIED` (linux/io_uring.h).
private let zeroCopyReport: UInt32 = 1 << 3
@usableFromInline let notificationFlag: UInt32 = 1 << 3
@usableFromInline let moreFlag: UInt32 = 1 << 1
@usableFromInline let copiedFlag: UInt32 = 1 << 31
