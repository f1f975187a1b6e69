// Where the GOPs begin that are still in the arena.

/// A place at which a viewer's stream can begin.
struct JoinPoint {
    /// The position of its first tag.
    let position: UInt64
    /// Its programme time, ms.
    let timestampMs: UInt32
    /// The sequence headers that were in force there.
    let headers: SequenceHeaders
}

/// The join points of the retained part of a programme, oldest first.
struct KeyframeIndex {
    private var entries: [JoinPoint] = []
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
        entries.reserveCapacity(min(countMax, 64))
    }

    var newest: JoinPoint? { entries.last }
    var oldest: JoinPoint? { entries.first }
    var isEmpty: Bool { entries.isEmpty }

    mutating func append(_ point: JoinPoint) {
        if entries.count == countMax { entries.removeFirst() }
        entries.append(point)
    }

    /// Forgets what is not needed to cover the time from `timestampMs` on.
    mutating func forget(olderThanMs timestampMs: Int64) {
        let keep = entries.lastIndex { Int64($0.timestampMs) <= timestampMs } ?? 0
        entries.removeFirst(keep)
    }

    /// Forgets what lies before a position.
    mutating func forget(before position: UInt64) {
        guard let first = entries.first, first.position < position else { return }
        entries.removeFirst(entries.firstIndex { $0.position >= position } ?? entries.count)
    }

    /// The last join point at or before a position.
    func point(atOrBefore position: UInt64) -> JoinPoint? {
        entries.last { $0.position <= position }
    }

    /// The programme time of a position, ms, interpolated within its GOP.
    func timestampMs(at position: UInt64, headPosition: UInt64, headMs: Int64) -> Int64? {
        guard let index = entries.lastIndex(where: { $0.position <= position }) else { return nil }
        let from = entries[index]
        let next = index + 1 < entries.count ? entries[index + 1] : nil
        let toPosition = next?.position ?? headPosition
        let toMs = next.map { Int64($0.timestampMs) } ?? headMs
        guard toPosition > from.position else { return Int64(from.timestampMs) }
        let share = Double(position - from.position) / Double(toPosition - from.position)
        return Int64(from.timestampMs) + Int64(Double(toMs - Int64(from.timestampMs)) * share)
    }
}
