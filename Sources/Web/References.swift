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
        in bytes: [UInt8], _ openers: [StaticString],
        url: (Found) throws(WebError) -> String
    ) throws(WebError) -> [UInt8] {
        let source = SourceText(bytes)
        var output: [UInt8] = []
        var from = 0
        var line = 1
        while let start = next(openers, in: source, from) {
            var place = from
            while place < start {
                if bytes[place] == 0x0A { line += 1 }
                place += 1
            }
            let end = source.index(of: UInt8(ascii: "\""), in: start..<bytes.count)
            output += bytes[from..<start]
            from = end
            let address = source.text(start..<end)
            let bare = String(address.prefix { $0 != "?" && $0 != "#" })
            guard address.hasPrefix("/"), !address.hasPrefix("//"), !isServed(bare) else {
                output += bytes[start..<end]
                continue
            }
            let found = Found(
                path: String(bare.dropFirst()), isModule: isModuleScript(output), line: line)
            output += Array(try url(found).utf8) + address.dropFirst(bare.count).utf8
        }
        return output + bytes[from...]
    }

    /// Where the next reference begins.
    private static func next(
        _ openers: [StaticString], in source: SourceText, _ from: Int
    ) -> Int? {
        openers.compactMap { opener in
            source.find(opener, in: from..<source.bytes.count)
                .map { $0 + opener.utf8CodeUnitCount }
        }.min()
    }

    private static func isServed(_ address: String) -> Bool {
        served.contains(address) || servedFolders.contains { address.hasPrefix($0) }
    }

    /// Of HTML.
    static let html: [StaticString] = [" src=\"", " href=\""]
    /// Of CSS.
    static let css: [StaticString] = ["url(\""]

    /// Whether the tag that a text ends in the midst of is a module's script.
    private static func isModuleScript(_ text: [UInt8]) -> Bool {
        guard let open = text.lastIndex(of: UInt8(ascii: "<")) else { return false }
        let source = SourceText(text)
        return source.has("<script", at: open, before: text.count)
            && source.find("module", in: open..<text.count) != nil
    }
}
