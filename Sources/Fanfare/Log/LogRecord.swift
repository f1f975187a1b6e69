// One record of the log, as a line for eyes and as one for programs.

import Glibc
import Logging
import Settings

/// What one call of a logger says. Its line is of bounded length, whatever is in it.
struct LogRecord {
    var level: Logger.Level
    /// Whose it is: `fanfare`.
    var label: String
    var message: String
    var metadata: Logger.Metadata = [:]

    /// As a line, with its line feed.
    func line(as format: LogFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }

    /// `2026-11-22T21:13:46.123Z warning fanfare: the publisher is gone stream=show`
    private var text: String {
        let words = LogText.visible(message, byteCountMax: LogLimits.messageByteCountMax)
        var line = "\(Self.timestamp()) \(level) \(label): \(words)"
        for (key, value) in sortedMetadata {
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

    /// The same as an object, which stays one where metadata is left out: then it says how many.
    private var json: String {
        func string(_ text: String, _ byteCountMax: Int) -> String {
            LogText.jsonString(text, byteCountMax: byteCountMax)
        }
        var line = "{\"time\":\"\(Self.timestamp())\",\"level\":\"\(level)\""
        line += ",\"label\":\(string(label, LogLimits.keyByteCountMax))"
        line += ",\"message\":\(string(message, LogLimits.messageByteCountMax))"
        var pairs = ""
        var leftOutCount = 0
        for (key, value) in sortedMetadata {
            let pair =
                string(key, LogLimits.keyByteCountMax) + ":"
                + string("\(value)", LogLimits.valueByteCountMax)
            let byteCount = line.utf8.count + pairs.utf8.count + pair.utf8.count
            if byteCount > LogLimits.lineByteCountMax - Self.jsonRestByteCount {
                leftOutCount += 1
            } else {
                pairs += (pairs.isEmpty ? "" : ",") + pair
            }
        }
        if !pairs.isEmpty { line += ",\"metadata\":{\(pairs)}" }
        if leftOutCount > 0 { line += ",\"metadataLeftOut\":\(leftOutCount)" }
        return line + "}\n"
    }

    /// What comes behind the last pair at most, and around the pairs.
    private static let jsonRestByteCount = 64

    private var sortedMetadata: [(key: String, value: Logger.MetadataValue)] {
        metadata.sorted { $0.key < $1.key }
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
