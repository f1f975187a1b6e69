// What this machine is like, as far as a broadcast cares.

import FoundationEssentials
import Glibc
import Settings

/// Facts about the machine, gathered once; plain values, so that what is concluded from them can be
/// tested with other machines' values.
struct MachineFacts: Sendable {
    var kernel: KernelRelease
    /// `kernel.io_uring_disabled`; nil where the kernel has no such setting.
    var ringsDisabled: Int?
    /// Whether a seccomp filter is over this process.
    var isSeccompFiltered: Bool
    var coreCount: Int
    /// nil if unlimited.
    var lockedByteCountMax: UInt64?
    /// Open files: the hard limit, up to which a process may raise its own.
    var descriptorCountMax: UInt64
    /// Memory of the machine or of the container, whichever is less.
    var memoryByteCount: UInt64
    /// All TCP buffers together (`net.ipv4.tcp_mem`, the third number); nil if unknown.
    var tcpByteCountMax: UInt64?
    /// `net.core.somaxconn`: how many connections may wait to be accepted.
    var acceptQueueMax: Int?
    /// `net.ipv4.tcp_max_syn_backlog`: how many may be in the midst of connecting.
    var halfOpenCountMax: Int?
    /// `net.ipv4.tcp_syncookies`: whether more than that can still connect.
    var hasSynCookies: Bool?

    /// Of this machine, now.
    static func gathered() -> MachineFacts {
        let pageByteCount = UInt64(max(sysconf(CInt(_SC_PAGESIZE)), 1))
        let tcpPages = numbers("/proc/sys/net/ipv4/tcp_mem")
        return MachineFacts(
            kernel: .running,
            ringsDisabled: numbers("/proc/sys/kernel/io_uring_disabled").first.map(Int.init),
            isSeccompFiltered: field("Seccomp:", in: "/proc/self/status") == 2,
            coreCount: ProcessInfo.processInfo.activeProcessorCount,
            lockedByteCountMax: limit(__RLIMIT_MEMLOCK),
            descriptorCountMax: limit(RLIMIT_NOFILE) ?? .max,
            memoryByteCount: memory(),
            tcpByteCountMax: tcpPages.count == 3 ? tcpPages[2] * pageByteCount : nil,
            acceptQueueMax: numbers("/proc/sys/net/core/somaxconn").first.map(Int.init),
            halfOpenCountMax: numbers("/proc/sys/net/ipv4/tcp_max_syn_backlog").first
                .map(Int.init),
            hasSynCookies: numbers("/proc/sys/net/ipv4/tcp_syncookies").first.map { $0 > 0 })
    }

    /// A hard limit of this process; nil if unlimited.
    private static func limit(_ resource: __rlimit_resource) -> UInt64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else {
            return nil
        }
        return limit.rlim_max == rlim_t.max ? nil : UInt64(limit.rlim_max)
    }

    private static func memory() -> UInt64 {
        let machine = (field("MemTotal:", in: "/proc/meminfo") ?? 0) * 1024
        let container = numbers("/sys/fs/cgroup/memory.max").first
        return min(machine, container ?? machine)
    }

    private static func numbers(_ path: String) -> [UInt64] {
        guard let text = try? TextFile.read(path) else { return [] }
        return text.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
    }

    private static func field(_ name: String, in path: String) -> UInt64? {
        guard let text = try? TextFile.read(path) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { UInt64($0) }
    }
}
