// What is in the memory of a process.

import Foundation

/// The memory that a process of ours has written to, looked through as a debugger does.
struct ProcessMemory {
    /// A longer piece of memory holds media, not keys.
    private static let byteCountMax = 64 << 20

    private let pieces: [Data]

    init(pid: Int32) throws {
        let maps = try String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8)
        let memory = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(pid)/mem"))
        defer { try? memory.close() }
        pieces = try maps.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count >= 5, words[1].hasPrefix("rw-p") else { return nil }
            let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            guard ends.count == 2, ends[1] - ends[0] <= Self.byteCountMax else { return nil }
            try memory.seek(toOffset: ends[0])
            return try memory.read(upToCount: Int(ends[1] - ends[0]))
        }
    }

    /// How often some bytes are in it.
    func count(of bytes: Data) -> Int {
        pieces.reduce(0) { sum, piece in
            var (count, start) = (0, piece.startIndex)
            while let found = piece.range(of: bytes, in: start..<piece.endIndex) {
                count += 1
                start = found.upperBound
            }
            return sum + count
        }
    }
}
