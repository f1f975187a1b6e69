// What consoles look at: events of everything, and the last quarter of an hour of a stream.

import Hummingbird
import NIOCore
import ServiceLifecycle

/// `/api/v1/events`, and streams' histories.
struct EventRoutes {
    let hub: EventHub

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/api/v1/events", id: "watchEvents",
                summary: """
                    Server-sent events of everything: "programme" once a second (streams, machine), \
                    "shows" and "show" when they change, "deed" for what somebody \
                    of the staff has done. Whoever comes is sent everything as it is first.
                    """, tag: "live",
                answers: [.events],
                handler: { _, context in
                    try await context.events { () async throws(ShowDeskRefusal) in
                        try await hub.watch()
                    }
                }),
            Endpoint(
                method: .get, path: "/api/v1/streams/{name}/history", id: "getStreamHistory",
                summary: "The last 15 minutes of a stream, a figure a second.", tag: "streams",
                answers: [
                    .init(
                        status: 200, summary: "The oldest first; null where nobody knows.",
                        content: [.json(.named("StreamHistory"))])
                ],
                handler: { _, context in
                    let name = try context.parameters.require("name")
                    guard let history = await hub.history(of: name) else {
                        throw StaffError.unknownStream(name)
                    }
                    return try context.json(history)
                }),
        ]
    }
}

extension Endpoint.Answer {
    /// Server-sent events.
    static let events = Endpoint.Answer(
        status: 200, summary: "A stream that ends with the appliance.",
        content: [.init(type: "text/event-stream", schema: .string())])
}

extension StaffContext {
    /// Server-sent events, until they end or whoever looks on may not any more.
    func events(
        _ watch: () async throws(ShowDeskRefusal) -> AsyncStream<String>
    ) async throws -> Response {
        let pieces: AsyncStream<String>
        do throws(ShowDeskRefusal) { pieces = try await watch() } catch {
            throw StaffError.refusal(error)
        }
        let isStillIn = isStillIn
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .init { writer in
                for await piece in pieces.cancelOnGracefulShutdown() {
                    guard isStillIn() else { break }
                    try await writer.write(ByteBuffer(string: piece))
                }
                try await writer.finish(nil)
            })
    }
}
