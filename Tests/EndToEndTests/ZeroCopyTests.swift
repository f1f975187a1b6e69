// Sends without a copy, on real sockets: the same bytes, and nothing written over on the way.

import Testing

@Suite("Zero copy", .ownThread)
struct ZeroCopyTests {
    /// The arena holds four seconds, so its memory is used again and again.
    private static let on = ["--zero-copy", "on", "--timeline-megabytes", "4"]

    @Test("Forced on, everybody gets every byte, those who pause included")
    func everyByte() throws {
        let arguments = Self.on + ["--lag-skip-ms", "30000", "--lag-drop-ms", "60000"]
        try SlowStage.run(gopCount: 30, arguments) { stage in
            for _ in 0..<3 {
                for _ in 0..<3 { try stage.publishGOP() }
                let missing = stage.healthyStream.bytes.count - stage.slow.stream.bytes.count
                try stage.slow.read(byteCount: missing)
                #expect(stage.slow.stream.bytes == stage.healthyStream.bytes)
            }
            while try stage.publishGOP() {
                let missing = stage.healthyStream.bytes.count - stage.slow.stream.bytes.count
                try stage.slow.read(byteCount: missing)
            }
            #expect(stage.slow.stream.bytes == stage.healthyStream.bytes)
            #expect(try stage.server.sum(of: "fanfare_zero_copy") >= 1)
            #expect(try stage.server.sum(of: "fanfare_zero_copy_sends_total") > 100)
            // On loopback the kernel copies all the same, and says so.
            try stage.server.wait(for: "everything lent to come back") {
                try stage.server.sum(of: "fanfare_zero_copy_pending_sends") == 0
                    && stage.server.sum(of: "fanfare_zero_copy_copied_total")
                        == stage.server.sum(of: "fanfare_zero_copy_sends_total")
            }
        }
    }

    @Test("Forced on, a slow viewer skips at whole tags")
    func skips() throws {
        let arguments = Self.on + ["--lag-skip-ms", "500", "--lag-drop-ms", "60000"]
        try SlowStage.run(gopCount: 24, arguments) { stage in
            while try stage.publishGOP() {
                try stage.slow.read(byteCount: SlowStage.gopByteCount / 3)
            }
            try stage.slow.read(untilTag: try #require(stage.source.frames.last))
            #expect(stage.slow.stream.endsAtTagBoundary)
            #expect(try stage.skipCount() >= 2)
        }
    }

    @Test("Left to itself, a shard finds out that loopback copies, and sends as ever")
    func staysOffOnLoopback() throws {
        let arguments = ["--demo", "--merge-min-ms", "350", "--merge-max-ms", "350"]
        try ServerProcess.run(arguments) { server in
            let viewers = try (0..<8).map { _ in
                try ViewerClient(port: server.httpPort, stream: "demo")
            }
            // A viewer is only asked to help when it has kept up for a while.
            try server.wait(for: "a shard to have tried", within: 60) {
                try server.sum(of: "fanfare_zero_copy_copied_total") >= 48
            }
            try server.wait(for: "its decision") {
                try server.sum(of: "fanfare_zero_copy") == 0
            }
            #expect(viewers.allSatisfy { $0.stream.end == nil })
        }
    }
}
