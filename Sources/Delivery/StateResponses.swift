// What goes on, as responses that are made once for all who ask.

import HTTPWire

/// Responses with the states of streams, each made once for all who ask for it.
struct StateResponses {
    private struct Entry {
        let state: SharedBytes
        let origin: String?
        let keepAlive: Bool
        let bytes: [UInt8]
    }

    private var entries: [Entry] = []

    /// How many are kept.
    var count: Int { entries.count }

    /// The response's bytes; the same array again and again.
    mutating func bytes(
        _ state: SharedBytes, origin: String?, variesByOrigin: Bool, keepAlive: Bool
    ) -> [UInt8] {
        for entry in entries
        where entry.state == state && entry.origin == origin && entry.keepAlive == keepAlive {
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
