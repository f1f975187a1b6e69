// Where requests are put together that come in pieces.

/// Who has a buffer.
struct BufferHolder {
    var slot = -1
    /// Its address; what counts is how many buffers an address has.
    var peer: PeerNumber = 0
    /// Whether it keeps part of a WebSocket's message, and not of a request.
    var isMessage = false
}

/// A bounded pool of head buffers; its memory is touched only as buffers are used.
///
/// Whoever finds it empty takes the oldest buffer of the address that has the most of them: those
/// who never finish their requests keep nobody else's from being read.
@safe struct HeadBuffers: ~Copyable {
    let byteCountMax: Int
    private let memory: UnsafeMutableRawPointer
    private var counts: [Int]
    private var scanned: [Int]
    private var free: [Int32]
    private var holders: [BufferHolder?]
    /// The how manieth taking it was.
    private var takenAs: [UInt64]
    private var takeCount: UInt64 = 0
    private var messageCount = 0
    /// By the address's number.
    private var countsByPeer: [Int32] = []

    init(count: Int, byteCountMax: Int) {
        self.byteCountMax = byteCountMax
        unsafe memory = .allocate(byteCount: count * byteCountMax, alignment: 4096)
        counts = Array(repeating: 0, count: count)
        scanned = Array(repeating: 0, count: count)
        holders = Array(repeating: nil, count: count)
        takenAs = Array(repeating: 0, count: count)
        free = (0..<Int32(count)).reversed()
    }

    deinit { unsafe memory.deallocate() }

    /// How many there are, and how many of them nobody has.
    var count: Int { counts.count }
    var freeCount: Int { free.count }

    /// An empty buffer; nil when all are in use, or all that messages may have.
    mutating func take(_ holder: BufferHolder = BufferHolder()) -> Int32? {
        // Requests must not have to wait for those who don't finish their messages.
        if holder.isMessage, messageCount >= count - count / 4 { return nil }
        guard let index = free.popLast() else { return nil }
        counts[Int(index)] = 0
        scanned[Int(index)] = 0
        takeCount += 1
        takenAs[Int(index)] = takeCount
        holders[Int(index)] = holder
        if holder.isMessage { messageCount += 1 }
        let peer = Int(holder.peer)
        if peer >= countsByPeer.count {
            countsByPeer += Array(repeating: 0, count: peer + 1 - countsByPeer.count)
        }
        countsByPeer[peer] += 1
        return index
    }

    mutating func give(_ index: Int32) {
        guard let holder = holders[Int(index)] else {
            preconditionFailure("given back once for each time it was taken")
        }
        holders[Int(index)] = nil
        countsByPeer[Int(holder.peer)] -= 1
        if holder.isMessage { messageCount -= 1 }
        free.append(index)
    }

    /// Whose buffer goes first where one is needed: the oldest of the address that has the most.
    ///
    /// - Parameter amongMessages: whether it has to be one that keeps part of a message.
    func victim(amongMessages: Bool) -> Int? {
        var found: (slot: Int, share: Int32, takenAs: UInt64)?
        for index in holders.indices {
            guard let holder = holders[index], holder.isMessage || !amongMessages else { continue }
            let share = countsByPeer[Int(holder.peer)]
            if let best = found,
                share < best.share || share == best.share && takenAs[index] > best.takenAs
            {
                continue
            }
            found = (holder.slot, share, takenAs[index])
        }
        return found?.slot
    }

    /// The bytes so far.
    func bytes(_ index: Int32) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(
            start: memory + Int(index) * byteCountMax, count: counts[Int(index)])
    }

    /// How far the search for the head's end has got.
    subscript(scannedOf index: Int32) -> Int {
        get { scanned[Int(index)] }
        set { scanned[Int(index)] = newValue }
    }

    /// The bytes so far, to be changed where they are.
    func used(_ index: Int32) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(
            start: memory + Int(index) * byteCountMax, count: counts[Int(index)])
    }

    /// All of a buffer that is used for something else than heads.
    func storage(_ index: Int32) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(
            start: memory + Int(index) * byteCountMax, count: byteCountMax)
    }

    /// Adds bytes. They fit: a buffer has room for the longest incomplete request and what one
    /// receive brings.
    mutating func append(_ bytes: UnsafeRawBufferPointer, to index: Int32) {
        let count = counts[Int(index)]
        precondition(count + bytes.count <= byteCountMax)
        unsafe UnsafeMutableRawBufferPointer(
            start: memory + Int(index) * byteCountMax + count, count: bytes.count
        ).copyMemory(from: bytes)
        counts[Int(index)] += bytes.count
    }

    /// Takes bytes off the front.
    mutating func removeFirst(_ count: Int, of index: Int32) {
        let left = counts[Int(index)] - count
        precondition(left >= 0)
        let start = unsafe memory + Int(index) * byteCountMax
        unsafe start.copyMemory(from: start + count, byteCount: left)
        counts[Int(index)] = left
        scanned[Int(index)] = 0
    }
}
