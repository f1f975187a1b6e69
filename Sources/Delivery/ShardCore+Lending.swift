// Zero-copy sends: what is lent to the kernel, and how it comes back before it is needed.

import Broadcast
import IORing

extension ShardCore where Kernel: ~Copyable {
    /// Makes sure that the writer leaves alone what lies from a position on.
    ///
    /// - Returns: whether it may be lent; if not it has to be copied.
    mutating func lend(
        _ slot: Int, _ channel: Int, from position: UInt64, _ view: TimelineView
    ) -> Bool {
        guard let floor = channels[channel].lowWaterMark,
            settings.zeroCopy == .on || hasKeptUp(slot),
            table[slot].owedCount < DeliverySettings.zeroCopyOwedCountMax
        else { return false }
        let unit = UInt32(truncatingIfNeeded: position >> 16)
        let oldest = table[slot].owedCount == 0 ? unit : table[slot].owedFrom
        // Copying on until all of it came back is what keeps its oldest bytes known; and what is
        // old before it is lent, after the shard was held up, would be wanted back at once.
        guard !isOld(owedFrom: oldest, view, share: 2) else { return false }
        table[slot].owedFrom = oldest
        if position < channels[channel].lowestLent {
            floor.set(position)
            channels[channel].lowestLent = position
            // Only now nothing can be written over it, so only now it is known to be true.
            guard view.stillHolds(position) else { return false }
        }
        table[slot].owedCount += 1
        return true
    }

    /// Whoever is slow would keep what is lent for long, and have to be dropped for it.
    private func hasKeptUp(_ slot: Int) -> Bool {
        !table[slot].flags.contains(.lagging)
            && nowMs - table[slot].sinceMs >= DeliverySettings.zeroCopyTrialMs
    }

    /// Whether the writer has come round to within one part in `share` of it.
    private func isOld(owedFrom unit: UInt32, _ view: TimelineView, share: UInt64) -> Bool {
        let headUnit = UInt32(truncatingIfNeeded: view.head >> 16)
        let limit = UInt64(view.byteCount) - UInt64(view.byteCount) / share
        return UInt64(headUnit &- unit) << 16 > limit
    }

    /// The epoch takes the upper 12 bits of what is otherwise the slot.
    func lendingToken(_ slot: Int, epoch: Int) -> Token {
        Token(
            operation: Operation.sendStreamZeroCopy, generation: table[slot].generation,
            slot: slot | epoch << 20)
    }

    /// A zero-copy send has its result, or the kernel has done with the memory.
    mutating func zeroCopyCompleted(_ completion: Completion) {
        let slot = completion.token.slot & 0xF_FFFF
        let epoch = completion.token.slot >> 20
        let isOurs = table[slot].generation & 0xFF_FFFF == completion.token.generation
        let isOver = completion.isNotification || !completion.isFollowed
        if isOver {
            zeroCopy.take(
                back: epoch, wasCopied: completion.isNotification ? completion.wasCopied : nil)
            if isOurs, table[slot].owedCount > 0 { table[slot].owedCount -= 1 }
        }
        guard !completion.isNotification else { return }
        guard isOurs else {
            countLate(completion, of: slot)
            return
        }
        let offered = table[slot].cursor - table[slot].sendStart
        if completion.result < 0 || UInt64(completion.result) < offered {
            advance(slot, completion.result, isLent: true)
        }
    }

    /// Whether the writer is coming near to what is lent.
    var isPressed: Bool {
        guard zeroCopy.owedCount > 0 else { return false }
        return channels.indices.contains { index in
            channels[index].view.map { isNear(channels[index].lowestLent, $0) } ?? false
        }
    }

    private func isNear(_ position: UInt64, _ view: TimelineView) -> Bool {
        let head = view.head
        return position < head - min(head, UInt64(view.byteCount / 4 * 3))
    }

    /// Now and then: decides whether to lend, raises the floors, and gets back what is needed.
    mutating func tendLending() throws(RingError) {
        lendingDueMs = nowMs + DeliverySettings.lendingIntervalMs
        try collectReturned()
        zeroCopy.decide(nowMs: nowMs)
        counters.zeroCopySendCount = zeroCopy.sendCount
        counters.zeroCopyCopiedCount = zeroCopy.copiedCount
        counters.zeroCopyProbeCount = zeroCopy.probeCount
        counters.zeroCopyOwedCount = zeroCopy.owedCount
        counters.isZeroCopy = zeroCopy.mode == .lending
        for index in channels.indices {
            if zeroCopy.mode == .lending, channels[index].isRegistered == nil {
                register(channel: index)
            }
            guard channels[index].lowestLent != LowWaterMark.none else { continue }
            let oldest = zeroCopy.oldestOwed(channel: index)
            if oldest != channels[index].lowestLent {
                channels[index].lowWaterMark?.set(oldest)
                channels[index].lowestLent = oldest
            }
            if let view = channels[index].view, isNear(oldest, view) {
                getBack(channel: index, view)
            }
        }
        if hasPrepared { try flush() }
    }

    /// Before anybody is dropped for what it owes: hears of all that has come back.
    ///
    /// After a shard was held up, everybody's notifications are waiting, and the kernel tells of
    /// about 20 a call.
    private mutating func collectReturned() throws(RingError) {
        while isPressed {
            let owedCount = zeroCopy.owedCount
            try flush()
            guard zeroCopy.owedCount < owedCount else { return }
        }
    }

    /// The writer is coming near: whoever has old bytes on the way is dropped.
    private mutating func getBack(channel index: Int, _ view: TimelineView) {
        for slot in 0..<table.usedEnd
        where table[slot].owedCount > 0 && Int(table[slot].channel) == index
            && isOld(owedFrom: table[slot].owedFrom, view, share: 4)
        {
            makeRoom()
            end(slot, .overrun)
        }
    }

    private mutating func register(channel index: Int) {
        guard let program = channels[index].programme, let view = channels[index].view else {
            return
        }
        program.keepPages(Channel.framing(of: index))
        channels[index].isRegistered = unsafe ring.register(region: index, memory: view.mapping)
    }

    /// A programme has ended: what is still on its way from it is the kernel's own now.
    mutating func stopLending(channel index: Int) {
        if channels[index].isRegistered == true { ring.unregister(region: index) }
        channels[index].isRegistered = nil
        channels[index].lowWaterMark = nil
        channels[index].lowestLent = LowWaterMark.none
        zeroCopy.forget(channel: index)
    }
}
