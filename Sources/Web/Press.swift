// Makes files for the wire of files as they were written.

import Digests
import HTTPWire
import WireBytes

/// Joins, rewrites, names, packs.
struct Press {
    let files: WebFiles
    let packing: WebSite.Packing
    /// What was made, by the path of the file that it was made of.
    private var made: [String: Asset] = [:]
    /// What the pages in work load, by address.
    private var assets: [String: StaticFile] = [:]
    private var player: (asset: Asset, exports: Set<String>)?

    /// A file that is named by its content.
    private struct Asset {
        let address: String
        /// It, and all that it loads, by address.
        let files: [String: StaticFile]
    }

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
        player = (try asset(of: entry, .js, bundle.bytes, loading: [:]), bundle.exports)
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
    ///
    /// - Parameter logo: where the producer's logo is served, which the page is told as its body's
    ///   `data-logo`: so that it asks for one only if there is one.
    mutating func page(
        _ path: String, _ face: SecurityFields.Face, _ frameAncestors: [String],
        logo: String? = nil
    ) throws(WebError) -> StaticFile? {
        guard let source = files.files[path] else { return nil }
        guard String(validating: source, as: UTF8.self) != nil else {
            throw .file(path: path, problem: "it isn't UTF-8 text")
        }
        var bytes = try References.replace(in: source, References.html) {
            found throws(WebError) in
            let asset = try asset(of: found, in: path)
            assets.merge(asset.files) { one, _ in one }
            return asset.address
        }
        let opener: StaticString = "<body"
        if let logo, let body = SourceText(bytes).find(opener, in: 0..<bytes.count) {
            let attribute = Array(" data-logo=\"\(logo)\"".utf8)
            bytes.insert(contentsOf: attribute, at: body + opener.utf8CodeUnitCount)
        }
        return try file(
            .html, bytes,
            SecurityFields.page(face, frameAncestors: frameAncestors) + [Self.revalidated])
    }

    /// What a page or a style sheet names, made now if it has to be.
    private mutating func asset(
        of found: References.Found, in path: String
    ) throws(WebError) -> Asset {
        if let known = made[found.path] { return known }
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
                found.path, in: files, playerURL: player?.asset.address,
                playerExports: player?.exports ?? [])
            return try asset(
                of: found.path, type, bundle.bytes, loading: player?.asset.files ?? [:])
        case .css:
            let text = try SourceLines(source, hasLineComments: false, path: found.path).bytes
            var loaded: [String: StaticFile] = [:]
            let bytes = try References.replace(in: text, References.css) {
                inner throws(WebError) in
                guard !inner.path.hasSuffix(".css") else {
                    throw .file(
                        path: found.path,
                        problem: "it loads /\(inner.path); name style sheets in the page")
                }
                let asset = try asset(of: inner, in: found.path)
                loaded.merge(asset.files) { one, _ in one }
                return asset.address
            }
            return try asset(of: found.path, type, bytes, loading: loaded)
        case .html:
            throw .line(
                path: path, number: found.line,
                problem: "/\(found.path) is a page; name the address it is served at")
        case .svg, .png, .webp, .woff2, .json, .types:
            return try asset(of: found.path, type, source, loading: [:])
        }
    }

    /// Gives a file its address, by what is in it.
    private mutating func asset(
        of path: String, _ type: ContentType, _ bytes: [UInt8], loading loaded: [String: StaticFile]
    ) throws(WebError) -> Asset {
        let name = WebPath.nameAndExtension(of: path).name
        let address = "/assets/\(name).\(try hash(bytes)).\(type.rawValue)"
        var files = loaded
        files[address] = try file(type, bytes, SecurityFields.own + [Self.immutable])
        let asset = Asset(address: address, files: files)
        made[path] = asset
        return asset
    }
}
