// The header fields that keep pages from doing what they aren't for.

import HTTPWire

/// Header fields of pages and of what they load.
enum SecurityFields {
    /// Whose page it is.
    enum Face {
        /// The viewers': it talks to where it came from.
        case audience
        /// The staff's: its monitor plays from the audience's plane, which is another origin.
        case staff
    }

    /// Of everything: nobody guesses types, and no address is told to others.
    static let always: [HTTPResponse.Field] = [
        .init("X-Content-Type-Options", "nosniff"), .init("Referrer-Policy", "no-referrer"),
    ]

    /// Of what only our own pages load.
    static let own: [HTTPResponse.Field] =
        always + [.init("Cross-Origin-Resource-Policy", "same-origin")]

    /// Of a page.
    ///
    /// - Parameter frameAncestors: origins whose pages may show it in a frame, besides its own.
    static func page(_ face: Face, frameAncestors: [String]) -> [HTTPResponse.Field] {
        let connect: String
        let ancestors: String
        switch face {
        case .audience:
            // Not all browsers take a WebSocket for what 'self' means.
            connect = "'self' ws: wss:"
            ancestors = (["'self'"] + frameAncestors).joined(separator: " ")
        case .staff:
            connect = "'self' http: https: ws: wss:"
            ancestors = "'none'"
        }
        // Pictures and sounds of questions may come from anywhere; code and style from here alone.
        let policy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self' data:",
            "img-src 'self' data: http: https:", "media-src 'self' blob: http: https:",
            "connect-src \(connect)", "worker-src 'self' blob:", "manifest-src 'self'",
            "base-uri 'none'", "form-action 'self'", "frame-ancestors \(ancestors)",
        ]
        var fields = own + [.init("Content-Security-Policy", policy.joined(separator: "; "))]
        fields.append(
            .init("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"))
        // Browsers heed it over TLS and on the machine itself, and complain elsewhere: where the staff
        // are, it is worth that.
        if face == .staff { fields.append(.init("Cross-Origin-Opener-Policy", "same-origin")) }
        return fields
    }

    /// Of a picture that somebody else made and that could hold code: opened by itself, it can do
    /// nothing.
    static let foreignPicture: [HTTPResponse.Field] =
        own + [
            .init(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'")
        ]
}
