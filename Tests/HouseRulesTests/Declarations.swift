// What a Swift file declares, and from where it may be named.

/// Something declared at the top of a file or in a type.
struct Declaration {
    enum Access { case file, module, everywhere }

    let name: String
    /// `func`, `let`, `case`, `struct` …
    let keyword: String
    let access: Access
    /// The types around it, the innermost last.
    let owners: [String]
    /// The keyword of the innermost of them.
    let ownerKeyword: String?
    /// What stands behind the colon of a type.
    let parents: [String]
    let attributes: Set<String>
    let line: Int
    var lastLine: Int
    /// Its tokens, from the keyword to the end of its body.
    var tokens: Range<Int>

    /// Where its name stands.
    var nameIndex: Int { tokens.lowerBound + 1 }

    static let types: Set = ["struct", "class", "enum", "protocol", "extension", "actor"]
    static let members: Set = [
        "func", "var", "let", "case", "typealias", "associatedtype", "init", "deinit", "subscript",
    ]
}

/// Finds the declarations among a file's tokens.
struct DeclarationReader {
    private struct Scope {
        /// Nil for a body in which only statements are.
        var type: Declaration?
        /// What the scope's end belongs to.
        var declaration: Int?
        /// Brackets that were open around it, and what waited for its body there.
        var depth: Int
        var pending: (index: Int, depth: Int)?
    }

    private let tokens: [SwiftToken]
    private var scopes: [Scope] = []
    private var depth = 0
    /// The declaration whose body comes next.
    private var pending: (index: Int, depth: Int)?
    private var found: [Declaration] = []

    static func declarations(in tokens: [SwiftToken]) -> [Declaration] {
        var reader = DeclarationReader(tokens: tokens)
        for index in tokens.indices { reader.take(index) }
        return reader.found
    }

    private init(tokens: [SwiftToken]) { self.tokens = tokens }

    private var isAmongDeclarations: Bool {
        depth == 0 && (scopes.isEmpty || scopes.last?.type != nil)
    }

    private mutating func take(_ index: Int) {
        let token = tokens[index]
        switch token.text {
        case "(", "[": depth += 1
        case ")", "]": depth -= 1
        case "{": open()
        case "}": close(index)
        case let word where Declaration.types.contains(word) || Declaration.members.contains(word):
            let isQualified = index > 0 && tokens[index - 1].text == "."
            guard token.isWord, isAmongDeclarations, !isQualified, index + 1 < tokens.count else {
                return
            }
            declare(index)
        default: break
        }
    }

    private mutating func open() {
        var scope = Scope(type: nil, declaration: nil, depth: depth, pending: pending)
        if let pending, pending.depth == depth {
            scope.declaration = pending.index
            let declaration = found[pending.index]
            if Declaration.types.contains(declaration.keyword) { scope.type = declaration }
            scope.pending = nil
        }
        pending = nil
        scopes.append(scope)
        depth = 0
    }

    private mutating func close(_ index: Int) {
        guard let scope = scopes.popLast() else { return }
        depth = scope.depth
        pending = scope.pending
        guard let declaration = scope.declaration else { return }
        found[declaration].lastLine = tokens[index].line
        found[declaration].tokens = found[declaration].tokens.lowerBound..<index
    }

    private mutating func declare(_ index: Int) {
        let keyword = tokens[index].text
        let next = tokens[index + 1].text
        // `class func` and the like: the word behind says what it is.
        if keyword == "class", Declaration.members.contains(next) { return }
        let (words, attributes) = modifiers(before: index)
        let owners = scopes.compactMap { $0.type?.name }
        let owner = scopes.last?.type
        var access = Declaration.Access.module
        if words.contains("public") || words.contains("package") || words.contains("open") {
            access = .everywhere
        } else if words.contains("private") || words.contains("fileprivate") {
            access = .file
        } else if let owner, keyword == "case" || owner.keyword == "protocol" {
            access = owner.access
        }
        let isNamed = !["init", "deinit", "subscript"].contains(keyword)
        found.append(
            Declaration(
                name: isNamed ? next : keyword, keyword: keyword, access: access, owners: owners,
                ownerKeyword: owner?.keyword,
                parents: Declaration.types.contains(keyword) ? parents(after: index + 1) : [],
                attributes: attributes, line: tokens[index].line, lastLine: tokens[index].line,
                tokens: index..<(index + 2)))
        pending = (found.count - 1, depth)
        if keyword == "case" { declareFurtherCases(after: index) }
    }

    /// `case one, other(Int)`: those after the first.
    private mutating func declareFurtherCases(after start: Int) {
        guard let first = found.last else { return }
        var open = 0
        var index = start + 2
        while index < tokens.count {
            let token = tokens[index]
            let isContinued = tokens[index - 1].text == "," || token.text == ","
            guard token.line == tokens[index - 1].line || open > 0 || isContinued else { return }
            if token.text == "(" || token.text == "[" { open += 1 }
            if token.text == ")" || token.text == "]" { open -= 1 }
            guard open >= 0, token.text != "}" else { return }
            if token.text == ",", open == 0, index + 1 < tokens.count {
                found.append(
                    Declaration(
                        name: tokens[index + 1].text, keyword: "case", access: first.access,
                        owners: first.owners, ownerKeyword: first.ownerKeyword, parents: [],
                        attributes: first.attributes, line: tokens[index + 1].line,
                        lastLine: tokens[index + 1].line, tokens: index..<(index + 2)))
            }
            index += 1
        }
    }

    private func parents(after start: Int) -> [String] {
        tokens[start...].dropFirst().prefix { $0.text != "{" }.filter(\.isWord).map(\.text)
    }

    private static let modifiers: Set = [
        "public", "private", "fileprivate", "internal", "package", "open", "static", "class",
        "final", "mutating", "nonmutating", "override", "lazy", "weak", "unowned", "indirect",
        "nonisolated", "consuming", "borrowing", "isolated", "unsafe", "convenience", "required",
    ]

    /// The words and attributes before a declaration's keyword. Words with something in brackets,
    /// such as `private(set)`, say nothing of the whole.
    private func modifiers(before keyword: Int) -> (words: Set<String>, attributes: Set<String>) {
        var words: Set<String> = []
        var attributes: Set<String> = []
        var index = keyword - 1
        while index >= 0 {
            var hasBrackets = false
            if tokens[index].text == ")" {
                var open = 0
                repeat {
                    if tokens[index].text == ")" { open += 1 }
                    if tokens[index].text == "(" { open -= 1 }
                    index -= 1
                } while index >= 0 && open > 0
                hasBrackets = true
            }
            guard index >= 0, tokens[index].isWord else { break }
            let word = tokens[index].text
            if index > 0, tokens[index - 1].text == "@" {
                attributes.insert(word)
                index -= 2
            } else if Self.modifiers.contains(word) {
                if !hasBrackets { words.insert(word) }
                index -= 1
            } else {
                break
            }
        }
        return (words, attributes)
    }
}
