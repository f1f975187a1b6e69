// The cues that stand: what somebody who comes now has to be told.

import FLV

/// One cue of each key, and the counter of all.
struct RetainedCues {
    private struct State {
        let key: String
        let seq: UInt64
        let body: [UInt8]
        let isRepeated: Bool
        /// When it was last said to those who watch, programme time in ms.
        var publishedMs: UInt32
    }

    /// The oldest first.
    private var states: [State] = []
    /// The number of the newest cue; before the first, where counting begins.
    private(set) var latestSeq: UInt64
    /// How many cues there were.
    private(set) var count: UInt64 = 0

    /// - Parameter seqBase: what numbers are to be greater than.
    init(seqBase: UInt64 = 0) { latestSeq = seqBase }

    /// The bodies of all that stands, the oldest first.
    var snapshot: [[UInt8]] { states.map(\.body) }

    /// Whether a state of this size has room beside the others.
    func checkRoom(key: String, byteCount: Int) throws(CueRefusal) {
        let others = states.filter { $0.key != key }
        guard others.count < BroadcastLimits.cueStateCountMax else {
            throw .tooManyStates(limit: BroadcastLimits.cueStateCountMax)
        }
        let total = others.reduce(byteCount) { $0 + $1.body.count }
        let limit = BroadcastLimits.cueSnapshotByteCountMax
        guard total <= limit else { throw .snapshotTooLarge(byteCount: total, limit: limit) }
    }

    /// Takes the next number.
    mutating func advance() {
        latestSeq += 1
        count += 1
    }

    /// Puts a state in the place of its key's last one.
    mutating func keep(
        key: String, seq: UInt64, body: [UInt8], isRepeated: Bool, atMs: UInt32
    ) {
        clear(key: key)
        states.append(
            State(key: key, seq: seq, body: body, isRepeated: isRepeated, publishedMs: atMs))
    }

    /// The number of what stands under a key; nil if nothing does.
    func seq(key: String) -> UInt64? { states.first { $0.key == key }?.seq }

    /// Takes a state down, if there is one.
    mutating func clear(key: String) { states.removeAll { $0.key == key } }

    /// What is to be said again at a keyframe of this programme time, the longest ago first; it
    /// counts as said. What is too much for one keyframe waits for the next.
    mutating func takeDue(atMs: UInt32) -> [[UInt8]] {
        let due = states.indices.filter { index in
            states[index].isRepeated
                && Int64(atMs) - Int64(states[index].publishedMs) >= BroadcastLimits.cueRepeatMs
        }
        var bodies: [[UInt8]] = []
        var byteCount = 0
        for index in due.sorted(by: { states[$0].publishedMs < states[$1].publishedMs }) {
            let body = states[index].body
            byteCount += FLVTagHeader.tagByteCount(bodyByteCount: body.count)
            guard byteCount <= BroadcastLimits.cueRepeatByteCountMax else { break }
            states[index].publishedMs = atMs
            bodies.append(body)
        }
        return bodies
    }
}
