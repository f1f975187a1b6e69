// What the appliance takes of the machine, now.

import ControlRoom
import Glibc
import IORing
import Synchronization

/// Looks at the machine for the staff.
final class MachineMeter: Sendable {
    private struct Look {
        var cpuSeconds: Double
        var atMs: Int64
        var share: Double
    }

    private let dataPath: String
    private let startedMs = MonotonicClock.nowMs()
    private let facts = MachineFacts.gathered()
    private let latest: Mutex<Look>

    /// Shares are of at least so long a time, ms.
    private static let spanMsMin: Int64 = 500

    /// - Parameter dataPath: whose disk counts.
    init(dataPath: String) {
        self.dataPath = dataPath
        latest = Mutex(
            Look(
                cpuSeconds: ProcessMetrics.cpuSeconds() ?? 0, atMs: MonotonicClock.nowMs(),
                share: 0))
    }

    /// - Parameter mergeMs: the longest merge interval of all shards, ms.
    func status(mergeMs: Double) -> MachineStatus {
        let disk = DiskSpace(of: dataPath)
        return MachineStatus(
            diskFreeBytes: disk?.freeByteCount, diskTotalBytes: disk?.totalByteCount,
            memoryBytes: ProcessMetrics.residentByteCount() ?? 0,
            memoryTotalBytes: facts.memoryByteCount, cpuShare: cpuShare(),
            mergeMs: (mergeMs * 10).rounded() / 10, uptimeMs: MonotonicClock.nowMs() - startedMs)
    }

    /// For Prometheus; what the system doesn't tell is left out.
    func metrics() -> [MetricFamily] {
        let disk = DiskSpace(of: dataPath)
        let values: [(name: String, help: String, value: Double?)] = [
            (
                "fanfare_disk_free_bytes", "Room on the data folder's disk, in bytes.",
                disk.map { Double($0.freeByteCount) }
            ),
            (
                "fanfare_disk_bytes", "How large the data folder's disk is, in bytes.",
                disk.map { Double($0.totalByteCount) }
            ),
            (
                "fanfare_machine_memory_bytes", "The machine's memory, in bytes.",
                Double(facts.memoryByteCount)
            ),
            (
                "fanfare_machine_processors", "Processors that this process may use.",
                Double(max(1, facts.coreCount))
            ),
        ]
        return values.compactMap { name, help, value in
            value.map { MetricFamily(name, .gauge, help: help, value: $0) }
        }
    }

    /// Of all cores, since the look before.
    private func cpuShare() -> Double {
        let nowMs = MonotonicClock.nowMs()
        let cpuSeconds = ProcessMetrics.cpuSeconds() ?? 0
        return latest.withLock { latest in
            let elapsedMs = nowMs - latest.atMs
            guard elapsedMs >= Self.spanMsMin else { return latest.share }
            let cores = Double(max(1, facts.coreCount))
            let share = (cpuSeconds - latest.cpuSeconds) * 1_000 / Double(elapsedMs) / cores
            latest = Look(
                cpuSeconds: cpuSeconds, atMs: nowMs, share: (share * 1_000).rounded() / 1_000)
            return latest.share
        }
    }
}

/// The room on a folder's disk.
struct DiskSpace {
    /// What this user may still write.
    let freeByteCount: UInt64
    /// How large it is.
    let totalByteCount: UInt64

    /// Nil where the system doesn't say.
    init?(of path: String) {
        var status = Glibc.statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        freeByteCount = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        totalByteCount = UInt64(status.f_blocks) * UInt64(status.f_frsize)
    }
}
