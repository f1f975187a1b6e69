// Whose handshakes these are: so many at once from one address, and not too fast.

import WireBytes

/// The addresses of handshakes; lives on the door's thread.
struct DoorAddresses {
    private struct Entry {
        var inFlightCount = 0
        var credit: Double
        var seenMs: Int64
    }

    private let settings: SecureDoorSettings
    private var entries: [HostKey: Entry] = [:]

    init(settings: SecureDoorSettings) { self.settings = settings }

    /// How many are known.
    var count: Int { entries.count }

    /// Counts a newcomer, if it may begin.
    mutating func admit(_ host: HostKey, nowMs: Int64) -> Bool {
        let perSecond = settings.perAddressPerSecondMax
        let burst = perSecond * SecureDoorSettings.burstS
        if entries.count >= SecureDoorSettings.addressCountMax { forget(nowMs: nowMs) }
        var entry = entries[host] ?? Entry(credit: burst, seenMs: nowMs)
        entry.credit = min(
            burst, entry.credit + Double(max(0, nowMs - entry.seenMs)) / 1_000 * perSecond)
        entry.seenMs = nowMs
        // This machine is where rehearsals and proxies come from: all are in one address then.
        let mayBegin =
            host.isLoopback
            || entry.credit >= 1 && entry.inFlightCount < settings.inFlightPerAddressMax
        if mayBegin {
            entry.credit -= 1
            entry.inFlightCount += 1
        }
        entries[host] = entry
        return mayBegin
    }

    /// A handshake is over.
    mutating func leave(_ host: HostKey) { entries[host]?.inFlightCount -= 1 }

    /// How many handshakes an address has.
    func inFlightCount(_ host: HostKey) -> Int { entries[host]?.inFlightCount ?? 0 }

    /// Who has no handshake has its whole rate back after a burst's time.
    private mutating func forget(nowMs: Int64) {
        let keepsMs = Int64(SecureDoorSettings.burstS * 1_000)
        entries = entries.filter { _, entry in
            entry.inFlightCount > 0 || nowMs - entry.seenMs < keepsMs
        }
        guard entries.count >= SecureDoorSettings.addressCountMax else { return }
        entries = entries.filter { $0.value.inFlightCount > 0 }
    }
}
