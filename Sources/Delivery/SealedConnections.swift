// What is kept of a shard's TLS connections.

import TLS

/// The TLS connections of a shard, taken from the system in blocks as they are needed: those who
/// come without TLS pay nothing for them.
@safe struct SealedConnections: ~Copyable {
    private var blocks: [UnsafeMutablePointer<SealedConnection>] = unsafe []
    private var free: [UInt16] = []

    deinit { for index in unsafe blocks.indices { unsafe blocks[index].deallocate() } }

    subscript(index: Int) -> SealedConnection {
        @inline(__always) unsafeAddress {
            let block = unsafe blocks[index / DeliverySettings.sealedBlockCount]
            return unsafe UnsafePointer(block + index % DeliverySettings.sealedBlockCount)
        }
        @inline(__always) unsafeMutableAddress {
            let block = unsafe blocks[index / DeliverySettings.sealedBlockCount]
            return unsafe block + index % DeliverySettings.sealedBlockCount
        }
    }

    /// How many are in use.
    var count: Int { unsafe blocks.count * DeliverySettings.sealedBlockCount - free.count }

    /// The place of a new connection: there is one for each slot that can be.
    mutating func take(_ keys: SessionKeys) -> UInt16 {
        if free.isEmpty { grow(keys) }
        let index = free.removeLast()
        self[Int(index)] = SealedConnection(keys: keys)
        return index
    }

    /// Overwrites the keys of a connection that is being closed.
    mutating func wipe(_ index: Int) { self[index].keys.wipe() }

    mutating func give(_ index: UInt16) { free.append(index) }

    /// Gives the memory back if nobody uses any of it.
    mutating func trim() {
        guard count == 0, unsafe !blocks.isEmpty else { return }
        for index in unsafe blocks.indices { unsafe blocks[index].deallocate() }
        unsafe blocks = []
        free = []
    }

    private mutating func grow(_ keys: SessionKeys) {
        let count = DeliverySettings.sealedBlockCount
        let start = unsafe blocks.count * count
        precondition(start + count <= DeliverySettings.slotCountLimit, "one for each slot")
        let block = UnsafeMutablePointer<SealedConnection>.allocate(capacity: count)
        var empty = SealedConnection(keys: keys)
        empty.keys.wipe()
        unsafe block.initialize(repeating: empty, count: count)
        unsafe blocks.append(block)
        free += (start..<start + count).reversed().map { UInt16($0) }
    }
}

/// Where records are sealed for the sends of the next submit. It is taken from the system when the
/// first are.
@safe struct SealingScratch: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var usedByteCount = 0

    deinit { unsafe memory?.deallocate() }

    /// Whether so much fits behind what is there.
    func hasRoom(for byteCount: Int) -> Bool {
        usedByteCount + byteCount <= DeliverySettings.scratchByteCount
    }

    /// So much of it, which stays where it is until `reset`.
    mutating func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
        precondition(hasRoom(for: byteCount), "submitted before it is full")
        let base =
            unsafe memory
            ?? .allocate(byteCount: DeliverySettings.scratchByteCount, alignment: 4_096)
        unsafe memory = base
        defer { usedByteCount += byteCount }
        return unsafe UnsafeMutableRawBufferPointer(start: base + usedByteCount, count: byteCount)
    }

    /// Everything that was prepared is submitted: the kernel has copied what it takes.
    mutating func reset() { usedByteCount = 0 }
}
