// The fan-out: from the timeline to every socket, a merge interval at a time.

import Broadcast
import Glibc
import HTTPWire
import IORing

extension ShardCore where Kernel: ~Copyable {
    // MARK: Visits

    mutating func visitDueCohorts(nowNs: Int64) throws(RingError) {
        if clock.sendsAtOnce {
            for cohort in 0..<DeliverySettings.cohortCount { try visit(cohort: cohort) }
            return
        }
        var visitCount = 0
        while visitCount < DeliverySettings.cohortCount,
            clock.nextDueNs <= nowNs || hasFullSend(cohort: clock.nextCohort)
        {
            try visit(cohort: clock.nextCohort)
            clock.advance(nowNs: nowNs)
            visitCount += 1
            // A shard that is behind visits one cohort after the other, which can take as long as a
            // merge interval: a cue doesn't wait for that.
            if hasNewCue { return }
        }
    }

    /// Whether a cohort has as much waiting as goes into one socket buffer.
    private func hasFullSend(cohort: Int) -> Bool {
        for index in known.indices {
            guard let view = views[index] else { continue }
            let sent = visitedHeads[cohort * known.count + index]
            if view.head >= sent + DeliverySettings.mergeByteCountMax { return true }
        }
        return false
    }

    /// Sends the viewers of a cohort what is new, and sees who is late with anything.
    mutating func visit(cohort: Int) throws(RingError) {
        for index in known.indices {
            visitedHeads[cohort * known.count + index] = views[index]?.head ?? 0
            zeroCopy.turnEpoch(channel: index)
        }
        visitedCohorts |= 1 << cohort
        var slot = cohort
        while slot < table.usedEnd {
            if ring.entriesLeft < DeliverySettings.entriesPerEvent {
                try flush()
            }
            let isIdle = table[slot].flags.isDisjoint(with: [.polling, .refused, .hasFrames])
            if table[slot].state == .streaming, isIdle {
                // Everything so far is confirmed, so its last send went out whole.
                table[slot].flags.subtract([.lagging, .woken, .beginning])
                sendTags(slot)
            } else if table[slot].state == .streaming,
                table[slot].flags.isDisjoint(with: [.polling, .refused])
            {
                visitWithFrames(slot)
            } else {
                check(slot)
                if table[slot].flags.contains(.refused) { sendOn(slot) }
            }
            slot += DeliverySettings.cohortCount
        }
        if hasPrepared { try flush() }
    }

    /// Ends viewers whose bytes may have been overwritten while the kernel copied them.
    ///
    /// It takes a shard that was held up for about as long as the timeline is: what they got
    /// can't be vouched for, so they had better begin anew.
    mutating func endOverrun() {
        for index in known.indices {
            let oldest = oldestSent[index]
            guard oldest != .max else { continue }
            oldestSent[index] = .max
            guard let view = views[index], !view.stillHolds(oldest) else { continue }
            let tail = view.tail
            for slot in 0..<table.usedEnd
            where table[slot].state == .streaming && Int(table[slot].channel) == index
                && table[slot].sendStart < tail
            {
                makeRoom()
                end(slot, .overrun)
            }
        }
    }

    /// Sees whether a connection that isn't simply streaming has run out of time.
    private mutating func check(_ slot: Int) {
        let waitedMs = nowMs - table[slot].sinceMs
        switch table[slot].state {
        case .free, .accepting, .closing:
            break
        case .readingHead:
            checkReading(slot, waitedMs: waitedMs)
        case .waitingForStream:
            checkWaiting(slot)
        case .lingering:
            if waitedMs > DeliverySettings.lingerMsMax { end(slot, .left) }
        case .awaitingReply:
            checkAwaitingReply(slot, waitedMs: waitedMs)
        case .awaitingKeyframe:
            checkAwaiting(slot, waitedMs: waitedMs)
        case .starting, .streaming:
            if waitedMs > settings.lagDropMs {
                end(slot, .stuck)
            } else if let view = views[Int(table[slot].channel)], table[slot].cursor < view.tail {
                end(slot, .overrun)
            } else if table[slot].state == .streaming, table[slot].skipAt == 0 {
                considerSkip(slot)
            }
        }
    }

    private mutating func checkReading(_ slot: Int, waitedMs: Int64) {
        if table[slot].flags.contains(.hasHeadBytes) {
            guard waitedMs > DeliverySettings.headMsMax else { return }
            refuse(
                slot,
                .error(
                    .requestTimeout, "The request took longer than 10 seconds.", keepAlive: false),
                counted: .timeout)
        } else {
            let isIdle = table[slot].flags.contains(.keptAlive)
            let limitMs = isIdle ? DeliverySettings.idleMsMax : DeliverySettings.headMsMax
            guard waitedMs > limitMs else { return }
            // Nothing was asked, so nothing is answered.
            end(slot, isIdle ? .left : .timeout)
        }
    }

    // MARK: Sends

    /// Offers the socket everything from the viewer's cursor on. Nothing comes back if it takes
    /// all of it, so the cursor goes on right away; `tagsFellShort` puts it back.
    ///
    /// - Parameter limit: a position to stop at, if there is so much.
    mutating func sendTags(_ slot: Int, upTo limit: UInt64 = .max) {
        let channel = Int(table[slot].channel)
        guard let view = views[channel] else { return }
        let from = table[slot].cursor
        table[slot].sendStart = from
        guard from >= view.tail else {
            end(slot, .overrun)
            return
        }
        var to = min(view.head, limit)
        if table[slot].skipAt != 0 {
            if from == table[slot].skipAt {
                skip(slot)
                return
            }
            to = min(to, table[slot].skipAt)
        }
        guard to > from else { return }
        let count = min(Int(to - from), DeliverySettings.sendByteCountMax)
        table[slot].cursor = from + UInt64(count)
        if count < Int(to - from) {
            table[slot].flags.insert(.torn)
        } else if table[slot].flags.contains(.torn) {
            table[slot].flags.remove(.torn)
        }
        counters.sendCount += 1
        counters.byteCount += UInt64(count)
        counters.programByteCounts[Channel.program(of: channel)] += UInt64(count)
        prepare()
        if zeroCopy.wants(byteCount: count), lend(slot, channel, from: from, view) {
            let epoch = zeroCopy.lend(channel: channel, from: from)
            unsafe ring.sendZeroCopy(
                slot: slot, from: view.address(of: from), byteCount: count,
                region: isRegistered[channel] == true ? channel : nil,
                token: lendingToken(slot, epoch: epoch))
            return
        }
        oldestSent[channel] = min(oldestSent[channel], from)
        unsafe ring.sendQuietly(
            slot: slot, from: view.address(of: from), byteCount: count,
            token: token(Operation.sendTags, slot))
    }

    /// A send took less than was offered, or none.
    ///
    /// - Parameter isLent: whether the bytes are out of the writer's reach anyway.
    mutating func tagsFellShort(_ slot: Int, _ result: Int32, isLent: Bool = false) {
        guard table[slot].state == .streaming else { return }
        let taken = UInt64(max(0, result))
        if taken > 0 { table[slot].flags.remove(.beginning) }
        let missing = table[slot].cursor - table[slot].sendStart - taken
        counters.byteCount -= missing
        counters.programByteCounts[Channel.program(of: Int(table[slot].channel))] -= missing
        table[slot].cursor = table[slot].sendStart + taken
        guard result >= 0 || result == -EAGAIN else {
            end(slot, .left)
            return
        }
        counters.shortSendCount += 1
        // The next send may go before the next look at who was overrun, and then nothing would
        // be known of this one any more.
        if taken > 0, !isLent, let view = views[Int(table[slot].channel)],
            !view.stillHolds(table[slot].sendStart)
        {
            end(slot, .overrun)
            return
        }
        table[slot].flags.insert(.torn)
        if let session = table[slot].session { sessions[session].flags.remove(.finishingTag) }
        poll(slot, tookSome: taken > 0)
    }

    /// A connection was ended while its last send was on the way: counts what that took.
    mutating func countLate(_ completion: Completion, of slot: Int) {
        guard table[slot].state == .closing,
            (table[slot].generation &- 1) & 0xFF_FFFF == completion.token.generation
        else { return }
        let taken = UInt64(max(0, completion.result))
        let program = Channel.program(of: Int(table[slot].channel))
        switch completion.token.operation {
        case Operation.sendTags, Operation.sendTagsZeroCopy:
            let missing = table[slot].cursor - table[slot].sendStart - taken
            counters.byteCount -= missing
            counters.programByteCounts[program] -= missing
        case Operation.sendBlock:
            counters.byteCount += taken
            counters.programByteCounts[program] += taken
        default: break
        }
    }

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
        sendOn(slot)
    }

    /// Goes on where a send fell short.
    private mutating func sendOn(_ slot: Int) {
        table[slot].flags.remove(.refused)
        if table[slot].flags.contains(.hasFrames), table[slot].state != .starting {
            resumeFrames(slot)
            return
        }
        switch table[slot].state {
        case .starting: sendBlock(slot)
        case .streaming: sendTags(slot)
        default: break
        }
    }

    // MARK: The start, and starting anew

    /// Sends a start block from an offset on, and then the timeline from a position on.
    ///
    /// - Parameter answer: what goes before it, in one send: on its own it could fall short, and
    ///   the block would be in the midst of it.
    mutating func begin(
        _ slot: Int, block: UInt16, from offset: Int, at position: UInt64,
        after answer: [UInt8] = []
    ) {
        table[slot].state = .starting
        table[slot].block = block
        table[slot].blockOffset = UInt32(offset)
        table[slot].cursor = position
        table[slot].sendStart = position
        table[slot].skipAt = 0
        table[slot].flags.remove(.torn)
        if offset < blocks.resumeOffset(block) { table[slot].flags.insert(.beginning) }
        if answer.isEmpty { sendBlock(slot) } else { sendBlock(slot, after: answer) }
    }

    /// Sends a block for the first time, behind an answer. Until that has gone the offset is below
    /// zero, which is above the end of any block.
    private mutating func sendBlock(_ slot: Int, after answer: [UInt8]) {
        table[slot].blockOffset = 0 &- UInt32(answer.count)
        counters.countResponse(answer)
        counters.sendCount += 1
        answers.append(unsafe answer + blocks.bytes(table[slot].block))
        prepare()
        unsafe answers[answers.count - 1].withUnsafeBytes { buffer in
            guard let address = buffer.baseAddress else { return }
            unsafe ring.send(
                slot: slot, from: address, byteCount: buffer.count,
                token: token(Operation.sendBlock, slot))
        }
    }

    private mutating func sendBlock(_ slot: Int) {
        let bytes = unsafe blocks.bytes(table[slot].block)
        let offset = Int(table[slot].blockOffset)
        counters.sendCount += 1
        prepare()
        guard let base = bytes.baseAddress else { return }
        unsafe ring.send(
            slot: slot, from: base + offset, byteCount: bytes.count - offset,
            token: token(Operation.sendBlock, slot))
    }

    mutating func blockSent(_ slot: Int, _ result: Int32) {
        guard table[slot].state == .starting else { return }
        guard result >= 0 || result == -EAGAIN else {
            end(slot, .left)
            return
        }
        let taken = Int(max(0, result))
        counters.byteCount += UInt64(taken)
        counters.programByteCounts[Channel.program(of: Int(table[slot].channel))] += UInt64(taken)
        table[slot].blockOffset &+= UInt32(taken)
        let byteCount = blocks.byteCount(table[slot].block)
        guard table[slot].blockOffset <= byteCount else {
            answerFellShort(slot)
            return
        }
        guard Int(table[slot].blockOffset) == byteCount else {
            counters.shortSendCount += 1
            poll(slot, tookSome: taken > 0)
            return
        }
        blocks.give(table[slot].block)
        table[slot].state = .streaming
        if taken > 0 { table[slot].flags.remove(.woken) }
        sendTags(slot)
    }

    /// A viewer that fell too far behind finishes the tag it is in and goes on at the newest
    /// keyframe, if there is a newer one.
    private mutating func considerSkip(_ slot: Int) {
        let cursor = table[slot].cursor
        let index = Int(table[slot].channel)
        // It was told where its stream begins, so it has to begin there.
        guard !table[slot].flags.contains(.beginning),
            let program = known[index], let start = starts[index], start.position > cursor,
            cursor < skipPosition(index, program),
            let boundary = program.tagBoundary(
                atOrAfter: cursor, Channel.framing(of: index)), boundary <= start.position
        else { return }
        table[slot].skipAt = boundary
    }

    /// Before this whoever is there is too far behind. Asked for once a turn: many may lag at a
    /// time, and the programme's lock is the publisher's, too.
    private mutating func skipPosition(_ channel: Int, _ program: Programme) -> UInt64 {
        if skipPositions[channel].atNs != nowNs {
            let position = program.position(
                behindMs: settings.lagSkipMs, Channel.framing(of: channel))
            skipPositions[channel] = (nowNs, position)
        }
        return skipPositions[channel].position
    }

    private mutating func skip(_ slot: Int) {
        let index = Int(table[slot].channel)
        guard let start = starts[index], start.position >= table[slot].cursor,
            let block = blocks.take(
                channel: index, start: start, origin: nil,
                variesByOrigin: settings.cors.variesByOrigin)
        else {
            // Nothing newer to go to after all: on with what there is.
            table[slot].skipAt = 0
            sendTags(slot)
            return
        }
        counters.skipCount += 1
        begin(slot, block: block, from: blocks.resumeOffset(block), at: start.position)
    }
}
