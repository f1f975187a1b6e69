// Signed addresses over the staff API: `POST` makes one.

import Access
import Hummingbird
import WireBytes

/// `POST /api/v1/urls`.
public struct SignedURLAnswer: Sendable, Codable, Equatable {
    /// "play" or "push".
    public var role: String
    /// The stream's name.
    public var stream: String
    /// When it ceases to be good, ms since 1970.
    public var expiresAtMs: Int64
    /// What is behind the `?`.
    public var query: String
    /// The whole addresses, by what they are for.
    public var urls: [String: String]

    /// The order in which people want them.
    public static let order = ["server", "streamKey", "rtmp", "page", "flv", "ws"]
}

/// `GET /api/v1/streams/<name>/watch`.
struct WatchAnswer: Codable, Equatable {
    var query: String
}

/// `/api/v1/urls`, and what the console watches by.
struct URLRoutes {
    let desk: any URLDesk
    let facts: ConsoleFacts
    let events: EventHub

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/api/v1/urls", id: "signURL",
                summary: "Makes a signed URL to watch or to push a stream, good until a moment. "
                    + "One to push needs the role director.", tag: "streams",
                body: [
                    .json(
                        .object([
                            .must("role", .words(URLRole.self)), .must("stream", .string()),
                            .must("validS", .integer("How long it is good, s.", min: 1)),
                            .may("address", .string("The only address it is good from.")),
                            .may("form", .words(URLForm.self)),
                            .may("host", .string("How the server is called in the URLs.")),
                        ]))
                ], isBodyRequired: true,
                answers: [
                    .init(
                        status: 201, summary: "It.", content: [.json(.named("SignedURL"))])
                ], handler: make),
            Endpoint(
                method: .get, path: "/api/v1/streams/{name}/watch", id: "watchStream",
                summary: "What the console adds to a stream's URL to watch it; empty "
                    + "where everybody may watch.", tag: "streams",
                answers: [
                    .init(
                        status: 200, summary: "It.",
                        content: [.json(.object([.must("query", .string())]))])
                ], handler: watch),
        ]
    }

    @Sendable private func make(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a signed URL")
        let nowMs = StaffClock.wallMs()
        let order = try ShowRoutes.reading { () throws(Complaint) in
            try URLOrder(tree, nowUnixS: Int(nowMs / 1_000))
        }
        let who = try context.someone
        guard order.url.role == .play || who.role >= .director else {
            throw StaffError(
                status: .forbidden,
                message: "a URL to push needs the role director, and \(who.name) is a "
                    + "\(who.role.rawValue)", code: "role")
        }
        let by = try OrderTicketReader.by(request, context)
        let query = try query(for: order.url, order.form)
        await events.note(
            Deed(
                by: by, stream: order.url.stream, command: "sign-url",
                text: "made a URL to \(order.url.role.rawValue) it, good for \(order.validS) s"
                    + (order.url.address.map { ", from \($0)" } ?? "")))
        return try context.json(
            SignedURLAnswer(
                role: order.url.role.rawValue, stream: order.url.stream,
                expiresAtMs: Int64(order.url.expiresAtUnixS) * 1_000, query: query,
                urls: facts.urls(
                    to: order.url, query: query, host: order.host,
                    seenFrom: request.head.authority)), status: .created)
    }

    @Sendable private func watch(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let name = try context.parameters.require("name")
        guard name.isID(byteCountMax: Limits.streamNameByteCountMax) else {
            throw StaffError.unknownStream(name)
        }
        guard desk.isPlaySigned else { return try context.json(WatchAnswer(query: "")) }
        let url = SignedURL(
            role: .play, stream: name,
            expiresAtUnixS: Int(StaffClock.wallMs() / 1_000) + Limits.consoleWatchS)
        return try context.json(WatchAnswer(query: try query(for: url, .own)))
    }

    private func query(for url: SignedURL, _ form: URLForm) throws -> String {
        do throws(URLRefusal) { return try desk.query(for: url, form: form) } catch {
            switch error {
            case .noKey(let sentence): throw StaffError(status: .conflict, message: sentence)
            }
        }
    }
}

/// The body of a `POST`, checked.
private struct URLOrder {
    let url: SignedURL
    let form: URLForm
    let host: String?
    let validS: Int

    init(_ tree: JSONTree, nowUnixS: Int) throws(Complaint) {
        let fields = try JSONFields(
            tree, what: "a signed URL",
            keys: ["role", "stream", "validS", "address", "form", "host"])
        guard let roleText = try fields.string("role") else { throw fields.missing("role") }
        guard let role = URLRole(rawValue: roleText) else {
            throw Complaint("\"role\" of a signed URL is \"play\" or \"push\"")
        }
        guard let stream = try fields.string("stream") else { throw fields.missing("stream") }
        guard stream.isID(byteCountMax: Limits.streamNameByteCountMax) else {
            throw Complaint("there can be no stream of this name")
        }
        guard let validS = try fields.integer("validS") else { throw fields.missing("validS") }
        guard (1...SignedURLLimits.validSMax).contains(validS) else {
            throw Complaint(
                "\"validS\" of a signed URL is from 1 to \(SignedURLLimits.validSMax), in seconds")
        }
        let formText = try fields.string("form") ?? URLForm.own.rawValue
        guard let form = URLForm(rawValue: formText) else {
            throw Complaint("\"form\" of a signed URL is \"own\" or \"tencent\"")
        }
        let addressText = try fields.string("address")
        let address = addressText.flatMap { IPAddress($0) }
        guard addressText == nil || address != nil else {
            throw Complaint("\"address\" of a signed URL is one such as 192.0.2.7 or 2001:db8::1")
        }
        guard address == nil || form == .own else {
            throw Complaint("a URL in Tencent's form can't be bound to an address: leave out one")
        }
        host = try fields.string("host")
        if let host {
            guard ConsoleFacts.isHost(host) else {
                throw Complaint(
                    "\"host\" of a signed URL is a name or an address, such as live.example.com")
            }
        }
        self.form = form
        self.validS = validS
        url = SignedURL(
            role: role, stream: stream, expiresAtUnixS: nowUnixS + validS, address: address)
    }
}

extension ConsoleFacts {
    /// Whether a text can be a server's name in a URL.
    fileprivate static func isHost(_ text: String) -> Bool {
        (1...Limits.hostByteCountMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-.".utf8.contains($0) }
            || text.hasPrefix("[") && text.hasSuffix("]")
                && IPAddress(String(text.dropFirst().dropLast())) != nil
    }

    /// All addresses of a signed stream.
    fileprivate func urls(
        to url: SignedURL, query: String, host: String?, seenFrom authority: String?
    ) -> [String: String] {
        let host = host ?? self.host(of: url.role, seenFrom: authority)
        func place(_ port: UInt16, usual: UInt16) -> String {
            port == usual ? host : "\(host):\(port)"
        }
        switch url.role {
        case .push:
            let server =
                isIngestSecure
                ? "rtmps://\(place(ingest.port, usual: 443))/live"
                : "rtmp://\(place(ingest.port, usual: 1935))/live"
            let key = "\(url.stream)?\(query)"
            return ["server": server, "streamKey": key, "rtmp": "\(server)/\(key)"]
        case .play:
            let server = "\(audienceScheme)://" + place(audience.port, usual: audienceUsualPort)
            let path = "/live/\(url.stream).flv?\(query)"
            return [
                "flv": server + path, "ws": "ws" + server.dropFirst("http".count) + path,
                "page": "\(server)/watch/\(url.stream)?\(query)",
            ]
        }
    }

    /// The host that others reach: where this plane is asked on loopback, that is nobody's address.
    private func host(of role: URLRole, seenFrom authority: String?) -> String {
        let place = role == .push ? ingest : audience
        guard place.address.isWildcard else { return Self.bracketed(place.host) }
        let asked = ConsoleFacts.host(of: authority)
        let isLocal =
            asked == nil || asked == "localhost"
            || IPAddress(asked?.filter { $0 != "[" && $0 != "]" } ?? "")?.isLoopback == true
        return isLocal ? Self.bracketed(reachableHost) : asked ?? reachableHost
    }

    private static func bracketed(_ host: String) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    }
}
