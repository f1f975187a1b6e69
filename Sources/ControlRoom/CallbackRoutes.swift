// The queue of callbacks over the staff API.

import Hummingbird

/// `/api/v1/callbacks`.
struct CallbackRoutes {
    let desk: any CallbackDesk
    let events: EventHub

    private static let root = "/api/v1/callbacks"

    var endpoints: [Endpoint] {
        let which: [Endpoint.QueryItem] = [
            .init(name: "number", summary: "Only this one.", schema: .integer("Its number."))
        ]
        let count = Endpoint.Content.json(.object([.must("count", .integer("How many."))]))
        return [
            Endpoint(
                method: .get, path: Self.root, id: "listCallbacks",
                summary: "What other systems couldn't be told and was given up, the newest first; "
                    + "with state=waiting what is still to be told.", tag: "callbacks",
                query: [
                    .init(
                        name: "state", summary: "dead, or waiting.",
                        schema: .string(words: ["dead", "waiting"]))
                ],
                answers: [
                    .init(
                        status: 200, summary: "The queue.",
                        content: [.json(.named("CallbackReport"))])
                ], handler: list),
            Endpoint(
                method: .post, path: Self.root + "/resend", id: "resendCallbacks",
                summary: "Tells again what was given up.", tag: "callbacks", query: which,
                answers: [.init(status: 200, summary: "How many.", content: [count])],
                role: .director, handler: resend),
            Endpoint(
                method: .delete, path: Self.root, id: "dropCallbacks",
                summary: "Removes what was given up.", tag: "callbacks", query: which,
                answers: [.init(status: 200, summary: "How many.", content: [count])],
                role: .director, handler: drop),
        ]
    }

    @Sendable private func list(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let state = request.uri.queryParameters["state"].map(String.init) ?? "dead"
        guard state == "dead" || state == "waiting" else {
            throw StaffError(status: .badRequest, message: "state is dead or waiting")
        }
        return try context.json(
            try Self.asking { () throws(CallbackDeskRefusal) in
                try desk.list(dead: state == "dead")
            })
    }

    @Sendable private func resend(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let number = try Self.number(request)
        let by = try OrderTicketReader.by(request, context)
        let count = try Self.asking { () throws(CallbackDeskRefusal) in try desk.resend(number) }
        await events.note(
            Deed(by: by, command: "resend-callbacks", text: "had \(count) callbacks told again"))
        return try context.json(CallbackCount(count: count))
    }

    @Sendable private func drop(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let number = try Self.number(request)
        let by = try OrderTicketReader.by(request, context)
        let count = try Self.asking { () throws(CallbackDeskRefusal) in try desk.drop(number) }
        await events.note(
            Deed(by: by, command: "drop-callbacks", text: "removed \(count) callbacks"))
        return try context.json(CallbackCount(count: count))
    }

    private static func number(_ request: Request) throws -> Int64? {
        guard let text = request.uri.queryParameters["number"] else { return nil }
        guard let number = Int64(text) else {
            throw StaffError(
                status: .badRequest, message: "number is a callback's, as it is listed")
        }
        return number
    }

    private static func asking<Value>(
        _ body: () throws(CallbackDeskRefusal) -> Value
    ) throws -> Value {
        do throws(CallbackDeskRefusal) { return try body() } catch {
            switch error {
            case .notNow(let sentence):
                throw StaffError(status: .serviceUnavailable, message: sentence)
            }
        }
    }
}
