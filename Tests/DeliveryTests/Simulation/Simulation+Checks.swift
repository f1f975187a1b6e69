// What has to be true after every turn, and at the end of a run.

import HTTPWire

@testable import Broadcast
@testable import Delivery
@testable import IORing

extension Simulation {
    /// After a turn: nothing is forgotten, nobody waits in vain, all numbers add up.
    func checkTurn() {
        if let violation = world.violations.first { fail(violation) }
        if world.loans.spoiltCount > 0 {
            fail("memory was overwritten that was lent to the kernel")
        }
        checkCounters()
        for slot in 0..<core.table.usedEnd { checkSlot(slot) }
        let wait = plan.acceptErrorPerCent == 0 ? 2 : 20
        if world.turnsWithBacklog > wait { fail("clients wait and are not accepted") }
    }

    private func checkSlot(_ slot: Int) {
        let viewer = core.table[slot]
        if let violation = viewer.violation { fail("slot \(slot): \(violation)") }
        note(slot, viewer)
        noteRecords(slot, viewer)
        func isOutstanding(_ operation: UInt8) -> Bool {
            world.isOutstanding(core.token(operation, slot))
        }
        if viewer.flags.contains(.polling), !isOutstanding(Operation.poll) {
            fail("slot \(slot) waits for a poll that nobody asked for")
        }
        let waitsForItsTurn = core.dueReceives.contains(core.token(Operation.receive, slot))
        if viewer.flags.contains(.receiving), !isOutstanding(Operation.receive), !waitsForItsTurn {
            fail("slot \(slot) waits for bytes that nobody asked for")
        }
        switch viewer.state {
        case .readingHead, .lingering:
            let waits = viewer.outbound >= 0 && viewer.flags.contains(.hasRequests)
            if !viewer.flags.contains(.receiving), !waits {
                fail("slot \(slot) will never hear a thing")
            }
        case .starting:
            if viewer.flags.isDisjoint(with: [.polling, .refused]) {
                fail("slot \(slot) is stuck at its start")
            }
            checkPatience(slot, viewer)
        case .streaming:
            checkPatience(slot, viewer)
            checkCursor(slot, viewer)
        case .awaitingReply:
            if viewer.session == nil { fail("slot \(slot) waits for a reply and has no line") }
        default: break
        }
        if let session = viewer.session, core.sessions[session].flags.contains(.webSocket),
            !viewer.flags.contains(.receiving)
        {
            fail("slot \(slot) is a WebSocket that nobody listens to")
        }
    }

    /// A viewer whose socket takes nothing is dropped in time.
    private func checkPatience(_ slot: Int, _ viewer: Viewer) {
        guard let client = world.slots[slot], let since = client.refusesSinceNs else { return }
        let dueNs = since + plan.settings.lagDropMs * 1_000_000 + 2_000_000
        if nowNs > dueNs, nowNs - dueNs > visitNsMax(sinceNs: dueNs) {
            fail("client \(client.id) is stuck and was not dropped")
        }
    }

    /// A viewer's cursor is where its socket is, and nothing lies about for long.
    private func checkCursor(_ slot: Int, _ viewer: Viewer) {
        guard let client = world.slots[slot],
            let program = core.channels[Int(viewer.channel)].programme,
            let truth = truths.truth(of: program)
        else { return fail("slot \(slot) streams from nowhere") }
        let isFramed = Channel.framing(of: Int(viewer.channel)) == .webSocket
        let sent = client.received[client.lastStreamRange].suffix(16)
        if viewer.cursor > viewer.sendStart, viewer.cursor >= UInt64(sent.count) {
            let end = Int(viewer.cursor)
            let expected =
                isFramed
                ? truth.framed?.bytes(before: viewer.cursor, count: sent.count) ?? []
                : truth.log[(end - sent.count)..<end]
            if !isEqual(sent.suffix(expected.count), expected) {
                fail("the cursor of client \(client.id) is not where its socket is")
            }
        }
        let appendedNs =
            isFramed
            ? truth.framed?.appendedNs(at: viewer.cursor)
            : truth.index(at: viewer.cursor).map { truth.tags[$0].appendedNs }
        guard !viewer.flags.contains(.polling), let appendedNs else { return }
        if viewer.outbound >= 0, !viewer.flags.contains(.refused) {
            // Was woken at the turn's end and goes on with the next one, at once.
            if core.dueNs(nowNs: nowNs) > nowNs {
                fail("client \(client.id) is to get something, and nobody hurries")
            }
            return
        }
        let sinceNs = max(client.lastShortNs, client.lastSendNs, appendedNs)
        if nowNs - sinceNs > visitNsMax(sinceNs: sinceNs) {
            fail("client \(client.id) could take bytes and gets none")
        }
    }

    func checkCounters() {
        let counters = core.counters
        var watching = [Int](repeating: 0, count: counters.viewerCounts.count)
        var present: UInt64 = 0
        for slot in 0..<core.table.usedEnd {
            let viewer = core.table[slot]
            switch viewer.state {
            case .free, .accepting, .lingering, .closing: continue
            default: present += 1
            }
            if viewer.flags.contains(.joined) {
                watching[Channel.program(of: Int(viewer.channel))] += 1
            }
        }
        let viewersEnded = counters.viewerEndCounts.reduce(0, +)
        let othersEnded = counters.connectionEndCounts.reduce(0, +)
        if counters.viewerCounts != watching { fail("viewers are miscounted") }
        if counters.joinCount != viewersEnded + UInt64(counters.viewerCount) {
            fail("\(counters.joinCount) joined, \(viewersEnded) ended, \(watching) watch")
        }
        if counters.acceptCount != viewersEnded + othersEnded + present {
            fail(
                "\(counters.acceptCount) accepted, \(viewersEnded) + \(othersEnded) ended, "
                    + "\(present) present")
        }
        if counters.byteCount != UInt64(world.streamByteCount) {
            fail("\(counters.byteCount) bytes counted, \(world.streamByteCount) taken")
        }
        if counters.programByteCounts.reduce(0, +) != counters.byteCount {
            fail("the programmes' bytes do not add up")
        }
        if counters.sendCount != UInt64(world.streamSendCount) {
            fail("\(counters.sendCount) sends counted, \(world.streamSendCount) made")
        }
    }

    // MARK: At the end

    /// A client's bytes are a stream, cut off only where something broke it from outside.
    func checkStream(of client: FakeConnection) {
        let isFull = client.refusesSinceNs != nil
        let isBroken = client.life == .reset || isFull || wasOverrun(client) || wasKicked(client)
        if plan.hasFiles { checkFiles(of: client) }
        if let violation = client.tls?.violation { fail("client \(client.id): \(violation)") }
        noteEnd(of: client)
        let end = StreamEnd(mayBeTorn: isBroken, mayEndAtStart: wasUnsealed(client))
        var outcome = outcome(of: client.received[...], end: end)
        if case .bad = outcome, wasOverrun(client) {
            // Its last send may have been overwritten; that is why it was dropped.
            outcome = self.outcome(of: client.received[..<client.lastSendOffset], end: end)
        }
        switch outcome {
        case .noStream: break
        case .bad(let problem):
            fail("client \(client.id), \(client.received.count) bytes: \(problem)")
        case .good(let truth, let position):
            checkReason(client, truth, position)
        }
    }

    private func wasOverrun(_ client: FakeConnection) -> Bool {
        client.closedNs.map { overrunNs.contains($0) } ?? false
    }

    /// Whether what a client sent was no record, or came in part while another's had no room; or its
    /// keys were spent and can't be changed.
    private func wasUnsealed(_ client: FakeConnection) -> Bool {
        guard let tls = client.tls else { return false }
        return tls.hasLied || tls.alert != nil || tls.isSpent
            || client.kernelTLS?.isSpent == true
            || client.kernelTLS != nil && tls.askedCount > 0
            || client.closedNs.map { shedNs.contains($0) } ?? false
    }

    /// Nobody was sent away without a reason.
    private func checkReason(_ client: FakeConnection, _ truth: Truth?, _ position: UInt64) {
        guard client.life != .reset || client.isResetByServer, let closedNs = client.closedNs,
            let truth
        else { return }
        if let stoppedNs, closedNs >= stoppedNs { return }
        if let endedNs = truth.endedNs, closedNs >= endedNs { return }
        if wasKicked(client) { return }
        if let since = client.refusesSinceNs,
            closedNs - since > plan.settings.lagDropMs * 1_000_000
        {
            return
        }
        // It let its texts lie, or a message unfinished, while another's had no room.
        if client.isSocket, shedNs.contains(closedNs) { return }
        if wasUnsealed(client) { return }
        // Its client said so, or broke the rules.
        if client.isSocket, client.socket.closeCode != nil || wasOverrun(client) { return }
        // What it owed was about to be overwritten.
        if client.isResetByServer, client.hadLoans, wasOverrun(client) { return }
        let number = truths.all.firstIndex { $0 === truth } ?? 0
        let tail = number < client.tailsAtClose.count ? client.tailsAtClose[number] : 0
        let lastSend = UInt64(client.received.count - client.lastSendOffset)
        let isRecent = closedNs - client.lastSendNs <= plan.visitNsMax(gapNs: 800_000_000)
        if position < tail || isRecent && position - min(position, lastSend) < tail { return }
        fail("client \(client.id) was sent away at \(closedNs / 1_000) us for no reason")
    }

    func checkAllIsBack() {
        world.loans.check()
        if world.loans.spoiltCount > 0 { fail("memory was overwritten that is lent to the kernel") }
        if core.table.freeCount != core.table.slotCount { fail("slots are lost") }
        if core.sessions.count > 0 || core.outbound.frames.count > 0 {
            fail("lines or texts are lost")
        }
        if core.playerCount != 0 { fail("\(core.playerCount) players are lost") }
        if core.sealed.count > 0 { fail("\(core.sealed.count) connections of TLS are lost") }
        if world.descriptorCount > 0 { fail("\(world.descriptorCount) sockets are lost") }
        let recordBufferCount = min(
            plan.settings.slotCountMax, plan.settings.recordBufferCountMax)
        for _ in 0..<recordBufferCount where core.records.take() == nil {
            return fail("record buffers are lost")
        }
        if !world.buffersAreAllBack { fail("receive buffers are lost") }
        if world.exposedCount > 0 { fail("descriptors are lost") }
        let bufferCount = min(
            plan.settings.slotCountMax, plan.settings.headBufferCountMax)
        for _ in 0..<bufferCount where core.heads.take() == nil {
            return fail("head buffers are lost")
        }
        for host in plan.hosts {
            for _ in 0..<plan.connectionsPerHost {
                guard case .admitted = addresses.admit(host, nowMs: nowNs / 1_000_000) else {
                    return fail("connections of an address are lost")
                }
            }
        }
        checkBlocks()
    }

    /// All start blocks can be taken anew, so none was in use.
    private func checkBlocks() {
        // It takes long, and what is lost is lost under many a seed.
        guard plan.seed % 8 == 0 else { return }
        let point = JoinPoint(position: 0, timestampMs: 0, headers: SequenceHeaders())
        let preamble = Preamble(point: point, presentation: Presentation())
        for index in 0..<DeliverySettings.startBlockCountMax {
            let start = StartPoint(
                position: UInt64.max - UInt64(index), timestampMs: 0, preamble: preamble)
            let block = core.outbound.blocks.take(
                channel: 0, start: start, origin: nil, variesByOrigin: false)
            if block == nil { return fail("start blocks are lost") }
        }
    }
}
