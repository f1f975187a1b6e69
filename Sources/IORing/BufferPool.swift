// A pool of receive buffers that the kernel takes from only when bytes have come.

import CLiburing
import Glibc

/// The number by which a ring knows a pool.
public struct BufferGroup: Equatable, Sendable {
    let id: UInt16
}

/// Provided buffers (`IORING_REGISTER_PBUF_RING`): thousands of idle connections wait for bytes
/// without holding any memory.
@safe public struct BufferPool: ~Copyable {
    /// What `Ring.receive` is given.
    public let group: BufferGroup
    /// The size of each buffer.
    public let bufferByteCount: Int
    private let entryCount: Int
    private let ring: UnsafeMutablePointer<io_uring_buf_ring>
    private let ringByteCount: Int
    private let memory: UnsafeMutableRawPointer

    /// Makes a pool and gives all of it to the ring. It has to outlive the ring's receives.
    ///
    /// - Parameter count: how many buffers; a power of two.
    public init(
        ring target: borrowing Ring, group id: UInt16, count: Int, bufferByteCount: Int
    ) throws(RingError) {
        precondition(count > 0 && count & (count - 1) == 0 && count <= 32_768)
        let tableByteCount = count * MemoryLayout<io_uring_buf>.stride
        let table = unsafe mmap(
            nil, tableByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let table = unsafe table, unsafe table != MAP_FAILED else {
            throw .buffers(byteCount: tableByteCount, errno: errno)
        }
        let code = unsafe fanfare_register_buffer_ring(target.ring, table, UInt32(count), id)
        guard code == 0 else {
            unsafe munmap(table, tableByteCount)
            throw .buffers(byteCount: tableByteCount, errno: -code)
        }
        unsafe ring = table.assumingMemoryBound(to: io_uring_buf_ring.self)
        ringByteCount = tableByteCount
        unsafe memory = .allocate(byteCount: count * bufferByteCount, alignment: 4096)
        group = BufferGroup(id: id)
        self.bufferByteCount = bufferByteCount
        entryCount = count
        unsafe fanfare_buffer_ring_init(ring)
        for index in 0..<count {
            unsafe fanfare_buffer_ring_add(
                ring, memory + index * bufferByteCount, UInt32(bufferByteCount), UInt16(index),
                UInt32(count), Int32(index))
        }
        unsafe fanfare_buffer_ring_advance(ring, Int32(count))
    }

    deinit {
        unsafe munmap(ring, ringByteCount)
        unsafe memory.deallocate()
    }

    /// The bytes of a buffer that a completion named.
    public func bytes(of id: UInt16, count: Int) -> UnsafeRawBufferPointer {
        precondition(Int(id) < entryCount && count <= bufferByteCount)
        return unsafe UnsafeRawBufferPointer(
            start: memory + Int(id) * bufferByteCount, count: count)
    }

    /// Gives a buffer back to the kernel.
    public func giveBack(_ id: UInt16) {
        unsafe fanfare_buffer_ring_add(
            ring, memory + Int(id) * bufferByteCount, UInt32(bufferByteCount), id,
            UInt32(entryCount), 0)
        unsafe fanfare_buffer_ring_advance(ring, 1)
    }
}
