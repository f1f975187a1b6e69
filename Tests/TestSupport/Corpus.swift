// The fuzzers' corpora as fixtures: what was found or recorded once stays tested.

import Foundation

/// The files under `Tests/Fuzz/Corpus`.
public enum Corpus {
    private static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzz/Corpus")
    }

    /// One file of a parser's corpus.
    public static func bytes(_ parser: String, _ file: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: root.appending(path: parser).appending(path: file)))
    }

    /// All files of a parser's corpus, by name, in the order of their names.
    public static func files(_ parser: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = root.appending(path: parser)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            ($0, try bytes(parser, $0))
        }
    }
}
