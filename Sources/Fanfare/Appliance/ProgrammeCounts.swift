// What the shards have counted for a programme, since it went on air.

import Delivery
import Synchronization

/// The shards count by a programme's slot, which another programme may have had before.
final class ProgrammeCounts: Sendable {
    /// What was counted.
    struct Count: Equatable {
        var bytes: UInt64 = 0
        var joins: UInt64 = 0
        var drops: UInt64 = 0
        var skips: UInt64 = 0

        init() {}

        /// Of a slot, in all shards.
        init(of slot: Int, _ shards: [ShardCounters]) {
            for shard in shards {
                bytes += shard.programByteCounts[slot]
                joins += shard.programJoinCounts[slot]
                drops += shard.programDropCounts[slot]
                skips += shard.programSkipCounts[slot]
            }
        }

        /// What came since; a short send may have been counted before it was known to be one.
        func since(_ former: Count) -> Count {
            var count = self
            count.bytes -= min(bytes, former.bytes)
            count.joins -= min(joins, former.joins)
            count.drops -= min(drops, former.drops)
            count.skips -= min(skips, former.skips)
            return count
        }
    }

    private struct Slot {
        var programme: UInt64
        var before: Count
        var latest: Count
    }

    private let slots = Mutex<[Int: Slot]>([:])

    /// What was counted for a programme alone. The staff plane looks once a second, so that little of
    /// the former one is missed.
    func sinceOnAir(_ count: Count, of programme: UInt64, slot: Int) -> Count {
        slots.withLock { slots in
            let former = slots[slot]
            let before =
                former.map { $0.programme == programme ? $0.before : $0.latest } ?? Count()
            slots[slot] = Slot(programme: programme, before: before, latest: count)
            return count.since(before)
        }
    }
}
