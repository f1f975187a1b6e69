// What the server's process costs, as /proc tells.

import Glibc

/// A reading of a process.
public struct ProcessReading: Sendable {
    /// User and system time so far, s.
    public let cpuS: Double
    /// The user part of it, s.
    public let userS: Double
    /// Resident memory, bytes.
    public let residentByteCount: Int
    /// Open descriptors.
    public let descriptorCount: Int

    /// Reads `/proc/PID`; nil if there is no such process, or it is another user's.
    public init?(pid: Int) {
        guard let stat = ProcessReading.text("/proc/\(pid)/stat"),
            let statm = ProcessReading.text("/proc/\(pid)/statm"),
            // The name in parentheses may hold anything, spaces and parentheses too.
            let nameEnd = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: nameEnd)...].split(separator: " ")
        let pages = statm.split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]),
            pages.count > 1, let resident = Int(pages[1])
        else { return nil }
        let ticksPerS = Double(sysconf(Int32(_SC_CLK_TCK)))
        cpuS = (user + system) / ticksPerS
        userS = user / ticksPerS
        residentByteCount = resident * Int(sysconf(Int32(_SC_PAGESIZE)))
        descriptorCount = ProcessReading.entryCount("/proc/\(pid)/fd")
    }

    private static func text(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private static func entryCount(_ path: String) -> Int {
        guard let folder = unsafe opendir(path) else { return 0 }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        return max(0, count - 2)
    }
}
