// Publishers over the staff API: `DELETE` takes one off air.

import Hummingbird

/// `/api/v1/streams/<name>/publisher`.
struct PublisherRoutes {
    let desk: any PublisherDesk
    let events: EventHub

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .delete, path: "/api/v1/streams/{name}/publisher", id: "takePublisherOff",
                summary: "Ends whoever publishes a stream; its viewers wait for another publisher. "
                    + "It comes back only if its encoder connects again, as many do by themselves.",
                tag: "streams",
                answers: [
                    .init(
                        status: 200, summary: "Who was taken off.",
                        content: [.json(.named("TakenOffPublisher"))])
                ], role: .director, handler: takeOff)
        ]
    }

    @Sendable private func takeOff(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let name = try context.parameters.require("name")
        let publisher: TakenOffPublisher
        let by = try OrderTicketReader.by(request, context)
        do throws(PublisherRefusal) {
            publisher = try await desk.takeOff(stream: name)
        } catch {
            switch error {
            case .unknownStream: throw StaffError.unknownStream(name)
            case .notNow(let reason):
                throw StaffError(status: .conflict, message: reason, stream: name)
            }
        }
        await events.record(
            Deed(
                by: by, stream: name, command: "off",
                text: "took the publisher \(publisher.address) off"))
        return try context.json(publisher)
    }
}
