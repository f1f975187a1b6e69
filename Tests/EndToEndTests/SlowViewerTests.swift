// The rules for viewers who read more slowly than the stream comes, on real sockets.

import FLV
import Foundation
import Testing

@Suite("A slow viewer", .ownThread)
struct SlowViewerTests {
    @Test("Who reads a third of the stream skips from GOP to GOP, and each piece is whole")
    func skips() throws {
        let arguments = ["--lag-skip-ms", "500", "--lag-drop-ms", "60000"]
        try SlowStage.run(gopCount: 24, arguments) { stage in
            while try stage.publishGOP() {
                try stage.slow.read(byteCount: SlowStage.gopByteCount / 3)
            }
            let last = try #require(stage.source.frames.last)
            try stage.slow.read(untilTag: last)

            let viewed = stage.slow.stream
            #expect(viewed.endsAtTagBoundary)
            try verifyNeverStepsBack(viewed.tags)
            let skipCount = try Self.verifyPieces(viewed, of: stage.source)
            #expect(skipCount >= 2, "it wasn't slow enough to skip")
            // A shard publishes its counters five times a second, so the last skip may be told later.
            try stage.server.wait(for: "all skips to be counted") {
                try stage.skipCount() >= skipCount
            }
            #expect(try stage.skipCount() == skipCount)
            #expect(try stage.ends(reason: "stuck") + stage.ends(reason: "overtaken") == 0)
        }
    }

    @Test("Who stops reading is dropped when the time for it is over, and not before")
    func stops() throws {
        let arguments = ["--lag-skip-ms", "500", "--lag-drop-ms", "1500"]
        try SlowStage.run(gopCount: 8, arguments) { stage in
            let began = ContinuousClock.now
            // Much more than its socket and the server's for it hold.
            for _ in 0..<5 { try stage.publishGOP() }
            // Once the socket is full the server waits for 1.5 s; the rest is for a busy machine.
            try stage.wait(forEnds: 1, reason: "stuck", within: 1.5 + 10)
            #expect(began.duration(to: .now) >= .milliseconds(1_500))
            // The end lies behind what its socket held.
            try stage.slow.readToEnd()
            try stage.verifySlowIsPrefix()
            #expect(stage.slow.stream.bytes.count < 4 * SlowStage.gopByteCount)
            #expect(try stage.skipCount() == 0)
            #expect(try stage.ends(reason: "overtaken") == 0)
        }
    }

    @Test("Who pauses for less than the time for skipping gets every byte")
    func pauses() throws {
        let arguments = ["--lag-skip-ms", "5000", "--lag-drop-ms", "60000"]
        try SlowStage.run(gopCount: 24, arguments) { stage in
            for _ in 0..<2 {
                let before = try stage.server.sum(of: "fanfare_short_sends_total")
                // Up to 3.4 s of the stream wait for it.
                for _ in 0..<7 { try stage.publishGOP() }
                try stage.server.wait(for: "its socket to be full") {
                    try stage.server.sum(of: "fanfare_short_sends_total") > before
                }
                let missing = stage.healthyStream.bytes.count - stage.slow.stream.bytes.count
                try stage.slow.read(byteCount: missing)
                #expect(stage.slow.stream.bytes == stage.healthyStream.bytes)
            }
            // It is a viewer as any other now.
            while try stage.publishGOP() {
                let missing = stage.healthyStream.bytes.count - stage.slow.stream.bytes.count
                try stage.slow.read(byteCount: missing)
            }
            #expect(stage.slow.stream.bytes == stage.healthyStream.bytes)
            #expect(try stage.skipCount() == 0)
        }
    }

    @Test(
        "Whom the writer overtakes is ended, and never gets a byte of what came later",
        arguments: [0, SlowStage.gopByteCount / 4])
    func isOvertaken(byteCountPerGOP: Int) throws {
        // Neither a skip nor a drop is in its way.
        let arguments = [
            "--timeline-megabytes", "4", "--timeline-seconds", "600", "--lag-skip-ms", "599000",
            "--lag-drop-ms", "600000",
        ]
        try SlowStage.run(gopCount: 40, arguments) { stage in
            while try stage.ends(reason: "overtaken") == 0, try stage.publishGOP() {
                try stage.slow.read(byteCount: byteCountPerGOP)
            }
            try stage.wait(forEnds: 1, reason: "overtaken")
            try stage.slow.readToEnd()
            try stage.verifySlowIsPrefix()
            #expect(stage.slow.stream.bytes.count < stage.healthyStream.bytes.count)
            #expect(try stage.skipCount() == 0)
            #expect(try stage.ends(reason: "stuck") == 0)
        }
    }

    /// Checks that a stream is the source with parts left out: each piece begins with all headers
    /// and a keyframe at their time, and goes on frame by frame.
    ///
    /// - Returns: how many times it begins anew.
    private static func verifyPieces(_ viewed: ViewedStream, of source: Source) throws -> Int {
        let opening = try viewed.opening(of: source)
        let shiftMs =
            Int64(opening.frames[0].timestampMs)
            - Int64(source.frames[try source.index(of: opening.frames[0])].timestampMs)
        var rest = viewed.tags.dropFirst()[...]
        var next = 0
        var pieceCount = 0
        while !rest.isEmpty {
            let headers = rest.prefix { $0.role == .sequenceHeader }
            let frames = rest.dropFirst(headers.count).prefix { $0.isFrame }
            rest = rest.dropFirst(headers.count + frames.count)
            guard let first = frames.first, headers.map(\.body) == source.headers.map(\.body)
            else { throw StreamFault("piece \(pieceCount) has other headers, or no frames") }
            #expect(first.isKeyframe)
            #expect(headers.allSatisfy { $0.timestampMs == first.timestampMs })
            let start = try source.index(of: first)
            #expect(start >= next, "piece \(pieceCount) begins before the one before it ends")
            try source.verify(frames, from: start)
            #expect(
                Int64(first.timestampMs) == Int64(source.frames[start].timestampMs) + shiftMs,
                "piece \(pieceCount) isn't at its place in time")
            next = start + frames.count
            pieceCount += 1
        }
        #expect(next == source.frames.count)
        return pieceCount - 1
    }
}
