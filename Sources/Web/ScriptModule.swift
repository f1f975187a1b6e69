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

    private let source: SourceText
    private var indentation = SourceLines.Indentation()
    /// Whether the module has `import(` anywhere.
    private let mayImportLate: Bool

    /// - Parameter mayExportList: whether it may end with `export { A, B };`, as the player does.
    init(_ bytes: [UInt8], path: String, mayExportList: Bool) throws(WebError) {
        self.path = path
        let read = try SourceLines(bytes, hasLineComments: true, path: path)
        source = read.source
        mayImportLate = source.find("import(", in: 0..<bytes.count) != nil
        body.reserveCapacity(bytes.count)
        var index = 0
        while index < read.lines.count {
            let line = read.lines[index]
            index += 1
            let (start, end) = (line.range.lowerBound, line.range.upperBound)
            if source.hasWord("import", at: start, before: end),
                !source.has("import.", at: start, before: end)
            {
                try takeImport(try statement(read.lines, &index))
            } else if source.hasWord("export", at: start, before: end) {
                let rest = source.skipBlanks(start + 6..<end)..<end
                if source.has("{", at: rest.lowerBound, before: end) {
                    try takeExportList(
                        try statement(read.lines, &index), isAllowed: mayExportList)
                } else {
                    try takeExport(rest, line.number)
                }
            } else {
                try take(line.range, line.number, isExported: false)
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
        var text = source.text(first.range)
        var count = 1
        while !text.hasSuffix(";") {
            guard index < lines.count, count < WebLimits.importLineCountMax else {
                throw wrong(first.number, "this import or export has no \";\" at a line's end")
            }
            text += " " + source.text(lines[index].range)
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

    private mutating func takeExport(_ rest: Range<Int>, _ line: Int) throws(WebError) {
        guard try declaredName(rest, line, isExported: true) != nil else {
            throw wrong(
                line, "write export function, async function, class, const or let, and a name")
        }
        try take(rest, line, isExported: true)
    }

    // MARK: All else

    private mutating func take(
        _ range: Range<Int>, _ line: Int, isExported: Bool
    ) throws(WebError) {
        if let name = try declaredName(range, line, isExported: isExported) {
            declarations.append((name, line))
            if isExported { exports.insert(name) }
        }
        if mayImportLate, let place = dynamicImport(range) {
            throw wrong(line, "import(…) at column \(place) can't be joined; import at the top")
        }
        indentation.append(range, of: source, to: &body)
    }

    /// The name that a line declares at the module's top: one that begins without blanks.
    private func declaredName(
        _ range: Range<Int>, _ line: Int, isExported: Bool
    ) throws(WebError) -> String? {
        let (start, end) = (range.lowerBound, range.upperBound)
        guard start < end, source.bytes[start] != 0x20, source.bytes[start] != 0x7D else {
            return nil
        }
        let words: [StaticString] = ["function", "async function", "class", "const", "let"]
        let word =
            words.first { source.hasWord($0, at: start, before: end) }
            ?? (!isExported && source.hasWord("var", at: start, before: end) ? "var" : nil)
        guard let word else { return nil }
        var name = source.skipBlanks(start + word.utf8CodeUnitCount..<end)
        if source.has("*", at: name, before: end) { name = source.skipBlanks(name + 1..<end) }
        let nameEnd = source.endOfName(name..<end)
        guard nameEnd > name else {
            throw wrong(line, "declare one name a line at a module's top, without a pattern")
        }
        return source.text(name..<nameEnd)
    }

    /// Where a line has `import(`, outside of comments within it; the column, from 1. A method may have
    /// that name.
    private func dynamicImport(_ range: Range<Int>) -> Int? {
        let (start, end) = (source.skipBlanks(range), range.upperBound)
        let isMethod =
            source.has("import(", at: start, before: end)
            || source.has("async import(", at: start, before: end)
        if isMethod, source.bytes[end - 1] == UInt8(ascii: "{") { return nil }
        var index = range.lowerBound
        while let found = source.find("import(", in: index..<end) {
            index = found + 7
            if found > range.lowerBound {
                let last = source.bytes[found - 1]
                let isPart = last == UInt8(ascii: "#") || last == UInt8(ascii: ".")
                if isPart || last.isIdentifierCharacter { continue }
            }
            var opened = false
            var place = range.lowerBound
            while let next = source.find(opened ? "*/" : "/*", in: place..<found) {
                opened.toggle()
                place = next + 2
            }
            if !opened { return found - range.lowerBound + 1 }
        }
        return nil
    }
}
