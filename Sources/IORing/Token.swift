// What comes back with a completion: which slot, which life of the slot, which kind of operation.

/// The 64 bits of user data that an operation carries through the kernel.
///
/// A completion may arrive for a connection that is gone already and whose slot another one
/// has taken; the generation tells them apart.
public struct Token: Equatable, Sendable {
    /// As the kernel carries it: operation in the top 8 bits, generation in the next 24, slot
    /// in the low 32.
    public let rawValue: UInt64

    /// A token from the kernel.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// A token for an operation on a slot. Only the low 24 bits of the generation are kept.
    @inlinable
    public init(operation: UInt8, generation: UInt32, slot: Int) {
        rawValue =
            UInt64(operation) << 56 | UInt64(generation & 0xFF_FFFF) << 32
            | UInt64(UInt32(truncatingIfNeeded: slot))
    }

    /// The caller's number for the kind of operation.
    @inlinable
    public var operation: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 56) }

    /// The low 24 bits of the slot's generation at the time of the operation.
    @inlinable
    public var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) & 0xFF_FFFF }

    /// The slot the operation was for.
    @inlinable
    public var slot: Int { Int(UInt32(truncatingIfNeeded: rawValue)) }
}

/// One finished operation.
public struct Completion: Sendable {
    /// The operation's token.
    public let token: Token
    /// The result: a count or a slot, or a negated errno.
    public let result: Int32
    /// The kernel's completion flags (`IORING_CQE_F_*`).
    @usableFromInline let flags: UInt32

    @usableFromInline
    init(token: Token, result: Int32, flags: UInt32) {
        self.token = token
        self.result = result
        self.flags = flags
    }

    /// The provided buffer that holds the received bytes, if one was taken.
    @inlinable
    public var bufferId: UInt16? {
        guard flags & bufferFlag != 0 else { return nil }
        return UInt16(truncatingIfNeeded: flags >> bufferShift)
    }
}

/// `IORING_CQE_F_BUFFER` and `IORING_CQE_BUFFER_SHIFT` (linux/io_uring.h).
@usableFromInline let bufferFlag: UInt32 = 1
@usableFromInline let bufferShift: UInt32 = 16
