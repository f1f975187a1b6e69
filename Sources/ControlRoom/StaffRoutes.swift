// What the staff plane answers.

import Hummingbird

/// The router of the staff plane.
enum StaffRoutes {
    static func router(
        directory: any ProgramDirectory, announcements: any AnnouncementDesk,
        tokenCheck: (@Sendable (String) -> Bool)?
    ) -> Router<StaffContext> {
        let router = Router(context: StaffContext.self, options: .autoGenerateHeadEndpoints)
        router.middlewares.add(JSONErrorMiddleware())
        router.middlewares.add(StaffTokenMiddleware(tokenCheck: tokenCheck))

        router.get("healthz") { request, context in
            try health(directory.health(), request, context)
        }
        router.get("metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: PrometheusText.contentType, .cacheControl: "no-store"],
                body: .init(
                    byteBuffer: ByteBuffer(string: PrometheusText.text(of: directory.metrics()))))
        }
        router.get("api/v1/streams") { _, _ in
            StreamList(streams: directory.streams())
        }
        router.get("api/v1/streams/:name") { _, context in
            let name = try context.parameters.require("name")
            guard let stream = directory.stream(named: name) else {
                throw StaffError.unknownStream(name)
            }
            return stream
        }
        AnnouncementRoutes(desk: announcements).add(to: router)
        return router
    }

    private static func health(
        _ health: HealthStatus, _ request: Request, _ context: StaffContext
    ) throws -> Response {
        let report =
            health.isHealthy
            ? HealthReport(status: "ok")
            : HealthReport(status: "failing", problems: health.problems)
        var response = try report.response(from: request, context: context)
        response.status = health.isHealthy ? .ok : .serviceUnavailable
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
