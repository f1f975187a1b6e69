// Which data folder this is: said at the start, as a wrong one looks like a lost show.

import Glibc

/// What an operator should know of the data folder before anything is put into it.
struct DataFolderNotice: Equatable, Sendable {
    /// From the root on, without symbolic links.
    var path: String
    /// There are neither keys nor shows in it yet.
    var isNew: Bool
    /// Other folders of that name nearby in which there are some.
    var others: [String]

    /// Looks, and changes nothing.
    ///
    /// - Parameters:
    ///   - path: as it was set, relative to the working folder or from the root on.
    ///   - workingPath: the working folder.
    ///   - programPath: where the running program is.
    init(
        path: String, workingPath: String = Self.workingPath(),
        programPath: String? = Self.realPath("/proc/self/exe")
    ) {
        let named = path.hasPrefix("/") ? path : "\(workingPath)/\(path)"
        self.path = Self.realPath(named) ?? named
        isNew = !Self.isInUse(named)
        guard isNew else {
            others = []
            return
        }
        // A service, a shell and a build start in different places: above, below and beside us.
        var places = Self.folders(above: workingPath)
        if let programPath { places += Self.folders(above: programPath) }
        var found: [String] = []
        for place in places {
            guard let other = Self.realPath("\(place)/\(Self.name)"), other != self.path,
                Self.isInUse(other), !found.contains(other)
            else { continue }
            found.append(other)
        }
        others = found
    }

    /// For the log, if it is as always.
    var note: String? { isNew ? nil : "everything is kept in \(path)" }

    /// For the log, if it isn't.
    var warning: String? {
        guard isNew else { return nil }
        let start =
            "the data folder \(path) is new: so are the stream key and the player key, and there "
            + "are no shows"
        guard !others.isEmpty else { return start }
        return start + ". Others that have some are here: \(others.joined(separator: ", ")); "
            + "if one of them was meant, start again with --data"
    }

    private static let name = "fanfare-data"
    private static let levelCountMax = 4

    private static func isInUse(_ path: String) -> Bool {
        ["ledger.sqlite", "publish-key", "player-key"].contains { file in
            unsafe access("\(path)/\(file)", F_OK) == 0
        }
    }

    /// The folder or the file's folders, from the nearest one up.
    private static func folders(above path: String) -> [String] {
        var folders: [String] = []
        var rest = path[...]
        while folders.count < levelCountMax, !rest.isEmpty {
            folders.append(String(rest))
            rest = rest.prefix(upTo: rest.lastIndex(of: "/") ?? rest.startIndex)
        }
        return folders
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func workingPath() -> String { realPath(".") ?? "." }
}
