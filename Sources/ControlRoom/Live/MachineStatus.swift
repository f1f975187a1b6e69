// What the staff see of the machine.

/// The machine at one moment.
public struct MachineStatus: Sendable, Codable, Equatable {
    /// What is free on the disk of the data folder; nil where the system doesn't say.
    public var diskFreeBytes: UInt64?
    /// How large that disk is.
    public var diskTotalBytes: UInt64?
    /// What the appliance has in memory.
    public var memoryBytes: UInt64
    /// What the machine has.
    public var memoryTotalBytes: UInt64
    /// The share of all processors that the appliance used over the last second, 0 to 1.
    public var cpuShare: Double
    /// How long media is gathered before it is sent, the longest of all shards, ms.
    public var mergeMs: Double
    /// How long the appliance has been running, ms.
    public var uptimeMs: Int64

    /// A machine.
    public init(
        diskFreeBytes: UInt64? = nil, diskTotalBytes: UInt64? = nil, memoryBytes: UInt64 = 0,
        memoryTotalBytes: UInt64 = 0, cpuShare: Double = 0, mergeMs: Double = 0,
        uptimeMs: Int64 = 0
    ) {
        self.diskFreeBytes = diskFreeBytes
        self.diskTotalBytes = diskTotalBytes
        self.memoryBytes = memoryBytes
        self.memoryTotalBytes = memoryTotalBytes
        self.cpuShare = cpuShare
        self.mergeMs = mergeMs
        self.uptimeMs = uptimeMs
    }
}
