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

/// Responses with the states of streams, each made once for all who ask for it.
struct StateResponses {
    private struct Entry {
        let state: SharedBytes
        let origin: String?
        let keepAlive: Bool
        let bytes: [UInt8]
    }

    private var entries: [Entry] = []

    /// The response's bytes; the same array again and again.
    mutating func bytes(
        _ state: SharedBytes, origin: String?, variesByOrigin: Bool, keepAlive: Bool
    ) -> [UInt8] {
        for entry in entries
        where entry.state === state && entry.origin == origin && entry.keepAlive == keepAlive {
            return entry.bytes
        }
        let response = StateResponses.response(
            .ok, state, CORSPolicy.fields(allowOrigin: origin, variesByOrigin: variesByOrigin),
            keepAlive: keepAlive)
        let entry = Entry(
            state: state, origin: origin, keepAlive: keepAlive, bytes: response.bytes())
        if entries.count == DeliverySettings.stateResponseCountMax { entries.removeFirst() }
        entries.append(entry)
        return entry.bytes
    }

    /// The response, or with status 304 the one to who has these bytes.
    static func response(
        _ status: HTTPStatus, _ state: SharedBytes, _ fields: [HTTPResponse.Field],
        keepAlive: Bool
    ) -> HTTPResponse {
        var all: [HTTPResponse.Field] = [
            .init("Cache-Control", "no-cache"), .init("ETag", state.entityTag),
        ]
        if status == .ok { all.append(.init("Content-Type", "application/json")) }
        return HTTPResponse(
            status, fields: all + fields, body: status == .ok ? state.json : [],
            keepAlive: keepAlive)
    }
}
