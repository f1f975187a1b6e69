// The console's pages: files from memory, each at its address.

public import HTTPWire
import Hummingbird
import NIOCore

/// Files by their path, as module `Web` makes them; they may be others after a reload.
public struct StaffPages: Sendable {
    private let files: @Sendable () -> [String: StaticFile]

    /// The console itself, for whoever has logged in.
    static let consolePath = "/"
    /// Where people log in.
    static let loginPath = "/login"

    /// Pages; none by default.
    ///
    /// - Parameter files: is asked for each request what there is now.
    public init(_ files: @escaping @Sendable () -> [String: StaticFile] = { [:] }) {
        self.files = files
    }

    /// Whether there is a page to log in on.
    var hasLogin: Bool { files()[Self.loginPath] != nil }

    /// The file at a path.
    func file(at path: String) -> StaticFile? { files()[path] }
}

/// Answers what is asked of pages, and hands everything else on. Files are nothing secret: only the
/// console itself is for those who have logged in, so that nobody else looks at an empty one.
struct StaffPagesMiddleware: RouterMiddleware {
    let pages: StaffPages
    let facts: ConsoleFacts

    func handle(
        _ request: Request, context: StaffContext,
        next: (Request, StaffContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard request.isSafe, let file = pages.file(at: path) else {
            return try await next(request, context)
        }
        if path == StaffPages.consolePath, context.identity == nil, pages.hasLogin {
            return Self.redirect(to: StaffPages.loginPath)
        }
        return answer(file, to: request)
    }

    private static func redirect(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }

    private func answer(_ file: StaticFile, to request: Request) -> Response {
        let accepted = Array((request.headers[.acceptEncoding] ?? "").utf8)
        let isSaid = request.headers[.acceptEncoding] != nil
        let form = unsafe file.preferred(
            AcceptedCodings(isSaid ? 0..<accepted.count : nil, in: accepted.span.bytes))
        let known = Array((request.headers[.ifNoneMatch] ?? "").utf8)
        let isKnown = unsafe EntityTag.isKnown(
            form.entityTag, known.isEmpty ? nil : 0..<known.count, in: known.span.bytes)

        var headers: HTTPFields = [.eTag: form.entityTag]
        if file.representations.count > 1 { headers[.vary] = "Accept-Encoding" }
        for field in file.fields {
            guard let name = HTTPFields.Element.Name(field.name) else { continue }
            headers[name] = policy(field.value, request)
        }
        if headers[.contentSecurityPolicy] == nil, file.contentType.hasPrefix("text/javascript") {
            headers[.contentSecurityPolicy] = policy(Self.workerPolicy, request)
        }
        if isKnown { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = file.contentType
        if form.coding != .identity { headers[.contentEncoding] = "\(form.coding.name)" }
        let response = Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: form.body)))
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// A page may connect to where it came from, and to the audience's plane beside it; where pages
    /// are made nobody knows yet where that is.
    private func policy(_ value: String, _ request: Request) -> String {
        guard value.contains(Self.connectAnywhere) else { return value }
        let authority = facts.audienceAuthority(asSeenFrom: request.head.authority)
        let sources = ["http", "https", "ws", "wss"].map { "\($0)://\(authority)" }
        let parts = value.split(separator: Self.connectAnywhere, omittingEmptySubsequences: false)
        return parts.joined(separator: "connect-src 'self' \(sources.joined(separator: " "))")
    }

    /// Of a script. A worker lives by its script's own policy, not by that of the page: the player's
    /// has to reach the audience's plane.
    private static let workerPolicy = "default-src 'none'; script-src 'self'; \(connectAnywhere)"

    /// What module `Web` writes for the staff's pages.
    static let connectAnywhere = "connect-src 'self' http: https: ws: wss:"
}
