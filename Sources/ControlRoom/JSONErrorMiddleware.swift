// Turns whatever goes wrong into a JSON answer, and has all answers say how they are to be taken.

import Hummingbird

/// The outermost middleware: nothing leaves the staff plane as a bare status.
struct JSONErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: StaffContext,
        next: (Request, StaffContext) async throws -> Response
    ) async throws -> Response {
        do {
            var response = try await next(request, context)
            Self.protect(&response.headers)
            return response
        } catch let error as StaffError {
            return try answer(error, to: request, context)
        } catch let error as HTTPError where error.status == .notFound && error.body == nil {
            let path = request.uri.path.prefix(Limits.quotedPathCharacterCountMax)
            let words = "there is no \(request.method.rawValue) \(path) here"
            return try answer(
                StaffError(status: .notFound, message: words), to: request, context)
        } catch let error as any HTTPResponseError {
            let words = (error as? HTTPError)?.body ?? error.status.reasonPhrase
            return try answer(
                StaffError(status: error.status, message: words), to: request, context)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error(
                "a staff request failed",
                metadata: ["path": "\(request.uri.path)", "reason": "\(error)"])
            let words = "the control room could not answer; its log says why"
            return try answer(
                StaffError(status: .internalServerError, message: words), to: request, context)
        }
    }

    private func answer(
        _ error: StaffError, to request: Request, _ context: StaffContext
    ) throws -> Response {
        let report = ErrorReport(
            error: error.message, code: error.code, status: error.status.code, stream: error.stream,
            state: error.state, confirm: error.confirm, rows: error.rows)
        var response = try report.response(from: request, context: context)
        response.status = error.status
        response.headers.append(contentsOf: error.headers)
        Self.protect(&response.headers)
        return response
    }

    /// Nobody guesses types; and what isn't a page of ours shows nothing, in no frame.
    private static func protect(_ headers: inout HTTPFields) {
        for (name, value) in protections {
            guard let name = HTTPFields.Element.Name(name), headers[name] == nil else { continue }
            headers[name] = value
        }
    }

    private static let protections = [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ]
}
