// The files that a page or a style sheet names, given the names they are served by.

/// Finds references by text: `src="/…"` and `href="/…"` of HTML, `url("/…")` of CSS.
enum References {
    /// Addresses that are served and aren't files of the pages' folder, or not by a name of their own.
    private static let served: Set<String> = [
        "/", "/login", "/theme.css", "/logo", "/favicon.svg", "/fanfare-player.js",
        "/fanfare-player.d.ts",
    ]
    private static let servedFolders = ["/api/", "/live/", "/watch/", "/examples/"]

    /// A reference to a file below the folder.
    struct Found: Equatable {
        /// Without the slash at its beginning.
        let path: String
        /// Whether it is a module that begins to run with the page.
        let isModule: Bool
        let line: Int
    }

    /// The text with each reference to a file replaced.
    ///
    /// - Parameter url: where the file is served.
    static func replace(
        in bytes: [UInt8], of path: String, _ openers: [StaticString],
        url: (Found) throws(WebError) -> String
    ) throws(WebError) -> [UInt8] {
        var output: [UInt8] = []
        var rest = bytes[...]
        var line = 1
        while let start = openers.compactMap({ rest.end(of: $0) }).min() {
            let before = rest[rest.startIndex..<start]
            output += before
            line += before.count { $0 == UInt8(ascii: "\n") }
            let value = rest[start...].prefix { $0 != UInt8(ascii: "\"") }
            rest = rest[value.endIndex...]
            guard value.first == UInt8(ascii: "/"), !value.starts(with: "//" as StaticString) else {
                output += value
                continue
            }
            let address = "/" + value.dropFirst().text
            let bare = String(address.prefix { $0 != "?" && $0 != "#" })
            if served.contains(bare) || servedFolders.contains(where: { bare.hasPrefix($0) }) {
                output += value
                continue
            }
            let isModule = isModuleScript(output)
            let found = Found(path: String(bare.dropFirst()), isModule: isModule, line: line)
            output += Array(try url(found).utf8) + address.dropFirst(bare.count).utf8
        }
        return output + rest
    }

    /// Of HTML.
    static let html: [StaticString] = [" src=\"", " href=\""]
    /// Of CSS.
    static let css: [StaticString] = ["url(\""]

    /// Whether the tag that a text ends in the midst of is a module's script.
    private static func isModuleScript(_ text: [UInt8]) -> Bool {
        guard let open = text.lastIndex(of: UInt8(ascii: "<")) else { return false }
        return text[open...].starts(with: "<script" as StaticString)
            && text[open...].start(of: "module") != nil
    }
}
