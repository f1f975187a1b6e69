// What all shards serve alike, and what others put there while they run: the pages, the list of streams.

import AudienceProtocol
public import HTTPWire
import Synchronization
import WireBytes

/// The files of the audience's plane, by path.
struct PublicFiles: Sendable {
    private struct Entry {
        /// The path up to the part that may be any stream's name.
        let path: [UInt8]
        let isForStreams: Bool
        let file: StaticFile
    }

    private let entries: [Entry]

    /// - Parameter files: by path; one that ends in `{name}` stands for all streams' names there.
    init(_ files: [String: StaticFile] = [:]) {
        let name = "{name}"
        entries = files.sorted { $0.key < $1.key }.map { path, file in
            let isForStreams = path.hasSuffix(name)
            let fixed = isForStreams ? path.dropLast(name.count) : path[...]
            return Entry(path: Array(fixed.utf8), isForStreams: isForStreams, file: file)
        }
    }

    /// The file at a request's path.
    ///
    /// - Parameters:
    ///   - path: still percent-encoded; none of ours needs any encoding.
    ///   - bytes: those it lies in.
    func find(_ path: Range<Int>, in bytes: RawSpan) -> StaticFile? {
        for entry in entries where entry.path.count <= path.count {
            let fixed = path.prefix(entry.path.count)
            let rest = path.dropFirst(entry.path.count)
            guard entry.isForStreams ? StreamPath.isName(rest, of: bytes) : rest.isEmpty,
                bytes.extracting(fixed).equals(entry.path)
            else { continue }
            return entry.file
        }
        return nil
    }
}

/// What is read once or twice a request, and written hardly ever.
public final class PublicContent: Sendable {
    private struct State {
        var files = PublicFiles()
        var streams = SharedBytes(json: Array(#"{"streams":[]}"#.utf8), version: 0)
    }

    private let state = Mutex(State())

    init() {}

    /// From now on these files are served.
    ///
    /// - Parameter files: by path; one that ends in `{name}` stands for all streams' names there.
    public func publish(files: [String: StaticFile]) {
        var files = PublicFiles(files)
        // Those before are freed behind the lock, which all requests wait for.
        state.withLock { swap(&$0.files, &files) }
    }

    /// From now on this is the list of the streams.
    public func publish(streams: SharedBytes) {
        var streams = streams
        state.withLock { swap(&$0.streams, &streams) }
    }

    var files: PublicFiles { state.withLock { $0.files } }
    var streams: SharedBytes { state.withLock { $0.streams } }
}
