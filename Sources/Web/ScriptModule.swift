// One file of JavaScript: what it imports, what it exports, and what is left of it in a bundle.

/// A module, taken apart by the rules that make joining modules a matter of text: imports and exports
/// begin their line, name what they mean, and rename nothing.
struct ScriptModule {
    /// Names from another module.
    struct Import {
        let names: [String]
        /// The module's path below the folder of all files.
        let path: String
        let line: Int
    }

    let path: String
    private(set) var imports: [Import] = []
    private(set) var exports: Set<String> = []
    /// Everything declared at the module's top, with the line.
    private(set) var declarations: [(name: String, line: Int)] = []
    /// The module without its imports, exports and comments.
    private(set) var body: [UInt8] = []

    /// - Parameter mayExportList: whether it may end with `export { A, B };`, as the player does.
    init(_ bytes: [UInt8], path: String, mayExportList: Bool) throws(WebError) {
        self.path = path
        let lines = try SourceLines(bytes, hasLineComments: true, path: path).lines
        var index = 0
        while index < lines.count {
            let line = lines[index]
            index += 1
            if line.begins(with: "import"), !line.text.starts(with: "import." as StaticString) {
                try takeImport(try statement(lines, &index))
            } else if line.begins(with: "export") {
                let rest = line.text.dropFirst(6).withoutIndentation
                if rest.first == UInt8(ascii: "{") {
                    try takeExportList(try statement(lines, &index), isAllowed: mayExportList)
                } else {
                    try takeExport(rest, line.number)
                }
            } else {
                try take(line.text, line.number, isExported: false)
            }
        }
    }

    private func wrong(_ line: Int, _ problem: String) -> WebError {
        .line(path: path, number: line, problem: problem)
    }

    /// A statement that may break over lines, up to its semicolon.
    private func statement(
        _ lines: [SourceLine], _ index: inout Int
    ) throws(WebError) -> (text: String, line: Int) {
        let first = lines[index - 1]
        var text = first.text.text
        var count = 1
        while !text.hasSuffix(";") {
            guard index < lines.count, count < WebLimits.importLineCountMax else {
                throw wrong(first.number, "this import or export has no \";\" at a line's end")
            }
            text += " " + lines[index].text.text
            while text.last == " " { text.removeLast() }
            index += 1
            count += 1
        }
        return (text, first.number)
    }

    // MARK: Imports

    private mutating func takeImport(_ statement: (text: String, line: Int)) throws(WebError) {
        let form = "write import { a, b } from \"./x.js\"; and nothing else"
        let text = statement.text
        guard let open = text.firstIndex(of: "{"), let close = text.firstIndex(of: "}"),
            text[text.index(text.startIndex, offsetBy: 6)..<open].allSatisfy({ $0 == " " })
        else { throw wrong(statement.line, form) }
        let names = try names(of: text[text.index(after: open)..<close], statement.line)
        let parts = text[text.index(after: close)...].split(separator: " ")
        guard parts.count == 2, parts[0] == "from", let quote = parts[1].first,
            quote == "\"" || quote == "'", parts[1].hasSuffix("\(quote);"), parts[1].count > 3
        else { throw wrong(statement.line, form) }
        let reference = String(parts[1].dropFirst().dropLast(2))
        guard let target = WebPath.resolve(reference, from: path) else {
            throw wrong(
                statement.line,
                "\"\(reference)\" is no relative path; begin it with ./ or ../, within the pages' "
                    + "folder")
        }
        imports.append(Import(names: names, path: target, line: statement.line))
    }

    private func names(of list: Substring, _ line: Int) throws(WebError) -> [String] {
        var names: [String] = []
        var parts = list.split(separator: ",", omittingEmptySubsequences: false).map { part in
            part.split(separator: " ")
        }
        if parts.last?.isEmpty == true { parts.removeLast() }
        for part in parts {
            guard part.count == 1, part[0].utf8.allSatisfy(\.isIdentifierCharacter) else {
                throw wrong(line, "name each thing as it is called where it comes from; no \"as\"")
            }
            names.append(String(part[0]))
        }
        guard !names.isEmpty else { throw wrong(line, "this import or export names nothing") }
        return names
    }

    // MARK: Exports

    private mutating func takeExportList(
        _ statement: (text: String, line: Int), isAllowed: Bool
    ) throws(WebError) {
        guard isAllowed, let open = statement.text.firstIndex(of: "{"),
            let close = statement.text.firstIndex(of: "}"),
            statement.text[statement.text.index(after: close)...].filter({ $0 != " " }) == ";"
        else {
            throw wrong(
                statement.line,
                "export where it is declared; only the player may end with export { A, B };")
        }
        let list = statement.text[statement.text.index(after: open)..<close]
        exports.formUnion(try names(of: list, statement.line))
    }

    private mutating func takeExport(_ rest: ArraySlice<UInt8>, _ line: Int) throws(WebError) {
        let words: [StaticString] = ["function", "async function", "class", "const", "let"]
        guard words.contains(where: { SourceLine(number: line, text: rest).begins(with: $0) })
        else {
            throw wrong(
                line, "write export function, async function, class, const or let, and a name")
        }
        try take(rest, line, isExported: true)
    }

    // MARK: All else

    private mutating func take(
        _ text: ArraySlice<UInt8>, _ line: Int, isExported: Bool
    ) throws(WebError) {
        if let name = try declaredName(text, line) {
            declarations.append((name, line))
            if isExported { exports.insert(name) }
        }
        if let place = dynamicImport(text) {
            throw wrong(line, "import(…) at column \(place) can't be joined; import at the top")
        }
        body += text
        body.append(UInt8(ascii: "\n"))
    }

    /// The name that a line declares at the module's top: one that begins without blanks.
    private func declaredName(_ text: ArraySlice<UInt8>, _ line: Int) throws(WebError) -> String? {
        let source = SourceLine(number: line, text: text)
        let words: [StaticString] = [
            "async function", "function", "class", "const", "let", "var",
        ]
        guard let word = words.first(where: { source.begins(with: $0) }) else { return nil }
        var rest = text.dropFirst(word.utf8CodeUnitCount).withoutIndentation
        if rest.first == UInt8(ascii: "*") { rest = rest.dropFirst().withoutIndentation }
        let name = rest.prefix { $0.isIdentifierCharacter }
        guard !name.isEmpty else {
            throw wrong(line, "declare one name a line at a module's top, without a pattern")
        }
        return name.text
    }

    /// Where a line has `import(`, outside of comments within it; the column, from 1. A method may have
    /// that name.
    private func dynamicImport(_ text: ArraySlice<UInt8>) -> Int? {
        let start = text.withoutIndentation
        let isMethod =
            start.starts(with: "import(" as StaticString)
            || start.starts(with: "async import(" as StaticString)
        if isMethod, text.last == UInt8(ascii: "{") { return nil }
        var index = text.startIndex
        while let found = text[index...].start(of: "import(") {
            index = found + 7
            let before = text[..<found]
            if let last = before.last,
                last.isIdentifierCharacter || [UInt8(ascii: "#"), UInt8(ascii: ".")].contains(last)
            {
                continue
            }
            var opened: Int?
            var place = before.startIndex
            while let next = before[place...].start(of: opened == nil ? "/*" : "*/") {
                opened = opened == nil ? next : nil
                place = next + 2
            }
            if opened == nil { return found - text.startIndex + 1 }
        }
        return nil
    }
}
