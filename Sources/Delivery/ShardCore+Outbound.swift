// The one road out: what a connection is to get is offered, and what its socket takes is advanced by.
//
// At most one send of a connection is on its way at a time. It is quiet: the kernel posts nothing if
// it takes all of it, so that everything that was offered has gone once all completions are handled.

import Broadcast
import Glibc
import IORing

extension ShardCore where Kernel: ~Copyable {
    // MARK: What is to go

    /// Puts a segment behind all else that a connection is to get.
    mutating func enqueue(_ segment: OutboundSegment, to slot: Int) {
        let queue = table[slot].outbound
        outbound.append(segment, to: queue < 0 ? makeQueue(slot) : queue)
        schedule(slot)
    }

    private mutating func makeQueue(_ slot: Int) -> Int32 {
        let queue = outbound.makeQueue(nowMs: nowMs)
        table[slot].outbound = queue
        table[slot].flags.insert(.hasOutbound)
        return queue
    }

    /// Has a connection's queue seen to as soon as everything before it is confirmed.
    mutating func schedule(_ slot: Int) {
        outbound.schedule(table[slot].outbound, token(Operation.send, slot))
    }

    /// Sends an answer. Who reads it slowly gets the rest as its socket takes it, for so long.
    ///
    /// - Parameter isShared: whether others hold the same array.
    mutating func send(_ bytes: [UInt8], isShared: Bool = false, to slot: Int) {
        counters.countResponse(bytes)
        guard !bytes.isEmpty else { return }
        enqueue(.bytes(bytes, isShared: isShared), to: slot)
    }

    /// Sends what goes right before a close. If the socket doesn't take it, nobody hears of it.
    mutating func sendFarewell(_ bytes: [UInt8], to slot: Int) {
        if table[slot].flags.contains(.sealing), let index = table[slot].sealed {
            sendSealedFarewell(bytes, to: slot, index)
            return
        }
        farewells.append(bytes)
        prepare()
        // The array's storage stays where it is: it is kept, untouched, until after the submit.
        unsafe farewells[farewells.count - 1].withUnsafeBytes { buffer in
            unsafe hand(buffer, to: slot, token(Operation.send, slot))
        }
    }

    /// Has a connection's socket take bytes: quietly, unless the kernel is to seal them.
    @inline(__always)
    private mutating func hand(
        _ bytes: UnsafeRawBufferPointer, to slot: Int, _ token: Token
    ) {
        guard let address = bytes.baseAddress else { return }
        if table[slot].flags.areSealedByKernel {
            unsafe ring.sendCounted(
                slot: slot, from: address, byteCount: bytes.count, token: token)
        } else {
            unsafe ring.sendQuietly(
                slot: slot, from: address, byteCount: bytes.count, token: token)
        }
    }

    /// The connection at the other end of a token, if it is still that one.
    private func queue(of token: Token) -> Int32? {
        guard table[token.slot].generation & 0xFF_FFFF == token.generation else { return nil }
        let queue = table[token.slot].outbound
        return queue < 0 ? nil : queue
    }

    // MARK: Offers

    /// All sends so far are confirmed: takes off what has gone.
    mutating func confirmOffers() {
        guard !outbound.offered.isEmpty else { return }
        outbound.takeOffered(&tokens)
        for token in tokens {
            guard let queue = queue(of: token), outbound.isOffered(queue) else { continue }
            outbound.confirm(queue)
            // All of it has gone: whatever comes next, it is not stuck.
            table[token.slot].flags.subtract([.lagging, .woken])
            if case .tags(let end) = outbound.first(queue), table[token.slot].cursor < end {
                schedule(token.slot)
                continue
            }
            if outbound.hasRest(queue) {
                // More than one send seals.
                schedule(token.slot)
                continue
            }
            finishFirst(token.slot, queue)
            schedule(token.slot)
        }
        tokens.removeAll(keepingCapacity: true)
    }

    /// Offers the first segment of each queue that can go on.
    mutating func offerDue() {
        while !outbound.due.isEmpty {
            outbound.takeDue(&tokens)
            for token in tokens {
                guard let queue = queue(of: token) else { continue }
                makeRoom()
                outbound.begin(queue)
                // Who can't take bytes is looked at again when it can.
                guard table[token.slot].flags.isDisjoint(with: [.polling, .refused]) else {
                    continue
                }
                noteResumed(token.slot)
                offerNext(token.slot, queue)
            }
            tokens.removeAll(keepingCapacity: true)
        }
    }

    private mutating func offerNext(_ slot: Int, _ queue: Int32) {
        assert(!outbound.isOffered(queue), "one send at a time")
        while true {
            switch outbound.first(queue) {
            case nil:
                drained(slot, queue)
                return
            case .bytes, .block:
                offerFirst(slot, queue)
                return
            case .frame:
                guard !outbound.hasBegun(queue), let end = endOfTornTag(slot) else {
                    offerFirst(slot, queue)
                    return
                }
                outbound.prepend(.tags(upTo: end), to: queue)
            case .tags(let end):
                if table[slot].cursor >= end {
                    finishFirst(slot, queue)
                    continue
                }
                guard offerTimeline(slot, upTo: end) else { return }
                outbound.offer(0, of: queue, token(Operation.send, slot))
                return
            case .skip:
                if skip(slot, queue) { continue }
                finishFirst(slot, queue)
            }
        }
    }

    /// Offers what is left of the first segment, which has bytes of its own.
    private mutating func offerFirst(_ slot: Int, _ queue: Int32) {
        let rest = unsafe outbound.rest(queue)
        let isStream = outbound.first(queue)?.isStream == true
        precondition(unsafe !rest.isEmpty)
        var byteCount = rest.count
        var wire = unsafe rest
        if table[slot].flags.contains(.sealing), let index = table[slot].sealed {
            guard let made = unsafe seal(rest, of: slot, index) else { return }
            unsafe (byteCount, wire) = made
        } else if table[slot].flags.areSealedByKernel, !kernelMaySeal(slot) {
            return
        }
        if isStream { countOffer(slot, byteCount) }
        outbound.offer(byteCount, of: queue, token(Operation.send, slot))
        prepare()
        unsafe hand(
            wire, to: slot,
            token(isStream ? Operation.sendStream : Operation.send, slot))
    }

    private mutating func countOffer(_ slot: Int, _ byteCount: Int) {
        counters.sendCount += 1
        counters.byteCount += UInt64(byteCount)
        let program = Channel.program(of: Int(table[slot].channel))
        counters.programByteCounts[program] += UInt64(byteCount)
    }

    private mutating func countMissing(_ slot: Int, _ byteCount: UInt64) {
        counters.byteCount -= byteCount
        counters.programByteCounts[Channel.program(of: Int(table[slot].channel))] -= byteCount
    }

    /// Offers the timeline from the viewer's cursor on. Nothing comes back if its socket takes all of
    /// it, so the cursor goes on right away; `advance` puts it back.
    ///
    /// - Parameter limit: a position to stop at, if there is so much.
    /// - Returns: whether something is on its way now.
    @discardableResult
    mutating func offerTimeline(_ slot: Int, upTo limit: UInt64 = .max) -> Bool {
        let channel = Int(table[slot].channel)
        guard let view = channels[channel].view else { return false }
        let from = table[slot].cursor
        assert(table[slot].sendStart <= from, "a send begins before what comes after it")
        table[slot].sendStart = from
        guard from >= view.tail else {
            end(slot, .overrun)
            return false
        }
        let to = min(view.head, limit)
        guard to > from else {
            assert(view.head >= from, "nobody is ahead of the programme")
            return false
        }
        var count = min(Int(to - from), DeliverySettings.sendByteCountMax)
        var wire = unsafe UnsafeRawBufferPointer(start: view.address(of: from), count: count)
        let isSealing = table[slot].flags.contains(.sealing)
        if isSealing, let index = table[slot].sealed {
            guard let made = unsafe seal(wire, of: slot, index) else { return false }
            // What was written over meanwhile goes to nobody, and is never told again.
            guard view.stillHolds(from) else {
                sealed[index].isShut = true
                end(slot, .overrun)
                return false
            }
            unsafe (count, wire) = made
        } else if table[slot].flags.areSealedByKernel, !kernelMaySeal(slot) {
            return false
        }
        table[slot].cursor = from + UInt64(count)
        if count < Int(to - from) {
            // Where only a message of the record layer goes, it stands where it stood.
            if count > 0 { table[slot].flags.insert(.torn) }
        } else if table[slot].flags.contains(.torn) {
            table[slot].flags.remove(.torn)
        }
        countOffer(slot, count)
        prepare()
        if zeroCopy.wants(byteCount: count), !table[slot].flags.contains(.secure),
            lend(slot, channel, from: from, view)
        {
            let epoch = zeroCopy.lend(channel: channel, from: from)
            unsafe ring.sendZeroCopy(
                slot: slot, from: view.address(of: from), byteCount: count,
                region: channels[channel].isRegistered == true ? channel : nil,
                token: lendingToken(slot, epoch: epoch))
            return true
        }
        if !isSealing {
            channels[channel].oldestSent = min(channels[channel].oldestSent, from)
        }
        unsafe hand(wire, to: slot, token(Operation.sendStream, slot))
        // Behind a change of keys what was to go goes on at once, and not with the next visit.
        if count == 0, table[slot].outbound < 0 {
            let queue = makeQueue(slot)
            outbound.append(.tags(upTo: to), to: queue)
            outbound.offer(0, of: queue, token(Operation.send, slot))
        }
        return true
    }

    // MARK: Progress

    /// A send took less than it was offered, or nothing: goes on from there when the socket can.
    ///
    /// - Parameter isLent: whether the bytes are out of the writer's reach anyway.
    mutating func advance(_ slot: Int, _ result: Int32, isLent: Bool = false) {
        // It was the last word, and nobody asks whether that was heard.
        if hasSaidLast(slot) {
            repeatLast(slot, result)
            return
        }
        if table[slot].flags.areSealedByKernel, kernelTook(slot, result) { return }
        let taken = plaintextTaken(slot, ofWire: Int(max(0, result)))
        let tookSome = result > 0
        let queue = table[slot].outbound
        table[slot].flags.remove(.resumed)
        var offered: OutboundSegment?
        if queue >= 0, outbound.isOffered(queue) {
            offered = outbound.first(queue)
            let missing = outbound.fellShort(
                queue, taken: taken, isInRecord: isInRecord(slot))
            if case .block = offered { countMissing(slot, UInt64(missing)) }
        }
        var isTimeline = false
        if case .tags = offered { isTimeline = true }
        if offered == nil {
            guard table[slot].state == .streaming else { return }
            isTimeline = true
        }
        if isTimeline { takeBack(slot, taken: UInt64(taken), tookSome: tookSome) }
        guard result >= 0 || result == -EAGAIN else {
            end(slot, .left)
            return
        }
        if isTimeline || offered?.isStream == true { counters.shortSendCount += 1 }
        // The next send may go before the next look at who was overrun, and then nothing would be
        // known of this one any more.
        let isCopied = !isLent && !table[slot].flags.contains(.sealing)
        if isTimeline, taken > 0, isCopied, let view = channels[Int(table[slot].channel)].view,
            !view.stillHolds(table[slot].sendStart)
        {
            end(slot, .overrun)
            return
        }
        if case .bytes(_, isShared: false) = offered,
            outbound.ownByteCount > DeliverySettings.ownByteCountMax
        {
            end(slot, .stuck)
            return
        }
        poll(slot, tookSome: tookSome)
    }

    /// Puts a viewer's cursor back to what its socket took of the timeline.
    private mutating func takeBack(_ slot: Int, taken: UInt64, tookSome: Bool) {
        if tookSome { table[slot].flags.remove(.beginning) }
        let offered = table[slot].cursor - table[slot].sendStart
        precondition(taken <= offered, "a socket takes no more than it is offered")
        countMissing(slot, offered - taken)
        table[slot].cursor = table[slot].sendStart + taken
        table[slot].flags.insert(.torn)
    }

    /// The first segment of a queue has gone, or needs not go.
    private mutating func finishFirst(_ slot: Int, _ queue: Int32) {
        switch outbound.finishFirst(queue) {
        case .frame(let frame): frameSent(frame, of: slot)
        case .block:
            precondition(table[slot].state == .starting)
            table[slot].state = .streaming
        case .tags: table[slot].flags.remove(.torn)
        case .bytes, .skip, nil: break
        }
    }

    /// A connection has had everything in its queue.
    private mutating func drained(_ slot: Int, _ queue: Int32) {
        let beginsStream = outbound.beginsStream(queue)
        giveOutbound(slot)
        if let session = table[slot].session, sessions[session].flags.contains(.closing) {
            finishClosing(slot, session)
            return
        }
        switch table[slot].state {
        case .streaming:
            if beginsStream { offerTimeline(slot) }
        case .readingHead:
            // Its next request came meanwhile.
            let waits = table[slot].flags.contains(.hasRequests)
            if waits, !table[slot].flags.contains(.receiving) { takeNextTurn(slot) }
        case .lingering:
            table[slot].sinceMs = nowMs
            shutDown(slot)
        default: break
        }
    }

    /// Gives back a connection's queue, if it has one.
    mutating func giveOutbound(_ slot: Int) {
        let queue = table[slot].outbound
        guard queue >= 0 else { return }
        if outbound.isOffered(queue), case .block = outbound.first(queue) {
            // So that `countLate` finds how much of the stream the last send was.
            let offered = UInt64(outbound.offeredByteCount(queue))
            table[slot].cursor = table[slot].sendStart + offered
        }
        outbound.give(queue)
        table[slot].outbound = -1
        table[slot].flags.remove(.hasOutbound)
    }

    /// A connection was ended while its last send was on the way: counts what that took.
    mutating func countLate(_ completion: Completion, of slot: Int) {
        guard table[slot].state == .closing,
            (table[slot].generation &- 1) & 0xFF_FFFF == completion.token.generation
        else { return }
        outbound.noteLate()
        switch completion.token.operation {
        case Operation.sendStream, Operation.sendStreamZeroCopy:
            let taken = plaintextTaken(slot, ofWire: Int(max(0, completion.result)))
            countMissing(slot, table[slot].cursor - table[slot].sendStart - UInt64(taken))
        default: break
        }
    }
}
