// Where a publisher wants to go, from wherever its encoder puts the parts of the address.

import WireBytes

/// An address taken apart: `app/name`, what follows the name, and the query.
///
/// People paste addresses into forms that cut them differently, encode them once more, or add
/// blanks and line ends; devices split `rtmp://HOST/live/show/KEY` where they like. Only what
/// comes out in the end counts.
struct StreamAddress {
    /// The first part of the path; empty if there is none.
    var app = ""
    /// The second part.
    var streamName = ""
    /// The parts after it, with their slashes; nil if there are none.
    var rest: String?
    /// The query of the name, the app or the whole address: the first that has a key or a signature,
    /// or else the first.
    var query: [RTMPPublishRequest.QueryItem] = []

    /// What Flash Media Server calls the only instance of an application; some encoders add it.
    private static let defaultInstance = "_definst_"
    /// What is in a query that signs the address.
    private static let signatureItems: Set = ["txSecret", "sig"]
    /// What was put before a name to say its container.
    private static let containers = ["flv:", "mp4:"]
    /// How a signature's query ends that was cut at the slash in it.
    fileprivate static let cutSignatures = ["for=push", "for=play"]

    /// - Parameters:
    ///   - app: as `connect` gives it, perhaps with a query.
    ///   - name: as `publish` gives it.
    ///   - tcUrl: the whole address as `connect` gives it.
    init(app: String, name: String, tcUrl: String, limits: RTMPLimits) {
        let appPlace = QueriedPath(app)
        let urlPlace = QueriedPath(url: tcUrl)
        let isWhole = name.prefix { $0 != "?" }.contains("://")
        let namePlace = isWhole ? QueriedPath(url: name) : QueriedPath(name)
        let base = appPlace.path.isEmpty ? urlPlace : appPlace
        // Some encoders cut at the last slash, wherever it is: what they call the name then belongs to
        // the query, and the name is in the app.
        let cutQuery = isWhole ? nil : base.query(cutBefore: namePlace)
        var path = isWhole ? namePlace.path : base.path
        if cutQuery == nil, !isWhole { path += namePlace.path }
        if path.count > 1, path[1] == Self.defaultInstance { path.remove(at: 1) }

        self.app = path.first ?? ""
        streamName = path.count > 1 ? path[1] : ""
        if let container = Self.containers.first(where: streamName.hasPrefix) {
            streamName.removeFirst(container.count)
        }
        if path.count > 2 { rest = path[2...].joined(separator: "/") }
        let queries = [cutQuery, namePlace.query, appPlace.query, urlPlace.query]
            .compactMap(\.self)
            .map { StreamAddress.items(of: $0, limit: limits.queryItemCountMax) }
        query =
            queries.first { $0.contains { $0.name == "key" } }
            ?? queries.first { $0.contains { Self.signatureItems.contains($0.name) } }
            ?? queries.first ?? []
    }

    /// The query's items, percent-decoded. `+` stays what it is: keys may have it.
    private static func items(of query: String, limit: Int) -> [RTMPPublishRequest.QueryItem] {
        query.split(separator: "&", omittingEmptySubsequences: true).prefix(limit).map { item in
            // An encoder that encodes the "=" has encoded the rest, too.
            let text = item.contains("=") ? item : Substring(PercentEncoding.decodeLeniently(item))
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return RTMPPublishRequest.QueryItem(
                name: trimmed(PercentEncoding.decodeLeniently(parts[0])),
                value: parts.count > 1 ? trimmed(PercentEncoding.decodeLeniently(parts[1])) : "")
        }
    }
}

/// A path and the query behind it.
private struct QueriedPath {
    /// Percent-decoded, without empty parts.
    var path: [String]
    /// What is after the first `?`; nil if there is none.
    var query: String?

    init(_ text: String) {
        var text = trimmed(text)
        if !text.contains("?") {
            let decoded = PercentEncoding.decodeLeniently(text)
            if decoded.contains("?") { text = decoded }
        }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = PercentEncoding.decodeLeniently(parts[0]).split(separator: "/").map {
            trimmed(String($0))
        }
        .filter { !$0.isEmpty }
        query = parts.count > 1 ? String(parts[1]) : nil
    }

    /// The whole of a query of which only a part is here, and the rest is what came as the name; nil
    /// where none was cut.
    func query(cutBefore name: QueriedPath) -> String? {
        guard let query, path.count > 1, name.query == nil, !name.path.isEmpty,
            let last = query.split(separator: "&").last,
            StreamAddress.cutSignatures.contains(String(last))
        else { return nil }
        return query + "/" + name.path.joined(separator: "/")
    }

    /// Of an address with scheme and host, which are left out.
    init(url: String) {
        let afterScheme = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        // "rtmp:", "", "HOST:PORT/live?…"
        guard afterScheme.count == 3, afterScheme[0].hasSuffix(":"), afterScheme[1].isEmpty else {
            self.init(url)
            return
        }
        let rest = afterScheme[2]
        let hostEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        self.init(String(rest[hostEnd...]))
    }
}

/// Without blanks, line ends and other control characters at both ends.
private func trimmed(_ text: String) -> String {
    let isBlank = { (scalar: Unicode.Scalar) in
        scalar.value < 0x20 || scalar.value == 0x7F || scalar.properties.isWhitespace
            || scalar.value == 0xFEFF || scalar.value == 0x200B
    }
    var scalars = text.unicodeScalars[...].drop(while: isBlank)
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return String(scalars)
}
