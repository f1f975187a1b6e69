// A show with viewers who keep up and one who doesn't, fed a GOP at a time.

import Foundation
import Testing

/// A server, a publisher, healthy viewers and a slow one, who all joined at the same keyframe.
///
/// The next GOP is published when the healthy viewers have the one before, so they are never
/// behind, and how far the slow one is behind is a matter of bytes and not of time.
final class SlowStage {
    /// Frames of a GOP, and how far they are apart, ms.
    static let gopFrameCount = 12
    static let frameMs = 40
    /// Bytes of a video frame: a second of the stream is about a megabyte.
    static let videoByteCount = 40_000
    /// A GOP's bytes, a little rounded down.
    static let gopByteCount = gopFrameCount * videoByteCount
    static let healthyCount = 3

    let server: ServerProcess
    let source: Source
    let slow: PacedViewer
    private let publisher: RTMPClient
    private let healthy: [ViewerClient]
    private var sentCount: Int

    /// - Parameter gopCount: how long the source is.
    private init(_ server: ServerProcess, gopCount: Int) throws {
        self.server = server
        source = try Self.source(gopCount: gopCount)
        publisher = try RTMPClient.publishing(port: server.rtmpPort)
        sentCount = 4
        try publisher.send(source.headers + source.frames[..<sentCount])
        healthy = try (0..<Self.healthyCount).map { _ in try ViewerClient(port: server.httpPort) }
        slow = try PacedViewer(port: server.httpPort)
        try slow.read(byteCount: 1)
        try waitForHealthy()
    }

    /// Runs a show, and checks at its end that nobody else has noticed the slow viewer.
    static func run(
        gopCount: Int, _ arguments: [String], _ body: (SlowStage) throws -> Void
    ) throws {
        try ServerProcess.run(arguments) { server in
            let stage = try SlowStage(server, gopCount: gopCount)
            try body(stage)
            while try stage.publishGOP() {}
            try stage.verifyHealthy()
        }
    }

    /// What every healthy viewer has got up to now.
    var healthyStream: ViewedStream { healthy[0].stream }

    /// Publishes up to the end of the next GOP and waits until the healthy viewers have it.
    ///
    /// - Returns: false at the source's end.
    @discardableResult
    func publishGOP() throws -> Bool {
        guard sentCount < source.frames.count else { return false }
        let next = source.frames[(sentCount + 1)...].firstIndex { $0.isKeyframe }
        let end = next ?? source.frames.count
        try publisher.send(source.frames[sentCount..<end])
        sentCount = end
        try waitForHealthy()
        return true
    }

    /// Waits until that many viewers have been ended for that reason.
    func wait(forEnds count: Int, reason: String, within seconds: Double = 15) throws {
        try server.wait(for: "\(count) ended as \(reason)", within: seconds) {
            try ends(reason: reason) == count
        }
    }

    /// How many viewers have been ended for that reason.
    func ends(reason: String) throws -> Int {
        Int(try server.metric("fanfare_viewer_ends_total{reason=\"\(reason)\"}") ?? 0)
    }

    /// How many skips the server has counted.
    func skipCount() throws -> Int { Int(try server.sum(of: "fanfare_skips_total")) }

    /// Checks that what the slow viewer got is what the healthy ones got first, to its last byte.
    func verifySlowIsPrefix() throws {
        let part = slow.stream.bytes
        let whole = healthyStream.bytes
        guard part.count <= whole.count else {
            throw StreamFault("it has \(part.count) bytes, the others only \(whole.count)")
        }
        // By the block first: byte by byte it would take longer than the publisher may be silent.
        guard memcmp(part, whole, part.count) != 0 else { return }
        let offset = zip(part, whole).prefix { $0 == $1 }.count
        throw StreamFault("byte \(offset) of \(part.count) isn't what others got there")
    }

    private func verifyHealthy() throws {
        let first = healthy[0].stream
        try first.verify(against: source)
        #expect(first.endsAtTagBoundary)
        for viewer in healthy.dropFirst() {
            #expect(viewer.stream.bytes == first.bytes, "healthy viewers got different bytes")
        }
        #expect(healthy.allSatisfy { $0.stream.end == nil }, "a healthy viewer was ended")
    }

    private func waitForHealthy() throws {
        let tagCount = 1 + source.headers.count + sentCount
        for viewer in healthy { try viewer.wait(forTags: tagCount) }
    }

    /// Video and sound, no two frames the same.
    static func source(gopCount: Int) throws -> Source {
        let filling = [UInt8](repeating: 0xA5, count: videoByteCount)
        let frames = (0..<(gopCount * gopFrameCount)).flatMap { index -> [MediaTag] in
            let number = RTMPClient.bigEndian(UInt32(index), 4)
            let kind: UInt8 = index % gopFrameCount == 0 ? 0x17 : 0x27
            let timestampMs = UInt32(index * frameMs)
            return [
                MediaTag(
                    type: .video, timestampMs: timestampMs,
                    body: [kind, 1, 0, 0, 0] + number + filling),
                MediaTag(
                    type: .audio, timestampMs: timestampMs + UInt32(frameMs / 2),
                    body: [0xAF, 1] + number + filling.prefix(200)),
            ]
        }
        return try Source.clip.get().with(frames: frames)
    }
}
