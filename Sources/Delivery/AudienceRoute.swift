// The addresses under /api/v1 that the audience's side answers.

import HTTPWire

/// What a player's own page or player asks for.
enum AudienceRoute {
    /// A guest wants a token.
    case join
    /// A player answers.
    case answers
    /// A player asks how it stands.
    case me
    /// Anybody asks what goes on.
    case state

    /// Finds the route of a path.
    static func find(_ path: Range<Int>, in bytes: RawSpan) -> AudienceRoute? {
        let path = bytes.extracting(path)
        if path.equals("/api/v1/answers".utf8) { return .answers }
        if path.equals("/api/v1/state".utf8) { return .state }
        if path.equals("/api/v1/me".utf8) { return .me }
        if path.equals("/api/v1/join".utf8) { return .join }
        return nil
    }

    /// The methods it answers, besides OPTIONS.
    var methods: [HTTPMethod] {
        switch self {
        case .join, .answers: [.post]
        case .me, .state: [.get, .head]
        }
    }

    /// For the Allow field.
    var allow: String { (methods + [.options]).map(\.name).joined(separator: ", ") }
}
