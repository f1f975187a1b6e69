// What a viewer costs, as measured, and how many a machine can therefore take.

import Settings

/// Costs of a viewer, from the measurements of the design (section 3).
enum ViewerCost {
    /// Kernel memory of a viewer that reads, with what is on its way to it.
    static let usualByteCount: UInt64 = 16 << 10

    /// Kernel memory of a viewer that reads nothing, with TCP_NOTSENT_LOWAT at 128 KB.
    static let stalledByteCount: UInt64 = 143 << 10

    /// Viewers of 1 Mbit/s that one core serves at a merge interval of 350 to 500 ms.
    static let viewersPerCore = 25_000

    /// Left for the system and for our own code.
    private static let reservedByteCount: UInt64 = 256 << 20

    /// What all streams' timelines take when they are full.
    static func arenaByteCount(_ settings: Settings) -> UInt64 {
        UInt64(settings.streamCountMax) * UInt64(settings.timelineMegabytes) << 20
    }

    /// How many viewers fit, and which limit comes first.
    static func viewerCountMax(
        _ facts: MachineFacts, _ settings: Settings
    ) -> (count: Int, limitedBy: String) {
        let taken = reservedByteCount + arenaByteCount(settings)
        let free = facts.memoryByteCount > taken ? facts.memoryByteCount - taken : 0
        let descriptors = facts.descriptorCountMax.multipliedReportingOverflow(
            by: UInt64(settings.shardCount))
        let cores = min(facts.coreCount, settings.shardCount)
        let candidates: [(count: UInt64, limitedBy: String)] = [
            (descriptors.overflow ? .max : descriptors.partialValue, "descriptors"),
            (free / usualByteCount, "memory"),
            (UInt64(cores * viewersPerCore), "processors (at 1 Mbit/s)"),
        ]
        let least = candidates.min { $0.count < $1.count } ?? (0, "memory")
        return (Int(clamping: least.count), least.limitedBy)
    }
}

/// Byte counts for people.
enum ByteText {
    /// "64 MB", in units of 1024.
    static func of(_ count: UInt64) -> String {
        let units = ["bytes", "KB", "MB", "GB", "TB"]
        var size = Double(count)
        var unit = 0
        while size >= 1024, unit < units.count - 1 {
            size /= 1024
            unit += 1
        }
        let rounded = (size * 10).rounded() / 10
        let number = rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
        return "\(number) \(units[unit])"
    }
}
