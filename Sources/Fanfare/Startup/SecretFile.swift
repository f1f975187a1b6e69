// The keys of an operator who chose none: made at the first start, kept in the data folder.

import Access
import Glibc
import Settings

/// `<data>/publish-key`: what a publisher must know.
typealias PublishKeyFile = SecretFile<StreamKeyKind>
/// `<data>/player-key`: what players' tokens are signed with.
typealias PlayerKeyFile = SecretFile<PlayerKeyKind>
/// `<data>/callback-secret`: what callbacks are signed with.
typealias CallbackSecretFile = SecretFile<CallbackSecretKind>

extension SecretFile where Kind == StreamKeyKind {
    init(dataPath: String) { self.init(dataPath: dataPath, name: "publish-key") }
}

extension SecretFile where Kind == PlayerKeyKind {
    init(dataPath: String) { self.init(dataPath: dataPath, name: "player-key") }
}

extension SecretFile where Kind == CallbackSecretKind {
    init(dataPath: String) { self.init(dataPath: dataPath, name: "callback-secret") }
}

/// Why there is no such key.
enum SecretFileError<Kind: SecretKind>: Error, Equatable, CustomStringConvertible {
    case folder(DataFolderError)
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, errno: CInt)
    case cannotProtect(path: String, errno: CInt)
    case unusable(path: String, reason: SecretError)
    case notMade(SecretError)

    var description: String {
        switch self {
        case .folder(let error):
            error.description
        case .cannotRead(let path, let reason):
            "cannot read the \(Kind.name) in \(path): \(reason). Mend the file's rights, or delete "
                + "it to get a new key"
        case .cannotWrite(let path, let code):
            "cannot write the \(Kind.name) to \(path): \(systemErrorText(code)). Make the data "
                + "folder writable, choose another with --data, or set \(Kind.option)"
        case .cannotProtect(let path, let code):
            "\(path) can be read by other users and cannot be closed to them: "
                + "\(systemErrorText(code)). Run: chmod 600 \(path)"
        case .unusable(let path, let reason):
            "the \(Kind.name) in \(path) is no good: \(reason) Mend the file, or delete it to get a "
                + "new key"
        case .notMade(let reason):
            reason.description
        }
    }
}

/// A file of the data folder: one line, for its owner's eyes only.
struct SecretFile<Kind: SecretKind>: Sendable {
    /// A key and how it was come by.
    struct Loaded: Sendable {
        var key: Secret<Kind>
        /// Made just now.
        var isNew: Bool
        /// What was not as it should be and has been mended; nil if nothing.
        var warning: String?
    }

    let path: String
    private let folderPath: String

    init(dataPath: String, name: String) {
        folderPath = dataPath
        path = dataPath.hasSuffix("/") ? dataPath + name : "\(dataPath)/\(name)"
    }

    /// The kept key, or a new one that is kept from now on. Two processes that start at the same
    /// moment get the same key.
    ///
    /// - Parameter random: where a new key comes from.
    func load(
        random: () throws(SecretError) -> Secret<Kind> = Secret<Kind>.random
    ) throws(SecretFileError<Kind>) -> Loaded {
        if let kept = try readKept() { return kept }
        do {
            try DataFolder.create(folderPath)
        } catch {
            throw .folder(error)
        }
        let key: Secret<Kind>
        do {
            key = try random()
        } catch {
            throw .notMade(error)
        }
        if try keep(key) { return Loaded(key: key, isNew: true) }
        guard let kept = try readKept() else { throw .cannotWrite(path: path, errno: EEXIST) }
        return kept
    }

    /// Nil if there is no file yet.
    private func readKept() throws(SecretFileError<Kind>) -> Loaded? {
        let text: String
        do {
            text = try TextFile.read(path, byteCountMax: 4096)
        } catch .system(errno: ENOENT) {
            return nil
        } catch {
            throw .cannotRead(path: path, reason: error.description)
        }
        let warning = try closeToOthers()
        do {
            let line = text.split(whereSeparator: \.isWhitespace).first ?? ""
            let key = try Secret<Kind>(validating: String(line))
            let warnings = [warning, key.warning.map { "\(path): \($0)" }].compactMap { $0 }
            return Loaded(
                key: key, isNew: false,
                warning: warnings.isEmpty ? nil : warnings.joined(separator: "; "))
        } catch {
            throw .unusable(path: path, reason: error)
        }
    }

    /// Takes away the rights others have, and says so.
    private func closeToOthers() throws(SecretFileError<Kind>) -> String? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
        guard unsafe chmod(path, 0o600) == 0 else {
            throw .cannotProtect(path: path, errno: errno)
        }
        return "\(path) could be read by other users and was closed to them; if one may have seen "
            + "the \(Kind.name), delete the file to get a new one"
    }

    /// False if another process was faster.
    private func keep(_ key: Secret<Kind>) throws(SecretFileError<Kind>) -> Bool {
        do throws(PrivateFileError) {
            return try PrivateFile.create(path, with: Array("\(key.text)\n".utf8))
        } catch { throw .cannotWrite(path: path, errno: error.errno) }
    }
}
