// The process's own numbers, by the names that every Prometheus dashboard knows.

import ControlRoom
import Glibc
import Settings

/// What is known of this process; what the system doesn't tell is left out.
enum ProcessMetrics {
    static func families() -> [MetricFamily] {
        var families = [
            MetricFamily(
                "fanfare_build_info", .gauge, help: "1, with what is running.",
                samples: [.init(1, labels: [("version", FanfareCommand.version)])])
        ]
        func add(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ value: Double?
        ) {
            guard let value else { return }
            families.append(MetricFamily(name, kind, help: help, value: value))
        }
        add(
            "process_cpu_seconds_total", .counter,
            "Processor time, of the kernel for this process too, in seconds.", cpuSeconds())
        let pages = memoryPages()
        add(
            "process_resident_memory_bytes", .gauge, "Memory that is in use, in bytes.",
            pages.map { Double($0.resident) * pageByteCount })
        add(
            "process_virtual_memory_bytes", .gauge, "Memory that is addressed, in bytes.",
            pages.map { Double($0.virtual) * pageByteCount })
        add(
            "process_open_fds", .gauge, "Open file descriptors, those within rings left out.",
            openDescriptorCount().map(Double.init))
        add(
            "process_max_fds", .gauge, "File descriptors that may be open.",
            Double(DescriptorLimit.current))
        add(
            "process_start_time_seconds", .gauge, "When it began, in seconds since 1970.",
            startSeconds)
        return families
    }

    private static let pageByteCount = Double(max(1, sysconf(CInt(_SC_PAGESIZE))))

    /// Processor time until now, s.
    static func cpuSeconds() -> Double? {
        var usage = rusage()
        let own = __rusage_who_t(RUSAGE_SELF.rawValue)
        guard unsafe getrusage(own, &usage) == 0 else { return nil }
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1e6
        }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// Memory in use, bytes.
    static func residentByteCount() -> UInt64? {
        memoryPages().map { UInt64(Double($0.resident) * pageByteCount) }
    }

    private static func memoryPages() -> (virtual: Int, resident: Int)? {
        let text = try? TextFile.read("/proc/self/statm")
        let numbers = (text ?? "").split(separator: " ").compactMap { Int($0) }
        return numbers.count >= 2 ? (numbers[0], numbers[1]) : nil
    }

    private static func openDescriptorCount() -> Int? {
        guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // Not ".", "..", and the descriptor of this look.
        return count - 3
    }

    /// Looked up once: it doesn't change.
    private static let startSeconds: Double? = {
        guard let own = try? TextFile.read("/proc/self/stat"),
            let machine = try? TextFile.read("/proc/stat", byteCountMax: 1 << 20),
            let boot = machine.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let bootSeconds = Double(boot.dropFirst(6)),
            // The name in brackets may hold anything; the fields behind it don't.
            let bracket = own.lastIndex(of: ")")
        else { return nil }
        let fields = own[bracket...].split(separator: " ")
        // The 22nd field of all, the third being the first behind the name.
        guard fields.count > 20, let ticks = Double(fields[20]) else { return nil }
        return bootSeconds + ticks / Double(max(1, sysconf(CInt(_SC_CLK_TCK))))
    }()
}
