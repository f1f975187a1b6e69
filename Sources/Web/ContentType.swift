// What a file is, by the end of its name.

/// A kind of file that pages have.
enum ContentType: String, CaseIterable {
    case html, js, css, svg, png, webp, woff2, json
    /// TypeScript's declarations, which nobody runs.
    case types = "ts"

    /// - Throws: `WebError` for a kind that isn't served.
    init(of path: String) throws(WebError) {
        let suffix = WebPath.nameAndExtension(of: path).suffix
        guard let type = ContentType(rawValue: suffix) else {
            let known = ContentType.allCases.map(\.rawValue).joined(separator: ", ")
            throw .file(path: path, problem: "files of this kind aren't served; there are \(known)")
        }
        self = type
    }

    /// The media type.
    var text: String {
        switch self {
        case .html: "text/html; charset=utf-8"
        case .js: "text/javascript; charset=utf-8"
        case .css: "text/css; charset=utf-8"
        case .svg: "image/svg+xml"
        case .png: "image/png"
        case .webp: "image/webp"
        case .woff2: "font/woff2"
        case .json: "application/json"
        case .types: "text/plain; charset=utf-8"
        }
    }

    /// Whether packing makes it smaller.
    var isText: Bool {
        switch self {
        case .html, .js, .css, .svg, .json, .types: true
        case .png, .webp, .woff2: false
        }
    }
}
