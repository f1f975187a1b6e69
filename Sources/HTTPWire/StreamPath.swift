// The paths of streams: /live/<name>.flv, found without copying.

import WireBytes

/// The path of an HTTP-FLV stream: `/<app>/<name>.flv`, app and name each `[A-Za-z0-9_-]{1,64}`.
public struct StreamPath: Sendable, Equatable {
    /// The longest app or stream name, in bytes.
    public static let nameByteCountMax = NameLimits.idByteCountMax

    /// Where the app's name is (`live`).
    public let app: Range<Int>
    /// Where the stream's name is, without `.flv`.
    public let name: Range<Int>

    /// Takes a path apart.
    ///
    /// - Parameters:
    ///   - path: `HTTPRequestHead.path`.
    ///   - bytes: those the head was parsed from.
    /// - Returns: nil for every other path, one with percent-encoding included: the names have no
    ///   character that needs it.
    public static func parse(_ path: Range<Int>, in bytes: RawSpan) -> StreamPath? {
        let suffix: StaticString = ".flv"
        guard path.count > 1 + suffix.utf8CodeUnitCount,
            bytes[path.lowerBound] == UInt8(ascii: "/")
        else { return nil }
        let appStart = path.lowerBound + 1
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/"), in: appStart..<path.upperBound)
        else { return nil }
        let nameStart = slash + 1
        let nameEnd = path.upperBound - suffix.utf8CodeUnitCount
        guard nameEnd > nameStart, bytes.equals(suffix, in: nameEnd..<path.upperBound) else {
            return nil
        }
        let app = appStart..<slash
        let name = nameStart..<nameEnd
        guard isName(app, in: bytes), isName(name, in: bytes) else { return nil }
        return StreamPath(app: app, name: name)
    }

    /// Whether the app is `live`, the only one there is.
    ///
    /// - Parameter bytes: those the path was parsed from.
    public func isLive(in bytes: RawSpan) -> Bool {
        bytes.equals("live", in: app)
    }

    private static func isName(_ range: Range<Int>, in bytes: RawSpan) -> Bool {
        guard !range.isEmpty, range.count <= nameByteCountMax else { return false }
        for index in range where !bytes[index].isStreamNameCharacter { return false }
        return true
    }
}
