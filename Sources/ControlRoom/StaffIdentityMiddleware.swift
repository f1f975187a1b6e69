// Finds out who asks, by token or by cookie, and lets in whoever it is.

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

/// Checks `Authorization: Bearer <token>` (RFC 6750 section 2.1), or the session's cookie.
struct StaffIdentityMiddleware: RouterMiddleware {
    /// Nil: nobody needs a token, and there are no people.
    let staff: (any StaffDirectory)?
    /// Nil where nobody counts them.
    let guesses: (any GuessWatch)?
    /// The proxies whose X-Forwarded-For is believed.
    var trusted: @Sendable () -> AddressRanges = { AddressRanges() }
    /// What is answered to whoever it is.
    let openPaths: Set<String>
    /// Files, which are nothing secret.
    var pages = StaffPages()

    /// The one path that load balancers and supervisors ask without a token.
    static let healthPath = "/healthz"

    func handle(
        _ request: Request, context: StaffContext,
        next: (Request, StaffContext) async throws -> Response
    ) async throws -> Response {
        let isOpen = staff?.isOpen ?? true
        if isOpen, !Self.isThisMachine(request.head.authority) {
            throw StaffError(
                status: .misdirectedRequest,
                message: "without a staff token this answers to localhost or an address only, "
                    + "such as 127.0.0.1: ask for that, or configure a staff token")
        }
        try Self.checkOrigin(request)
        var context = context
        context.staff = staff
        if request.uri.path != Self.healthPath {
            context.identity = try identity(request, context, isOpen: isOpen)
            if let identity = context.identity {
                context.isStillIn = stillIn(identity, request)
            }
        }
        let path = request.uri.path
        let isForAnybody =
            openPaths.contains(path) || request.isSafe && pages.file(at: path) != nil
        guard context.identity != nil || isForAnybody else { throw StaffError.tokenMissing }
        return try await next(request, context)
    }

    /// Nil for somebody who brings nothing.
    private func identity(
        _ request: Request, _ context: StaffContext, isOpen: Bool
    ) throws -> StaffIdentity? {
        guard let staff, !isOpen else { return .nobodyInParticular(.none) }
        if let token = Self.bearerToken(in: request) {
            return try identity(ofToken: token, in: staff, request, context)
        }
        guard let id = StaffCookie.session(in: request),
            let identity = staff.identity(ofSession: id)
        else { return nil }
        // A page of another site can have a browser send the cookie, but not the header: for that
        // the browser asks first, and is not answered.
        guard request.isSafe || request.field(StaffCookie.header) == StaffCookie.headerValue
        else {
            throw StaffError(
                status: .forbidden,
                message: "with a session's cookie this needs the header "
                    + "\(StaffCookie.header): \(StaffCookie.headerValue), which the "
                    + "console sends", code: "header")
        }
        return identity
    }

    /// Whether the same would be let in again.
    private func stillIn(
        _ identity: StaffIdentity, _ request: Request
    ) -> @Sendable () -> Bool {
        guard let staff else { return { true } }
        let (token, session) = (Self.bearerToken(in: request), StaffCookie.session(in: request))
        return {
            if identity.proof == .none { return staff.isOpen }
            let now =
                token.map { staff.identity(ofToken: $0) }
                ?? session.map { staff.identity(ofSession: $0) }
            return now == identity
        }
    }

    private func identity(
        ofToken token: String, in staff: any StaffDirectory, _ request: Request,
        _ context: StaffContext
    ) throws -> StaffIdentity? {
        let place = StaffPeer.place(of: request, on: context.channel, trusted: trusted())
        try Self.checkPatience(guesses, place)
        guard let identity = staff.identity(ofToken: token) else {
            guesses?.noteWrong(from: place)
            // On pages, too: whoever tries tokens on them would learn at once which is good.
            throw StaffError.tokenMissing
        }
        return identity
    }

    /// Whoever has brought too many wrong tokens has to wait.
    static func checkPatience(_ guesses: (any GuessWatch)?, _ place: HostKey) throws {
        guard let waitS = guesses?.waitS(for: place), waitS > 0 else { return }
        throw StaffError(
            status: .tooManyRequests,
            message: "too many wrong staff tokens came from this address; the next one is "
                + "looked at in \(waitS) s", headers: [.retryAfter: "\(waitS)"])
    }

    /// A browser says from whose page something comes that changes anything.
    private static func checkOrigin(_ request: Request) throws {
        guard !request.isSafe, let origin = request.headers[.origin] else { return }
        let place = origin.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard place.count == 3, let authority = request.head.authority,
            place[2].lowercased() == authority.lowercased()
        else {
            throw StaffError(
                status: .forbidden,
                message: "this came from a page of another origin, and only the console's own may "
                    + "give orders. Behind a proxy, have it hand on the Host field as it came",
                code: "origin")
        }
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

extension Request {
    /// Whether it only looks.
    var isSafe: Bool { method == .get || method == .head }

    /// A header field's value, by its name in letters of any size.
    func field(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.canonicalName == name }?.value
    }
}
