// The log: one line a record on standard error, for journald, for eyes, or for programs.

import Logging

/// swift-log's back end. A record is one line of bounded length whatever is in it.
struct StandardErrorLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let label: String
    private let sink: LogSink
    /// A logger's own level, for whoever set one.
    private var ownLevel: Logger.Level?

    init(label: String, sink: LogSink) {
        self.label = label
        self.sink = sink
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? sink.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var own = metadata.merging(event.metadata ?? [:]) { _, new in new }
        if let error = event.error { own["error"] = "\(error)" }
        sink.write(
            LogRecord(level: event.level, label: label, message: "\(event.message)", metadata: own))
    }
}
