// Shows as such: to list, make, look at, change and delete.

import Hummingbird
import Trivia

/// `GET /api/v1/shows`.
struct ShowList: Codable, Equatable {
    var shows: [ShowSummary]
}

extension ShowRoutes {
    var resourceEndpoints: [Endpoint] {
        let plan = ShowSchemas.planProperties(isWhole: false, needs: ["title"])
        let state = Endpoint.Answer(
            status: 200, summary: "It.", content: [.json(.named("ShowState"))])
        return [
            Endpoint(
                method: .get, path: Self.root, id: "listShows",
                summary: "All shows, the newest first.", tag: "shows",
                answers: [
                    .init(
                        status: 200, summary: "The list.",
                        content: [
                            .json(.object([.must("shows", .array(of: .named("ShowSummary")))]))
                        ])
                ],
                handler: { _, context in
                    try context.json(ShowList(shows: try await asking { try await $0.shows() }))
                }),
            Endpoint(
                method: .post, path: Self.root, id: "createShow",
                summary: "Makes a show, as a draft.", tag: "shows",
                body: [
                    .json(
                        .object(
                            [
                                .must("stream", .string("The stream it will play on.")),
                                .may("id", .string("By default made of the title.")),
                            ] + plan))
                ], isBodyRequired: true, order: .resource,
                answers: [
                    .init(
                        status: 201, summary: "Made.",
                        content: [.json(.named("OrderReceipt"))]), Self.stale,
                ], handler: create),
            Endpoint(
                method: .get, path: Self.path, id: "getShow",
                summary: "A show at this moment.", tag: "shows", answers: [state],
                handler: { _, context in
                    let show = try show(context)
                    return try context.json(try await asking { try await $0.state(of: show) })
                }),
            Endpoint(
                method: .put, path: Self.path, id: "editShow",
                summary: "Changes title, rules and prize of a draft; what is left out is as usual.",
                tag: "shows", body: [.json(.object(plan))], isBodyRequired: true,
                order: .resource, answers: [Self.receipt, Self.stale], handler: edit),
            Endpoint(
                method: .delete, path: Self.path, id: "deleteShow",
                summary: "Removes a show that isn't played, and all that belongs to it.",
                tag: "shows", order: .resource, answers: [Self.receipt, Self.stale],
                handler: { request, context in
                    let ticket = try OrderTicketReader.ofResource(request, context)
                    return try await perform(
                        .delete, on: try show(context), under: ticket, context)
                }),
        ]
    }

    @Sendable private func create(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a show")
        let ticket = try OrderTicketReader.ofResource(request, context)
        let (id, stream, plan) = try Self.reading { () throws(Complaint) in
            let fields = try JSONFields(
                tree, what: "a show", keys: ["id", "stream"] + ShowPlanJSON.keys)
            let plan = try ShowPlanJSON.read(fields)
            guard let id = try fields.string("id") ?? ShowPlanJSON.id(from: plan.title) else {
                throw Complaint("no id can be made of this title; give one with \"id\"")
            }
            guard let stream = try fields.string("stream") else { throw fields.missing("stream") }
            return (id, stream, plan)
        }
        return try await perform(
            .create(plan, stream: stream), on: id, under: ticket, context, status: .created)
    }

    @Sendable private func edit(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a show")
        let ticket = try OrderTicketReader.ofResource(request, context)
        let plan = try Self.reading { () throws(Complaint) in
            try ShowPlanJSON.read(
                try JSONFields(tree, what: "a show's plan", keys: ShowPlanJSON.keys))
        }
        return try await perform(.edit(plan), on: try show(context), under: ticket, context)
    }
}
