// The slots of a shard's connections, all taken at start-up.

/// A fixed table of slots with a list of the free ones, lowest first after a start.
@safe struct ViewerTable: ~Copyable {
    let slotCount: Int
    private let slots: UnsafeMutablePointer<Viewer>
    private let freeSlots: UnsafeMutablePointer<Int32>
    private(set) var freeCount: Int
    /// One past the highest slot that was ever used: what a visit has to look at.
    private(set) var usedEnd = 0

    init(slotCount: Int) {
        self.slotCount = slotCount
        unsafe slots = .allocate(capacity: slotCount)
        unsafe slots.initialize(repeating: Viewer(), count: slotCount)
        unsafe freeSlots = .allocate(capacity: slotCount)
        for index in 0..<slotCount {
            unsafe (freeSlots + index).initialize(to: Int32(slotCount - 1 - index))
        }
        freeCount = slotCount
    }

    deinit {
        unsafe slots.deallocate()
        unsafe freeSlots.deallocate()
    }

    subscript(slot: Int) -> Viewer {
        @inline(__always) unsafeAddress {
            precondition(slot >= 0 && slot < slotCount)
            return unsafe UnsafePointer(slots + slot)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(slot >= 0 && slot < slotCount)
            return unsafe slots + slot
        }
    }

    /// Takes a free slot and begins a new life of it.
    mutating func take() -> Int? {
        guard freeCount > 0 else { return nil }
        freeCount -= 1
        let slot = Int(unsafe freeSlots[freeCount])
        let generation = unsafe slots[slot].generation &+ 1
        unsafe slots[slot] = Viewer()
        unsafe slots[slot].generation = generation
        usedEnd = max(usedEnd, slot + 1)
        return slot
    }

    /// Gives a slot back.
    mutating func give(_ slot: Int) {
        precondition(self[slot].state != .free && freeCount < slotCount)
        self[slot].state = .free
        unsafe freeSlots[freeCount] = Int32(slot)
        freeCount += 1
    }
}
