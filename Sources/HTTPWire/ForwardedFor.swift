// Whose request a proxy hands on: X-Forwarded-For, and Forwarded (RFC 7239).

public import WireBytes

/// Why the fields in which a proxy says whose request it is can't be believed.
public enum ForwardedForError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Each names somebody else. The proxy writes one of the two, and the other is what the client
    /// has sent along.
    case contradiction
    /// A quote doesn't end: what a client has left open may have swallowed what the proxy has written
    /// behind it.
    case openQuote

    /// What to do.
    public var description: String {
        switch self {
        case .contradiction:
            "Forwarded and X-Forwarded-For don't say the same. Have the proxy write one of them, "
                + "and remove the other that clients send along."
        case .openQuote:
            "The Forwarded field has a quote without an end. Have the proxy remove what clients send "
                + "of that field."
        }
    }
}

/// The address behind proxies that are trusted.
public enum ForwardedFor {
    /// The most hops that are looked through, from the last one back.
    static let hopCountMax = 32

    /// Whose request it is: going back from the last proxy, the first address that isn't a trusted
    /// proxy itself. What stands before it anybody may have written.
    ///
    /// - Returns: nil where no proxy has said anything usable.
    public static func address(
        of head: HTTPRequestHead, in bytes: RawSpan, trusted: AddressRanges
    ) throws(ForwardedForError) -> IPAddress? {
        var plain = Hops()
        var standard = Hops()
        var lines = FieldLines(head.fields)
        // A head that was parsed has only good lines.
        while let line = try? lines.next(in: bytes) {
            if bytes.equalsIgnoringCase("x-forwarded-for", in: line.name) {
                takePlain(bytes.extracting(line.value), into: &plain)
            } else if bytes.equalsIgnoringCase("forwarded", in: line.name) {
                try takeStandard(bytes.extracting(line.value), into: &standard)
            }
        }
        return try agreed(plain, standard, trusted)
    }

    /// The same of the values of X-Forwarded-For alone, in the order of their lines.
    public static func address(
        inForwardedFor values: [String], trusted: AddressRanges
    ) -> IPAddress? {
        var hops = Hops()
        for value in values {
            let bytes = Array(value.utf8)
            unsafe takePlain(bytes.span.bytes, into: &hops)
        }
        return hops.origin(trusted)
    }

    private static func agreed(
        _ plain: Hops, _ standard: Hops, _ trusted: AddressRanges
    ) throws(ForwardedForError) -> IPAddress? {
        if plain.isAbsent { return standard.origin(trusted) }
        if standard.isAbsent { return plain.origin(trusted) }
        // Which of the two the proxy has written can't be told.
        let origin = plain.origin(trusted)
        guard origin == standard.origin(trusted) else { throw .contradiction }
        return origin
    }

    // MARK: Lists

    /// `client, proxy1, proxy2`.
    private static func takePlain(_ value: RawSpan, into hops: inout Hops) {
        hops.isAbsent = false
        var start = 0
        while start <= value.byteCount {
            let end =
                value.firstIndex(of: UInt8(ascii: ","), in: start..<value.byteCount)
                ?? value.byteCount
            let element = value.trimmed(start..<end)
            if !element.isEmpty { hops.append(node(value.text(in: element))) }
            start = end + 1
        }
    }

    /// `for=192.0.2.60;proto=http, for="[2001:db8::1]:4711"`.
    private static func takeStandard(
        _ value: RawSpan, into hops: inout Hops
    ) throws(ForwardedForError) {
        hops.isAbsent = false
        var text: [UInt8] = []
        var isQuoted = false
        var index = 0
        // A comma or a semicolon between quotes is part of what is quoted.
        var pairs: [[UInt8]] = []
        func endElement() {
            guard !pairs.isEmpty || !text.isEmpty else { return }
            pairs.append(text)
            let node = pairs.lazy.compactMap { Self.forValue(of: $0) }.first
            hops.append(node.flatMap { Self.node($0) })
            pairs = []
            text = []
        }
        while index < value.byteCount {
            let byte = value[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\") where isQuoted && index < value.byteCount:
                text.append(value[index])
                index += 1
            case UInt8(ascii: ",") where !isQuoted: endElement()
            case UInt8(ascii: ";") where !isQuoted:
                pairs.append(text)
                text = []
            case UInt8(ascii: " ") where !isQuoted, 0x09 where !isQuoted: break
            default: text.append(byte)
            }
        }
        guard !isQuoted else { throw .openQuote }
        endElement()
    }

    private static func forValue(of pair: [UInt8]) -> String? {
        guard pair.count > 4, pair[3] == UInt8(ascii: "="),
            pair[..<3].map(\.asciiLowercased).elementsEqual("for".utf8)
        else { return nil }
        return String(decoding: pair[4...], as: UTF8.self)
    }

    /// An address with or without a port; an IPv6 one with a port is in brackets. Nil for what isn't
    /// known (`unknown`), or has a name of the proxy's own (`_hidden`).
    private static func node(_ text: String) -> IPAddress? {
        if let address = IPAddress(text) { return plain(address) }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            let inner = String(text[text.index(after: text.startIndex)..<end])
            return IPAddress(inner).map { plain($0) }
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return IPAddress(String(parts[0]))
    }

    private static func plain(_ address: IPAddress) -> IPAddress {
        address.asV4.map { .v4($0) } ?? address
    }
}

/// The newest hops of a list.
private struct Hops {
    var isAbsent = true
    /// Nil for one that can't be read.
    private var newest: [IPAddress?] = []

    mutating func append(_ node: IPAddress?) {
        if newest.count == ForwardedFor.hopCountMax { newest.removeFirst() }
        newest.append(node)
    }

    func origin(_ trusted: AddressRanges) -> IPAddress? {
        var origin: IPAddress?
        for node in newest.reversed() {
            // What is behind a hop that nobody can read nobody vouches for.
            guard let node else { return origin }
            origin = node
            guard trusted.contains(node) else { return node }
        }
        return origin
    }
}
