// Having the settings read again over the staff API.

import Hummingbird

/// `/api/v1/reload`.
struct ReloadRoutes {
    let desk: any ReloadDesk
    let events: EventHub

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/api/v1/reload", id: "reload",
                summary:
                    "Reads the configuration and the key files again, as SIGHUP does, and puts "
                    + "into force what can be without a restart. Of something wrong nothing is taken.",
                tag: "machine", body: [.json(.object([]))], isBodyRequired: true,
                answers: [
                    .init(
                        status: 200, summary: "What is in force now, and what waits for a restart.",
                        content: [.json(.named("ReloadReport"))])
                ], role: .director, handler: reload)
        ]
    }

    static let schemas: [(name: String, schema: Schema)] = [
        (
            "ReloadReport",
            .object([
                .must("source", .string("Where the settings were read from.")),
                .must("taken", .array(of: .string(), "Settings whose new value is in force.")),
                .must(
                    "waiting",
                    .array(of: .string(), "Settings that are in force only after a restart.")),
                .must("warnings", .array(of: .string(), "What deserves a look.")),
            ])
        )
    ]

    @Sendable private func reload(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        // An empty object: a page of another origin can send no JSON.
        let tree = try await StaffBody.json(request, what: "a reload")
        try ShowRoutes.reading { () throws(Complaint) in
            _ = try JSONFields(tree, what: "a reload", keys: [])
        }
        let by = try OrderTicketReader.by(request, context)
        let report: ReloadReport
        do throws(ReloadRefusal) {
            report = try await desk.reload(by: by)
        } catch {
            await events.record(
                Deed(by: by, command: "reload", text: "asked for a reload, and nothing was taken"))
            switch error {
            case .unusable(let reason): throw StaffError(status: .conflict, message: reason)
            case .notNow(let reason):
                throw StaffError(status: .serviceUnavailable, message: reason)
            }
        }
        let words = report.taken.isEmpty ? "nothing new" : report.taken.joined(separator: ", ")
        await events.record(
            Deed(by: by, command: "reload", text: "reloaded the settings: \(words)"))
        return try context.json(report)
    }
}
