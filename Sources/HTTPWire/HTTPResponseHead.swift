// The client's side: a parsed response head, for the test client, `rehearse` and `edge`.

import WireBytes

/// The head of an HTTP/1.x response (RFC 9112, sections 4 to 6), as offsets into the bytes it was
/// parsed from.
public struct HTTPResponseHead: Sendable, Equatable {
    /// Where a response's body ends (RFC 9112, section 6.3).
    public enum BodyFraming: Sendable, Equatable {
        /// There is no body.
        case none
        /// That many bytes.
        case length(byteCount: Int)
        /// In chunks: read it with `ChunkedBodyReader`.
        case chunked
        /// When the connection closes.
        case untilClose
    }

    /// The x of HTTP/1.x.
    var minorVersion: UInt8 = 1
    /// The status code, 100 to 599; servers may send codes that `HTTPStatus` doesn't name.
    public internal(set) var statusCode: Int = 0
    /// The field lines, from the first one to the end of the last one's CR LF.
    public internal(set) var fields: Range<Int> = 0..<0
    /// The whole head with its blank line: the body begins at this offset.
    public internal(set) var headByteCount: Int = 0
    /// Whether the server takes another request on this connection.
    public internal(set) var keepAlive: Bool = true
    /// The Content-Length; nil without one, and in a response that comes in chunks.
    public internal(set) var contentLength: Int?
    /// Whether the body comes in chunks.
    public internal(set) var isChunkedBody: Bool = false
    /// The Content-Type field.
    public internal(set) var contentType: Range<Int>?
    /// The Retry-After field where it is a number of seconds; too large a number is `Int.max`.
    public internal(set) var retryAfterS: Int?

    init() {}

    /// Reads the head that `bytes` begin with. Interim responses (100 Continue) are heads of their
    /// own: skip them and parse on.
    ///
    /// - Parameters:
    ///   - bytes: all that has come since the last response's end.
    ///   - scanned: as for `HTTPRequestHead.parse`.
    ///   - limits: what a head may cost; its head and header bounds are used.
    /// - Returns: nil while the head is incomplete.
    /// - Throws: `HTTPResponseError`; close the connection.
    public static func parse(
        _ bytes: RawSpan, scanned: inout Int, limits: HTTPLimits = HTTPLimits()
    ) throws(HTTPResponseError) -> HTTPResponseHead? {
        let found: HeadScanner.Extent?
        do {
            found = try HeadScanner.extent(
                of: bytes, scanned: &scanned, byteCountMax: limits.headByteCountMax)
        } catch {
            throw .head(error)
        }
        guard let extent = found else { return nil }
        scanned = 0
        var head = HTTPResponseHead()
        head.headByteCount = extent.end
        let fieldsStart = try head.parseStatusLine(at: extent.start, in: bytes)
        head.fields = fieldsStart..<(extent.end - 2)
        try head.parseFields(in: bytes, countMax: limits.headerCountMax)
        return head
    }

    /// Where this response's body ends.
    ///
    /// - Parameter method: that of the request it answers.
    public func bodyFraming(answering method: HTTPMethod) -> BodyFraming {
        if method == .head || statusCode < 200 || statusCode == 204 || statusCode == 304 {
            return .none
        }
        if isChunkedBody { return .chunked }
        if let contentLength { return .length(byteCount: contentLength) }
        return .untilClose
    }

    /// The value of the first field of this name, for the ones that have no property here.
    ///
    /// - Parameters:
    ///   - lowercasedName: the field's name in small letters.
    ///   - bytes: those this head was parsed from.
    public func fieldValue(named lowercasedName: StaticString, in bytes: RawSpan) -> Range<Int>? {
        firstFieldValue(named: lowercasedName, in: fields, of: bytes)
    }

    /// `HTTP/1.x SP 3DIGIT [SP reason]`; the reason may be missing, space and all, as some servers
    /// leave it out. Returns the offset of the line that follows.
    private mutating func parseStatusLine(
        at start: Int, in bytes: RawSpan
    ) throws(HTTPResponseError) -> Int {
        var lineEnd = start
        while bytes[lineEnd] != 0x0D { lineEnd += 1 }
        guard lineEnd - start >= 12, bytes.equals("HTTP/", in: start..<start + 5),
            bytes[start + 5].isDigit, bytes[start + 6] == UInt8(ascii: "."),
            bytes[start + 7].isDigit, bytes[start + 8] == UInt8(ascii: " "),
            let code = bytes.decimalNumber(in: start + 9..<start + 12),
            lineEnd == start + 12 || bytes[start + 12] == UInt8(ascii: " ")
        else { throw .badStatusLine }
        guard bytes[start + 5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        guard (100...599).contains(code) else { throw .badStatusLine }
        minorVersion = bytes[start + 7] - UInt8(ascii: "0")
        statusCode = code
        return lineEnd + 2
    }

    private mutating func parseFields(
        in bytes: RawSpan, countMax: Int
    ) throws(HTTPResponseError) {
        var lines = FieldLines(fields)
        var connection = ConnectionTokens()
        var transfer = TransferCodings()
        var count = 0
        while let line = try Self.nextLine(&lines, in: bytes) {
            count += 1
            guard count <= countMax else { throw .head(.tooManyFields) }
            let name = line.name
            switch name.count {
            case 10 where bytes.equalsIgnoringCase("connection", in: name):
                connection.take(line.value, in: bytes)
            case 11 where bytes.equalsIgnoringCase("retry-after", in: name):
                retryAfterS = bytes.decimalNumber(in: line.value)
            case 12 where bytes.equalsIgnoringCase("content-type", in: name):
                contentType = contentType ?? line.value
            case 14 where bytes.equalsIgnoringCase("content-length", in: name):
                guard contentLength == nil, let length = bytes.decimalNumber(in: line.value)
                else { throw .badContentLength }
                contentLength = length
            case 17 where bytes.equalsIgnoringCase("transfer-encoding", in: name):
                transfer.take(line.value, in: bytes)
            default: break
            }
        }
        keepAlive = connection.keepsAlive(minorVersion: minorVersion)
        if transfer.isPresent {
            guard transfer.isChunkedOnly else { throw .unknownTransferCoding }
            isChunkedBody = true
            // RFC 9112, section 6.3: chunks win, and such a connection is not to be used again.
            if contentLength != nil {
                contentLength = nil
                keepAlive = false
            }
        }
    }

    private static func nextLine(
        _ lines: inout FieldLines, in bytes: RawSpan
    ) throws(HTTPResponseError) -> FieldLine? {
        do {
            return try lines.next(in: bytes)
        } catch {
            throw .head(error)
        }
    }
}

/// A response we can't read.
public enum HTTPResponseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The lines themselves are malformed or too large.
    case head(HTTPHeadError)
    /// The first line isn't `HTTP/1.x 200 …`.
    case badStatusLine
    /// A version other than HTTP/1.x.
    case unsupportedVersion
    /// A Content-Length that is no number, or two of them.
    case badContentLength
    /// A Transfer-Encoding other than `chunked`.
    case unknownTransferCoding

    /// What is wrong, and what to look at.
    public var description: String {
        switch self {
        case .head(let error): "The server's answer can't be read: \(error.description)"
        case .badStatusLine: "The server doesn't answer in HTTP; check the URL's host and port."
        case .unsupportedVersion: "The server doesn't speak HTTP/1.1; check the URL."
        case .badContentLength: "The server's Content-Length is no single number."
        case .unknownTransferCoding:
            "The server sends a transfer coding other than chunked; turn its compression off."
        }
    }
}
