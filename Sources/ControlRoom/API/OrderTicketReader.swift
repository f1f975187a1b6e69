// The id of an order, the version it was given for, and who gives it.

import Hummingbird
import WireBytes

/// Reads tickets from requests.
enum OrderTicketReader {
    private static let idField = "Idempotency-Key"
    private static let byField = "Fanfare-By"

    /// Of an order whose body is the thing itself.
    static func ofResource(_ request: Request, _ context: StaffContext) throws -> OrderTicket {
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
        return try ticket(id: id, version: version, request, context)
    }

    /// Of a command, from its body or the headers.
    static func ofCommand(
        _ request: Request, _ context: StaffContext, _ fields: JSONFields?
    ) throws -> OrderTicket {
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
        return try ticket(id: id, version: version, request, context)
    }

    private static func ticket(
        id: String, version: Int?, _ request: Request, _ context: StaffContext
    ) throws -> OrderTicket {
        guard id.isID(byteCountMax: Limits.orderIDByteCountMax, colons: true) else {
            throw StaffError(
                status: .badRequest,
                message: "an order's id is 1 to \(Limits.orderIDByteCountMax) letters (a-z, A-Z), "
                    + "digits and - . _ ~ :, such as a UUID")
        }
        return OrderTicket(id: id, expectedVersion: version, by: try by(request, context))
    }

    /// Who gives an order: the person whose token it is, whatever the request says. The operator's
    /// token names nobody, so that the request may say who uses it.
    static func by(_ request: Request, _ context: StaffContext) throws -> String {
        let identity = try context.someone
        guard identity.proof != .own, let by = try header(byField, request) else {
            return identity.name
        }
        let isName =
            1...Limits.staffNameByteCountMax ~= by.utf8.count
            && by.utf8.allSatisfy { 0x20...0x7E ~= $0 }
        guard isName else {
            throw StaffError(
                status: .badRequest,
                message: "Fanfare-By is 1 to \(Limits.staffNameByteCountMax) ASCII characters")
        }
        // A person's name is only that person's.
        return context.staff?.isPerson(by) == true ? "\(identity.name) (\(by))" : by
    }

    /// The header may be in quotes, as a structured field's string is.
    private static func header(_ name: String, _ request: Request) throws -> String? {
        guard let value = request.field(name) else { return nil }
        guard value.count >= 2, value.first == "\"", value.last == "\"" else { return value }
        return String(value.dropFirst().dropLast())
    }
}
