// Memory for small things to be sent, until the kernel has them.

/// Bytes that a ring's sends point to. Once the ring's entries have gone, all of it is free again.
@safe struct OutputBuffer: ~Copyable {
    private let memory: UnsafeMutableRawPointer
    private let byteCount: Int
    private var usedByteCount = 0

    init(byteCount: Int) {
        unsafe memory = .allocate(byteCount: byteCount, alignment: 64)
        self.byteCount = byteCount
    }

    deinit { unsafe memory.deallocate() }

    /// Whether one more request fits.
    var hasRoom: Bool { byteCount - usedByteCount >= QuizLimits.requestByteCountMax }

    /// Copies bytes, for which there must be room.
    mutating func put(_ bytes: [UInt8]) -> UnsafeRawPointer {
        precondition(bytes.count <= byteCount - usedByteCount)
        let place = unsafe memory + usedByteCount
        unsafe bytes.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(start: place, count: bytes.count)
                .copyMemory(from: source)
        }
        usedByteCount += bytes.count
        return UnsafeRawPointer(place)
    }

    /// The kernel has taken everything.
    mutating func reset() { usedByteCount = 0 }
}
