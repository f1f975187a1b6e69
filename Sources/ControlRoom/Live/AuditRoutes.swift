// What the staff have done to the server, over the staff API.

import Hummingbird

/// `/api/v1/audit`.
struct AuditRoutes {
    let desk: any AuditDesk

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/api/v1/audit", id: "getAudit",
                summary: "Who was sent away, banned and let in again, by whom; draining, reloads "
                    + "and tokens of the staff. What was done to a show is in its own audit.",
                tag: "audience",
                answers: [
                    .init(
                        status: 200,
                        summary: "The newest \(Limits.auditLineCountMax), the oldest first.",
                        content: [
                            .json(.object([.must("lines", .array(of: .named("AuditLine")))]))
                        ])
                ], role: .host,
                handler: { _, context in
                    let lines: [AuditLine]
                    do throws(AuditRefusal) {
                        lines = try await desk.lines(countMax: Limits.auditLineCountMax)
                    } catch {
                        throw StaffError(
                            status: .serviceUnavailable,
                            message: "the audit can't be read: \(error.reason)")
                    }
                    return try context.json(["lines": lines])
                })
        ]
    }

    static let schema: Schema = .object([
        .must("atMs", .integer("Milliseconds since 1970.")), .must("by", .string()),
        .must("command", .string("What was done, in a word.")),
        .must("text", .string("What and to whom, for people.")),
    ])
}
