// Sockets that are full: waiting until they take bytes again, and for how long.

extension ShardCore where Kernel: ~Copyable {
    /// Waits until the socket takes bytes again. Our patience with it begins anew whenever it
    /// took some.
    mutating func poll(_ slot: Int, tookSome: Bool) {
        if tookSome || !table[slot].flags.contains(.lagging) { table[slot].sinceMs = nowMs }
        table[slot].flags.insert(.lagging)
        if !tookSome, table[slot].flags.contains(.woken) {
            // Out of memory for sockets, the kernel says "writable" and takes nothing: asking it
            // again at once would go on for ever.
            table[slot].flags.remove(.woken)
            table[slot].flags.insert(.refused)
            return
        }
        table[slot].flags.remove(.woken)
        table[slot].flags.insert(.polling)
        prepare()
        ring.pollWritable(slot: slot, token: token(Operation.poll, slot))
    }

    mutating func becameWritable(_ slot: Int) {
        table[slot].flags.remove(.polling)
        table[slot].flags.insert(.woken)
        resume(slot)
    }

    /// Goes on where a send fell short.
    mutating func resume(_ slot: Int) {
        table[slot].flags.remove(.refused)
        if table[slot].outbound >= 0 {
            schedule(slot)
        } else if table[slot].state == .streaming {
            table[slot].flags.insert(.resumed)
            offerTimeline(slot)
        } else if table[slot].state == .lingering, table[slot].flags.areSealedByKernel {
            shutDown(slot)
        }
    }

    /// Everything so far is confirmed: a viewer that went on, of which nothing was heard since, has
    /// had all of it, and is not stuck.
    mutating func noteResumed(_ slot: Int) {
        guard table[slot].flags.contains(.resumed) else { return }
        table[slot].flags.subtract([.resumed, .lagging, .woken, .beginning])
    }

    /// Sees whether an answer has been on its way for too long.
    mutating func checkAnswer(_ slot: Int) {
        let waitedMs = nowMs - outbound.sinceMs(table[slot].outbound)
        let isStalled =
            table[slot].flags.contains(.lagging)
            && nowMs - table[slot].sinceMs > DeliverySettings.answerStallMsMax
        if isStalled || waitedMs > DeliverySettings.answerMsMax { end(slot, .stuck) }
    }
}
