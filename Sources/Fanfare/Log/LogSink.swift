// Which records are kept, and where they go: one for the process.

import Logging
import Settings
import Synchronization

/// What all loggers of a process share. Its level can be changed while they are in use.
final class LogSink: Sendable {
    private let levelIndex: Atomic<Int>
    /// How its lines look.
    let format: LogFormat
    private let writeLine: @Sendable (String) -> Void

    /// - Parameter write: takes a whole line, and returns at once.
    init(
        level: Logger.Level, format: LogFormat = .text,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        levelIndex = Atomic(Self.index(of: level))
        writeLine = write
    }

    /// Records below it are left out.
    var level: Logger.Level {
        get { Logger.Level.allCases[levelIndex.load(ordering: .relaxed)] }
        set { levelIndex.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    /// What `LoggingSystem.bootstrap` wants.
    var factory: @Sendable (String) -> any LogHandler {
        { label in StandardErrorLogHandler(label: label, sink: self) }
    }

    func write(_ record: LogRecord) { writeLine(record.line(as: format)) }

    private static func index(of level: Logger.Level) -> Int {
        Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}
