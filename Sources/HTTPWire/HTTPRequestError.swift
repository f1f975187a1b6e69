// What can be wrong with a request's head, each cause with the status to answer.

/// A request we refuse to read. Answer `status` and close the connection: after a malformed head
/// nobody knows where the next request would begin.
public enum HTTPRequestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The lines themselves are malformed or too large.
    case head(HTTPHeadError)
    /// The request line isn't `METHOD SP target SP HTTP/1.x` (RFC 9112, section 3).
    case badRequestLine
    /// The target has a character that a URL can't have, or a form its method doesn't allow.
    case badTarget
    /// The target is longer than `HTTPLimits.targetByteCountMax`.
    case targetTooLong
    /// Something other than HTTP/1.x: HTTP/2 without negotiation, for instance.
    case unsupportedVersion
    /// HTTP/1.1 without a Host field.
    case missingHost
    /// A Host field (or the authority of an absolute target) that is no host and port.
    case badHost
    /// A field that may come only once came twice: Host, Content-Length, Authorization …
    case repeatedField
    /// A Content-Length that is no plain number.
    case badContentLength
    /// Content-Length and Transfer-Encoding together: the classic of request smuggling.
    case lengthAndTransferEncoding
    /// A Transfer-Encoding in which `chunked` isn't the last and only once, or in HTTP/1.0.
    case badTransferEncoding
    /// A transfer coding other than `chunked`.
    case unknownTransferCoding
    /// An Expect other than `100-continue`.
    case unsupportedExpectation
    /// A body longer than `HTTPLimits.bodyByteCountMax`.
    case bodyTooLarge

    /// The status to answer with.
    public var status: HTTPStatus {
        switch self {
        case .head(.headTooLarge), .head(.tooManyFields): .requestHeaderFieldsTooLarge
        case .head(.startLineTooLong), .targetTooLong: .uriTooLong
        case .unsupportedVersion: .httpVersionNotSupported
        case .unknownTransferCoding: .notImplemented
        case .unsupportedExpectation: .expectationFailed
        case .bodyTooLarge: .contentTooLarge
        case .head, .badRequestLine, .badTarget, .missingHost, .badHost, .repeatedField,
            .badContentLength, .lengthAndTransferEncoding, .badTransferEncoding:
            .badRequest
        }
    }

    /// What is wrong, and what the client's author has to change.
    public var description: String {
        switch self {
        case .head(let error): error.description
        case .badRequestLine:
            "The first line isn't a request; send \"GET /path HTTP/1.1\" with single spaces."
        case .badTarget: "The URL has a character that must be percent-encoded, or a wrong form."
        case .targetTooLong: "The URL is too long; shorten it."
        case .unsupportedVersion: "This HTTP version isn't spoken here; use HTTP/1.1."
        case .missingHost: "HTTP/1.1 needs a Host field; send one."
        case .badHost: "The Host isn't a host name with an optional port; correct it."
        case .repeatedField: "A header field that may come only once came twice; send it once."
        case .badContentLength: "Content-Length isn't a number; send the body's size in bytes."
        case .lengthAndTransferEncoding:
            "Content-Length and Transfer-Encoding together are ambiguous; send only one."
        case .badTransferEncoding:
            "Transfer-Encoding must be \"chunked\", once and last, in HTTP/1.1."
        case .unknownTransferCoding: "Only the transfer coding \"chunked\" is known here."
        case .unsupportedExpectation: "Only \"Expect: 100-continue\" is known here."
        case .bodyTooLarge: "The body is too large; send less."
        }
    }
}
