// Two publishers of the real ingest, one of whose programme has no room: the other's tags flow.

import Broadcast
import Dispatch
import FLV
import Glibc
import IORing
import RTMP
import Testing
import WireBytes

@testable import Ingest

@Suite struct HeldUpPublisherTests {
    /// A publisher that says all it has to say at once.
    private static func session(stream: String, tagByteCount: Int, tagCount: Int) -> [UInt8] {
        // What C1 and C2 hold isn't looked at.
        var bytes = [3] + [UInt8](repeating: 0, count: 2 * 1_536)
        var writer = ChunkWriter()
        writer.setChunkSize(60_000, to: &bytes)
        func command(_ values: [AMF0Value], messageStreamId: UInt32 = 0) {
            let body = AMF0.encode(values)
            writer.write(
                .command, chunkStreamId: 3, messageStreamId: messageStreamId,
                body: body.span.bytes, to: &bytes)
        }
        command([
            .string("connect"), .number(1), .object([AMF0Property("app", .string("live"))]),
        ])
        command([.string("createStream"), .number(2), .null])
        command(
            [.string("publish"), .number(3), .null, .string(stream), .string("live")],
            messageStreamId: 1)
        for number in 0..<tagCount {
            // MP3 needs no header.
            let body =
                [0x2F, 0xFF, 0xFB, 0x90]
                + [UInt8](repeating: UInt8(number % 251), count: tagByteCount)
            writer.write(
                .audio, chunkStreamId: 4, timestampMs: UInt32(number * 40), messageStreamId: 1,
                body: body.span.bytes, to: &bytes)
        }
        return bytes
    }

    /// Connects and writes on a thread of its own, since the server may stop to read.
    ///
    /// - Returns: what is signalled when all is written.
    private static func send(_ bytes: [UInt8], port: UInt16) throws -> (Int32, DispatchSemaphore) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(isConnected == 0)
        let written = DispatchSemaphore(value: 0)
        DispatchQueue(label: "publisher").async {
            bytes.withUnsafeBytes { buffer in
                var rest = buffer[...]
                while !rest.isEmpty {
                    let part = UnsafeRawBufferPointer(rebasing: rest)
                    let count = Glibc.send(
                        descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                    guard count > 0 else { break }
                    rest = rest.dropFirst(count)
                }
            }
            written.signal()
        }
        return (descriptor, written)
    }

    /// Waits until a programme has so many bytes.
    private func wait(for programme: Programme, byteCount: Int) -> Bool {
        let woken = DispatchSemaphore(value: 0)
        let subscription = programme.subscribe { woken.signal() }
        defer { subscription.cancel() }
        while programme.timeline.head < UInt64(byteCount) {
            if woken.wait(timeout: .now() + 20) == .timedOut { return false }
        }
        return true
    }

    @Test func theTagsOfOthersFlowWhileOneIsHeldUp() throws {
        var limits = BroadcastLimits()
        limits.timelineByteCount = 1 << 20
        limits.heldUpMsMax = 600_000
        let programmes = Programmes(limits: limits)
        // It is there before its publisher is, and its first byte is lent.
        let first = try programmes.publish(
            name: "held", publisher: Publisher(address: "before"), nowMs: MonotonicClock.nowMs())
        let held = first.programme
        let mark = try #require(held.timeline.makeLowWaterMark())
        mark.set(0)
        first.end(nowMs: MonotonicClock.nowMs())

        let address = try #require(IPEndpoint(host: "127.0.0.1", port: 0))
        let published = DispatchSemaphore(value: 0)
        let ingest = try Ingest(
            listener: Listener(address: address, options: ListenerOptions()),
            settings: IngestSettings(), programmes: programmes, keyCheck: { _ in true },
            onEvent: { event in
                if case .published = event { published.signal() }
            })
        defer { ingest.stop() }
        let port = try #require(
            ingest.address.description.split(separator: ":").last.flatMap { UInt16($0) })

        let (heldSocket, heldWritten) = try Self.send(
            Self.session(stream: "held", tagByteCount: 100_000, tagCount: 40), port: port)
        defer { close(heldSocket) }
        #expect(published.wait(timeout: .now() + 20) == .success)
        // All that has room: then it is held up.
        try #require(wait(for: held, byteCount: 700_000))

        let (otherSocket, otherWritten) = try Self.send(
            Self.session(stream: "other", tagByteCount: 10_000, tagCount: 300), port: port)
        defer { close(otherSocket) }
        #expect(published.wait(timeout: .now() + 20) == .success)
        let other = try #require(programmes.programme(named: "other"))
        #expect(wait(for: other, byteCount: 300 * 10_000), "nobody waits for another's programme")
        #expect(otherWritten.wait(timeout: .now() + 20) == .success)
        #expect(held.timeline.head <= UInt64(held.timeline.byteCount))
        #expect(held.status(nowMs: MonotonicClock.nowMs()).isPublishing)

        // What was held up is all there, in its order.
        mark.set(LowWaterMark.none)
        #expect(wait(for: held, byteCount: 40 * 100_000))
        #expect(heldWritten.wait(timeout: .now() + 20) == .success)
    }
}
