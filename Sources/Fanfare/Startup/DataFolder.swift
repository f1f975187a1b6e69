// The folder where everything is kept that must survive.

import Glibc
import Settings

/// Why the data folder cannot be used.
enum DataFolderError: Error, Equatable, CustomStringConvertible {
    case cannotCreate(path: String, errno: CInt)

    var description: String {
        switch self {
        case .cannotCreate(let path, let code):
            "cannot make the data folder \(path): \(systemErrorText(code)). Give this user the "
                + "right to, or choose another folder with --data"
        }
    }
}

/// The data folder.
enum DataFolder {
    /// Makes the folder and those above it where they are missing; those made are closed to others.
    static func create(_ path: String) throws(DataFolderError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            made += component
            if unsafe mkdir(made, 0o750) != 0 && errno != EEXIST {
                throw .cannotCreate(path: made, errno: errno)
            }
            made += "/"
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw .cannotCreate(path: path, errno: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotCreate(path: path, errno: ENOTDIR)
        }
    }
}
