// The paths of streams: /live/<name>.flv, found without copying.

import WireBytes

/// The path of a stream: `/live/<name>.flv`, the name `[A-Za-z0-9_-]{1,64}`.
public enum StreamPath {
    private static let prefix: StaticString = "/live/"
    private static let suffix: StaticString = ".flv"

    /// Where the stream's name is in a path, without `.flv`.
    ///
    /// - Parameters:
    ///   - path: a request's path, still percent-encoded.
    ///   - bytes: those the path lies in.
    /// - Returns: nil for every other path, one with percent-encoding included: a name has no
    ///   character that needs it.
    public static func name(in path: Range<Int>, of bytes: RawSpan) -> Range<Int>? {
        let start = path.lowerBound + prefix.utf8CodeUnitCount
        let end = path.upperBound - suffix.utf8CodeUnitCount
        guard start < end, bytes.equals(prefix, in: path.lowerBound..<start),
            bytes.equals(suffix, in: end..<path.upperBound), isName(start..<end, of: bytes)
        else { return nil }
        return start..<end
    }

    /// Whether a range of a path is a name that a stream may have.
    public static func isName(_ range: Range<Int>, of bytes: RawSpan) -> Bool {
        guard (1...AudienceLimits.streamNameByteCountMax).contains(range.count) else {
            return false
        }
        for index in range where !isNameCharacter(bytes[index]) { return false }
        return true
    }

    /// The path of a stream.
    public static func path(of name: String) -> String { "\(prefix)\(name)\(suffix)" }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
