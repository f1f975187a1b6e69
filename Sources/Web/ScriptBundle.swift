// Joins an entry with all that it imports into one module.

/// One module made of several: the entry's last, each before those that import it, as a browser would
/// run them.
struct ScriptBundle {
    /// The player, which other bundles import as it is served.
    static let playerEntry = "player/fanfare-player.js"
    /// Where what several bundles have in common lies; each has a copy of what it needs.
    static let sharedFolder = "shared"

    /// The module.
    private(set) var bytes: [UInt8] = []
    private let files: WebFiles
    private let entry: String
    private let folder: String
    private var modules: [ScriptModule] = []
    private var seen: [String: ScriptModule] = [:]
    /// What is imported of the player, where it is another bundle.
    private var ofPlayer: Set<String> = []
    /// Where each name at the top is declared.
    private var places: [String: String] = [:]

    /// - Parameter playerURL: where the player is served; nil for the player itself.
    init(
        _ entry: String, in files: WebFiles, playerURL: String?, playerExports: Set<String> = []
    ) throws(WebError) {
        self.files = files
        self.entry = entry
        folder = WebPath.folder(of: entry)
        try add(entry, files.bytes(entry))
        try check(playerExports: playerExports, hasPlayer: playerURL != nil)
        if !ofPlayer.isEmpty, let playerURL {
            let names = ofPlayer.sorted().joined(separator: ", ")
            bytes += Array("import { \(names) } from \"\(playerURL)\";\n".utf8)
        }
        for module in modules { bytes += module.body }
        if entry == Self.playerEntry, !exports.isEmpty {
            bytes += Array("export { \(exports.sorted().joined(separator: ", ")) };\n".utf8)
        }
    }

    /// What the entry exports.
    var exports: Set<String> { modules.last?.exports ?? [] }

    /// Adds a module behind those that it imports.
    private mutating func add(_ path: String, _ bytes: [UInt8]) throws(WebError) {
        guard seen[path] == nil else { return }
        let module = try ScriptModule(
            bytes, path: path, mayExportList: path == Self.playerEntry)
        seen[path] = module
        for one in module.imports {
            if one.path == Self.playerEntry, entry != Self.playerEntry {
                ofPlayer.formUnion(one.names)
                continue
            }
            guard isOfBundle(one.path) else {
                throw .line(
                    path: path, number: one.line,
                    problem: "\(one.path) belongs to another bundle; of others only "
                        + "\(Self.playerEntry) and \(Self.sharedFolder)/ can be imported")
            }
            guard let bytes = files.files[one.path] else {
                throw .line(path: path, number: one.line, problem: "there is no \(one.path)")
            }
            try add(one.path, bytes)
        }
        modules.append(module)
    }

    private func isOfBundle(_ path: String) -> Bool {
        path.hasPrefix(folder + "/") || path.hasPrefix(Self.sharedFolder + "/")
    }

    /// That names are there, and are one thing each.
    private mutating func check(playerExports: Set<String>, hasPlayer: Bool) throws(WebError) {
        for name in ofPlayer { places[name] = Self.playerEntry }
        for module in modules {
            for (name, line) in module.declarations {
                if let other = places[name] {
                    throw .line(
                        path: module.path, number: line,
                        problem: "\"\(name)\" is declared in \(other), too, and both are in one "
                            + "bundle; give one another name")
                }
                places[name] = "\(module.path), line \(line)"
            }
            for one in module.imports {
                let isPlayer = one.path == Self.playerEntry && entry != Self.playerEntry
                let known = isPlayer ? playerExports : seen[one.path]?.exports ?? []
                guard !isPlayer || hasPlayer else { throw .missing(Self.playerEntry) }
                for name in one.names where !known.contains(name) {
                    throw .line(
                        path: module.path, number: one.line,
                        problem: "\(one.path) exports no \"\(name)\"")
                }
            }
        }
        let own = Set(modules.last?.declarations.map(\.name) ?? [])
        let inherited = Set(modules.last?.imports.flatMap(\.names) ?? [])
        for name in exports.sorted() where !own.contains(name) && !inherited.contains(name) {
            throw .file(path: entry, problem: "it exports \"\(name)\", which it doesn't have")
        }
    }
}
