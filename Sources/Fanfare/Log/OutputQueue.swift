// Lines on their way to a descriptor that may take them slowly, or not at all.

import Glibc
import IORing
import Synchronization

/// A bounded queue with a writer of its own: whoever has something to say never waits for whoever
/// reads it. What finds no room is lost, counted, and said in its place.
final class OutputQueue: Sendable {
    /// What became of the lines so far.
    struct Counts: Sendable, Equatable {
        /// Lines that were written.
        var writtenCount: UInt64 = 0
        /// Lines that were not, and won't be.
        var lostCount: UInt64 = 0
        /// When the last one was lost, ms of the monotonic clock; nil if none was.
        var lostAtMs: Int64?
    }

    private struct Line {
        var bytes: [UInt8]
        /// The losses it tells of; 0 for what was offered.
        var reportedCount: UInt64 = 0
    }

    private struct State {
        var lines: [Line] = []
        /// Bytes that wait or are being written.
        var byteCount = 0
        /// Lines that the writer has taken and not finished.
        var takenCount = 0
        var counts = Counts()
        /// Losses that nobody has been told of yet.
        var unreportedCount: UInt64 = 0
        /// The descriptor took nothing the last time.
        var isFailing = false
        /// It took half a line.
        var isCut = false
    }

    private let descriptor: CInt
    private let byteCountMax: Int
    /// The line that tells of so many losses.
    private let lossLine: @Sendable (UInt64) -> String
    private let state = Mutex(State())
    private let wakeSignal: WakeSignal

    /// A queue before a descriptor, which has to stay open.
    ///
    /// - Parameters:
    ///   - name: of its thread, up to 15 bytes.
    ///   - byteCountMax: how much may wait.
    ///   - lossLine: what is written in the place of so many lost lines, with a line feed.
    /// - Throws: `RingError` where the system has no eventfd to give.
    init(
        descriptor: CInt, name: String, byteCountMax: Int = LogLimits.queueByteCountMax,
        lossLine: @escaping @Sendable (UInt64) -> String
    ) throws(RingError) {
        self.descriptor = descriptor
        self.byteCountMax = byteCountMax
        self.lossLine = lossLine
        wakeSignal = try WakeSignal()
        // It lives as long as the process: a writer that is stuck can't be waited for.
        _ = try PlainThread(name: name) { [self] in
            while true {
                wakeSignal.wait()
                writeAll()
            }
        }
    }

    /// Puts a text at the end of the queue, or loses it. Never waits for the descriptor.
    func offer(_ text: String) {
        let bytes = Array(text.utf8)
        let isFirst = state.withLock { state in
            guard state.byteCount + bytes.count <= byteCountMax else {
                Self.lose(offered: 1, untold: 1, &state)
                return false
            }
            let isFirst = state.lines.isEmpty
            if state.unreportedCount > 0 { reportLosses(&state) }
            state.lines.append(Line(bytes: bytes))
            state.byteCount += bytes.count
            return isFirst
        }
        if isFirst { wakeSignal.raise() }
    }

    /// Waits until all that was offered before is written, at most so long.
    ///
    /// - Returns: whether it is.
    @discardableResult
    func flush(withinMs: Int64) -> Bool {
        let deadlineMs = MonotonicClock.nowMs() + withinMs
        while true {
            if state.withLock({ $0.lines.isEmpty && $0.takenCount == 0 }) { return true }
            guard MonotonicClock.nowMs() < deadlineMs else { return false }
            MonotonicClock.sleep(ms: 2)
        }
    }

    /// What became of the lines so far.
    var counts: Counts { state.withLock { $0.counts } }

    // MARK: The writer

    private func writeAll() {
        while let batch = take() {
            let end = write(batch)
            state.withLock { state in
                state.byteCount -= batch.reduce(0) { $0 + $1.bytes.count }
                state.takenCount = 0
                state.isFailing = end != .whole
                if end == .whole {
                    state.counts.writtenCount += UInt64(batch.count { $0.reportedCount == 0 })
                } else {
                    if end == .half { state.isCut = true }
                    for line in batch {
                        let isOffered = line.reportedCount == 0
                        Self.lose(
                            offered: isOffered ? 1 : 0, untold: isOffered ? 1 : line.reportedCount,
                            &state)
                    }
                }
            }
        }
    }

    /// The oldest lines, as many as are written at once; nil if there are none.
    private func take() -> [Line]? {
        state.withLock { state in
            if state.lines.isEmpty, state.unreportedCount > 0, !state.isFailing {
                reportLosses(&state)
            }
            if state.lines.isEmpty { return nil }
            if state.isCut {
                // So that what comes next is a line of its own.
                state.lines[0].bytes.insert(UInt8(ascii: "\n"), at: 0)
                state.byteCount += 1
                state.isCut = false
            }
            var byteCount = 0
            let lineCount =
                state.lines.firstIndex { line in
                    byteCount += line.bytes.count
                    return byteCount > LogLimits.batchByteCountMax
                } ?? state.lines.count
            let batch = Array(state.lines.prefix(max(1, lineCount)))
            state.lines.removeFirst(batch.count)
            state.takenCount = batch.count
            return batch
        }
    }

    /// How much the descriptor took.
    private enum WriteEnd { case whole, half, nothing }

    /// Not all where the descriptor takes no more: a terminal that is gone, a full disk.
    private func write(_ batch: [Line]) -> WriteEnd {
        var rest = batch.flatMap(\.bytes)[...]
        let start = rest.startIndex
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Whoever shares it with us has made it non-blocking.
                var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wish, 1, -1)
            } else if errno != EINTR {
                return rest.startIndex == start ? .nothing : .half
            }
        }
        return .whole
    }

    // MARK: Losses

    private static func lose(offered: UInt64, untold: UInt64, _ state: inout State) {
        state.counts.lostCount += offered
        state.counts.lostAtMs = MonotonicClock.nowMs()
        state.unreportedCount += untold
    }

    /// There is room again: what comes next is not what came next.
    private func reportLosses(_ state: inout State) {
        let line = Line(
            bytes: Array(lossLine(state.unreportedCount).utf8), reportedCount: state.unreportedCount
        )
        state.unreportedCount = 0
        state.lines.append(line)
        state.byteCount += line.bytes.count
    }
}
