// All of Sources at once: what is declared, and where each name stands.

/// What is known of the program's own code; read once for all rules.
struct SourceIndex: Sendable {
    /// A Swift file with its tokens.
    struct File: Sendable {
        let path: String
        let module: String
        let tokens: [SwiftToken]
        let declarations: [Declaration]
    }

    struct Place: Sendable {
        let file: Int
        let token: Int
    }

    let files: [File]
    /// Where each word stands.
    private(set) var places: [String: [Place]] = [:]
    /// The declarations of each name, by file and number.
    private(set) var declared: [String: [(file: Int, declaration: Declaration)]] = [:]
    /// What the types of each name are declared to be, by themselves and by what they are.
    private(set) var parents: [String: Set<String>] = [:]

    /// What each module of Swift gives to others, without names that other modules have, too.
    private(set) var exports: [String: Set<String>] = [:]

    static let shared = Result { try SourceIndex() }

    private init() throws {
        // Benchmarks are users of Sources; nobody uses them.
        files = try Repository.swiftFiles(below: ["Sources", "Benchmarks"]).map { file in
            let tokens = SwiftTokens.of(file.text)
            let isOurs = file.path.hasPrefix("Sources/")
            return File(
                path: file.path, module: isOurs ? file.module : "Benchmarks", tokens: tokens,
                declarations: isOurs ? DeclarationReader.declarations(in: tokens) : [])
        }
        for (number, file) in files.enumerated() {
            for (index, token) in file.tokens.enumerated() where token.isWord {
                places[token.text, default: []].append(Place(file: number, token: index))
            }
            for declaration in file.declarations {
                declared[declaration.name, default: []].append((number, declaration))
                if Declaration.types.contains(declaration.keyword) {
                    parents[declaration.name, default: []].formUnion(declaration.parents)
                }
            }
        }
        for (name, all) in declared {
            let modules = Set(all.map { files[$0.file].module })
            for (number, declaration) in all where declaration.access == .everywhere {
                let module = files[number].module
                // What is added to somebody else's type is told by its name in any case.
                let owner = declared[declaration.owners.last ?? ""] ?? []
                let isAdded =
                    declaration.ownerKeyword == "extension"
                    && owner.allSatisfy { $0.declaration.keyword == "extension" }
                let isType =
                    Declaration.types.contains(declaration.keyword) && declaration.owners.isEmpty
                guard modules.count == 1 || isAdded || isType else { continue }
                exports[module, default: []].insert(name)
                // A subscript has no name; whoever says the type may use it.
                if isAdded, declaration.keyword == "subscript", let type = declaration.owners.last {
                    exports[module, default: []].insert(type)
                }
            }
        }
        // Protocols of ours hand on what they ask for.
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for (name, known) in parents {
                let all = known.union(known.flatMap { parents[$0] ?? [] })
                if all.count > known.count {
                    parents[name] = all
                    hasChanged = true
                }
            }
        }
    }

    func parents(of declaration: Declaration) -> Set<String> {
        declaration.owners.last.flatMap { parents[$0] } ?? []
    }

    /// Whether a name that stands in a file may mean a declaration of another.
    func canSee(_ declaration: Declaration, of file: Int, from other: Int) -> Bool {
        switch declaration.access {
        case .file: file == other
        case .module: files[file].module == files[other].module
        case .everywhere:
            files[file].module == files[other].module || files[other].module == "Benchmarks"
                || HousePlan.modules.contains {
                    $0.name == files[other].module && $0.own.contains(files[file].module)
                }
        }
    }
}
