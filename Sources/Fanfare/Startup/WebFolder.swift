// Reads what the operator has of the pages: a folder of files, a theme.

import FoundationEssentials
import Settings
import Web

/// Files of the operator's.
enum WebFolder {
    /// A folder of pages' files, such as a copy of Sources/Web/Files. What begins with a dot is none.
    ///
    /// - Throws: `WebError`, which names the file that can't be taken.
    static func files(_ folder: String) throws(WebError) -> WebFiles {
        var files: [String: [UInt8]] = [:]
        try add(folder, below: "", depth: 0, to: &files)
        return try WebFiles(files)
    }

    private static func add(
        _ folder: String, below path: String, depth: Int, to files: inout [String: [UInt8]]
    ) throws(WebError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .file(
                path: folder, problem: "the folder can't be read; is it one, and ours to read?")
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let place = "\(folder)/\(name)"
            let own = path.isEmpty ? name : "\(path)/\(name)"
            var isFolder = false
            guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
                continue
            }
            guard isFolder else {
                guard files.count < WebLimits.fileCountMax else {
                    throw .file(
                        path: own, problem: "there are more files than \(WebLimits.fileCountMax)")
                }
                files[own] = try bytes(place, own, byteCountMax: WebLimits.fileByteCountMax)
                continue
            }
            guard depth < WebLimits.folderDepthMax else {
                throw .file(
                    path: own,
                    problem: "folders lie in each other deeper than \(WebLimits.folderDepthMax)")
            }
            try add(place, below: own, depth: depth + 1, to: &files)
        }
    }

    private static func bytes(
        _ place: String, _ path: String, byteCountMax: Int
    ) throws(WebError) -> [UInt8] {
        do throws(TextFileError) {
            return try TextFile.bytes(place, byteCountMax: byteCountMax)
        } catch {
            throw .file(path: path, problem: error.description)
        }
    }

    /// The theme in a data folder: `theme/theme.css` and `theme/logo.svg`, `.png` or `.webp`.
    ///
    /// - Returns: what there is of it that can be used, and what is wrong with the rest.
    static func theme(dataPath: String) -> (theme: Theme, problems: [String]) {
        var problems: [String] = []
        func read(_ name: String, byteCountMax: Int) -> [UInt8]? {
            let path = "\(dataPath)/theme/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            do throws(WebError) {
                return try bytes(path, path, byteCountMax: byteCountMax)
            } catch {
                problems.append("\(error); the pages go without it")
                return nil
            }
        }
        var css = read("theme.css", byteCountMax: WebLimits.themeByteCountMax) ?? []
        if String(validating: css, as: UTF8.self) == nil {
            problems.append("\(dataPath)/theme/theme.css isn't UTF-8 text; the pages go without it")
            css = []
        }
        for name in Theme.Logo.fileNames {
            guard let bytes = read(name, byteCountMax: WebLimits.logoByteCountMax) else { continue }
            if let logo = Theme.Logo(fileName: name, bytes: bytes) {
                return (Theme(css: css, logo: logo), problems)
            }
            problems.append(
                "\(dataPath)/theme/\(name) isn't what its name says; the pages go without it")
        }
        return (Theme(css: css), problems)
    }
}
