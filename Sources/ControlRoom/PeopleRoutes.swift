// Logging in and out, and who the staff are, over the staff API.

import Access
import Hummingbird
import NIOCore
import WireBytes

/// What the console has to know of the appliance.
public struct ConsoleFacts: Sendable {
    /// The appliance's version.
    public var version: String
    /// Where the audience comes in; the host may be every address of the machine.
    public var audience: IPEndpoint
    /// Where publishers come in.
    public var ingest: IPEndpoint
    /// How other machines reach this one, where it listens on all its addresses.
    public var reachableHost: String
    /// Whether dividing a prize needs two people.
    public var settleNeedsSecond: Bool
    /// Whether the audience comes in there over TLS.
    public var isAudienceSecure = false
    /// Whether publishers come in there over TLS.
    public var isIngestSecure = false
    /// Whether this plane speaks TLS.
    public var isStaffSecure = false

    /// Facts.
    public init(
        version: String = "", audience: IPEndpoint = IPEndpoint(.loopback, port: 8080),
        ingest: IPEndpoint = IPEndpoint(.loopback, port: 1935),
        reachableHost: String = "127.0.0.1", settleNeedsSecond: Bool = false
    ) {
        self.version = version
        self.audience = audience
        self.ingest = ingest
        self.reachableHost = reachableHost
        self.settleNeedsSecond = settleNeedsSecond
    }

    var audienceScheme: String { isAudienceSecure ? "https" : "http" }
    var audienceUsualPort: UInt16 { isAudienceSecure ? 443 : 80 }

    /// The audience plane as a browser reaches it that has reached this plane under a name.
    ///
    /// - Parameter authority: the request's host and port; nil where nothing usable was sent.
    func audienceAuthority(asSeenFrom authority: String?) -> String {
        var host = audience.host
        if audience.address.isWildcard || audience.isLoopback {
            host = Self.host(of: authority) ?? host
        }
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return audience.port == audienceUsualPort ? bracketed : "\(bracketed):\(audience.port)"
    }

    /// The host of "host:port"; nil for what can't stand in a policy or a URL as it is.
    static func host(of authority: String?) -> String? {
        guard let authority, authority.utf8.count <= Limits.hostByteCountMax else { return nil }
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
        } else {
            host = authority.prefix { $0 != ":" }
        }
        let isHost = host.utf8.allSatisfy { byte in
            byte.isLetter || byte.isDigit || "-.:[]".utf8.contains(byte)
        }
        return isHost && !host.isEmpty ? String(host) : nil
    }
}

/// `POST /api/v1/login`.
struct LoginAnswer: Encodable {
    var name: String
    var role: StaffRole
}

/// `GET /api/v1/session`.
struct SessionAnswer: Encodable {
    var name: String
    var role: StaffRole
    var isOpen: Bool
    var audienceURL: String
    var version: String
    var settleNeedsSecond: Bool
    var playIsSigned: Bool
}

/// `GET /api/v1/staff`.
struct StaffList: Encodable {
    var staff: [StaffRecord]
}

/// `POST /api/v1/staff`.
struct NewStaffAnswer: Encodable {
    var name: String
    var role: StaffRole
    var token: String
}

/// Logging in and out, and the list of people.
struct PeopleRoutes {
    /// Nil where nobody needs a token.
    let staff: (any StaffDirectory)?
    let guesses: (any GuessWatch)?
    let facts: ConsoleFacts
    let events: EventHub
    /// The proxies whose X-Forwarded-For is believed.
    var trusted: @Sendable () -> AddressRanges = { AddressRanges() }
    /// Whether nobody watches without a signed address.
    var isPlaySigned: @Sendable () -> Bool = { false }

    static let loginPath = "/api/v1/login"

    var endpoints: [Endpoint] { sessionEndpoints + (staff.map(peopleEndpoints) ?? []) }

    // MARK: Sessions

    private var sessionEndpoints: [Endpoint] {
        let who: Schema = .object([
            .must("name", .string()), .must("role", .words(StaffRole.self)),
        ])
        return [
            Endpoint(
                method: .post, path: Self.loginPath, id: "logIn",
                summary: "Opens a session: whoever brings a token gets a cookie for it.",
                tag: "people", body: [.json(.object([.must("token", .string())]))],
                isBodyRequired: true,
                answers: [
                    .init(status: 200, summary: "Who it is.", content: [.json(who)])
                ], isForAnybody: true, handler: logIn),
            Endpoint(
                method: .post, path: "/api/v1/logout", id: "logOut",
                summary: "Ends the session whose cookie comes with it.", tag: "people",
                answers: [.init(status: 204, summary: "Ended, if there was one.")],
                isForAnybody: true,
                handler: { request, _ in
                    if let staff, let id = StaffCookie.session(in: request) {
                        await staff.close(session: id)
                    }
                    var response = Response(status: .noContent)
                    response.headers[.setCookie] = StaffCookie.clearing(
                        for: request, isSecure: facts.isStaffSecure)
                    return response
                }),
            Endpoint(
                method: .get, path: "/api/v1/session", id: "getSession",
                summary: "Who asks, and what the console has to know.", tag: "people",
                answers: [
                    .init(status: 200, summary: "It.", content: [.json(.named("Session"))])
                ],
                handler: { request, context in
                    let identity = try context.someone
                    let authority = facts.audienceAuthority(asSeenFrom: request.head.authority)
                    return try context.json(
                        SessionAnswer(
                            name: identity.name, role: identity.role,
                            isOpen: identity.proof == .none,
                            audienceURL: facts.audienceScheme + "://\(authority)",
                            version: facts.version, settleNeedsSecond: facts.settleNeedsSecond,
                            playIsSigned: isPlaySigned()))
                }),
        ]
    }

    @Sendable private func logIn(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        // Before anything else of it is looked at, as with tokens that come with any request.
        let place = StaffPeer.place(of: request, on: context.channel, trusted: trusted())
        try StaffIdentityMiddleware.checkPatience(guesses, place)
        let tree = try await StaffBody.json(request, what: "a login")
        let token = try ShowRoutes.reading { () throws(Complaint) in
            let fields = try JSONFields(tree, what: "a login", keys: ["token"])
            guard let token = try fields.string("token") else { throw fields.missing("token") }
            return token
        }
        guard let staff, !staff.isOpen else {
            let somebody = StaffIdentity.nobodyInParticular(.none)
            return try context.json(LoginAnswer(name: somebody.name, role: somebody.role))
        }
        let session: (id: String, identity: StaffIdentity)?
        do throws(StaffRefusal) {
            let isOne = token.utf8.count <= Limits.tokenByteCountMax
            session = isOne ? try await staff.open(by: token) : nil
        } catch { throw StaffError.refusal(error) }
        guard let (id, identity) = session else {
            guesses?.noteWrong(from: place)
            throw StaffError(
                status: .unauthorized,
                message: "nobody of the staff has this token. A director gives out new ones: "
                    + "fanfare staff add NAME", code: "token")
        }
        var response = try context.json(LoginAnswer(name: identity.name, role: identity.role))
        response.headers[.setCookie] = StaffCookie.setting(
            id, for: request, isSecure: facts.isStaffSecure)
        return response
    }

    // MARK: People

    private static let root = "/api/v1/staff"

    private func peopleEndpoints(_ staff: any StaffDirectory) -> [Endpoint] {
        [
            Endpoint(
                method: .get, path: Self.root, id: "listStaff", summary: "Who the staff are.",
                tag: "people",
                answers: [
                    .init(
                        status: 200, summary: "In the order in which they were added.",
                        content: [
                            .json(.object([.must("staff", .array(of: .named("StaffPerson")))]))
                        ])
                ], role: .director,
                handler: { _, context in
                    try context.json(StaffList(staff: staff.people()))
                }),
            Endpoint(
                method: .post, path: Self.root, id: "addStaff",
                summary: "Gives somebody a token. From the first on everybody needs one.",
                tag: "people",
                body: [
                    .json(
                        .object([
                            .must(
                                "name",
                                .string(
                                    "At most \(StaffLimits.nameByteCountMax) letters, digits and "
                                        + "- . _ ~")),
                            .may("role", .words(StaffRole.self, "A host without it.")),
                        ]))
                ], isBodyRequired: true,
                answers: [
                    .init(
                        status: 201, summary: "The token, which is told this once.",
                        content: [.json(.named("NewStaffPerson"))])
                ], role: .director, handler: { try await add(to: staff, $0, $1) }),
            Endpoint(
                method: .delete, path: Self.root + "/{name}", id: "removeStaff",
                summary: "Takes somebody's token back, and ends the sessions opened with it.",
                tag: "people", answers: [.init(status: 204, summary: "Done.")], role: .director,
                handler: { _, context in
                    let name = try context.parameters.require("name")
                    do throws(StaffRefusal) {
                        try await staff.remove(name: name)
                    } catch { throw StaffError.refusal(error) }
                    await events.record(
                        Deed(
                            by: try context.someone.name, command: "staff-remove",
                            text: "took \(name)'s token back"))
                    return Response(status: .noContent)
                }),
        ]
    }

    private func add(
        to staff: any StaffDirectory, _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a person")
        let (name, role) = try ShowRoutes.reading { () throws(Complaint) in
            let fields = try JSONFields(tree, what: "a person", keys: ["name", "role"])
            guard let name = try fields.string("name") else { throw fields.missing("name") }
            return (name, try fields.word("role", StaffRole.self) ?? .host)
        }
        let token: String
        do throws(StaffRefusal) {
            token = try await staff.add(name: name, role: role)
        } catch { throw StaffError.refusal(error) }
        await events.record(
            Deed(
                by: try context.someone.name, command: "staff-add",
                text: "gave \(name) a token, as a \(role.rawValue)"))
        return try context.json(
            NewStaffAnswer(name: name, role: role, token: token), status: .created)
    }
}

extension StaffError {
    /// The answer where the list of people stays as it is.
    fileprivate static func refusal(_ refusal: StaffRefusal) -> StaffError {
        switch refusal {
        case .unknown(let sentence): StaffError(status: .notFound, message: sentence)
        case .invalid(let sentence): StaffError(status: .badRequest, message: sentence)
        case .notNow(let sentence): StaffError(status: .conflict, message: sentence)
        case .unavailable(let sentence):
            StaffError(status: .serviceUnavailable, message: sentence)
        }
    }
}
