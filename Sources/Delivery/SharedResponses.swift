// Responses that are made once for all who ask.

import AudienceProtocol
import HTTPWire

extension SharedBytes {
    /// What can be asked.
    static let document = SharedBytes(
        json: AudienceDocument.json, version: AudienceDocument.version)
}

/// Responses with bytes that are the same for everyone, such as the state of a stream, each made once
/// for all who ask for it.
struct SharedResponses {
    private struct Entry {
        let shared: SharedBytes
        let origin: String?
        let keepAlive: Bool
        let bytes: [UInt8]
    }

    private var entries: [Entry] = []

    /// How many are kept.
    var count: Int { entries.count }

    /// The response's bytes; the same array again and again.
    mutating func bytes(
        _ shared: SharedBytes, origin: String?, variesByOrigin: Bool, keepAlive: Bool
    ) -> [UInt8] {
        for entry in entries
        where entry.shared == shared && entry.origin == origin && entry.keepAlive == keepAlive {
            return entry.bytes
        }
        let response = SharedResponses.response(
            .ok, shared, CORSPolicy.fields(allowOrigin: origin, variesByOrigin: variesByOrigin),
            keepAlive: keepAlive)
        let entry = Entry(
            shared: shared, origin: origin, keepAlive: keepAlive, bytes: response.bytes())
        if entries.count == DeliverySettings.sharedResponseCountMax { entries.removeFirst() }
        entries.append(entry)
        return entry.bytes
    }

    /// The response, or with status 304 the one to who has these bytes.
    static func response(
        _ status: HTTPStatus, _ shared: SharedBytes, _ fields: [HTTPResponse.Field],
        keepAlive: Bool
    ) -> HTTPResponse {
        var all: [HTTPResponse.Field] = [
            .init("Cache-Control", "no-cache"), .init("ETag", shared.entityTag),
        ]
        if status == .ok { all.append(.init("Content-Type", "application/json")) }
        return HTTPResponse(
            status, fields: all + fields, body: status == .ok ? shared.json : [],
            keepAlive: keepAlive)
    }
}
