// A direct descriptor's socket for a moment as one of the process: for what only a descriptor tells.

import CLiburing
import CLinux
import Glibc

extension Ring {
    /// Whether the kernel makes descriptors of slots (`IORING_OP_FIXED_FD_INSTALL`, Linux 6.8).
    public var canExpose: Bool {
        guard let probe = unsafe io_uring_get_probe_ring(ring) else { return false }
        defer { unsafe io_uring_free_probe(probe) }
        return unsafe io_uring_opcode_supported(probe, installOperation) == 1
    }

    /// Makes a process descriptor of a slot's socket, within `submit`; the slot keeps it as well. The
    /// completion's result is the descriptor, which an `ExposedSocket` closes, or a negative errno.
    public mutating func expose(slot: Int, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_nop(entry)
        unsafe entry.pointee.opcode = UInt8(installOperation)
        unsafe entry.pointee.fd = Int32(slot)
        unsafe finish(entry, token, fixedFile)
    }
}

/// A socket that was exposed; its descriptor is closed in the end.
public struct ExposedSocket: ~Copyable {
    private let descriptor: Int32

    /// Takes over a descriptor.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// For how long the peer's receive window was what held up sending, µs since it was connected
    /// (`tcpi_rwnd_limited`, tcp(7)); nil where the kernel doesn't say.
    public var windowLimitedUs: UInt64? {
        var us: UInt64 = 0
        return unsafe fanfare_window_limited_us(descriptor, &us) == 0 ? us : nil
    }
}

/// `IORING_OP_FIXED_FD_INSTALL` (linux/io_uring.h), which older headers don't name.
private let installOperation: Int32 = 54
