// Where requests are put together that come in pieces.

/// A bounded pool of head buffers; its memory is touched only as buffers are used.
@safe struct HeadBuffers: ~Copyable {
    let byteCountMax: Int
    private let memory: UnsafeMutableRawPointer
    private var counts: [Int]
    private var scanned: [Int]
    private var free: [Int32]

    init(count: Int, byteCountMax: Int) {
        self.byteCountMax = byteCountMax
        unsafe memory = .allocate(byteCount: count * byteCountMax, alignment: 4096)
        counts = Array(repeating: 0, count: count)
        scanned = Array(repeating: 0, count: count)
        free = (0..<Int32(count)).reversed()
    }

    deinit { unsafe memory.deallocate() }

    /// How many there are, and how many of them nobody has.
    var count: Int { counts.count }
    var freeCount: Int { free.count }

    /// An empty buffer; nil when all are in use.
    mutating func take() -> Int32? {
        guard let index = free.popLast() else { return nil }
        counts[Int(index)] = 0
        scanned[Int(index)] = 0
        return index
    }

    mutating func give(_ index: Int32) { free.append(index) }

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
