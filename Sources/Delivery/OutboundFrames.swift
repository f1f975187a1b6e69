// Small WebSocket frames on their way down.

import HTTPWire

/// A pool of frames, taken from the system in blocks as they are needed, each with the number of
/// the one that follows it to the same viewer.
@safe struct OutboundFrames: ~Copyable {
    private struct Entry {
        var byteCount: UInt16 = 0
        var next: Int32 = -1
    }

    private static let byteCountMax =
        AudienceReply.textByteCountMax + WebSocketFrameHead.byteCountMax
    private let countMax: Int
    private var blocks: [UnsafeMutableRawPointer] = unsafe []
    private var entries: [Entry] = []
    private var free: [Int32] = []
    /// Given back, while an entry may still point to them.
    private var retired: [Int32] = []

    init(countMax: Int) { self.countMax = countMax }

    deinit { for index in unsafe blocks.indices { unsafe blocks[index].deallocate() } }

    /// How many blocks are taken from the system.
    var blockCount: Int { unsafe blocks.count }
    /// How many are in use.
    var count: Int { entries.count - free.count - retired.count }

    /// Whether there is no frame left to take.
    var isExhausted: Bool { free.isEmpty && entries.count >= countMax }

    /// A frame with this payload; nil when there are too many.
    mutating func take(_ opcode: WebSocketOpcode, _ payload: RawSpan) -> Int32? {
        if free.isEmpty {
            guard entries.count < countMax else { return nil }
            grow()
        }
        let index = free.removeLast()
        entries[Int(index)].next = -1
        write(opcode, payload, to: index)
        return index
    }

    /// Puts another payload in the place of a frame's.
    mutating func write(_ opcode: WebSocketOpcode, _ payload: RawSpan, to index: Int32) {
        let head = WebSocketFrameHead(opcode, payloadByteCount: payload.byteCount)
        let byteCount = head.byteCount + payload.byteCount
        precondition(byteCount <= OutboundFrames.byteCountMax)
        let place = unsafe UnsafeMutableBufferPointer(
            start: address(index).assumingMemoryBound(to: UInt8.self), count: byteCount)
        var output = unsafe OutputSpan(buffer: place, initializedCount: 0)
        head.append(to: &output)
        let headByteCount = unsafe output.finalize(for: place)
        unsafe payload.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(
                start: address(index) + headByteCount, count: bytes.count
            )
            .copyMemory(from: bytes)
        }
        entries[Int(index)].byteCount = UInt16(byteCount)
    }

    /// Gives a frame back that the kernel may still be about to read.
    mutating func give(_ index: Int32) { retired.append(index) }

    /// Gives a frame back that no entry points to.
    mutating func giveUnsent(_ index: Int32) { free.append(index) }

    /// Gives the memory back if nobody uses any of it.
    mutating func trim() {
        guard !entries.isEmpty, free.count == entries.count else { return }
        for index in unsafe blocks.indices { unsafe blocks[index].deallocate() }
        unsafe blocks = []
        entries = []
        free = []
    }

    /// Everything that was prepared is submitted: the kernel has copied what it takes.
    mutating func releaseRetired() {
        free += retired
        retired.removeAll(keepingCapacity: true)
    }

    subscript(nextOf index: Int32) -> Int32 {
        get { entries[Int(index)].next }
        set { entries[Int(index)].next = newValue }
    }

    /// A frame's bytes, which stay where they are until it is given back.
    func bytes(_ index: Int32) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(
            start: address(index), count: Int(entries[Int(index)].byteCount))
    }

    private func address(_ index: Int32) -> UnsafeMutableRawPointer {
        let perBlock = DeliverySettings.frameBlockCount
        return unsafe blocks[Int(index) / perBlock] + Int(index) % perBlock
            * OutboundFrames.byteCountMax
    }

    private mutating func grow() {
        let count = min(DeliverySettings.frameBlockCount, countMax - entries.count)
        let start = entries.count
        unsafe blocks.append(
            .allocate(
                byteCount: DeliverySettings.frameBlockCount * OutboundFrames.byteCountMax,
                alignment: 64))
        entries += Array(repeating: Entry(), count: count)
        free += (start..<start + count).reversed().map { Int32($0) }
    }
}
