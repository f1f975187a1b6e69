// Who watches, bans, and taking the server out of service, over the staff API.

import Access
import Hummingbird
import WireBytes

/// `/api/v1/viewers`, `/api/v1/bans`, `/api/v1/drain`.
struct AudienceRoutes {
    let desk: any AudienceDesk
    let events: EventHub

    private static let viewersPath = "/api/v1/viewers"
    private static let bansPath = "/api/v1/bans"
    private static let drainPath = "/api/v1/drain"

    var endpoints: [Endpoint] { viewerEndpoints + banEndpoints + drainEndpoints }

    // MARK: Viewers

    private var viewerEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: Self.viewersPath, id: "listViewers",
                summary: "Who watches. Where there are more than are shown, some by chance.",
                tag: "audience",
                query: [
                    .init(
                        name: "address", summary: "Only those of an address or a range of them.",
                        schema: .string()),
                    .init(name: "stream", summary: "Only those of a stream.", schema: .string()),
                    .init(
                        name: "count",
                        summary: "How many at most: 1 to \(Limits.viewerCountMax), else "
                            + "\(Limits.viewerCountUsual).", schema: .integer()),
                ],
                answers: [
                    .init(status: 200, summary: "Them.", content: [.json(.named("ViewerList"))])
                ], role: .host, handler: listViewers),
            Endpoint(
                method: .delete, path: Self.viewersPath + "/{viewer}", id: "endViewer",
                summary: "Ends a viewer's connection. Most players connect again by themselves; a "
                    + "ban keeps them away.",
                tag: "audience", answers: [.init(status: 204, summary: "Ended.")], role: .host,
                handler: { request, context in
                    let id = try context.parameters.require("viewer")
                    let by = try OrderTicketReader.by(request, context)
                    let address: String
                    do throws(AudienceDeskRefusal) {
                        address = try await desk.end(viewer: id)
                    } catch { throw StaffError.refusal(error) }
                    await events.record(
                        Deed(
                            by: by, command: "end-viewer",
                            text: "ended the viewer \(id) from \(address)"))
                    return Response(status: .noContent)
                }),
            Endpoint(
                method: .delete, path: "/api/v1/shows/{show}/players/{player}/connections",
                id: "endPlayer",
                summary: "Ends a player's connections. The player stays in the show and may come "
                    + "back.", tag: "audience",
                answers: [
                    .init(
                        status: 200, summary: "How many those were.",
                        content: [.json(.object([.must("endedCount", .integer())]))])
                ], role: .host, handler: endPlayer),
        ]
    }

    @Sendable private func listViewers(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let query = request.uri.queryParameters
        var count = Limits.viewerCountUsual
        if let text = query["count"] {
            guard let number = Int(text), 1...Limits.viewerCountMax ~= number else {
                throw StaffError(
                    status: .badRequest,
                    message: "count must be a whole number from 1 to \(Limits.viewerCountMax)")
            }
            count = number
        }
        let range = try query["address"].map { try Self.range(String($0)) }
        let stream = query["stream"].map(String.init)
        return try context.json(
            await desk.viewers(in: range, stream: stream, countMax: count))
    }

    @Sendable private func endPlayer(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let show = try context.parameters.require("show")
        let player = try context.parameters.require("player")
        let by = try OrderTicketReader.by(request, context)
        let count: Int
        do throws(AudienceDeskRefusal) {
            count = try await desk.end(player: player, show: show)
        } catch { throw StaffError.refusal(error) }
        await events.record(
            Deed(
                by: by, show: show, command: "end-player",
                text: "ended the connections of \(player) in \(show)"))
        return try context.json(["endedCount": count])
    }

    // MARK: Bans

    private var banEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: Self.bansPath, id: "listBans",
                summary: "The addresses that nobody is let in from.", tag: "audience",
                answers: [
                    .init(
                        status: 200, summary: "The newest first.",
                        content: [
                            .json(.object([.must("bans", .array(of: .named("AddressBan")))]))
                        ])
                ], role: .host, handler: { _, context in try context.json(["bans": desk.bans()]) }),
            Endpoint(
                method: .post, path: Self.bansPath, id: "banAddress",
                summary: "Lets nobody in from an address, and ends who is in: viewers, players and "
                    + "publishers. Kept over a restart.", tag: "audience",
                body: [.json(.named("BanOrder"))], isBodyRequired: true,
                answers: [
                    .init(
                        status: 201, summary: "The ban.", content: [.json(.named("BanReceipt"))])
                ], role: .director, handler: ban),
            Endpoint(
                method: .delete, path: Self.bansPath, id: "liftBan",
                summary: "Lifts a ban.", tag: "audience",
                query: [
                    .init(
                        name: "address", summary: "As the list has it.", schema: .string())
                ], answers: [.init(status: 204, summary: "Lifted.")], role: .director,
                handler: { request, context in
                    guard let text = request.uri.queryParameters["address"] else {
                        throw StaffError(
                            status: .badRequest, message: "say which: ?address=203.0.113.7")
                    }
                    let range = try Self.range(String(text))
                    let by = try OrderTicketReader.by(request, context)
                    do throws(AudienceDeskRefusal) { try await desk.lift(range) } catch {
                        throw StaffError.refusal(error)
                    }
                    await events.record(
                        Deed(by: by, command: "lift-ban", text: "lifted the ban of \(range)"))
                    return Response(status: .noContent)
                }),
        ]
    }

    @Sendable private func ban(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a ban")
        let (address, reason, forS) = try ShowRoutes.reading { () throws(Complaint) in
            let fields = try JSONFields(tree, what: "a ban", keys: ["address", "reason", "forS"])
            guard let address = try fields.string("address") else {
                throw fields.missing("address")
            }
            return (address, try fields.string("reason") ?? "", try fields.integer("forS"))
        }
        let range = try Self.range(address)
        guard reason.utf8.count <= Limits.banReasonByteCountMax else {
            throw StaffError(
                status: .badRequest,
                message: "the reason is longer than \(Limits.banReasonByteCountMax) bytes; say less"
            )
        }
        guard forS.map({ 1...Limits.banSecondsMax ~= $0 }) ?? true else {
            throw StaffError(
                status: .badRequest,
                message:
                    "forS must be from 1 to \(Limits.banSecondsMax) seconds; leave it out for a "
                    + "ban without an end")
        }
        let by = try OrderTicketReader.by(request, context)
        let receipt: BanReceipt
        do throws(AudienceDeskRefusal) {
            receipt = try await desk.ban(range, reason: reason, forS: forS, by: by)
        } catch { throw StaffError.refusal(error) }
        let words = "banned \(receipt.ban.address)" + (forS.map { " for \($0) s" } ?? "")
        let whole = words + (reason.isEmpty ? "" : ": \(reason)")
        await events.record(Deed(by: by, command: "ban", text: whole), whole: whole)
        return try context.json(receipt, status: .created)
    }

    private static func range(_ text: String) throws -> AddressRange {
        guard let range = AddressRange(text) else {
            throw StaffError(
                status: .badRequest,
                message: "an address is as 203.0.113.7 or 2001:db8::7, a range of them as "
                    + "203.0.113.0/24")
        }
        return range
    }

    // MARK: Draining

    private var drainEndpoints: [Endpoint] {
        let state = [Endpoint.Content.json(.named("DrainState"))]
        return [
            Endpoint(
                method: .get, path: Self.drainPath, id: "getDrain",
                summary: "Whether nobody new is let in.", tag: "audience",
                answers: [.init(status: 200, summary: "It.", content: state)],
                handler: { _, context in try context.json(desk.drainState()) }),
            Endpoint(
                method: .post, path: Self.drainPath, id: "drain",
                summary: "Lets nobody new in, and tells load balancers so (503 on the audience "
                    + "plane's /healthz). Who watches stays, players may come back.",
                tag: "audience",
                answers: [.init(status: 200, summary: "As it is now.", content: state)],
                role: .director, handler: { try await setDraining(true, $0, $1) }),
            Endpoint(
                method: .delete, path: Self.drainPath, id: "undoDrain",
                summary: "Lets newcomers in again.", tag: "audience",
                answers: [.init(status: 200, summary: "As it is now.", content: state)],
                role: .director, handler: { try await setDraining(false, $0, $1) }),
        ]
    }

    private func setDraining(
        _ isDraining: Bool, _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let by = try OrderTicketReader.by(request, context)
        let former = desk.drainState()
        let state = desk.setDraining(isDraining, by: by)
        if former.isDraining != isDraining {
            await events.record(
                Deed(
                    by: by, command: isDraining ? "drain" : "undo-drain",
                    text: isDraining ? "lets nobody new in" : "lets newcomers in again"))
        }
        return try context.json(state)
    }
}

extension StaffError {
    fileprivate static func refusal(_ refusal: AudienceDeskRefusal) -> StaffError {
        switch refusal {
        case .unknown(let sentence): StaffError(status: .notFound, message: sentence)
        case .invalid(let sentence): StaffError(status: .badRequest, message: sentence)
        case .unavailable(let sentence):
            StaffError(status: .serviceUnavailable, message: sentence)
        }
    }
}
