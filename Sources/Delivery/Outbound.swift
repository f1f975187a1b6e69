// What connections are still to get besides the timeline: a queue of segments each.

import IORing

/// A piece of what a connection is to get.
enum OutboundSegment {
    /// An answer's bytes. Those that others hold as well cost this connection nothing.
    case bytes([UInt8], isShared: Bool)
    /// A WebSocket's frame of the shard's pool.
    case frame(Int32)
    /// What comes before the first tag, from an offset on.
    case block(UInt16, from: Int)
    /// The timeline, from the viewer's cursor up to the end of a tag.
    case tags(upTo: UInt64)
    /// What comes before the newest keyframe, chosen when it is this one's turn; the viewer goes on
    /// from there.
    case skip

    /// Whether its bytes are the stream's, and not an answer's or a message's.
    var isStream: Bool {
        switch self {
        case .block, .tags: true
        case .bytes, .frame, .skip: false
        }
    }
}

/// The queues of a shard's connections, and the memory that their bytes are in.
///
/// The first segment of a queue is offered to the socket, whole; the kernel says nothing if it takes
/// all of it. So an offer moves the queue's cursor at once, a short send puts it back, and when all
/// completions are handled what is still offered has gone. That is the same with a viewer's cursor in
/// the timeline: for one that only streams, the queue is implied by it, and there is none here.
@safe struct Outbound: ~Copyable {
    private struct Entry {
        var segment: OutboundSegment
        var next: Int32 = -1
    }

    private struct Queue {
        var first: Int32 = -1
        var last: Int32 = -1
        /// How much of the first segment its socket has, if it took all of the last offer; bytes.
        var cursor = 0
        /// Where the last offer of the first segment began, bytes.
        var sendStart = 0
        /// When it began, ms.
        var sinceMs: Int64 = 0
        var frameCount: UInt16 = 0
        var segmentCount: UInt16 = 0
        /// On the list of those whose first segment is to be offered.
        var isDue = false
        /// Its first segment was offered, and the kernel has not complained yet.
        var isOffered = false
        /// Of the first segment a record of TLS has gone in part: what that carries is fixed.
        var isInRecord = false
        /// The viewer's first tags come right behind it.
        var beginsStream = false
    }

    var frames: OutboundFrames
    var blocks = StartBlocks()
    private var entries: [Entry] = []
    private var freeEntries: [Int32] = []
    private var queues: [Queue] = []
    private var freeQueues: [Int32] = []
    /// Bytes that nobody is to get any more, but that the ring may still point to.
    private var retired: [[UInt8]] = []
    /// Bytes in the queues that no others hold.
    private(set) var ownByteCount = 0
    /// Completions that came for connections that had ended meanwhile.
    private(set) var lateCount: UInt64 = 0
    /// Whose first segment is to be offered as soon as everything before it is confirmed.
    private(set) var due: [Token] = []
    /// Whose first segment was offered since everything was confirmed.
    private(set) var offered: [Token] = []

    init(frameCountMax: Int) { frames = OutboundFrames(countMax: frameCountMax) }

    /// Queues in use.
    var count: Int { queues.count - freeQueues.count }

    // MARK: Queues

    /// An empty queue.
    mutating func makeQueue(nowMs: Int64) -> Int32 {
        let queue = freeQueues.popLast() ?? Int32(queues.count)
        if Int(queue) == queues.count { queues.append(Queue()) }
        queues[Int(queue)] = Queue(sinceMs: nowMs)
        return queue
    }

    /// Gives a queue back with all that is in it.
    mutating func give(_ queue: Int32) {
        let isOffered = queues[Int(queue)].isOffered
        var isFirst = true
        while let segment = removeFirst(queue) {
            switch segment {
            case .bytes(let bytes, _): if isFirst, isOffered { retired.append(bytes) }
            case .frame(let frame):
                if isFirst, isOffered { frames.give(frame) } else { frames.giveUnsent(frame) }
            case .block(let block, _): blocks.give(block)
            case .tags, .skip: break
            }
            isFirst = false
        }
        freeQueues.append(queue)
    }

    /// Everything that was prepared is submitted: the kernel has copied what it takes.
    mutating func releaseRetired() {
        retired.removeAll(keepingCapacity: true)
        blocks.releaseRetired()
        frames.releaseRetired()
    }

    /// Gives memory back that nobody uses.
    mutating func trim() {
        frames.trim()
        guard count == 0 else { return }
        queues = []
        freeQueues = []
        entries = []
        freeEntries = []
    }

    // MARK: Segments

    /// Puts a segment behind the others.
    mutating func append(_ segment: OutboundSegment, to queue: Int32) {
        let entry = makeEntry(segment, in: queue)
        if queues[Int(queue)].last >= 0 {
            entries[Int(queues[Int(queue)].last)].next = entry
        } else {
            queues[Int(queue)].first = entry
        }
        queues[Int(queue)].last = entry
    }

    /// Puts a segment before the others, of which the first hasn't begun to go.
    mutating func prepend(_ segment: OutboundSegment, to queue: Int32) {
        precondition(!hasBegun(queue), "nothing comes into the midst of a segment")
        let entry = makeEntry(segment, in: queue)
        entries[Int(entry)].next = queues[Int(queue)].first
        queues[Int(queue)].first = entry
        if queues[Int(queue)].last < 0 { queues[Int(queue)].last = entry }
    }

    private mutating func makeEntry(_ segment: OutboundSegment, in queue: Int32) -> Int32 {
        switch segment {
        case .bytes(let bytes, let isShared): if !isShared { ownByteCount += bytes.count }
        case .frame: queues[Int(queue)].frameCount += 1
        case .block, .tags, .skip: break
        }
        queues[Int(queue)].segmentCount += 1
        let count = queues[Int(queue)].segmentCount - queues[Int(queue)].frameCount
        precondition(
            count <= DeliverySettings.segmentCountMax, "no more is read while answers are queued")
        if let entry = freeEntries.popLast() {
            entries[Int(entry)] = Entry(segment: segment)
            return entry
        }
        entries.append(Entry(segment: segment))
        return Int32(entries.count - 1)
    }

    /// The segment that goes next.
    func first(_ queue: Int32) -> OutboundSegment? {
        let entry = queues[Int(queue)].first
        return entry < 0 ? nil : entries[Int(entry)].segment
    }

    /// The first segment has gone: takes it off, with what it held.
    mutating func finishFirst(_ queue: Int32) -> OutboundSegment? {
        precondition(!queues[Int(queue)].isOffered)
        let segment = removeFirst(queue)
        switch segment {
        case .frame(let frame): frames.giveUnsent(frame)
        case .block(let block, _):
            blocks.give(block)
            queues[Int(queue)].beginsStream = true
        case .skip: queues[Int(queue)].beginsStream = true
        case .bytes, .tags, nil: break
        }
        return segment
    }

    private mutating func removeFirst(_ queue: Int32) -> OutboundSegment? {
        let entry = queues[Int(queue)].first
        guard entry >= 0 else { return nil }
        let segment = entries[Int(entry)].segment
        queues[Int(queue)].first = entries[Int(entry)].next
        if queues[Int(queue)].first < 0 { queues[Int(queue)].last = -1 }
        queues[Int(queue)].cursor = 0
        queues[Int(queue)].sendStart = 0
        queues[Int(queue)].isInRecord = false
        queues[Int(queue)].segmentCount -= 1
        switch segment {
        case .bytes(let bytes, let isShared): if !isShared { ownByteCount -= bytes.count }
        case .frame: queues[Int(queue)].frameCount -= 1
        case .block, .tags, .skip: break
        }
        // So that nothing holds an answer longer than it goes.
        entries[Int(entry)] = Entry(segment: .skip)
        freeEntries.append(entry)
        return segment
    }

    // MARK: Progress

    /// What the socket doesn't have yet of the first segment, where that has bytes of its own. They
    /// stay where they are until it is taken off.
    func rest(_ queue: Int32) -> UnsafeRawBufferPointer {
        let cursor = queues[Int(queue)].cursor
        let all: UnsafeRawBufferPointer
        switch first(queue) {
        case .bytes(let bytes, _): unsafe all = bytes.withUnsafeBytes { unsafe $0 }
        case .frame(let frame): unsafe all = frames.bytes(frame)
        case .block(let block, let offset):
            unsafe all = UnsafeRawBufferPointer(rebasing: blocks.bytes(block)[offset...])
        case .tags, .skip, nil: preconditionFailure("these have no bytes of their own")
        }
        return unsafe UnsafeRawBufferPointer(rebasing: all[cursor...])
    }

    /// So much of the first segment was offered, from the cursor on.
    mutating func offer(_ byteCount: Int, of queue: Int32, _ token: Token) {
        precondition(!queues[Int(queue)].isOffered, "one send at a time")
        queues[Int(queue)].sendStart = queues[Int(queue)].cursor
        queues[Int(queue)].cursor += byteCount
        queues[Int(queue)].isOffered = true
        queues[Int(queue)].isInRecord = false
        offered.append(token)
    }

    /// The socket took only so much of the last offer.
    ///
    /// - Parameter isInRecord: whether it has more of it, but not all of that record.
    /// - Returns: how much of it is missing, bytes; 0 where the timeline's cursor tells.
    mutating func fellShort(_ queue: Int32, taken: Int, isInRecord: Bool = false) -> Int {
        precondition(queues[Int(queue)].isOffered)
        queues[Int(queue)].isInRecord = isInRecord
        queues[Int(queue)].isOffered = false
        let from = queues[Int(queue)].sendStart
        let missing = max(0, queues[Int(queue)].cursor - from - taken)
        queues[Int(queue)].cursor -= missing
        return missing
    }

    /// Nobody complained: the last offer has gone whole.
    mutating func confirm(_ queue: Int32) { queues[Int(queue)].isOffered = false }

    /// Whether more of the first segment is to be offered, where that has bytes of its own.
    func hasRest(_ queue: Int32) -> Bool {
        switch first(queue) {
        case .bytes(let bytes, _): queues[Int(queue)].cursor < bytes.count
        case .frame(let frame): unsafe queues[Int(queue)].cursor < frames.bytes(frame).count
        case .block(let block, let offset):
            unsafe queues[Int(queue)].cursor < blocks.bytes(block).count - offset
        case .tags, .skip, nil: false
        }
    }

    /// Whether the first segment is on its way, and nothing is known of it yet.
    func isOffered(_ queue: Int32) -> Bool { queues[Int(queue)].isOffered }

    /// Whether the first segment has gone in part, or is on its way.
    func hasBegun(_ queue: Int32) -> Bool {
        queues[Int(queue)].isOffered || queues[Int(queue)].cursor > 0
            || queues[Int(queue)].isInRecord
    }

    /// How much was offered last, bytes; of meaning while it is on its way.
    func offeredByteCount(_ queue: Int32) -> Int {
        queues[Int(queue)].cursor - queues[Int(queue)].sendStart
    }

    /// Whether the viewer's first tags come right behind the queue.
    func beginsStream(_ queue: Int32) -> Bool { queues[Int(queue)].beginsStream }

    /// When a queue began, ms.
    func sinceMs(_ queue: Int32) -> Int64 { queues[Int(queue)].sinceMs }

    /// The frames in a queue.
    func frameCount(_ queue: Int32) -> Int { Int(queues[Int(queue)].frameCount) }

    /// Whether a viewer is to skip once what is before it has gone.
    func isSkipping(_ queue: Int32) -> Bool {
        var entry = queues[Int(queue)].first
        while entry >= 0 {
            if case .skip = entries[Int(entry)].segment { return true }
            entry = entries[Int(entry)].next
        }
        return false
    }

    /// Whether a frame is what goes next, and nothing of it has gone.
    func waitsWithFrame(_ queue: Int32) -> Bool {
        guard case .frame = first(queue) else { return false }
        return !hasBegun(queue)
    }

    /// Whether this very frame could still be another one.
    func canReplace(_ frame: Int32, in queue: Int32) -> Bool {
        guard case .frame(let first) = first(queue), first == frame else { return true }
        return !hasBegun(queue)
    }

    /// A completion came for a connection that has ended.
    mutating func noteLate() { lateCount += 1 }

    // MARK: Lists

    /// Has the first segment of a queue offered.
    mutating func schedule(_ queue: Int32, _ token: Token) {
        guard !queues[Int(queue)].isDue else { return }
        queues[Int(queue)].isDue = true
        due.append(token)
    }

    /// Whether the first segment is to be offered.
    func isDue(_ queue: Int32) -> Bool { queues[Int(queue)].isDue }

    /// A queue is being seen to.
    mutating func begin(_ queue: Int32) { queues[Int(queue)].isDue = false }

    /// Takes a list, with another one's storage in its place.
    mutating func takeDue(_ list: inout [Token]) { swap(&list, &due) }
    mutating func takeOffered(_ list: inout [Token]) { swap(&list, &offered) }
}
