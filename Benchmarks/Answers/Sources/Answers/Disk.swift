// What the disk can do: the same bytes to a plain file, each time until they are on it.

import Glibc

enum Disk {
    /// How long a write of so many bytes and its fdatasync take, ms, over a second.
    static func syncMs(folder: String, byteCount: Int) -> Double {
        let path = folder + "/plain"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { fatalError("\(path) can't be written") }
        defer {
            close(descriptor)
            unsafe unlink(path)
        }
        let bytes = [UInt8](repeating: 7, count: max(1, byteCount))
        // Like the write-ahead log, it has its size before: only data has to go out.
        for _ in 0..<64 { unsafe write(descriptor, bytes, bytes.count) }
        fsync(descriptor)
        var count = 0
        let startNs = nowNs()
        while nowNs() - startNs < 1_000_000_000 {
            unsafe pwrite(descriptor, bytes, bytes.count, (count % 64) * bytes.count)
            fdatasync(descriptor)
            count += 1
        }
        return Double(nowNs() - startNs) / 1e6 / Double(count)
    }

    /// All bytes this process has handed to write calls.
    static func writtenByteCount() -> Int {
        guard let file = unsafe fopen("/proc/self/io", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        while unsafe fgets(&line, 128, file) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("wchar: ") { return Int(text.dropFirst(7).dropLast()) ?? 0 }
        }
        return 0
    }

    static func cpuS() -> Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    static func nowNs() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
