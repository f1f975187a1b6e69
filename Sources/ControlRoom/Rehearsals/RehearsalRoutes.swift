// Simulated crowds and the go / no-go sheet, over the staff API.

import Hummingbird
import WireBytes

/// `GET /api/v1/rehearsals`.
struct RehearsalList: Codable, Equatable {
    var rehearsals: [RehearsalRecord]
}

/// `POST /api/v1/rehearsals`.
struct RehearsalBegun: Codable, Equatable {
    var id: String
}

/// `GET /api/v1/readiness`.
struct ReadinessSheet: Codable, Equatable {
    var checks: [ReadinessCheck]
}

/// `/api/v1/rehearsals` and `/api/v1/readiness`.
struct RehearsalRoutes {
    let desk: any RehearsalDesk
    let readiness: any ReadinessDesk
    let events: EventHub

    private static let root = "/api/v1/rehearsals"
    private static let path = root + "/{rehearsal}"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: Self.root, id: "beginRehearsal",
                summary: """
                    Sends a simulated crowd to a stream, one at a time. Those who play need a \
                    rehearsal show whose doors are open.
                    """, tag: "rehearsals",
                body: [
                    .json(
                        .object([
                            .must("stream", .string()),
                            .must("viewers", Self.integer(in: Limits.crowdViewerCount)),
                            .must("seconds", Self.integer(in: Limits.crowdSeconds)),
                            .may("players", .integer("Of the viewers; 0 without it.", min: 0)),
                        ]))
                ], isBodyRequired: true,
                answers: [
                    .init(
                        status: 202, summary: "It begins.",
                        content: [.json(.object([.must("id", .string())]))])
                ], handler: begin),
            Endpoint(
                method: .get, path: Self.root, id: "listRehearsals",
                summary: "The last few, the newest first.", tag: "rehearsals",
                answers: [
                    .init(
                        status: 200, summary: "The list.",
                        content: [
                            .json(
                                .object([.must("rehearsals", .array(of: .named("Rehearsal")))]))
                        ])
                ],
                handler: { _, context in
                    try context.json(RehearsalList(rehearsals: await desk.records()))
                }),
            Endpoint(
                method: .get, path: Self.path, id: "getRehearsal",
                summary: "How far it is, and what came out.", tag: "rehearsals",
                answers: [
                    .init(status: 200, summary: "It.", content: [.json(.named("Rehearsal"))])
                ],
                handler: { _, context in
                    let id = try context.parameters.require("rehearsal")
                    let record = await desk.records().first { $0.id == id }
                    guard let record else { throw StaffError.refusal(RehearsalRefusal.unknown) }
                    return try context.json(record)
                }),
            Endpoint(
                method: .delete, path: Self.path, id: "stopRehearsal",
                summary: "Sends the crowd home.", tag: "rehearsals",
                answers: [.init(status: 204, summary: "It goes.")], handler: stop),
            Endpoint(
                method: .get, path: "/api/v1/readiness", id: "checkReadiness",
                summary: "Go or no-go: the machine, the feed, keys, disk, clock, the last crowd.",
                tag: "rehearsals",
                query: [.init(name: "show", summary: "For this show.", schema: .string())],
                answers: [
                    .init(
                        status: 200, summary: "The sheet.",
                        content: [
                            .json(
                                .object([
                                    .must("checks", .array(of: .named("ReadinessCheck")))
                                ]))
                        ])
                ], handler: check),
        ]
    }

    private static func integer(in range: ClosedRange<Int>) -> Schema {
        .integer("At most \(range.upperBound).", min: range.lowerBound)
    }

    @Sendable private func begin(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a rehearsal")
        let wish = try ShowRoutes.reading { () throws(Complaint) in try Self.wish(tree) }
        let by = try OrderTicketReader.by(request, context)
        let record: RehearsalRecord
        do throws(RehearsalRefusal) {
            record = try await desk.begin(wish, by: by)
        } catch { throw StaffError.refusal(error) }
        await events.note(
            Deed(
                by: by, stream: wish.stream, command: "rehearse",
                text: "sent a crowd of \(wish.viewers) for \(wish.seconds) s"))
        return try context.json(RehearsalBegun(id: record.id), status: .accepted)
    }

    private static func wish(_ tree: JSONTree) throws(Complaint) -> RehearsalWish {
        let fields = try JSONFields(
            tree, what: "a rehearsal", keys: ["stream", "viewers", "seconds", "players"])
        guard let stream = try fields.string("stream") else { throw fields.missing("stream") }
        let isName = stream.isID(byteCountMax: Limits.streamNameByteCountMax)
        guard isName else { throw Complaint("there can be no stream of this name") }
        func number(
            _ key: String, in range: ClosedRange<Int>, default usual: Int?
        ) throws(Complaint) -> Int {
            guard let number = try fields.integer(key) ?? usual else { throw fields.missing(key) }
            guard range.contains(number) else {
                throw Complaint(
                    "\"\(key)\" of a rehearsal is from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        let viewers = try number("viewers", in: Limits.crowdViewerCount, default: nil)
        return RehearsalWish(
            stream: stream, viewers: viewers,
            seconds: try number("seconds", in: Limits.crowdSeconds, default: nil),
            players: try number("players", in: 0...viewers, default: 0))
    }

    @Sendable private func stop(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let id = try context.parameters.require("rehearsal")
        let by = try OrderTicketReader.by(request, context)
        do throws(RehearsalRefusal) {
            try await desk.stop(id)
        } catch { throw StaffError.refusal(error) }
        await events.note(
            Deed(
                by: by, command: "stop-rehearsal", text: "sent the crowd home"))
        return Response(status: .noContent)
    }

    @Sendable private func check(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let show = request.uri.queryParameters["show"].map(String.init)
        let crowds = await desk.records().filter { $0.state != .running }
        let checks: [ReadinessCheck]
        do throws(ShowDeskRefusal) {
            checks = try await readiness.checks(of: show, crowds: crowds)
        } catch { throw StaffError.refusal(error) }
        return try context.json(ReadinessSheet(checks: checks))
    }
}

extension StaffError {
    fileprivate static func refusal(_ refusal: RehearsalRefusal) -> StaffError {
        switch refusal {
        case .unknown:
            StaffError(
                status: .notFound,
                message: "there is no such rehearsal; GET /api/v1/rehearsals lists the last few")
        case .notNow(let sentence): StaffError(status: .conflict, message: sentence)
        }
    }
}
