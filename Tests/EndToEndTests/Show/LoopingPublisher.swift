// A publisher of our own that plays a clip over and over in real time, and comes back when it is lost.

import Foundation

/// Publishes on a thread of its own until it is stopped.
final class LoopingPublisher: Sendable {
    private let isStopped = Monitor(false)
    private let source: Source
    private let port: UInt16

    init(_ source: Source, port: UInt16) {
        self.source = source
        self.port = port
        Thread.detachNewThread { [self] in run() }
    }

    func stop() { isStopped.withLock { $0 = true } }

    private func run() {
        while !wait(ms: 20) { try? publish() }
    }

    private func publish() throws {
        let client = try RTMPClient.publishing(port: port)
        try client.send(source.headers)
        let beganMs = MachineClock.nowMs
        guard let first = source.frames.first, let last = source.frames.last else { return }
        let lengthMs = last.timestampMs - first.timestampMs + 40
        var offsetMs: UInt32 = 0
        while true {
            for frame in source.frames {
                var frame = frame
                frame.timestampMs += offsetMs - first.timestampMs
                let leftMs = beganMs + Double(frame.timestampMs) - MachineClock.nowMs
                if wait(ms: leftMs) { return }
                try client.send([frame])
            }
            offsetMs += lengthMs
        }
    }

    /// - Returns: whether it was stopped meanwhile.
    private func wait(ms: Double) -> Bool {
        ms <= 0 ? isStopped.withLock { $0 } : isStopped.wait(within: ms / 1_000) { $0 }
    }
}
