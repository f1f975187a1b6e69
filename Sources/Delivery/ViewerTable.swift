// The slots of a shard's connections, all taken at start-up.

/// A fixed table of slots; of the free ones the lowest is taken first, so that what is used stays
/// together at the front when the crowd has gone.
@safe struct ViewerTable: ~Copyable {
    let slotCount: Int
    private let slots: UnsafeMutablePointer<Viewer>
    private var freeSlots: FreeSlots
    private(set) var freeCount: Int
    /// One past the highest slot that is used: what a visit has to look at.
    private(set) var usedEnd = 0

    init(slotCount: Int) {
        self.slotCount = slotCount
        unsafe slots = .allocate(capacity: slotCount)
        unsafe slots.initialize(repeating: Viewer(), count: slotCount)
        freeSlots = FreeSlots(count: slotCount)
        freeCount = slotCount
    }

    deinit { unsafe slots.deallocate() }

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

    /// Takes the lowest free slot and begins a new life of it.
    mutating func take() -> Int? {
        guard let slot = freeSlots.takeLowest() else { return nil }
        freeCount -= 1
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
        freeSlots.give(slot)
        freeCount += 1
        while usedEnd > 0, self[usedEnd - 1].state == .free { usedEnd -= 1 }
    }
}

/// Which slots are free: a bit each, and a bit for each word that has any.
private struct FreeSlots {
    private var words: [UInt64]
    private var summary: [UInt64]

    init(count: Int) {
        words = Array(repeating: 0, count: (count + 63) / 64)
        summary = Array(repeating: 0, count: (words.count + 63) / 64)
        for slot in 0..<count { give(slot) }
    }

    mutating func takeLowest() -> Int? {
        guard let group = summary.firstIndex(where: { $0 != 0 }) else { return nil }
        let word = group * 64 + summary[group].trailingZeroBitCount
        let bit = words[word].trailingZeroBitCount
        words[word] &= ~(1 << UInt64(bit))
        if words[word] == 0 { summary[group] &= ~(1 << UInt64(word % 64)) }
        return word * 64 + bit
    }

    mutating func give(_ slot: Int) {
        words[slot / 64] |= 1 << UInt64(slot % 64)
        summary[slot / 64 / 64] |= 1 << UInt64(slot / 64 % 64)
    }
}
