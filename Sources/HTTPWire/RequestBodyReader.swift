// Small request bodies, their length known beforehand.

/// The body of a request, read once all of it has come. It is meant for bodies of a few KB, which a
/// connection's buffer holds anyway.
///
/// ```
/// let body = try RequestBodyReader(head)   // else answer the error's response
/// if body.needsContinue(having: count) { send(HTTPResponse.continueBytes) }
/// guard let range = body.range(in: bytes) else { wait for more }
/// // bytes.extracting(range) is the body; the next request begins at range.upperBound.
/// ```
public struct RequestBodyReader: Sendable, Equatable {
    /// How many bytes the body has.
    public let byteCount: Int
    private let start: Int
    private let expectsContinue: Bool

    /// Finds out where a request's body ends.
    ///
    /// - Parameters:
    ///   - head: the request's.
    ///   - bytes: those the head was parsed from.
    ///   - byteCountMax: the longest body to let in.
    ///   - mustBeJSON: whether to refuse a Content-Type other than `application/json`. Without a
    ///     Content-Type the body is taken for JSON.
    /// - Throws: `RequestBodyError`; answer its `response`.
    public init(
        _ head: HTTPRequestHead, in bytes: RawSpan,
        byteCountMax: Int = HTTPLimits().bodyByteCountMax, mustBeJSON: Bool = true
    ) throws(RequestBodyError) {
        guard !head.isChunkedBody else { throw .chunked }
        guard head.hasContentLength else { throw .noLength }
        guard head.contentLength <= byteCountMax else {
            throw .tooLarge(byteCountMax: byteCountMax)
        }
        if mustBeJSON, let type = head.contentType, !Self.isJSON(type, in: bytes) {
            throw .notJSON
        }
        byteCount = head.contentLength
        start = head.headByteCount
        expectsContinue = head.expectsContinue
    }

    /// Whether the client waits for `100 Continue`: it said so, and nothing of the body is here.
    ///
    /// - Parameter receivedByteCount: how many bytes have come, the head included.
    public func needsContinue(having receivedByteCount: Int) -> Bool {
        expectsContinue && receivedByteCount <= start
    }

    /// Where the body is.
    ///
    /// - Parameter bytes: all that has come, from the first byte of the head on.
    /// - Returns: nil while some of it is missing.
    public func range(in bytes: RawSpan) -> Range<Int>? {
        bytes.byteCount - start >= byteCount ? start..<(start + byteCount) : nil
    }

    private static func isJSON(_ contentType: Range<Int>, in bytes: RawSpan) -> Bool {
        let end = bytes.firstIndex(of: UInt8(ascii: ";"), in: contentType) ?? contentType.upperBound
        let type = bytes.trimmed(contentType.lowerBound..<end)
        return bytes.equalsIgnoringCase("application/json", in: type)
    }
}

/// A request whose body isn't read.
public enum RequestBodyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Neither a Content-Length nor a body.
    case noLength
    /// The body comes in chunks.
    case chunked
    /// Longer than the bound, in bytes.
    case tooLarge(byteCountMax: Int)
    /// A Content-Type other than `application/json`.
    case notJSON

    /// The status to answer with.
    public var status: HTTPStatus {
        switch self {
        case .noLength, .chunked: .lengthRequired
        case .tooLarge: .contentTooLarge
        case .notJSON: .unsupportedMediaType
        }
    }

    /// What is wrong, and what the client's author has to change.
    public var description: String {
        switch self {
        case .noLength: "This request needs a body; send it with Content-Length."
        case .chunked: "Bodies in chunks aren't taken here; send Content-Length instead."
        case .tooLarge(let byteCountMax):
            "The body is too large; send at most \(byteCountMax) bytes."
        case .notJSON: "The body must be JSON; send Content-Type: application/json."
        }
    }

    /// The whole answer. Where a body follows that nobody reads, the connection closes.
    ///
    /// - Parameters:
    ///   - head: the request's.
    ///   - fields: further fields, such as CORS's.
    public func response(
        to head: HTTPRequestHead, fields: [HTTPResponse.Field] = []
    ) -> HTTPResponse {
        .error(
            status, description, fields: fields, keepAlive: head.keepAlive && !head.hasBody)
    }
}
