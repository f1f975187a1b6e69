// Whether to lend the kernel the arena's pages instead of having it copy them, and what is lent.

/// How a shard sends.
public enum ZeroCopyPolicy: String, Sendable, CaseIterable {
    /// Without a copy where the kernel really takes the pages; found out on real traffic.
    case auto
    /// Without a copy wherever the kernel knows how, for tests and comparisons.
    case on
    /// Always with a copy.
    case off
}

/// A shard's decision between SEND and SEND_ZC, and the ranges of the timelines that notifications
/// are still owed for.
///
/// A zero-copy send costs more than a plain one where the kernel copies after all (loopback, veth,
/// cards without scatter-gather) and for small ranges; the kernel's usage reports tell.
/// Sends are booked in *epochs*, a visit's worth at a time: which epoch is carried by the token,
/// so a notification needs no look-up.
struct ZeroCopy {
    enum Mode: Equatable {
        /// Plain sends until it is time to try again.
        case copying
        /// A few sends find out what the kernel does.
        case probing
        /// Sends of a worthwhile size go without a copy.
        case lending
    }

    /// The sends of one visit to the viewers of one channel.
    private struct Epoch {
        var owedCount: UInt32 = 0
        /// Which timeline's life in its channel.
        var life: UInt8 = 0
        var oldest: UInt64 = .max
    }

    private let policy: ZeroCopyPolicy
    private(set) var mode: Mode
    private var epochs: [Epoch]
    private var current: [Int]
    private var lives: [UInt8]
    private var probesLeft = 0
    private var nextProbeMs: Int64 = 0
    private var probeEndMs: Int64 = 0
    private var windowReportCount = 0
    private var windowCopyCount = 0

    /// Ranges lent to the kernel so far.
    private(set) var sendCount: UInt64 = 0
    /// Of those that came back: the kernel had copied them after all.
    private(set) var copiedCount: UInt64 = 0
    /// Ranges that have not come back.
    private(set) var owedCount = 0
    /// Times it was tried out.
    private(set) var probeCount: UInt64 = 0

    init(policy: ZeroCopyPolicy, isSupported: Bool, channelCount: Int) {
        self.policy = isSupported ? policy : .off
        mode = self.policy == .on ? .lending : .copying
        let epochCount = self.policy == .off ? 0 : DeliverySettings.zeroCopyEpochCount
        epochs = Array(repeating: Epoch(), count: epochCount)
        current = (0..<channelCount).map { $0 }
        lives = Array(repeating: 0, count: channelCount)
    }

    /// Whether a send of so many bytes should go without a copy.
    func wants(byteCount: Int) -> Bool {
        switch mode {
        case .copying: false
        case .probing: probesLeft > 0 && byteCount >= DeliverySettings.zeroCopyByteCountMin
        case .lending: policy == .on || byteCount >= DeliverySettings.zeroCopyByteCountMin
        }
    }

    // MARK: What is lent

    /// Books a send of a channel's bytes from a position on.
    ///
    /// - Returns: its epoch.
    mutating func lend(channel: Int, from position: UInt64) -> Int {
        let index = current[channel]
        if epochs[index].owedCount == 0 { epochs[index].oldest = .max }
        epochs[index].life = lives[channel]
        epochs[index].owedCount += 1
        epochs[index].oldest = min(epochs[index].oldest, position)
        owedCount += 1
        sendCount += 1
        if mode == .probing { probesLeft -= 1 }
        return index
    }

    /// The kernel has done with a send of an epoch.
    ///
    /// - Parameter wasCopied: what the kernel reports; nil when it never took anything.
    mutating func take(back epoch: Int, wasCopied: Bool?) {
        precondition(epochs[epoch].owedCount > 0, "a range came back that was not lent")
        epochs[epoch].owedCount -= 1
        owedCount -= 1
        guard let wasCopied else { return }
        windowReportCount += 1
        if wasCopied {
            copiedCount += 1
            windowCopyCount += 1
        }
    }

    /// Begins a new epoch for a channel, unless so many old ones are still owed for that the
    /// last one had better go on.
    mutating func turnEpoch(channel: Int) {
        guard !epochs.isEmpty, epochs[current[channel]].owedCount > 0 else { return }
        let step = current.count
        var candidate = current[channel]
        for _ in 0..<DeliverySettings.zeroCopyEpochTries {
            candidate += step
            if candidate >= epochs.count { candidate = channel }
            if epochs[candidate].owedCount == 0 {
                current[channel] = candidate
                return
            }
        }
    }

    /// The oldest position of a channel that the kernel may still read; `max` for none.
    func oldestOwed(channel: Int) -> UInt64 {
        guard owedCount > 0 else { return .max }
        var oldest = UInt64.max
        var index = channel
        while index < epochs.count {
            if epochs[index].owedCount > 0, epochs[index].life == lives[channel] {
                oldest = min(oldest, epochs[index].oldest)
            }
            index += current.count
        }
        return oldest
    }

    /// Another timeline has come into the channel; what is owed for the last one is no concern.
    mutating func forget(channel: Int) {
        lives[channel] &+= 1
        turnEpoch(channel: channel)
    }

    // MARK: The decision

    /// Looks at the reports and decides; to be asked now and then.
    mutating func decide(nowMs: Int64) {
        guard policy == .auto else { return }
        switch mode {
        case .copying:
            guard nowMs >= nextProbeMs else { return }
            mode = .probing
            probesLeft = DeliverySettings.zeroCopyProbeCount
            probeEndMs = .max
            probeCount += 1
            restartWindow()
        case .probing:
            guard probesLeft == 0 else { return }
            if probeEndMs == .max { probeEndMs = nowMs + DeliverySettings.zeroCopyProbeMsMax }
            let isComplete = windowReportCount >= DeliverySettings.zeroCopyProbeCount * 3 / 4
            guard isComplete || nowMs >= probeEndMs else { return }
            if isComplete, windowCopyCount * 10 <= windowReportCount {
                mode = .lending
            } else {
                mode = .copying
                nextProbeMs = nowMs + DeliverySettings.zeroCopyProbeIntervalMs
            }
            restartWindow()
        case .lending:
            guard windowReportCount >= DeliverySettings.zeroCopyWindow else { return }
            if windowCopyCount * 4 > windowReportCount {
                mode = .copying
                nextProbeMs = nowMs + DeliverySettings.zeroCopyProbeIntervalMs
            }
            restartWindow()
        }
    }

    private mutating func restartWindow() {
        windowReportCount = 0
        windowCopyCount = 0
    }
}
