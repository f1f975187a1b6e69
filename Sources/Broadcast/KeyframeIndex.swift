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

    /// Who begins at the newest point gets other headers.
    mutating func amendNewest(_ headers: SequenceHeaders) {
        guard let point = entries.popLast() else { return }
        entries.append(
            JoinPoint(position: point.position, timestampMs: point.timestampMs, headers: headers))
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

    /// The position of a programme time, interpolated within its GOP; nil before everything here.
    func position(atMs timestampMs: Int64, headPosition: UInt64, headMs: Int64) -> UInt64? {
        let index = entries.lastIndex { Int64($0.timestampMs) <= timestampMs }
        guard let index else { return nil }
        let from = entries[index]
        let next = index + 1 < entries.count ? entries[index + 1] : nil
        let toPosition = next?.position ?? headPosition
        let toMs = next.map { Int64($0.timestampMs) } ?? headMs
        guard toMs > Int64(from.timestampMs) else { return from.position }
        let share =
            Double(timestampMs - Int64(from.timestampMs)) / Double(toMs - Int64(from.timestampMs))
        return from.position + UInt64(Double(toPosition - from.position) * min(1, share))
    }
}
