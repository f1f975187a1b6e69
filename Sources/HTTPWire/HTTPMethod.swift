// The request methods the audience plane tells apart.

/// A request method (RFC 9110, section 9). Methods are case-sensitive: `get` is `.other`.
public enum HTTPMethod: UInt8, Sendable, Equatable, BitwiseCopyable {
    case get
    case head
    case options
    case post
    /// A well-formed method we have no use for. Answer 405 with `Allow`.
    case other

    /// The method's name on the wire; empty for `.other`, whose name stays in the request's bytes.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .options: "OPTIONS"
        case .post: "POST"
        case .other: ""
        }
    }
}
