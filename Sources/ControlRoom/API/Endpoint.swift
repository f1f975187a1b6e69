// One thing the staff API can be asked: the route that is served and its part of the API document
// are made of the same value, so that they can't differ.

import Access
import Hummingbird

/// A method and a path, what they take, and what they answer.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (Request, StaffContext) async throws -> Response

    /// A body by its media type; nil is one without a fixed form.
    struct Content: Sendable {
        var type: String
        var schema: Schema?

        static func json(_ schema: Schema) -> Content {
            Content(type: "application/json", schema: schema)
        }
        static let csv = Content(type: "text/csv", schema: .string())
    }

    struct Answer: Sendable {
        var status: Int
        var summary: String
        var content: [Content] = []
    }

    /// Where the id of an order and the expected version are.
    enum OrderKind: Sendable {
        /// It is no order.
        case none
        /// In the body, or the id in a header.
        case command
        /// In a header and the query, as the body is the thing itself.
        case resource
    }

    struct QueryItem: Sendable {
        var name: String
        var summary: String
        var schema: Schema
    }

    var method: HTTPRequest.Method
    /// With parameters in braces: "/api/v1/shows/{show}".
    var path: String
    /// Unique among all, for generators of clients.
    var id: String
    var summary: String
    var tag: String
    var query: [QueryItem] = []
    var body: [Content] = []
    var isBodyRequired = false
    /// Whether and how an order's id comes with it.
    var order = OrderKind.none
    var answers: [Answer]
    /// Who may ask; nil for the usual: everybody may look, and hosts give orders.
    var role: StaffRole?
    /// Whether it is answered to whoever it is.
    var isForAnybody = false
    var handler: Handler

    /// Who may ask.
    var needs: StaffRole { role ?? (method == .get ? .monitor : .host) }

    /// The path as the router wants it: ":show" for "{show}".
    var routerPath: RouterPath {
        let parts = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? ":" + part.dropFirst().dropLast() : String(part)
        }
        return RouterPath(parts.joined(separator: "/"))
    }

    /// The names of the path's parameters.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
    }

    private func require(_ role: StaffRole, of identity: StaffIdentity) throws {
        guard identity.role >= role else {
            throw StaffError(
                status: .forbidden,
                message: "this needs the role \(role.rawValue), and \(identity.name) is a "
                    + "\(identity.role.rawValue)", code: "role")
        }
    }

    func add(to router: Router<StaffContext>) {
        router.on(routerPath, method: method) { request, context in
            if !isForAnybody { try require(needs, of: try context.someone) }
            return try await handler(request, context)
        }
    }
}
