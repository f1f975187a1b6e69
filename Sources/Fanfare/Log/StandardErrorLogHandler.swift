// The log: one line a record on standard error, for journald and for eyes.

import Glibc
import Logging

/// swift-log's back end. A record is one line of bounded length whatever is in it:
/// `2026-11-22T21:13:46.123Z warning fanfare: the publisher is gone stream=show`.
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
            Self.line(level: event.level, label: label, message: "\(event.message)", own))
    }

    /// A record as a line, with its line feed.
    static func line(
        level: Logger.Level, label: String, message: String, _ metadata: Logger.Metadata = [:]
    ) -> String {
        let words = LogText.visible(message, byteCountMax: LogLimits.messageByteCountMax)
        var line = "\(timestamp()) \(level) \(label): \(words)"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let name = LogText.visible(key, byteCountMax: LogLimits.keyByteCountMax)
            let text = LogText.quoted("\(value)", byteCountMax: LogLimits.valueByteCountMax)
            let pair = " \(name)=\(text)"
            guard line.utf8.count + pair.utf8.count <= LogLimits.lineByteCountMax - 8 else {
                line += " …"
                break
            }
            line += pair
        }
        return line + "\n"
    }

    /// RFC 3339 in UTC with milliseconds.
    private static func timestamp() -> String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        var parts = unsafe tm()
        unsafe gmtime_r(&now.tv_sec, &parts)
        func padded(_ number: Int, _ digits: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(digits - text.count, 0)) + text
        }
        let day = unsafe [
            padded(Int(parts.tm_year) + 1900, 4), padded(Int(parts.tm_mon) + 1, 2),
            padded(Int(parts.tm_mday), 2),
        ]
        let time = unsafe [
            padded(Int(parts.tm_hour), 2), padded(Int(parts.tm_min), 2),
            padded(Int(parts.tm_sec), 2),
        ]
        let fraction = padded(now.tv_nsec / 1_000_000, 3)
        return "\(day.joined(separator: "-"))T\(time.joined(separator: ":")).\(fraction)Z"
    }
}
