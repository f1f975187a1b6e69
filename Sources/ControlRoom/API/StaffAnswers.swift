// Answers of the staff API as bytes: JSON, CSV, and refusals of shows.

import FoundationEssentials
import Hummingbird
import NIOCore

extension StaffContext {
    /// JSON that nobody keeps.
    func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
            ], body: .init(byteBuffer: ByteBuffer(bytes: try responseEncoder.encode(value))))
    }

    /// A file to keep.
    ///
    /// - Parameter name: of letters, digits and `- . _ ~` alone.
    func csv(_ text: String, name: String) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
        ]
        headers[.contentDisposition] = "attachment; filename=\"\(name).csv\""
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension StaffError {
    /// The answer to a show's refusal.
    ///
    /// - Parameter state: the show as it is, for whoever gave an order it refused.
    static func refusal(_ refusal: ShowDeskRefusal, state: ShowState? = nil) -> StaffError {
        switch refusal {
        case .unknownShow:
            StaffError(
                status: .notFound,
                message: "there is no such show; GET /api/v1/shows lists those there are")
        case .unknown(let sentence): StaffError(status: .notFound, message: sentence)
        case .invalid(let sentence): StaffError(status: .badRequest, message: sentence)
        case .notNow(let sentence):
            StaffError(status: .conflict, message: sentence, state: state)
        case .unseen(let sentence):
            StaffError(status: .conflict, message: sentence, code: "unseen", state: state)
        case .idTaken:
            StaffError(
                status: .conflict,
                message: "this id was used for another order; choose a new one for each order")
        case .unavailable(let sentence):
            StaffError(status: .serviceUnavailable, message: sentence)
        }
    }

    /// The answer to a file with wrong rows.
    static func rows(_ faults: [RowFault]) -> StaffError {
        let count = faults.count
        let words =
            count == 1
            ? "one row won't do, so nothing was taken"
            : "\(count) rows won't do, so nothing was taken"
        var error = StaffError(status: .badRequest, message: words)
        error.rows = Array(faults.prefix(Limits.rowFaultCountMax))
        return error
    }
}
