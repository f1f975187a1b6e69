// Makes files for the wire of files as they were written.

import Digests
import HTTPWire
import WireBytes

/// Joins, rewrites, names, packs.
struct Press {
    let files: WebFiles
    let packing: WebSite.Packing
    /// The addresses of files that have one by now, by path.
    private var addresses: [String: String] = [:]
    /// What was made for the page in work, by address.
    private var assets: [String: StaticFile] = [:]
    /// What was made at all, by address.
    private var made: [String: StaticFile] = [:]
    private var player: (url: String, exports: Set<String>)?

    init(files: WebFiles, packing: WebSite.Packing) {
        self.files = files
        self.packing = packing
    }

    /// To be asked for anew each time, and sent only if it has changed.
    static let revalidated = HTTPResponse.Field("Cache-Control", "no-cache")
    /// Named by its content: never another one.
    private static let immutable = HTTPResponse.Field(
        "Cache-Control", "public, max-age=31536000, immutable")

    /// What the pages since the last call load.
    mutating func takeAssets() -> [String: StaticFile] {
        defer { assets = [:] }
        return assets
    }

    /// A file with its tag.
    func file(
        _ type: ContentType, _ bytes: [UInt8], _ fields: [HTTPResponse.Field]
    ) throws(WebError) -> StaticFile {
        var packed: [(coding: ContentCoding, body: [UInt8])] = []
        if type.isText, !bytes.isEmpty {
            packed.append(
                (.brotli, try Compression.brotli(bytes, quality: packing == .best ? 11 : 6)))
            packed.append((.gzip, try Compression.gzip(bytes)))
        }
        return StaticFile(
            contentType: type.text, tag: try hash(bytes), fields: fields, body: bytes,
            packed: packed)
    }

    private func hash(_ bytes: [UInt8]) throws(WebError) -> String {
        guard let digest = unsafe SHA256.digest(of: bytes.span.bytes) else {
            throw .library("libcrypto has no SHA-256; is libssl3 whole?")
        }
        return String(Hex.text(of: digest).prefix(WebLimits.hashDigitCount))
    }

    // MARK: The player

    /// The player by the address that others embed, and its types.
    mutating func addPlayer(to served: inout [String: StaticFile]) throws(WebError) {
        let entry = ScriptBundle.playerEntry
        let bundle = try ScriptBundle(entry, in: files, playerURL: nil)
        player = (try address(of: entry, .js, bundle.bytes), bundle.exports)
        let open =
            SecurityFields.always + [
                Self.revalidated, .init("Access-Control-Allow-Origin", "*"),
                .init("Cross-Origin-Resource-Policy", "cross-origin"),
            ]
        served["/fanfare-player.js"] = try file(.js, bundle.bytes, open)
        if let types = files.files["player/fanfare-player.d.ts"] {
            served["/fanfare-player.d.ts"] = try file(.types, types, open)
        }
    }

    // MARK: Pages

    /// A page, and what it loads; nil if there is none.
    mutating func page(
        _ path: String, _ face: SecurityFields.Face, _ frameAncestors: [String]
    ) throws(WebError) -> StaticFile? {
        guard let source = files.files[path] else { return nil }
        guard String(validating: source, as: UTF8.self) != nil else {
            throw .file(path: path, problem: "it isn't UTF-8 text")
        }
        var press = self
        let bytes = try References.replace(in: source, References.html) {
            found throws(WebError) in try press.address(of: found, in: path)
        }
        self = press
        return try file(
            .html, bytes,
            SecurityFields.page(face, frameAncestors: frameAncestors) + [Self.revalidated])
    }

    /// Where a file is served that a page or a style sheet names, made now if it has to be.
    private mutating func address(
        of found: References.Found, in path: String
    ) throws(WebError) -> String {
        if let known = addresses[found.path] {
            if let file = made[known] { assets[known] = file }
            if let player, known != player.url, let file = made[player.url],
                found.path.hasSuffix(".js")
            {
                assets[player.url] = file
            }
            return known
        }
        guard let source = files.files[found.path] else {
            throw .line(
                path: path, number: found.line,
                problem: "there is no /\(found.path) among the pages' files")
        }
        let type = try ContentType(of: found.path)
        switch type {
        case .js:
            guard found.isModule else {
                throw .line(
                    path: path, number: found.line,
                    problem: "/\(found.path) is to be loaded by <script type=\"module\" src=…>")
            }
            let bundle = try ScriptBundle(
                found.path, in: files, playerURL: player?.url,
                playerExports: player?.exports ?? [])
            if let player, let file = made[player.url] { assets[player.url] = file }
            return try address(of: found.path, type, bundle.bytes)
        case .css:
            let text = try SourceLines(source, hasLineComments: false, path: found.path).bytes
            var press = self
            let bytes = try References.replace(in: text, References.css) {
                found throws(WebError) in try press.address(of: found, in: path)
            }
            self = press
            return try address(of: found.path, type, bytes)
        case .html:
            throw .line(
                path: path, number: found.line,
                problem: "/\(found.path) is a page; name the address it is served at")
        case .svg, .png, .webp, .woff2, .json, .types:
            return try address(of: found.path, type, source)
        }
    }

    /// Gives a file its address, by what is in it.
    private mutating func address(
        of path: String, _ type: ContentType, _ bytes: [UInt8]
    ) throws(WebError) -> String {
        let name = WebPath.nameAndExtension(of: path).name
        let address = "/assets/\(name).\(try hash(bytes)).\(type.rawValue)"
        let file = try file(type, bytes, SecurityFields.own + [Self.immutable])
        addresses[path] = address
        made[address] = file
        assets[address] = file
        return address
    }
}
