// What the staff plane answers.

import Hummingbird
import NIOCore

/// The router of the staff plane.
struct StaffRoutes {
    let directory: any ProgramDirectory
    let announcements: any AnnouncementDesk
    /// Nil where none can be taken off.
    let publishers: (any PublisherDesk)?
    /// Nil where settings can't be read again.
    var reload: (any ReloadDesk)?
    /// Nil where no shows are played.
    let shows: ShowRoutes?
    /// Who watches; nil where that isn't known.
    var audience: AudienceRoutes?
    /// Logging in, and who the staff are.
    let people: PeopleRoutes
    /// Where consoles are told what goes on.
    let events: EventHub
    /// Simulated crowds; nil where none can be sent.
    let rehearsals: RehearsalRoutes?
    /// Signed addresses; nil where none are made.
    var urls: URLRoutes?
    /// What other systems are told; nil where nobody looks after it.
    var callbacks: CallbackRoutes?
    /// What the staff have done; nil where it isn't kept.
    var audit: AuditRoutes?
    /// The console.
    var pages = StaffPages()

    func router(
        door: StaffDoor
    ) -> Router<StaffContext> {
        let router = Router(context: StaffContext.self, options: .autoGenerateHeadEndpoints)
        router.middlewares.add(StaffVisitMiddleware(door: door))
        router.middlewares.add(JSONErrorMiddleware())
        let endpoints = endpoints
        router.middlewares.add(
            StaffIdentityMiddleware(
                staff: people.staff, guesses: people.guesses,
                trusted: people.trusted,
                openPaths: Set(endpoints.filter(\.isForAnybody).map(\.path)), pages: pages))
        router.middlewares.add(StaffPagesMiddleware(pages: pages, facts: people.facts))
        for endpoint in endpoints { endpoint.add(to: router) }
        return router
    }

    /// Everything that is served, the document of it included.
    var endpoints: [Endpoint] {
        var endpoints = streamEndpoints + EventRoutes(hub: events).endpoints
        endpoints += AnnouncementRoutes(desk: announcements, events: events).endpoints
        endpoints += publishers.map { PublisherRoutes(desk: $0, events: events).endpoints } ?? []
        endpoints += reload.map { ReloadRoutes(desk: $0, events: events).endpoints } ?? []
        endpoints += shows?.endpoints ?? []
        endpoints += audience?.endpoints ?? []
        endpoints += people.endpoints + (rehearsals?.endpoints ?? []) + (urls?.endpoints ?? [])
        endpoints += (callbacks?.endpoints ?? []) + (audit?.endpoints ?? [])
        let unfinished = documentEndpoint(.null)
        let tree = OpenAPIDocument.tree(of: endpoints + [unfinished])
        return endpoints + [documentEndpoint(tree)]
    }

    private func documentEndpoint(_ tree: JSONTree) -> Endpoint {
        Endpoint(
            method: .get, path: "/api/v1/openapi.json", id: "getDocument",
            summary: "This document.", tag: "machine",
            answers: [
                .init(
                    status: 200, summary: "OpenAPI 3.1.",
                    content: [.init(type: "application/json", schema: nil)])
            ], handler: { _, context in try context.json(tree) })
    }

    private var streamEndpoints: [Endpoint] {
        let directory = directory
        return [
            Endpoint(
                method: .get, path: StaffIdentityMiddleware.healthPath, id: "getHealth",
                summary: "Whether all is well; needs no token.", tag: "machine",
                answers: [
                    .init(status: 200, summary: "It is.", content: [.json(.named("Health"))]),
                    .init(
                        status: 503, summary: "It isn't, and why.",
                        content: [.json(.named("Health"))]),
                ],
                isForAnybody: true,
                handler: { request, context in
                    try Self.health(directory.health(), request, context)
                }),
            Endpoint(
                method: .get, path: "/metrics", id: "getMetrics",
                summary: "Counters and gauges for Prometheus.", tag: "machine",
                answers: [
                    .init(
                        status: 200, summary: "The text format 0.0.4.",
                        content: [.init(type: "text/plain", schema: .string())])
                ],
                handler: { _, _ in
                    let text = PrometheusText.text(of: directory.metrics())
                    return Response(
                        status: .ok,
                        headers: [
                            .contentType: PrometheusText.contentType, .cacheControl: "no-store",
                        ], body: .init(byteBuffer: ByteBuffer(string: text)))
                }),
            Endpoint(
                method: .get, path: "/api/v1/streams", id: "listStreams",
                summary: "All streams on air.", tag: "streams",
                answers: [
                    .init(
                        status: 200, summary: "The list.",
                        content: [
                            .json(.object([.must("streams", .array(of: .named("Stream")))]))
                        ])
                ],
                handler: { _, context in
                    try context.json(StreamList(streams: directory.streams()))
                }),
            Endpoint(
                method: .get, path: "/api/v1/streams/{name}", id: "getStream",
                summary: "One stream.", tag: "streams",
                answers: [
                    .init(status: 200, summary: "It.", content: [.json(.named("Stream"))])
                ],
                handler: { _, context in
                    let name = try context.parameters.require("name")
                    guard let stream = directory.stream(named: name) else {
                        throw StaffError.unknownStream(name)
                    }
                    return try context.json(stream)
                }),
        ]
    }

    private static func health(
        _ health: HealthStatus, _ request: Request, _ context: StaffContext
    ) throws -> Response {
        let report = HealthReport(
            status: health.isHealthy ? "ok" : "failing",
            problems: listed(health.problems), warnings: listed(health.warnings))
        var response = try report.response(from: request, context: context)
        response.status = health.isHealthy ? .ok : .serviceUnavailable
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Nil where there is nothing to say; no more than a person reads.
    private static func listed(_ sentences: [String]) -> [String]? {
        guard !sentences.isEmpty else { return nil }
        let countMax = Limits.healthSentenceCountMax
        guard sentences.count > countMax else { return sentences }
        return sentences.prefix(countMax) + ["and \(sentences.count - countMax) more"]
    }
}
