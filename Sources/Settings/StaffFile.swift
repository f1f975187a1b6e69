// What is kept of the staff in the data folder: people (`staff.json`) and sessions
// (`staff-sessions.json`), tokens and ids only as digests.

public import Access
import FoundationEssentials
import Glibc

/// Why the staff's files can't be read or written.
public enum StaffFileError: Error, Equatable, CustomStringConvertible {
    /// A server runs on this data folder, or another command writes there.
    case inUse(path: String)
    /// The system refuses.
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, errno: CInt)
    /// It isn't what this program wrote.
    case damaged(path: String, reason: String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .inUse(let path):
            "a server runs on \(path): leave --data out, so that it is asked itself"
        case .cannotRead(let path, let reason):
            "cannot read the staff in \(path): \(reason). Mend the file's rights"
        case .cannotWrite(let path, let code):
            "cannot write the staff to \(path): \(systemErrorText(code)). Make the data folder "
                + "writable, and see that its disk has room"
        case .damaged(let path, let reason):
            "the staff in \(path) can't be trusted: \(reason). Or put a copy of the file back, or "
                + "move it away and add the people again"
        }
    }
}

/// The staff's files of one data folder.
public struct StaffFile: Sendable {
    /// The data folder.
    private let folderPath: String
    /// Where people are kept.
    public var path: String { folderPath + "/staff.json" }
    private var sessionsPath: String { folderPath + "/staff-sessions.json" }

    /// - Parameter dataPath: the data folder, which may not exist yet.
    public init(dataPath: String) {
        folderPath = dataPath.hasSuffix("/") ? String(dataPath.dropLast()) : dataPath
    }

    // MARK: People

    private struct PersonRecord: Codable {
        var name: String
        var role: StaffRole
        var sha256: String
        var createdAtMs: Int64
    }

    private struct PeopleRecord: Codable {
        var version: Int
        var staff: [PersonRecord]
    }

    /// The people who are kept; nobody where there is no file.
    public func people() throws(StaffFileError) -> StaffPeople {
        guard let bytes = try content(path) else { return StaffPeople() }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & 0o022 == 0 else {
            throw .damaged(
                path: path,
                reason: "other users can write it. See who is in it, and run: chmod 600 \(path)")
        }
        let record: PeopleRecord
        do { record = try JSONDecoder().decode(PeopleRecord.self, from: Data(bytes)) } catch {
            throw .damaged(path: path, reason: "it isn't the JSON that Fanfare writes")
        }
        guard record.version == 1 else {
            throw .damaged(path: path, reason: "a newer Fanfare wrote it")
        }
        var people: [StaffPerson] = []
        for person in record.staff {
            guard let token = TokenDigest(hex: person.sha256) else {
                throw .damaged(path: path, reason: "a sha256 in it isn't 64 hexadecimal digits")
            }
            do throws(StaffPeopleError) {
                people.append(
                    try StaffPerson(
                        name: person.name, role: person.role, token: token,
                        createdAtMs: person.createdAtMs))
            } catch { throw .damaged(path: path, reason: error.description) }
        }
        do throws(StaffPeopleError) { return try StaffPeople(people) } catch {
            throw .damaged(path: path, reason: error.description)
        }
    }

    /// Puts others in their place. The file has the old content or the new, whatever happens.
    public func keep(_ people: StaffPeople) throws(StaffFileError) {
        let record = PeopleRecord(
            version: 1,
            staff: people.all.map {
                PersonRecord(
                    name: $0.name, role: $0.role, sha256: $0.token.hex, createdAtMs: $0.createdAtMs)
            })
        try write(record, to: path)
    }

    // MARK: Sessions

    private struct SessionRecord: Codable {
        var sha256: String
        var token: String
        var expiresAtMs: Int64
    }

    /// The sessions that are kept and still good. A file that can't be read means logging in again,
    /// and nothing worse.
    public func sessions(nowMs: Int64) -> StaffSessions {
        guard let bytes = try? content(sessionsPath),
            let records = try? JSONDecoder().decode([SessionRecord].self, from: Data(bytes))
        else { return StaffSessions() }
        return StaffSessions(
            records.compactMap { record in
                guard let id = TokenDigest(hex: record.sha256),
                    let token = TokenDigest(hex: record.token)
                else { return nil }
                return StaffSession(id: id, token: token, expiresAtMs: record.expiresAtMs)
            }, nowMs: nowMs)
    }

    /// Puts others in their place.
    public func keep(_ sessions: StaffSessions) throws(StaffFileError) {
        let records = sessions.all.map {
            SessionRecord(sha256: $0.id.hex, token: $0.token.hex, expiresAtMs: $0.expiresAtMs)
        }
        try write(records, to: sessionsPath)
    }

    // MARK: Files

    /// Nil if there is no such file.
    private func content(_ path: String) throws(StaffFileError) -> [UInt8]? {
        do throws(TextFileError) {
            return try TextFile.bytes(path, byteCountMax: StaffLimits.fileByteCountMax)
        } catch {
            if case .system(errno: ENOENT) = error { return nil }
            throw .cannotRead(path: path, reason: error.description)
        }
    }

    private func write(_ value: some Encodable, to path: String) throws(StaffFileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // Nothing of it can refuse to be encoded.
        let bytes = (try? encoder.encode(value)).map(Array.init) ?? []
        do throws(DataFileError) {
            try DataFile.write(bytes, to: path, inFolder: folderPath)
        } catch { throw .cannotWrite(path: path, errno: error.errno) }
    }
}

/// Holds `staff.lock` of a data folder for as long as it lives: one process at a time writes who the
/// staff are. The kernel gives it back however a process ends.
public final class StaffFileLock: Sendable {
    private let descriptor: CInt

    /// - Throws: `StaffFileError.inUse` where another process holds it.
    public init(dataPath: String) throws(StaffFileError) {
        let path = (dataPath.hasSuffix("/") ? dataPath : dataPath + "/") + "staff.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK
                ? .inUse(path: dataPath) : .cannotWrite(path: path, errno: code)
        }
    }

    deinit { close(descriptor) }
}
