// The files of the repository these tests were built from.

import Foundation

/// A text file, by its path in the repository.
struct TextFile: Sendable {
    let path: String
    let text: String
    let lines: [Substring]

    var name: String { String(path.split(separator: "/").last ?? "") }
    /// `Delivery` for `Sources/Delivery/Shard.swift`.
    var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The lines that hold a word, counted from 1.
    func lineNumbers(with word: String) -> [Int] {
        guard text.contains(word) else { return [] }
        return lines.indices.filter { lines[$0].contains(word) }.map { $0 + 1 }
    }
}

enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardized

    /// The names in a folder, sorted; empty if there is no such folder.
    static func names(in folder: String) -> [String] {
        let path = root.appending(path: folder).path
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// The folders in a folder, sorted.
    static func folders(in folder: String) -> [String] {
        names(in: folder).filter { isFolder("\(folder)/\($0)") }
    }

    /// All files below a folder, as paths in the repository.
    static func files(below folder: String) -> [String] {
        names(in: folder).flatMap { name in
            let path = "\(folder)/\(name)"
            return isFolder(path) ? files(below: path) : [path]
        }
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// The path that a link in a folder's document means.
    static func path(_ link: String, in folder: String) -> String {
        var parts = folder.split(separator: "/")
        for part in link.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: root.appending(path: path).path)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let path = root.appending(path: path).path
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// Every Swift file of ours.
    static func swiftFiles(below folders: [String]) throws -> [TextFile] {
        try folders.flatMap(files(below:)).filter { $0.hasSuffix(".swift") }.map(TextFile.init)
    }

    /// Every document for people.
    static func documents() throws -> [TextFile] {
        let nested = [".github", "Benchmarks", "Ops", "Sources", "Tests"].flatMap(files(below:))
        return try (names(in: ".") + nested).filter { $0.hasSuffix(".md") }.map(TextFile.init)
    }

    /// The shell scripts: what is run, and what they share.
    static func scripts() throws -> [TextFile] {
        try [".ci", "Ops", "Benchmarks"].flatMap(files(below:))
            .filter { !$0.contains(".") || $0.hasPrefix(".ci/") || $0.hasSuffix(".sh") }
            // Which is what podman and docker look for by name, and no script.
            .filter { !$0.hasSuffix("/Containerfile") }
            .map(TextFile.init)
    }
}
