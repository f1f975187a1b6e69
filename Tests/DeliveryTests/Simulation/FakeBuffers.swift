// The receive buffers of a simulated kernel.

@testable import Delivery

/// The kernel's pool of receive buffers; what was given back is overwritten at once.
final class FakeBuffers {
    static let byteCount = DeliverySettings.receiveBufferByteCount
    private let memory: UnsafeMutableRawBufferPointer
    private var free: [UInt16]
    private var taken: [Bool]

    init(count: Int) {
        unsafe memory = .allocate(byteCount: count * FakeBuffers.byteCount, alignment: 16)
        free = Array(0..<UInt16(count))
        taken = Array(repeating: false, count: count)
    }

    deinit { unsafe memory.deallocate() }

    var areAllBack: Bool { !taken.contains(true) }

    func isTaken(_ id: UInt16) -> Bool { taken[Int(id)] }

    func take() -> UInt16? {
        guard let id = free.popLast() else { return nil }
        taken[Int(id)] = true
        return id
    }

    func giveBack(_ id: UInt16) {
        unsafe _ = bytes(id, count: FakeBuffers.byteCount)
            .initializeMemory(as: UInt8.self, repeating: 0xDD)
        taken[Int(id)] = false
        free.append(id)
    }

    func bytes(_ id: UInt16, count: Int) -> UnsafeMutableRawBufferPointer {
        let start = Int(id) * FakeBuffers.byteCount
        return unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + count])
    }

    func bytes(_ id: UInt16, count: Int) -> UnsafeRawBufferPointer {
        let bytes: UnsafeMutableRawBufferPointer = unsafe bytes(id, count: count)
        return UnsafeRawBufferPointer(bytes)
    }
}
