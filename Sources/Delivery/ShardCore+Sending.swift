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
        }
    }

    /// Whether a cohort has as much waiting as goes into one socket buffer.
    private func hasFullSend(cohort: Int) -> Bool {
        for index in channels.indices {
            guard let view = channels[index].view else { continue }
            let sent = channels[index].visitedHeads[cohort]
            if view.head >= sent + DeliverySettings.mergeByteCountMax { return true }
        }
        return false
    }

    /// Sends the viewers of a cohort what is new, and sees who is late with anything.
    mutating func visit(cohort: Int) throws(RingError) {
        for index in channels.indices {
            channels[index].visitedHeads[cohort] = channels[index].view?.head ?? 0
            zeroCopy.turnEpoch(channel: index)
        }
        visitedCohorts |= 1 << cohort
        var slot = cohort
        while slot < table.usedEnd {
            if ring.entriesLeft < DeliverySettings.entriesPerEvent {
                try flush()
            }
            let isIdle = table[slot].flags.isDisjoint(with: [.polling, .refused, .hasOutbound])
            if table[slot].state == .streaming, isIdle {
                // Everything so far is confirmed, so its last send went out whole.
                table[slot].flags.subtract([.resumed, .lagging, .woken, .beginning])
                offerTimeline(slot)
            } else if table[slot].state == .streaming,
                table[slot].flags.isDisjoint(with: [.polling, .refused])
            {
                visitQueued(slot)
            } else {
                check(slot)
                if table[slot].flags.contains(.refused) { resume(slot) }
            }
            slot += DeliverySettings.cohortCount
        }
        if needsFlush { try flush() }
    }

    /// A visit to a viewer whose queue isn't empty, and whose socket takes bytes.
    private mutating func visitQueued(_ slot: Int) {
        let queue = table[slot].outbound
        assert(!outbound.isOffered(queue), "a visit comes when everything is confirmed")
        table[slot].flags.subtract([.resumed, .lagging, .woken, .beginning])
        // A frame that hasn't begun to go may as well come behind the newest tags; but nothing comes
        // behind a close frame.
        if outbound.waitsWithFrame(queue), !isClosing(slot) { offerTimeline(slot) }
        if table[slot].outbound == queue { schedule(slot) }
    }

    private func isSkipping(_ slot: Int) -> Bool {
        table[slot].outbound >= 0 && outbound.isSkipping(table[slot].outbound)
    }

    /// Ends viewers whose bytes may have been overwritten while the kernel copied them.
    ///
    /// It takes a shard that was held up for about as long as the timeline is: what they got
    /// can't be vouched for, so they had better begin anew.
    mutating func endOverrun() {
        for index in channels.indices {
            let oldest = channels[index].oldestSent
            guard oldest != .max else { continue }
            channels[index].oldestSent = .max
            guard let view = channels[index].view, !view.stillHolds(oldest) else { continue }
            let tail = view.tail
            for slot in 0..<table.usedEnd
            where table[slot].state == .streaming && Int(table[slot].channel) == index
                && table[slot].sendStart < tail && !table[slot].flags.contains(.sealing)
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
            if table[slot].outbound >= 0 {
                checkAnswer(slot)
            } else if waitedMs > DeliverySettings.lingerMsMax {
                end(slot, .left)
            }
        case .awaitingReply:
            checkAwaitingReply(slot, waitedMs: waitedMs)
        case .awaitingKeyframe:
            checkAwaiting(slot, waitedMs: waitedMs)
        case .starting, .streaming:
            if waitedMs > settings.lagDropMs {
                end(slot, .stuck)
            } else if let view = channels[Int(table[slot].channel)].view,
                table[slot].cursor < view.tail
            {
                end(slot, .overrun)
            } else if table[slot].state == .streaming, !isSkipping(slot) {
                considerSkip(slot)
            }
        }
    }

    private mutating func checkReading(_ slot: Int, waitedMs: Int64) {
        if table[slot].outbound >= 0 {
            checkAnswer(slot)
        } else if table[slot].flags.contains(.hasHeadBytes) {
            guard waitedMs > DeliverySettings.headMsMax else { return }
            refuse(
                slot,
                .error(
                    .requestTimeout, "The request took longer than 10 seconds.", keepAlive: false),
                counted: .timeout)
        } else {
            if table[slot].flags.contains(.viaProxy) { returnToProxy(slot) }
            let isIdle = table[slot].flags.contains(.keptAlive)
            let limitMs = isIdle ? DeliverySettings.idleMsMax : DeliverySettings.headMsMax
            guard waitedMs > limitMs else { return }
            // Nothing was asked, so nothing is answered.
            end(slot, isIdle ? .left : .timeout)
        }
    }

    // MARK: The start, and starting anew

    /// Has a viewer sent a start block from an offset on, and then the timeline from a position on.
    mutating func begin(_ slot: Int, block: UInt16, from offset: Int, at position: UInt64) {
        stand(slot, at: position)
        if offset < outbound.blocks.resumeOffset(block) { table[slot].flags.insert(.beginning) }
        enqueue(.block(block, from: offset), to: slot)
    }

    /// From now on a viewer's stream goes on at a position: the beginning of a tag.
    private mutating func stand(_ slot: Int, at position: UInt64) {
        table[slot].state = .starting
        notes[slot].standing(at: position, from: table[slot].cursor)
        table[slot].cursor = position
        table[slot].sendStart = position
        table[slot].flags.remove(.torn)
    }

    /// A viewer that fell too far behind finishes the tag it is in and goes on at the newest
    /// keyframe, if there is a newer one.
    private mutating func considerSkip(_ slot: Int) {
        let cursor = table[slot].cursor
        let index = Int(table[slot].channel)
        // It was told where its stream begins, so it has to begin there; and nothing comes behind a
        // close frame.
        guard !table[slot].flags.contains(.beginning), !isClosing(slot),
            let program = channels[index].programme, let start = channels[index].start,
            start.position > cursor,
            cursor < skipPosition(index, program),
            let boundary = program.tagBoundary(
                atOrAfter: promisedEnd(slot), Channel.framing(of: index)),
            boundary <= start.position
        else { return }
        if boundary > cursor {
            enqueue(.tags(upTo: boundary), to: slot)
        } else {
            // A short send may end where a tag does.
            table[slot].flags.remove(.torn)
        }
        enqueue(.skip, to: slot)
    }

    /// Before this whoever is there is too far behind. Asked for once a turn: many may lag at a
    /// time, and the programme's lock is the publisher's, too.
    private mutating func skipPosition(_ channel: Int, _ program: Programme) -> UInt64 {
        if channels[channel].skipPosition.atNs != nowNs {
            let position = program.position(
                behindMs: settings.lagSkipMs, Channel.framing(of: channel))
            channels[channel].skipPosition = (nowNs, position)
        }
        return channels[channel].skipPosition.position
    }

    /// Has a viewer go on at the newest keyframe, now that it stands at the end of a tag.
    ///
    /// - Returns: false if there is nothing newer to go to after all, or it is to be closed.
    mutating func skip(_ slot: Int, _ queue: Int32) -> Bool {
        assert(!table[slot].flags.contains(.torn), "skips lead from tag to tag")
        let index = Int(table[slot].channel)
        guard !isClosing(slot), let start = channels[index].start,
            start.position >= table[slot].cursor,
            let block = takeBlock(index, start, origin: nil)
        else { return false }
        counters.skipCount += 1
        counters.programSkipCounts[Channel.program(of: index)] += 1
        _ = outbound.finishFirst(queue)
        outbound.prepend(.block(block, from: outbound.blocks.resumeOffset(block)), to: queue)
        stand(slot, at: start.position)
        return true
    }

    /// The end of the tag that a viewer stands in the midst of; nil if it stands between two.
    mutating func endOfTornTag(_ slot: Int) -> UInt64? {
        guard table[slot].state == .streaming, table[slot].flags.contains(.torn) else {
            return nil
        }
        let channel = Int(table[slot].channel)
        let cursor = promisedEnd(slot)
        let boundary = channels[channel].programme?.tagBoundary(
            atOrAfter: cursor, Channel.framing(of: channel))
        // If its GOP is too old for anybody to tell where this tag ends, the newest one's is known.
        let end = boundary ?? channels[channel].view?.head ?? cursor
        guard end > table[slot].cursor else {
            table[slot].flags.remove(.torn)
            return nil
        }
        return end
    }
}
