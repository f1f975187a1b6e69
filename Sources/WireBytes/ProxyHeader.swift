// The PROXY protocol of HAProxy, versions 1 and 2: who is behind a proxy, said before anything else.

/// Why bytes that begin like a PROXY header are none. The connection is of no use then: nobody knows
/// whose it is.
public enum ProxyHeaderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A line of version 1 that doesn't end in time.
    case tooLong
    /// A line of version 1 that isn't as it has to be.
    case badLine
    /// A version or a command of version 2 that there isn't.
    case unknownVersion
    /// A header of version 2 that is longer than anybody needs, or shorter than its addresses.
    case badLength
    /// An address that isn't TCP's.
    case notTCP

    /// What is wrong.
    public var description: String {
        switch self {
        case .tooLong: "the PROXY line is longer than 107 bytes"
        case .badLine: "the PROXY line is not \"PROXY TCP4|TCP6|UNKNOWN source target ports\""
        case .unknownVersion: "the PROXY header is of a version or command that isn't known here"
        case .badLength:
            "the PROXY header's length is more than \(ProxyHeader.byteCountMax) bytes, or too "
                + "little for its addresses"
        case .notTCP: "the PROXY header tells of something else than TCP"
        }
    }
}

/// What a connection begins with that comes through a proxy.
///
/// Both versions are told apart from all that follows here (a request, RTMP's handshake, a
/// ClientHello) by their first bytes. Extensions of version 2 (TLVs) are skipped.
public struct ProxyHeader: Equatable, Sendable {
    /// Who has connected to the proxy; nil where it speaks for itself (LOCAL: a health check), or
    /// can't tell (UNKNOWN).
    public let client: IPEndpoint?
    /// The bytes it takes; what the connection is for begins behind them.
    public let byteCount: Int

    /// The longest line of version 1, its line end included.
    static let lineByteCountMax = 107
    /// The longest header of version 2 that is taken. With the fields of a TLS client's certificate it
    /// is a few hundred bytes.
    public static let byteCountMax = 2_048
    /// What version 2 begins with.
    private static let signature: InlineArray<12, UInt8> = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    /// What bytes begin with.
    public enum Beginning: Equatable, Sendable {
        /// Too few bytes have come to tell.
        case incomplete
        /// Something else.
        case other
        /// This.
        case header(ProxyHeader)
    }

    /// Reads what a connection begins with. The result doesn't depend on how the bytes were cut.
    ///
    /// - Parameter bytes: all that has come of it.
    public static func parse(_ bytes: RawSpan) throws(ProxyHeaderError) -> Beginning {
        switch version(of: bytes) {
        case .incomplete: .incomplete
        case .none: .other
        case .one: try parseLine(bytes)
        case .two: try parseBinary(bytes)
        }
    }

    /// Whether bytes begin like a PROXY header of either version.
    public static func begins(_ bytes: RawSpan) -> Bool {
        switch version(of: bytes) {
        case .one, .two: true
        case .none, .incomplete: false
        }
    }

    private enum Version {
        case incomplete, none, one, two
    }

    private static func version(of bytes: RawSpan) -> Version {
        let word: StaticString = "PROXY "
        let count = min(bytes.byteCount, word.utf8CodeUnitCount)
        if unsafe (0..<count).allSatisfy({ unsafe bytes[$0] == word.utf8Start[$0] }) {
            return count == word.utf8CodeUnitCount ? .one : .incomplete
        }
        let signatureCount = min(bytes.byteCount, signature.count)
        for index in 0..<signatureCount where bytes[index] != signature[index] { return .none }
        return signatureCount == signature.count ? .two : .incomplete
    }

    // MARK: Version 1

    private static func parseLine(_ bytes: RawSpan) throws(ProxyHeaderError) -> Beginning {
        let stop = min(bytes.byteCount, lineByteCountMax)
        var end = 0
        // Anything else than what a line may have ends it at once.
        while end < stop, bytes[end] >= 0x20, bytes[end] < 0x7F { end += 1 }
        if end == lineByteCountMax { throw .tooLong }
        guard end < stop else { return .incomplete }
        guard bytes[end] == 0x0D else { throw .badLine }
        guard end + 1 < lineByteCountMax else { throw .tooLong }
        guard end + 1 < bytes.byteCount else { return .incomplete }
        guard bytes[end + 1] == 0x0A else { throw .badLine }
        let words = bytes.text(in: 0..<end).split(
            separator: " ", omittingEmptySubsequences: false)
        // What follows UNKNOWN is not to be looked at.
        if words.count >= 2, words[1] == "UNKNOWN" {
            return .header(ProxyHeader(client: nil, byteCount: end + 2))
        }
        guard words.count == 6, let source = IPAddress(String(words[2])),
            let target = IPAddress(String(words[3])), let port = Self.port(words[4]),
            Self.port(words[5]) != nil
        else { throw .badLine }
        switch words[1] {
        case "TCP4" where !source.isV6 && !target.isV6: break
        case "TCP6" where source.isV6 && target.isV6: break
        default: throw .badLine
        }
        return .header(
            ProxyHeader(client: IPEndpoint(plain(source), port: port), byteCount: end + 2))
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard 1...5 ~= text.utf8.count, text.utf8.allSatisfy(\.isDigit) else { return nil }
        return UInt16(text)
    }

    /// An IPv4 address that was written as an IPv6 one is the IPv4 address.
    private static func plain(_ address: IPAddress) -> IPAddress {
        address.asV4.map { .v4($0) } ?? address
    }

    // MARK: Version 2

    private static func parseBinary(_ bytes: RawSpan) throws(ProxyHeaderError) -> Beginning {
        // Each byte is looked at as soon as it is there, so that the first fault is the same however
        // they come.
        guard bytes.byteCount > 12 else { return .incomplete }
        guard bytes[12] >> 4 == 2, bytes[12] & 0x0F <= 1 else { throw .unknownVersion }
        guard bytes.byteCount >= 16 else { return .incomplete }
        let length = Int(bytes.uint16(at: 14))
        let byteCount = 16 + length
        guard byteCount <= byteCountMax else { throw .badLength }
        let isLocal = bytes[12] & 0x0F == 0
        let family = isLocal ? 0 : bytes[13]
        switch family {
        // LOCAL, and a family or a protocol that the proxy doesn't tell.
        case 0x00:
            guard bytes.byteCount >= byteCount else { return .incomplete }
            return .header(ProxyHeader(client: nil, byteCount: byteCount))
        case 0x11:
            guard length >= 12 else { throw .badLength }
            guard bytes.byteCount >= byteCount else { return .incomplete }
            let source = IPAddress.v4(bytes.uint32(at: 16))
            return .header(
                ProxyHeader(
                    client: IPEndpoint(source, port: bytes.uint16(at: 24)), byteCount: byteCount))
        case 0x21:
            guard length >= 36 else { throw .badLength }
            guard bytes.byteCount >= byteCount else { return .incomplete }
            let source = IPAddress.v6(high: bytes.uint64(at: 16), low: bytes.uint64(at: 24))
            return .header(
                ProxyHeader(
                    client: IPEndpoint(plain(source), port: bytes.uint16(at: 48)),
                    byteCount: byteCount))
        // A proxy on a socket of the file system: whoever is there is on that machine.
        case 0x31:
            guard length >= 216 else { throw .badLength }
            guard bytes.byteCount >= byteCount else { return .incomplete }
            return .header(ProxyHeader(client: nil, byteCount: byteCount))
        default: throw .notTCP
        }
    }
}
