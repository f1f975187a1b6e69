// The id of an order, the version it was given for, and who gives it.

import Hummingbird
import WireBytes

/// Reads tickets from requests.
enum OrderTicketReader {
    private static let idField = "Idempotency-Key"
    private static let byField = "Fanfare-By"

    /// Of an order whose body is the thing itself.
    static func ofResource(_ request: Request) throws -> OrderTicket {
        guard let id = try header(idField, request) else {
            throw StaffError(
                status: .badRequest,
                message: "an order needs an id of your own, so that it can be repeated without "
                    + "being done twice: send Idempotency-Key: <id>")
        }
        var version: Int?
        if let text = request.uri.queryParameters["expectedVersion"] {
            guard let number = Int(text) else {
                throw StaffError(
                    status: .badRequest, message: "expectedVersion must be a whole number")
            }
            version = number
        }
        return try ticket(id: id, version: version, request)
    }

    /// Of a command, from its body or the headers.
    static func ofCommand(_ request: Request, _ fields: JSONFields?) throws -> OrderTicket {
        let header = try header(idField, request)
        let own: String?
        let version: Int?
        do throws(Complaint) {
            own = try fields?.string("id")
            version = try fields?.integer("expectedVersion")
        } catch {
            throw StaffError.bad(error)
        }
        if let header, let own, header != own {
            throw StaffError(
                status: .badRequest,
                message: "Idempotency-Key and \"id\" name two ids; send one of them")
        }
        guard let id = header ?? own else {
            throw StaffError(
                status: .badRequest,
                message: "a command needs an id of your own, so that it can be repeated without "
                    + "being done twice: send Idempotency-Key: <id>, or \"id\" in the body")
        }
        return try ticket(id: id, version: version, request)
    }

    private static func ticket(
        id: String, version: Int?, _ request: Request
    ) throws -> OrderTicket {
        guard id.isID(byteCountMax: Limits.orderIDByteCountMax, colons: true) else {
            throw StaffError(
                status: .badRequest,
                message: "an order's id is 1 to \(Limits.orderIDByteCountMax) letters (a-z, A-Z), "
                    + "digits and - . _ ~ :, such as a UUID")
        }
        let by = try header(byField, request) ?? "staff"
        let isName =
            1...Limits.staffNameByteCountMax ~= by.utf8.count
            && by.utf8.allSatisfy { 0x20...0x7E ~= $0 }
        guard isName else {
            throw StaffError(
                status: .badRequest,
                message: "Fanfare-By is 1 to \(Limits.staffNameByteCountMax) ASCII characters")
        }
        return OrderTicket(id: id, expectedVersion: version, by: by)
    }

    /// The header may be in quotes, as a structured field's string is.
    private static func header(_ name: String, _ request: Request) throws -> String? {
        let field = request.headers.first { $0.name.canonicalName == name.lowercased() }
        guard let value = field?.value else { return nil }
        guard value.count >= 2, value.first == "\"", value.last == "\"" else { return value }
        return String(value.dropFirst().dropLast())
    }
}
