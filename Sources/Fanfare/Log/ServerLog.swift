// The log of a server that is on air: what it says never waits for whoever reads it.

import ControlRoom
import Glibc
import IORing
import Logging
import Settings

/// Standard error and standard output, each behind a queue of its own.
struct ServerLog: Sendable {
    /// What all loggers share.
    let sink: LogSink
    private let errors: OutputQueue
    private let output: OutputQueue

    /// Takes both descriptors over. Once in a process.
    ///
    /// - Throws: `RingError` where the system has no eventfd to give.
    init(level: Logger.Level, format: LogFormat) throws(RingError) {
        let errors = try OutputQueue(descriptor: STDERR_FILENO, name: "log") { count in
            LogRecord(
                level: .warning, label: "fanfare",
                message: "\(count) lines of this log were lost: it was not read, or could not be "
                    + "written, quickly enough"
            ).line(as: format)
        }
        self.errors = errors
        output = try OutputQueue(descriptor: STDOUT_FILENO, name: "output") { _ in "" }
        sink = LogSink(level: level, format: format) { errors.offer($0) }
    }

    /// To standard output: for people, or, where the log is for programs and nobody looks at a terminal,
    /// as an object. Both may end up in one place, such as systemd's journal.
    func show(_ banner: Banner, isTerminal: Bool = isatty(STDOUT_FILENO) == 1) {
        let isForPrograms = sink.format == .json && !isTerminal
        output.offer(isForPrograms ? banner.record.line(as: .json) : banner.text)
    }

    /// The last words before the process ends: writes what waits, for a bounded time.
    ///
    /// - Parameter failure: why it ends, where it wasn't told to.
    func finish(_ failure: (any Error)? = nil) {
        if let failure {
            let record = LogRecord(level: .critical, label: "fanfare", message: "\(failure)")
            errors.offer(
                sink.format == .json ? record.line(as: .json) : "fanfare: \(failure)\n")
        }
        errors.flush(withinMs: LogLimits.flushMsMax)
        output.flush(withinMs: LogLimits.flushMsMax)
    }

    /// What isn't as it should be with it, for `/healthz`.
    func warnings(nowMs: Int64 = MonotonicClock.nowMs()) -> [String] {
        let counts = errors.counts
        guard let lostAtMs = counts.lostAtMs, nowMs - lostAtMs < LogLimits.lossWarningMs else {
            return []
        }
        return [
            "the log is losing lines, \(counts.lostCount) so far: whoever reads standard error is "
                + "too slow or gone, or its disk is full"
        ]
    }

    /// Its numbers.
    func metrics() -> [MetricFamily] {
        let counts = errors.counts
        return [
            MetricFamily(
                "fanfare_log_lines_total", .counter, help: "Lines of the log that were written.",
                value: Double(counts.writtenCount)),
            MetricFamily(
                "fanfare_log_lost_lines_total", .counter,
                help:
                    "Lines of the log that were lost, as nobody read it or it couldn't be written.",
                value: Double(counts.lostCount)),
        ]
    }
}
