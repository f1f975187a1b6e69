// The log: one line a record on standard error, for journald and for eyes.

import Glibc
import Logging

/// swift-log's back end. A record is one line whatever is in it, as one `write`, so that records of
/// several threads never mix:
/// `2026-11-22T21:13:46.123Z warning fanfare: the publisher is gone stream=show`.
struct StandardErrorLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let label: String
    private let write: @Sendable (String) -> Void

    init(
        label: String, level: Logger.Level,
        write: @escaping @Sendable (String) -> Void = StandardError.write
    ) {
        self.label = label
        logLevel = level
        self.write = write
    }

    /// What `LoggingSystem.bootstrap` wants.
    static func factory(level: Logger.Level) -> @Sendable (String) -> any LogHandler {
        { label in StandardErrorLogHandler(label: label, level: level) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var own = metadata.merging(event.metadata ?? [:]) { _, new in new }
        if let error = event.error { own["error"] = "\(error)" }
        let pairs = own.sorted { $0.key < $1.key }
            .map { " \(Self.oneLine($0.key))=\(Self.quoted("\($0.value)"))" }
        let message = Self.oneLine("\(event.message)")
        let words = "\(Self.timestamp()) \(event.level) \(label): \(message)"
        write(words + pairs.joined() + "\n")
    }

    /// Control characters become spaces: nothing from the network can forge a second record or
    /// steer a terminal.
    static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { line.append(isControl(scalar) ? " " : scalar) }
        return String(line)
    }

    /// Values with spaces get quotes, so that a line can be taken apart again.
    static func quoted(_ text: String) -> String {
        let line = oneLine(text)
        // Not by characters: a quote and an accent behind it are one.
        let scalars = line.unicodeScalars
        guard line.isEmpty || scalars.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" })
        else { return line }
        var quoted = "\"".unicodeScalars
        for scalar in scalars {
            if scalar == "\"" { quoted.append("\\") }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
            || scalar.value == 0x2029
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
