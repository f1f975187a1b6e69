// Why pages can't be put together, in words for whoever writes them.

/// What is wrong with the pages' files.
public enum WebError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A page or an entry isn't there.
    case missing(String)
    /// A line of a file can't be taken.
    case line(path: String, number: Int, problem: String)
    /// A file as a whole can't be taken.
    case file(path: String, problem: String)
    /// Something of the system doesn't do what it is for.
    case library(String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let path): "the pages have no \(path); put it there, as in Sources/Web/Files"
        case .line(let path, let number, let problem): "\(path), line \(number): \(problem)"
        case .file(let path, let problem): "\(path): \(problem)"
        case .library(let problem): problem
        }
    }
}
