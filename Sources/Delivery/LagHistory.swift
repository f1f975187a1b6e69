// How far a connection is usually behind, in few bytes, and when which byte of a timeline came.

/// How far behind a connection was at its last looks, a second apart.
///
/// Only what was behind is written down, so whoever keeps up costs nothing. What is missing counts
/// as not behind: a new connection has no lag to claim.
struct LagHistory {
    static let sampleCount = 16
    static let sampleNs: Int64 = 1_000_000_000
    /// What a sample counts in: 255 of them are more than any lag that a show may count.
    private static let unitNs: Int64 = 250_000_000

    private var samples = InlineArray<16, UInt8>(repeating: 0)
    /// The number of the newest look that is written down.
    private var newest: Int64 = 0

    /// The number of a look at that time.
    static func number(atNs nowNs: Int64) -> Int64 { nowNs / sampleNs }

    /// Writes a look down. Of two with the same number the first stands.
    mutating func add(_ lagNs: Int64, number: Int64) {
        guard number > newest else { return }
        let gap = min(number - newest, Int64(Self.sampleCount))
        for back in 0..<gap { samples[Self.place(number - back)] = 0 }
        let units = lagNs > 0 ? (lagNs - 1) / Self.unitNs + 1 : 0
        samples[Self.place(number)] = UInt8(clamping: units)
        newest = number
    }

    /// How far behind it was in more than half of the last looks, ns: nothing that it did in the
    /// few seconds before makes a difference.
    func typicalNs(number: Int64) -> Int64 {
        let gap = number - newest
        guard gap < Int64(Self.sampleCount) else { return 0 }
        var sorted: [UInt8] = []
        for back in 0..<Int64(Self.sampleCount) {
            sorted.append(back < gap ? 0 : samples[Self.place(number - back)])
        }
        sorted.sort()
        return Int64(sorted[Self.sampleCount / 2 - 1]) * Self.unitNs
    }

    private static func place(_ number: Int64) -> Int { Int(number & Int64(sampleCount - 1)) }
}

/// When a timeline had grown how far: enough to tell the age of a byte to a quarter of a second.
struct LagMarks {
    static let markNs: Int64 = 250_000_000
    private static let countMax = 256

    private var marks: [(ns: Int64, head: UInt64)] = []
    private var next = 0

    /// Notes how far the timeline has grown, if the last note is old enough.
    mutating func note(head: UInt64, nowNs: Int64) {
        if let newest = mark(back: 0), nowNs - newest.ns < Self.markNs { return }
        if marks.count < Self.countMax {
            marks.append((nowNs, head))
        } else {
            marks[next] = (nowNs, head)
        }
        next = (next + 1) % Self.countMax
    }

    /// How old what comes at a position may be at most, ns.
    func ageNs(of position: UInt64, nowNs: Int64) -> Int64 {
        var low = 0
        var high = marks.count
        // The marks are in order: the newest that the position is not before.
        while low < high {
            let middle = (low + high) / 2
            if let mark = mark(back: middle), mark.head > position {
                low = middle + 1
            } else {
                high = middle
            }
        }
        let mark = mark(back: min(low, marks.count - 1))
        return max(0, nowNs - (mark?.ns ?? nowNs))
    }

    private func mark(back: Int) -> (ns: Int64, head: UInt64)? {
        guard back >= 0, back < marks.count else { return nil }
        return marks[(next - 1 - back + 2 * marks.count) % marks.count]
    }
}
