// Lets in only requests that bring the staff token.

import Hummingbird
public import WireBytes

/// Who has brought how many wrong tokens; handed in, as counting them is not the control room's
/// business.
public protocol GuessWatch: Sendable {
    /// How long until a token from an address is looked at, whole seconds; 0 if it is now.
    func waitS(for place: HostKey) -> Int

    /// A token from there was wrong.
    func noteWrong(from place: HostKey)
}

/// Checks `Authorization: Bearer <token>` (RFC 6750 section 2.1) when a token is configured.
struct StaffTokenMiddleware: RouterMiddleware {
    /// Nil: no token is configured and everybody on this machine may come in. The closure compares
    /// in constant time; it is handed in, as cryptography is not the control room's business.
    let tokenCheck: (@Sendable (String) -> Bool)?
    /// Nil where nobody counts them.
    let guesses: (any GuessWatch)?

    /// The one path that load balancers and supervisors ask without a token.
    static let openPath = "/healthz"

    func handle(
        _ request: Request, context: StaffContext,
        next: (Request, StaffContext) async throws -> Response
    ) async throws -> Response {
        if tokenCheck == nil, !Self.isThisMachine(request.head.authority) {
            throw StaffError(
                status: .misdirectedRequest,
                message: "without a staff token this answers to localhost or an address only, "
                    + "such as 127.0.0.1: ask for that, or configure a staff token")
        }
        if let tokenCheck, request.uri.path != Self.openPath {
            let token = Self.bearerToken(in: request)
            let place = HostKey(of: context.channel.remoteAddress)
            if token != nil, let waitS = guesses?.waitS(for: place), waitS > 0 {
                throw StaffError(
                    status: .tooManyRequests,
                    message: "too many wrong staff tokens came from this address; the next one is "
                        + "looked at in \(waitS) s", headers: [.retryAfter: "\(waitS)"])
            }
            guard let token, tokenCheck(token) else {
                if token != nil { guesses?.noteWrong(from: place) }
                throw StaffError(
                    status: .unauthorized,
                    message: "this needs the staff token: send Authorization: Bearer <token>",
                    headers: [.wwwAuthenticate: "Bearer realm=\"fanfare staff\""])
            }
        }
        return try await next(request, context)
    }

    /// Whether a request is for a name that nobody else can make ours. A page of another site whose
    /// name suddenly stands for 127.0.0.1 is our own to a browser, and could lead the show.
    static func isThisMachine(_ authority: String?) -> Bool {
        guard let authority else { return true }
        if authority.hasPrefix("[") { return true }
        let host = authority.prefix { $0 != ":" }
        return host.lowercased() == "localhost"
            || host.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    }

    /// The scheme's name is case-insensitive (RFC 9110 section 11.1).
    static func bearerToken(in request: Request) -> String? {
        guard let value = request.headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
