// A message that the kernel's TLS is to seal in a record of its own type, and not as data.

import CLiburing
import Glibc

/// A message such as an alert, in memory that stays where it is: entries point to it.
///
/// The kernel is told the type beside the bytes, by a control message (TLS_SET_RECORD_TYPE of
/// linux/tls.h).
@safe public final class TypedRecord {
    /// As much as a message of the record layer's has, bytes.
    public static let byteCountMax = 16

    private static let level: Int32 = 282  // SOL_TLS
    private static let setRecordType: Int32 = 1  // TLS_SET_RECORD_TYPE
    private static let controlByteCount = MemoryLayout<cmsghdr>.stride + 8  // CMSG_SPACE(1)

    private let bytes: UnsafeMutableRawPointer
    private let control: UnsafeMutableRawPointer
    private let vector: UnsafeMutablePointer<iovec>
    let head: UnsafeMutablePointer<msghdr>

    /// - Parameter type: the content type (RFC 8446, section 5.1): 21 for an alert.
    public init(type: UInt8, bytes message: [UInt8]) {
        precondition(!message.isEmpty && message.count <= Self.byteCountMax, "a short message")
        unsafe bytes = .allocate(byteCount: Self.byteCountMax, alignment: 8)
        unsafe bytes.copyMemory(from: message, byteCount: message.count)
        unsafe control = .allocate(byteCount: Self.controlByteCount, alignment: 8)
        unsafe control.initializeMemory(
            as: UInt8.self, repeating: 0, count: Self.controlByteCount)
        let header = MemoryLayout<cmsghdr>.stride
        unsafe control.storeBytes(of: header + 1, as: Int.self)  // cmsg_len: CMSG_LEN(1)
        unsafe control.storeBytes(of: Self.level, toByteOffset: 8, as: Int32.self)
        unsafe control.storeBytes(of: Self.setRecordType, toByteOffset: 12, as: Int32.self)
        unsafe control.storeBytes(of: type, toByteOffset: header, as: UInt8.self)
        unsafe vector = .allocate(capacity: 1)
        unsafe vector.initialize(to: iovec(iov_base: bytes, iov_len: message.count))
        unsafe head = .allocate(capacity: 1)
        unsafe head.initialize(to: msghdr())
        unsafe head.pointee.msg_iov = vector
        unsafe head.pointee.msg_iovlen = 1
        unsafe head.pointee.msg_control = control
        unsafe head.pointee.msg_controllen = Self.controlByteCount
    }

    deinit {
        unsafe head.deallocate()
        unsafe vector.deallocate()
        unsafe control.deallocate()
        unsafe bytes.deallocate()
    }
}

extension Ring {
    /// Sends what the kernel seals, without waiting, and posts how much it took in every case.
    ///
    /// Its TLS refuses flags that it doesn't know, and `MSG_WAITALL` is one: so a short send can't be
    /// told from a whole one by a completion's absence.
    @inlinable
    public mutating func sendCounted(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_send(entry, Int32(slot), address, byteCount, countedSendFlags)
        unsafe finish(entry, token, fixedFile)
    }

    /// Has the kernel seal and send a message, without waiting; it goes whole or not at all, and
    /// nothing is said when it went. The message lives until `submit` returns.
    public mutating func send(_ record: TypedRecord, slot: Int, token: Token) {
        let entry = unsafe nextEntry()
        unsafe io_uring_prep_sendmsg(
            entry, Int32(slot), record.head, UInt32(bitPattern: countedSendFlags))
        unsafe finish(entry, token, fixedFile | skipSuccess)
    }
}

/// `MSG_DONTWAIT | MSG_NOSIGNAL`.
@usableFromInline let countedSendFlags: Int32 = 0x40 | 0x4000
