// The JSON bodies of the staff API, and the request context that encodes them.

import FoundationEssentials
import Hummingbird

/// Every request's context; it carries nothing of ours beyond the way JSON is written.
struct StaffContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }

    /// Sorted keys: the same state gives the same bytes, which is kind to people and to diffs.
    var responseEncoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

/// `GET /api/v1/streams`. An object, so that something can be added later.
struct StreamList: ResponseEncodable {
    var streams: [StreamStatus]
}

extension StreamStatus: ResponseEncodable {}

/// `GET /healthz`.
struct HealthReport: ResponseEncodable {
    var status: String
    var problems: [String]?
}

/// What every refusal looks like, here as on the audience plane.
struct ErrorReport: ResponseEncodable {
    var error: String
    var status: Int
    var stream: String?
}

/// A refusal with its words; thrown by routes, made an answer by `JSONErrorMiddleware`.
struct StaffError: Error {
    var status: HTTPResponse.Status
    var message: String
    var stream: String?
    var headers: HTTPFields = [:]
}
