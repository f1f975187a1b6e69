// Response head and preamble in one piece, shared by all who join at the same keyframe.

import Broadcast
import HTTPWire

/// The bytes that viewers get before the first frame, kept as long as somebody still gets them.
@safe struct StartBlocks: ~Copyable {
    @safe private struct Block {
        var bytes: UnsafeMutableRawBufferPointer?
        var flvOffset = 0
        var resumeOffset = 0
        var channel = -1
        var position: UInt64 = 0
        /// Held so that no other can come to stand at its address.
        var preamble: Preamble?
        var origin: String?
        var userCount = 0
    }

    private var blocks: [Block] = Array(
        repeating: Block(), count: DeliverySettings.startBlockCountMax)
    /// Bytes that nobody gets any more, but that an entry may still point to.
    private var retired: [UnsafeMutableRawBufferPointer] = unsafe []

    deinit {
        for index in unsafe retired.indices { unsafe retired[index].deallocate() }
        for index in blocks.indices { unsafe blocks[index].bytes?.deallocate() }
    }

    /// The block for a start point; it must be given back as often as it was taken.
    ///
    /// - Returns: nil when too many old blocks are still in use.
    mutating func take(
        channel: Int, start: StartPoint, origin: String?, variesByOrigin: Bool
    ) -> UInt16? {
        var free: Int?
        for index in blocks.indices {
            let isSame =
                unsafe blocks[index].bytes != nil && blocks[index].channel == channel
                && blocks[index].preamble === start.preamble
                && blocks[index].position == start.position && blocks[index].origin == origin
            if isSame {
                blocks[index].userCount += 1
                return UInt16(index)
            }
            if blocks[index].userCount == 0, free == nil { free = index }
        }
        guard let free else { return nil }
        if let bytes = unsafe blocks[free].bytes { unsafe retired.append(bytes) }
        // The answer to a WebSocket's request has something of its key, so each gets its own.
        let head =
            Channel.framing(of: channel) == .plain
            ? HTTPResponse.flvHead(allowOrigin: origin, variesByOrigin: variesByOrigin) : []
        let count = head.count + start.preamble.bytes.count
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        unsafe bytes.copyBytes(from: head)
        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[head.count...])
            .copyBytes(from: start.preamble.bytes)
        unsafe blocks[free] = Block(
            bytes: bytes, flvOffset: head.count,
            resumeOffset: head.count + start.preamble.resumeOffset,
            channel: channel, position: start.position,
            preamble: start.preamble, origin: origin, userCount: 1)
        return UInt16(free)
    }

    /// One user less.
    mutating func give(_ index: UInt16) {
        precondition(blocks[Int(index)].userCount > 0)
        blocks[Int(index)].userCount -= 1
    }

    /// Everything that was prepared is submitted: the kernel has copied what it takes.
    mutating func releaseRetired() {
        guard unsafe !retired.isEmpty else { return }
        for index in unsafe retired.indices { unsafe retired[index].deallocate() }
        unsafe retired.removeAll(keepingCapacity: true)
    }

    /// The bytes of a block in use.
    func bytes(_ index: UInt16) -> UnsafeRawBufferPointer {
        precondition(blocks[Int(index)].userCount > 0)
        return unsafe UnsafeRawBufferPointer(
            blocks[Int(index)].bytes ?? .init(start: nil, count: 0))
    }

    /// How many bytes a block in use has.
    func byteCount(_ index: UInt16) -> Int { unsafe bytes(index).count }

    /// Where the FLV begins, after the answer's head.
    func flvOffset(_ index: UInt16) -> Int { blocks[Int(index)].flvOffset }

    /// Where the part begins that a viewer gets when it skips ahead.
    func resumeOffset(_ index: UInt16) -> Int { blocks[Int(index)].resumeOffset }

    /// Where the frames begin that follow a block.
    func position(_ index: UInt16) -> UInt64 { blocks[Int(index)].position }
}
