// From facts about the machine to results: what runs, what runs badly, what won't.

import Settings

/// Pure functions, one a result.
enum MachineChecks {
    /// - Parameter ringFailure: why no ring can be had, found by making one; nil if one can.
    static func results(
        _ facts: MachineFacts, settings: Settings?, ringFailure: String?
    ) -> [CheckResult] {
        var results = [
            kernel(facts), ring(facts, failure: ringFailure), lockedMemory(facts),
            descriptors(facts), acceptQueue(facts), halfOpen(facts),
        ]
        if let tcp = tcpMemory(facts) { results.append(tcp) }
        if let settings {
            results.append(memory(facts, settings))
            results.append(cores(facts, settings))
            results.append(viewers(facts, settings))
        }
        return results
    }

    static func kernel(_ facts: MachineFacts) -> CheckResult {
        guard facts.kernel >= .required else {
            return .fail(
                "kernel", "Linux \(facts.kernel)",
                advice: "Linux \(KernelRelease.required) or newer is needed, as in Debian 12")
        }
        guard facts.kernel >= .withWaitReasons else {
            return .ok(
                "kernel",
                "Linux \(facts.kernel); before \(KernelRelease.withWaitReasons) it can't tell a slow "
                    + "network from a player who doesn't read, and half a second of lag counts")
        }
        return .ok("kernel", "Linux \(facts.kernel)")
    }

    static func ring(_ facts: MachineFacts, failure: String?) -> CheckResult {
        if let failure { return .fail("io_uring", "not usable", advice: failure) }
        if facts.ringsDisabled == 1 {
            return .ok("io_uring", "usable by this user (kernel.io_uring_disabled is 1)")
        }
        return .ok("io_uring", facts.isSeccompFiltered ? "usable, under seccomp" : "usable")
    }

    static func lockedMemory(_ facts: MachineFacts) -> CheckResult {
        guard let limit = facts.lockedByteCountMax else { return .ok("memlock", "unlimited") }
        let found = "\(ByteText.of(limit))"
        return limit >= lockedByteCountWanted
            ? .ok("memlock", found)
            : .warn(
                "memlock", found,
                advice: "zero copy needs to lock the streams' memory: ulimit -l unlimited, or "
                    + "LimitMEMLOCK=infinity in the unit")
    }

    static func descriptors(_ facts: MachineFacts) -> CheckResult {
        let limit = facts.descriptorCountMax
        return limit >= descriptorCountWanted
            ? .ok("descriptors", "\(limit) for each shard")
            : .warn(
                "descriptors", "\(limit) for each shard",
                advice: "a shard serves no more viewers than that: ulimit -Hn 65536, or "
                    + "LimitNOFILE=65536 in the unit")
    }

    static func acceptQueue(_ facts: MachineFacts) -> CheckResult {
        guard let limit = facts.acceptQueueMax else {
            return .ok("accept queue", "as the kernel has it")
        }
        return limit >= acceptQueueWanted
            ? .ok("accept queue", "\(limit) waiting connections")
            : .warn(
                "accept queue", "\(limit) waiting connections",
                advice: "in a rush, later ones must try again: sysctl -w net.core.somaxconn=4096")
    }

    static func halfOpen(_ facts: MachineFacts) -> CheckResult {
        let name = "half-open"
        guard let limit = facts.halfOpenCountMax, let hasCookies = facts.hasSynCookies else {
            return .ok(name, "as the kernel has it")
        }
        let found = "\(limit) connections, \(hasCookies ? "and cookies beyond" : "and no cookies")"
        return hasCookies
            ? .ok(name, found)
            : .warn(
                name, found,
                advice: "a flood of SYNs keeps everybody out: sysctl -w net.ipv4.tcp_syncookies=1")
    }

    /// Nil where the kernel doesn't say.
    static func tcpMemory(_ facts: MachineFacts) -> CheckResult? {
        guard let limit = facts.tcpByteCountMax else { return nil }
        let stalled = limit / ViewerCost.stalledByteCount
        let found = "\(ByteText.of(limit)) at most, enough for \(stalled) stalled viewers at once"
        return stalled >= 1_000
            ? .ok("TCP memory", found)
            : .warn(
                "TCP memory", found,
                advice: "raise the third number of net.ipv4.tcp_mem (in pages)")
    }

    static func memory(_ facts: MachineFacts, _ settings: Settings) -> CheckResult {
        let arenas = ViewerCost.arenaByteCount(settings)
        let found =
            "\(ByteText.of(facts.memoryByteCount)), of which \(settings.streamCountMax) streams "
            + "take up to \(ByteText.of(arenas))"
        if arenas >= facts.memoryByteCount {
            return .fail("memory", found, advice: "lower timeline.megabytes or streams.max")
        }
        return arenas > facts.memoryByteCount / 2
            ? .warn(
                "memory", found,
                advice: "little is left for viewers: lower timeline.megabytes or streams.max")
            : .ok("memory", found)
    }

    static func cores(_ facts: MachineFacts, _ settings: Settings) -> CheckResult {
        let found = "\(facts.coreCount), for \(settings.shardCount) shards"
        return settings.shardCount <= facts.coreCount * 4
            ? .ok("cores", found)
            : .warn(
                "cores", found,
                advice: "more than a few shards a core only cost time; lower --shards")
    }

    static func viewers(_ facts: MachineFacts, _ settings: Settings) -> CheckResult {
        let capacity = ViewerCost.viewerCountMax(facts, settings)
        let words =
            "about \(capacity.count), limited by \(capacity.limitedBy); the network must carry "
            + "their bitrate too"
        guard let wanted = settings.viewerCountMax, wanted > capacity.count else {
            return .ok("viewers", words)
        }
        return .warn(
            "viewers", words,
            advice: "viewers.max is \(wanted): raise the limits above, add a machine, or lower it")
    }

    private static let lockedByteCountWanted: UInt64 = 8 << 20
    private static let descriptorCountWanted: UInt64 = 16_384
    private static let acceptQueueWanted = 4_096
}
