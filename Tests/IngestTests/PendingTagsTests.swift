// A programme without room holds up its own publisher, and nobody else's.

import Broadcast
import FLV
import Testing

@testable import Ingest

@Suite struct PendingTagsTests {
    /// A sound that needs no header (MP3), of 100 KB.
    private func sound(_ number: UInt8) -> [UInt8] {
        [0x2F, 0xFF, 0xFB, 0x90, 0x00] + [UInt8](repeating: number, count: 100_000)
    }

    @Test func whatIsHeldUpComesInItsOrderOnceThereIsRoom() throws {
        var limits = BroadcastLimits()
        limits.timelineByteCount = 1 << 20
        let programmes = Programmes(limits: limits)
        let held = try programmes.publish(
            name: "held", publisher: Publisher(address: "a:1"), nowMs: 0)
        let other = try programmes.publish(
            name: "other", publisher: Publisher(address: "b:1"), nowMs: 0)
        let mark = try #require(held.programme.timeline.makeLowWaterMark())
        mark.set(0)

        var tags = PendingTags()
        var timestampMs: UInt32 = 0
        while tags.isEmpty {
            let body = sound(UInt8(truncatingIfNeeded: timestampMs))
            do throws(TagRefusal) {
                try held.append(
                    .audio, timestampMs: timestampMs, body: body.span.bytes,
                    arrivalMs: Int64(timestampMs))
            } catch {
                #expect(error == .heldUp)
                tags.append(
                    .audio, timestampMs: timestampMs, body: body.span.bytes,
                    arrivalMs: Int64(timestampMs))
            }
            timestampMs += 1
            try #require(timestampMs < 100, "the arena never filled")
        }
        let firstHeld = UInt8(timestampMs - 1)
        for _ in 0..<2 {
            let body = sound(UInt8(timestampMs))
            tags.append(
                .audio, timestampMs: timestampMs, body: body.span.bytes,
                arrivalMs: Int64(timestampMs))
            timestampMs += 1
        }
        #expect(throws: TagRefusal.heldUp) { try tags.drain(to: held) }
        #expect(!tags.isEmpty && tags.sinceMs == Int64(firstHeld))
        // Meanwhile others go on.
        let body = sound(0)
        try other.append(.audio, timestampMs: 0, body: body.span.bytes, arrivalMs: 0)
        #expect(other.programme.timeline.head > 100_000)

        let head = held.programme.timeline.head
        mark.set(LowWaterMark.none)
        try tags.drain(to: held)
        #expect(tags.isEmpty)
        let view = held.programme.timeline.view
        #expect(view.head > head + 300_000)
        var position = head
        var numbers: [UInt8] = []
        while position < view.head {
            let bytes = Array(
                UnsafeRawBufferPointer(start: view.address(of: position), count: 1_000))
            let header = try FLVTagHeader.parse(Array(bytes.prefix(11)).span.bytes)
            numbers.append(bytes[999])
            position += UInt64(FLVTagHeader.tagByteCount(bodyByteCount: header.bodyByteCount))
        }
        #expect(numbers == [firstHeld, firstHeld + 1, firstHeld + 2])
    }
}
