// Connections whose records the kernel seals: what they need besides the plain road.
//
// Their sends aren't quiet, since the kernel's TLS refuses the flag that would make a short one
// heard of (`Ring.sendCounted`): each completes, and says how much of the plaintext was taken. What is
// taken is the kernel's to seal and to tell to its end, so a short send goes on anywhere, as on a
// plain socket. Their key can't be changed: a connection that would need that is ended.

import Glibc
import TLS

extension ShardCore where Kernel: ~Copyable {
    /// Sees before a send whether the kernel's key may seal more; ends the connection where it may not.
    ///
    /// - Returns: false if it was ended.
    mutating func kernelMaySeal(_ slot: Int) -> Bool {
        guard let index = table[slot].sealed else { return true }
        guard !sealed[index].keys.isWriteKeySpent else {
            end(slot, .left)
            return false
        }
        sealed[index].offerRound = sendRound
        return true
    }

    /// The kernel took so much of what it is to seal.
    ///
    /// - Returns: whether that is all that it was offered.
    mutating func kernelTook(_ slot: Int, _ result: Int32) -> Bool {
        guard result > 0, let index = table[slot].sealed else { return false }
        sealed[index].countKernelRecords(of: Int(result))
        let queue = table[slot].outbound
        if queue >= 0, outbound.isOffered(queue) {
            guard case .tags = outbound.first(queue) else {
                return Int(result) == outbound.offeredByteCount(queue)
            }
        }
        return UInt64(result) == table[slot].cursor - table[slot].sendStart
    }

    /// The last word of a connection found no room, or a send before it has completed: where its peer
    /// is still to read an answer, it is said again when there is room.
    mutating func repeatLast(_ slot: Int, _ result: Int32) {
        guard result == -EAGAIN, table[slot].state == .lingering,
            table[slot].flags.areSealedByKernel, let index = table[slot].sealed
        else { return }
        sealed[index].isShut = false
        poll(slot, tookSome: false)
    }
}

extension SealedConnection {
    /// Counts the records that the kernel has made of so much: one more than that fills, and one more
    /// still, as it may close one early where memory ends.
    mutating func countKernelRecords(of byteCount: Int) {
        keys.write.sequence += UInt64(byteCount / TLSLimits.plaintextByteCountMax + 2)
    }
}
