// A parsed request head: what it asks for, as offsets into the bytes it was parsed from.

import WireBytes

/// The head of an HTTP/1.x request (RFC 9112, sections 2 to 6).
///
/// All ranges are offsets into the bytes given to `parse`; nothing is copied or allocated. They
/// hold for as long as those bytes stay where they are.
public struct HTTPRequestHead: Sendable, Equatable {
    /// What is asked for.
    public internal(set) var method: HTTPMethod = .other
    /// The x of HTTP/1.x.
    var minorVersion: UInt8 = 1
    /// The request target as sent.
    public internal(set) var target: Range<Int> = 0..<0
    /// The target's path, still percent-encoded: empty for an absolute target without a path and
    /// for CONNECT, `*` for `OPTIONS *`.
    public internal(set) var path: Range<Int> = 0..<0
    /// What follows the question mark, still percent-encoded; nil without one.
    public internal(set) var query: Range<Int>?
    /// The field lines, from the first one to the end of the last one's CR LF.
    public internal(set) var fields: Range<Int> = 0..<0
    /// The whole head with its blank line: the body, or the next request, begins at this offset.
    public internal(set) var headByteCount: Int = 0

    /// Whether the client wants another request on this connection (RFC 9112, section 9.3).
    public internal(set) var keepAlive: Bool = true
    /// Whether there was a Content-Length. Where neither it nor a chunked body is there, there is
    /// no body (answer 411 to a method that needs one).
    public internal(set) var hasContentLength: Bool = false
    /// How many body bytes follow the head; 0 without a Content-Length.
    public internal(set) var contentLength: Int = 0
    /// Whether the body comes in chunks: read it with `ChunkedBodyReader`.
    public internal(set) var isChunkedBody: Bool = false
    /// Whether the client waits for `100 Continue` before it sends its body.
    public internal(set) var expectsContinue: Bool = false

    /// The host and port asked for: an absolute target's, otherwise the Host field's.
    public internal(set) var host: Range<Int>?
    /// The Origin field.
    public internal(set) var origin: Range<Int>?
    /// The Authorization field, scheme and all.
    public internal(set) var authorization: Range<Int>?
    /// The Content-Type field.
    public internal(set) var contentType: Range<Int>?

    /// Whether this is a GET in HTTP/1.1 that asks to go on as a WebSocket (RFC 6455, section
    /// 4.2.1: Connection has `upgrade` and Upgrade has `websocket`). Key and version are still to
    /// be checked.
    public internal(set) var upgradesToWebSocket: Bool = false
    /// The Sec-WebSocket-Key field.
    public internal(set) var webSocketKey: Range<Int>?
    /// The Sec-WebSocket-Version field; anything but `13` is answered with 426.
    public internal(set) var webSocketVersion: Range<Int>?
    /// The (first) Sec-WebSocket-Protocol field: a list.
    public internal(set) var webSocketProtocol: Range<Int>?

    init() {}

    /// Whether a body follows the head.
    public var hasBody: Bool { contentLength > 0 || isChunkedBody }

    /// Reads the head that `bytes` begin with.
    ///
    /// - Parameters:
    ///   - bytes: all that has come on this connection since the last request's end.
    ///   - scanned: 0 for a new request. It comes back as how far the search for the head's end
    ///     has got, so that a head sent byte by byte isn't searched from its start each time; after
    ///     a head it comes back as 0.
    ///   - limits: what a head may cost.
    /// - Returns: nil while the head is incomplete. The result doesn't depend on how the bytes
    ///   were cut.
    /// - Throws: `HTTPRequestError`; answer its `status` and close.
    public static func parse(
        _ bytes: RawSpan, scanned: inout Int, limits: HTTPLimits = HTTPLimits()
    ) throws(HTTPRequestError) -> HTTPRequestHead? {
        let found: HeadScanner.Extent?
        do {
            found = try HeadScanner.extent(
                of: bytes, scanned: &scanned, byteCountMax: limits.headByteCountMax)
        } catch {
            throw .head(error)
        }
        guard let extent = found else { return nil }
        scanned = 0
        var parser = RequestParser(limits: limits)
        return try parser.parse(extent, in: bytes)
    }

    /// The value of the first field of this name, for the ones that have no property here.
    ///
    /// - Parameters:
    ///   - lowercasedName: the field's name in small letters.
    ///   - bytes: those this head was parsed from.
    public func fieldValue(named lowercasedName: StaticString, in bytes: RawSpan) -> Range<Int>? {
        firstFieldValue(named: lowercasedName, in: fields, of: bytes)
    }

    /// The token of an `Authorization: Bearer …` field (RFC 6750, section 2.1); nil without one.
    ///
    /// - Parameter bytes: those this head was parsed from.
    public func bearerToken(in bytes: RawSpan) -> Range<Int>? {
        guard let authorization else { return nil }
        guard let space = bytes.firstIndex(of: UInt8(ascii: " "), in: authorization),
            bytes.equalsIgnoringCase("bearer", in: authorization.lowerBound..<space)
        else { return nil }
        let token = bytes.trimmed(space..<authorization.upperBound)
        return token.isEmpty ? nil : token
    }
}

/// The value of the first field of this name among well-formed field lines.
func firstFieldValue(
    named lowercasedName: StaticString, in fields: Range<Int>, of bytes: RawSpan
) -> Range<Int>? {
    var lines = FieldLines(fields)
    // A head that was parsed has only good lines; with other bytes the answer is nil.
    while let line = try? lines.next(in: bytes) {
        if bytes.equalsIgnoringCase(lowercasedName, in: line.name) { return line.value }
    }
    return nil
}
