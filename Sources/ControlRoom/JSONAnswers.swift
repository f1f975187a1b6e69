// The JSON bodies of the staff API, and the request context that encodes them.

import FoundationEssentials
import Hummingbird
import NIOCore

/// Every request's context: the connection it came by, and the way JSON is written.
struct StaffContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Who asks; nil where somebody may ask who has said nothing.
    var identity: StaffIdentity?
    /// Who the staff are; nil where nobody needs a token.
    var staff: (any StaffDirectory)?
    /// Whether who asked may still look on: a token may be taken back, and a session end.
    var isStillIn: @Sendable () -> Bool = { true }

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Who asks.
    var someone: StaffIdentity {
        get throws {
            guard let identity else { throw StaffError.tokenMissing }
            return identity
        }
    }

    /// Sorted keys: the same state gives the same bytes, which is kind to people and to diffs.
    var responseEncoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

/// `GET /api/v1/streams`. An object, so that something can be added later.
struct StreamList: Encodable {
    var streams: [StreamStatus]
}

/// `GET /healthz`.
struct HealthReport: ResponseEncodable {
    var status: String
    var problems: [String]?
    var warnings: [String]?
}

/// What every refusal looks like, here as on the audience plane.
struct ErrorReport: ResponseEncodable {
    var error: String
    var code: String?
    var status: Int
    var stream: String?
    var state: ShowState?
    var confirm: String?
    var rows: [RowFault]?
}

/// A refusal with its words; thrown by routes, made an answer by `JSONErrorMiddleware`.
struct StaffError: Error {
    var status: HTTPResponse.Status
    var message: String
    /// A word for programs, where the status alone doesn't say what to do.
    var code: String?
    var stream: String?
    /// The show that refused an order, as it is.
    var state: ShowState?
    /// The word with which an order that was refused is done all the same.
    var confirm: String?
    /// Rows of a file that won't do.
    var rows: [RowFault]?
    var headers: HTTPFields = [:]

    /// Somebody has to say who it is.
    static let tokenMissing = StaffError(
        status: .unauthorized,
        message: "this needs the staff token: send Authorization: Bearer <token>",
        headers: [.wwwAuthenticate: "Bearer realm=\"fanfare staff\""])
}
