// What can be wrong with the lines of a head, be it a request's or a response's.

/// A head that breaks RFC 9112, sections 2 to 5, or is larger than we accept.
public enum HTTPHeadError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A carriage return that no line feed follows.
    case bareCarriageReturn
    /// A line feed that no carriage return precedes.
    case bareLineFeed
    /// A control character (NUL, ESC, a TLS handshake's bytes …) anywhere in the head.
    case controlCharacter
    /// Nothing but blank lines where the start line should be.
    case missingStartLine
    /// The blank line didn't come within the limit, and the start line had ended.
    case headTooLarge
    /// Not even the start line ended within the limit.
    case startLineTooLong
    /// More field lines than the limit.
    case tooManyFields
    /// A field line that begins with white space (RFC 9112, section 5.2: obs-fold).
    case foldedField
    /// A field line without a colon.
    case missingColon
    /// A field name that is empty or has a character that is no `tchar`, a space before the colon
    /// included.
    case badFieldName

    /// What is wrong, and what the client's author has to change.
    public var description: String {
        switch self {
        case .bareCarriageReturn: "A carriage return without a line feed; end lines with CR LF."
        case .bareLineFeed: "A line feed without a carriage return; end lines with CR LF."
        case .controlCharacter:
            "A control character in the head; send plain HTTP/1.1 here (http://, no TLS)."
        case .missingStartLine: "Blank lines instead of the first line; send the first line first."
        case .headTooLarge: "The head is too large; send fewer or shorter header fields."
        case .startLineTooLong: "The first line is too long; shorten the URL."
        case .tooManyFields: "Too many header fields; send fewer."
        case .foldedField: "A header field goes on over a second line; write it in one line."
        case .missingColon: "A header field without a colon; write \"Name: value\"."
        case .badFieldName:
            "A header field's name has a space or another character not allowed in a name."
        }
    }
}
