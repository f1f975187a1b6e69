// The fanfare that has a data folder already, and where it listens: what a check beside it must know.

import Glibc
import Settings

/// A server that runs with a data folder, as the kernel's tables tell of it. Nothing of it is touched:
/// a lock that was asked for here, be it for a moment, could keep one from starting.
struct RunningServer {
    /// Its process.
    let process: Int
    private let sockets: Set<UInt64>

    /// Most bytes of a table of the kernel that are read; a connection is a line of 150.
    private static let tableByteCountMax = 64 << 20
    /// What the second column of a table of sockets is followed by where one listens.
    private static let listening = "0A"

    /// Nil where none runs, or this user may not see.
    init?(dataPath: String) {
        var lock = stat()
        guard unsafe stat(dataPath + "/ledger.lock", &lock) == 0 else { return nil }
        for process in Self.lockHolders(inode: UInt64(lock.st_ino)) {
            let files = Self.openFiles(of: process)
            // A file's number alone may be that of another disk's.
            guard files.contains(where: { $0.st_ino == lock.st_ino && $0.st_dev == lock.st_dev })
            else { continue }
            self.process = process
            sockets = Set(
                files.filter { $0.st_mode & S_IFMT == S_IFSOCK }.map { UInt64($0.st_ino) })
            return
        }
        return nil
    }

    /// Whether whoever listens on a port of this machine is this server, and nobody else.
    func listens(onPort port: UInt16) -> Bool {
        let inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap {
            Self.listeners(in: $0, port: port)
        }
        return !inodes.isEmpty && inodes.allSatisfy(sockets.contains)
    }

    /// `1: FLOCK  ADVISORY  WRITE 4711 08:01:1234567 0 EOF`
    private static func lockHolders(inode: UInt64) -> [Int] {
        lines(of: "/proc/locks").compactMap { words in
            guard words.count >= 6, words[1] == "FLOCK",
                words[5].split(separator: ":").last.flatMap({ UInt64($0) }) == inode
            else { return nil }
            return Int(words[4])
        }
    }

    /// `0: 0100007F:1F90 00000000:0000 0A … inode …`: addresses and ports in hex.
    private static func listeners(in path: String, port: UInt16) -> [UInt64] {
        lines(of: path).compactMap { words in
            guard words.count >= 10, words[3] == listening,
                words[1].split(separator: ":").last.flatMap({ UInt16($0, radix: 16) }) == port
            else { return nil }
            return UInt64(words[9])
        }
    }

    private static func lines(of path: String) -> [[Substring]] {
        // A kernel without IPv6 has no table of it, and where nothing can be seen, nobody is there.
        let text = try? TextFile.read(path, byteCountMax: tableByteCountMax)
        return (text ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    }

    private static func openFiles(of process: Int) -> [stat] {
        let path = "/proc/\(process)/fd"
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var files: [stat] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            var file = stat()
            // What was closed in the meantime is none of its any more.
            guard Int(name) != nil, unsafe stat("\(path)/\(name)", &file) == 0 else { continue }
            files.append(file)
        }
        return files
    }
}
