// The arena: positions, wrap-around, what is still held.

import Testing

@testable import Broadcast

@Suite struct TimelineTests {
    private func write(_ timeline: Timeline, _ bytes: [UInt8]) {
        timeline.append(byteCount: bytes.count) { place in
            unsafe place.copyBytes(from: bytes)
        }
    }

    private func read(_ timeline: Timeline, from position: UInt64, count: Int) -> [UInt8] {
        unsafe Array(
            UnsafeRawBufferPointer(start: timeline.view.address(of: position), count: count))
    }

    @Test func anyRangeIsOneRangeAcrossTheWrap() throws {
        let timeline = try Timeline(byteCount: 1 << 20)
        let block = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for round in 0..<50 {
            let start = timeline.head
            write(timeline, block)
            #expect(timeline.head == start + UInt64(block.count))
            #expect(read(timeline, from: start, count: block.count) == block, "round \(round)")
        }
        #expect(timeline.head - timeline.tail <= UInt64(timeline.byteCount))
        #expect(timeline.view.stillHolds(timeline.tail))
        #expect(!timeline.view.stillHolds(timeline.tail - 1))
    }

    @Test func aReaderOverWritesLearnsThatItWasOverrun() throws {
        let timeline = try Timeline(byteCount: 1 << 20)
        write(timeline, [UInt8](repeating: 1, count: 1_000))
        #expect(timeline.view.stillHolds(0))
        write(timeline, [UInt8](repeating: 2, count: timeline.byteCount - 1_000))
        #expect(timeline.view.stillHolds(0))
        write(timeline, [3])
        #expect(!timeline.view.stillHolds(0))
        #expect(timeline.view.stillHolds(1))
    }

    @Test func memoryOfWhatIsReleasedGoesBackToTheSystem() throws {
        let timeline = try Timeline(byteCount: 8 << 20)
        let block = [UInt8](repeating: 5, count: 64 << 10)
        for _ in 0..<1_000 {
            write(timeline, block)
            timeline.release(before: timeline.head - UInt64(min(timeline.head, 1 << 20)))
        }
        #expect(timeline.residentByteCount <= 3 << 20)
        let last = timeline.head - UInt64(block.count)
        #expect(read(timeline, from: last, count: block.count) == block)
    }
}
