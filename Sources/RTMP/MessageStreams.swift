// The message streams of one connection (RTMP 1.0, 7.2.1.3 and 7.2.2.3).

/// Which message streams a peer has created; a deleted one's number is used again.
struct MessageStreams {
    private var createdCount: UInt32 = 0
    private var deleted: Set<UInt32> = []

    /// The number of a new message stream; nil when there are as many as there may be.
    mutating func create(countMax: Int) -> UInt32? {
        if let id = deleted.min() {
            deleted.remove(id)
            return id
        }
        guard Int(createdCount) < countMax else { return nil }
        createdCount += 1
        return createdCount
    }

    /// The peer needs it no more. Numbers that are none are no offence.
    mutating func delete(_ number: Double) {
        guard let id = UInt32(exactly: number), haveCreated(id) else { return }
        deleted.insert(id)
    }

    /// Whether it was ever created. One that was deleted may be published on all the same: some
    /// encoders delete their stream between two publishes and go on with its number.
    func haveCreated(_ id: UInt32) -> Bool { id >= 1 && id <= createdCount }
}
