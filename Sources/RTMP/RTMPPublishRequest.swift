// What a publisher asks for, with its address taken apart.

/// A `publish` command, with what `connect` told before it.
public struct RTMPPublishRequest: Equatable, Sendable {
    /// One `name=value` of a query, percent-decoded.
    public struct QueryItem: Equatable, Sendable {
        /// What is before the first `=`.
        public var name: String
        /// What is after it; empty if there is none.
        public var value: String

        /// A query item.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The application of the address, without query and outer slashes: `live`.
    public var app: String
    /// The stream's name without its query: `show`.
    public var streamName: String
    /// The query of the stream name, or if it has none that of the app, or of ``tcUrl``.
    public var query: [QueryItem]
    /// The address the publisher says it connected to; empty if it doesn't say.
    public var tcUrl: String
    /// `live`, `record` or `append` as it was sent; `live` if nothing was.
    public var publishingType: String
    /// The encoder as it names itself in `connect` (`flashVer`).
    public var flashVersion: String?

    /// The first query item `key`: the stream key.
    public var key: String? { query.first { $0.name == "key" }?.value }

    /// A request; for tests of handlers.
    public init(
        app: String, streamName: String, query: [QueryItem] = [], tcUrl: String = "",
        publishingType: String = "live", flashVersion: String? = nil
    ) {
        self.app = app
        self.streamName = streamName
        self.query = query
        self.tcUrl = tcUrl
        self.publishingType = publishingType
        self.flashVersion = flashVersion
    }
}

/// An address or stream name divided at its first `?`.
struct QueriedName {
    /// What is before the `?`.
    var name: String
    /// What is after it; nil if there is no `?`.
    var query: String?

    init(_ text: String) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts[0])
        query = parts.count > 1 ? String(parts[1]) : nil
    }

    /// The query's items, percent-decoded, at most `limit`. `+` stays what it is: keys may have it.
    func items(limit: Int) -> [RTMPPublishRequest.QueryItem] {
        guard let query else { return [] }
        return query.split(separator: "&", omittingEmptySubsequences: true).prefix(limit).map {
            let parts = $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return RTMPPublishRequest.QueryItem(
                name: percentDecoded(parts[0]),
                value: parts.count > 1 ? percentDecoded(parts[1]) : "")
        }
    }
}

/// Replaces `%XX`; what isn't two hexadecimal digits stays, invalid UTF-8 is repaired.
private func percentDecoded(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var decoded: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"),
            let high = rest.first.flatMap(hexadecimalDigit),
            let low = rest.dropFirst().first.flatMap(hexadecimalDigit)
        {
            rest = rest.dropFirst(2)
            decoded.append(high << 4 | low)
        } else {
            decoded.append(byte)
        }
    }
    return String(decoding: decoded, as: UTF8.self)
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
