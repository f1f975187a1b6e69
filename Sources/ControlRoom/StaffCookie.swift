// The cookie of a session: what a browser sends with each request once somebody has logged in.

import Access
import Hummingbird

/// `fanfare_session`.
enum StaffCookie {
    static let name = "fanfare_session"

    /// What only a page of the console's own origin can send.
    static let header = "X-Fanfare"
    static let headerValue = "console"

    /// The session's id in a request; nil where there is none that could be one.
    static func session(in request: Request) -> String? {
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let pair = pair.trimmingPrefix { $0 == " " }
                guard pair.hasPrefix(name + "=") else { continue }
                let id = String(pair.dropFirst(name.utf8.count + 1))
                if id.isID(byteCountMax: Limits.sessionIDByteCountMax) { return id }
            }
        }
        return nil
    }

    /// Gives a browser the session, as long as it can last: for this origin only, and for no script.
    static func setting(_ id: String, for request: Request, isSecure: Bool) -> String {
        "\(name)=\(id); " + attributes(request, isSecure)
            + "; Max-Age=\(StaffLimits.sessionMsMax / 1_000)"
    }

    /// Takes it back.
    static func clearing(for request: Request, isSecure: Bool) -> String {
        "\(name)=; " + attributes(request, isSecure) + "; Max-Age=0"
    }

    /// Over TLS, ours or that of a proxy in front, the cookie never goes without it.
    private static func attributes(_ request: Request, _ isSecure: Bool) -> String {
        let isTLS = isSecure || request.field("X-Forwarded-Proto")?.lowercased() == "https"
        return "Path=/; HttpOnly; SameSite=Strict" + (isTLS ? "; Secure" : "")
    }
}
