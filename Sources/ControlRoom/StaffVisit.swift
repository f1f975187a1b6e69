// One request's way through the door: what its connection is doing meanwhile.

import Hummingbird
import NIOCore

/// A request as the door sees it.
struct StaffVisit: Sendable {
    let door: StaffDoor
    let channel: any Channel

    /// The request that the current task answers.
    @TaskLocal static var current: StaffVisit?

    func set(_ activity: StaffDoor.Activity) {
        door.set(activity, for: StaffDoor.visitor(channel), nowMs: StaffClock.nowMs())
    }
}

/// The outermost middleware: who is being answered keeps the place until the answer is written.
struct StaffVisitMiddleware: RouterMiddleware {
    let door: StaffDoor

    func handle(
        _ request: Request, context: StaffContext,
        next: (Request, StaffContext) async throws -> Response
    ) async throws -> Response {
        let visit = StaffVisit(door: door, channel: context.channel)
        visit.set(.answered)
        var response: Response
        do {
            response = try await StaffVisit.$current.withValue(visit) {
                try await next(request, context)
            }
        } catch {
            visit.set(.idle)
            throw error
        }
        if response.isRefusal {
            // What else comes is not read, so there is no next request either.
            response.headers[.connection] = "close"
            visit.set(.refused)
            // Whoever guesses has to wait for each answer, and may lose the place meanwhile.
            try await Task.sleep(for: .milliseconds(Limits.wrongTokenMs))
        }
        // An answer to HEAD has no body whose end could be waited for.
        if request.method == .head { visit.set(.idle) }
        let (body, isRefusal, channel) = (response.body, response.isRefusal, context.channel)
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            defer {
                if isRefusal { StaffGate.dismiss(channel) } else { visit.set(.idle) }
            }
            try await body.write(writer)
        }
        return response
    }
}

extension Response {
    /// Somebody without the right token was turned away.
    fileprivate var isRefusal: Bool { status == .unauthorized || status == .tooManyRequests }
}
