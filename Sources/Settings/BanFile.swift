// What is kept of bans in the data folder: `bans.json`.

public import Access
import FoundationEssentials
import Glibc
import WireBytes

/// Why the bans can't be read or written.
public enum BanFileError: Error, Equatable, CustomStringConvertible {
    /// The system refuses.
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, errno: CInt)
    /// It isn't what this program wrote.
    case damaged(path: String, reason: String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .cannotRead(let path, let reason):
            "cannot read the bans in \(path): \(reason). Mend the file's rights"
        case .cannotWrite(let path, let code):
            "cannot write the bans to \(path): \(systemErrorText(code)). Make the data folder "
                + "writable, and see that its disk has room"
        case .damaged(let path, let reason):
            "the bans in \(path) can't be read: \(reason). Or put a copy of the file back, or move "
                + "it away and ban anew"
        }
    }
}

/// The bans of one data folder.
public struct BanFile: Sendable {
    private let folderPath: String
    /// Where they are kept.
    public var path: String { folderPath + "/bans.json" }

    /// The longest file that is read, bytes: all bans with the longest reasons, escaped.
    private static let byteCountMax = 4 << 20

    /// - Parameter dataPath: the data folder.
    public init(dataPath: String) {
        folderPath = dataPath.hasSuffix("/") ? String(dataPath.dropLast()) : dataPath
    }

    private struct BanRecord: Codable {
        var address: String
        var reason: String
        var by: String
        var atMs: Int64
        var untilMs: Int64?
    }

    private struct FileRecord: Codable {
        var version: Int
        var bans: [BanRecord]
    }

    /// The bans that are kept; none where there is no file.
    public func bans() throws(BanFileError) -> HostBans {
        let bytes: [UInt8]
        do throws(TextFileError) {
            bytes = try TextFile.bytes(path, byteCountMax: Self.byteCountMax)
        } catch {
            if case .system(errno: ENOENT) = error { return HostBans() }
            throw .cannotRead(path: path, reason: error.description)
        }
        let record: FileRecord
        do { record = try JSONDecoder().decode(FileRecord.self, from: Data(bytes)) } catch {
            throw .damaged(path: path, reason: "it isn't the JSON that Fanfare writes")
        }
        guard record.version == 1 else {
            throw .damaged(path: path, reason: "a newer Fanfare wrote it")
        }
        var bans: [HostBan] = []
        for ban in record.bans {
            guard let range = AddressRange(ban.address) else {
                throw .damaged(path: path, reason: "\"\(ban.address)\" in it is no address")
            }
            bans.append(
                HostBan(
                    range: range, reason: ban.reason, by: ban.by, atMs: ban.atMs,
                    untilMs: ban.untilMs))
        }
        return HostBans(bans)
    }

    /// Puts others in their place. The file has the old content or the new, whatever happens.
    public func keep(_ bans: HostBans) throws(BanFileError) {
        let record = FileRecord(
            version: 1,
            bans: bans.all.map {
                BanRecord(
                    address: $0.range.description, reason: $0.reason, by: $0.by, atMs: $0.atMs,
                    untilMs: $0.untilMs)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let bytes: [UInt8]
        do { bytes = Array(try encoder.encode(record)) } catch {
            // Texts and numbers: nothing of it can refuse to be encoded.
            preconditionFailure("bans can't be encoded: \(error)")
        }
        do throws(PrivateFileError) {
            try PrivateFile.replace(path, with: bytes)
        } catch { throw .cannotWrite(path: path, errno: error.errno) }
    }
}
