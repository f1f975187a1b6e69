// How connections come and go.

import HTTPWire
import WireBytes

extension ShardCore where Kernel: ~Copyable {
    /// Lets the kernel take the next connection, if there is a slot for it.
    mutating func armAccept() {
        guard acceptSlot < 0, !isStopping, ring.entriesLeft > 0, let slot = table.take() else {
            return
        }
        acceptSlot = slot
        table[slot].state = .accepting
        prepare()
        ring.accept(into: slot, token: token(Operation.accept, slot))
    }

    mutating func accepted(_ slot: Int, _ result: Int32) {
        acceptSlot = -1
        guard result >= 0 else {
            // A connection that was gone again before we took it, our own cancel, or a system
            // out of descriptors or memory, which would fail again at once.
            table.give(slot)
            acceptRetryMs = nowMs + DeliverySettings.acceptRetryMs
            return
        }
        counters.acceptCount += 1
        acceptsThisTurn += 1
        table[slot].state = .readingHead
        admit(slot, ring.acceptedAddress)
        if acceptsThisTurn < DeliverySettings.acceptsPerTurnMax { armAccept() }
    }

    /// Lets a new connection ask, if there is room for it and its address has not too many.
    ///
    /// - Parameter pending: records of it that have come already.
    mutating func admit(_ slot: Int, _ address: IPAddress, pending: [UInt8] = []) {
        let host = HostKey(address)
        table[slot].sinceMs = nowMs
        if isStopping {
            end(slot, .ended)
        } else if table.freeCount < DeliverySettings.refusalSlotCount {
            note(.full, of: host)
            refuseAsFull(slot)
        } else {
            let isProxy = addresses.trusted.contains(address)
            switch addresses.admit(host, isProxy: isProxy, nowMs: nowMs) {
            case .admitted(let peer):
                table[slot].flags.insert(.admitted)
                table[slot].peer = peer
                peers.note(peer, host, isProxy: isProxy)
                if isProxy { expectProxyHeader(slot, from: host) }
                if keepPending(pending, of: slot) { receive(slot) }
            case .banned where hasSlotsForRefusals:
                refuseAsBanned(slot, host)
            case .banned:
                note(.banned, of: host)
                end(slot, .refused)
            case .full where hasSlotsForRefusals:
                note(.full, of: host)
                refuseAsFull(slot)
            case .full:
                note(.full, of: host)
                end(slot, .full)
            case .tooMany where !hasSlotsForRefusals:
                note(.connections, of: host)
                end(slot, .refused)
            case .tooMany:
                note(.connections, of: host)
                refuse(
                    slot,
                    .error(
                        .tooManyRequests, "Too many connections from your address.",
                        fields: [retryAfter], keepAlive: false))
            }
        }
    }

    /// Counts a refusal, and has it told.
    mutating func note(_ kind: RefusalKind, of host: HostKey) {
        counters.refusalCounts[kind.rawValue] += 1
        addresses.refusals.note(host, kind, nowMs: nowMs)
    }

    /// Counts a refusal of a connection that was let in.
    mutating func note(_ kind: RefusalKind, _ slot: Int) {
        guard table[slot].flags.contains(.admitted) else { return }
        note(kind, of: peers.host(table[slot].peer))
    }

    /// Whether there is room to say no in words: each takes a slot for as long as its client likes
    /// to read, and whoever comes without end could take them all.
    private var hasSlotsForRefusals: Bool {
        table.freeCount > table.slotCount / DeliverySettings.refusalShareOfSlots
    }

    private mutating func refuseAsFull(_ slot: Int) {
        refuse(
            slot,
            .error(
                .serviceUnavailable, "This server is full. Please try again in a moment.",
                fields: [retryAfter], keepAlive: false), counted: .full)
    }

    /// What a client is told that may come back.
    var retryAfter: HTTPResponse.Field { .init("Retry-After", "\(DeliverySettings.retryAfterS)") }

    /// Waits for bytes of the peer.
    ///
    /// Bytes that are there already come back at once, so peers who send without an end could have
    /// a turn to themselves, for ever. Each turn reads so much; the rest has to wait for the next.
    mutating func receive(_ slot: Int) {
        table[slot].flags.insert(.receiving)
        let token = token(Operation.receive, slot)
        guard !hasRecords(slot) else {
            // What has come already is for the next turn.
            dueReceives.append(token)
            return
        }
        guard inputThisTurn < DeliverySettings.inputPerTurnMax else {
            dueReceives.append(token)
            return
        }
        inputThisTurn += 1
        prepare()
        ring.receive(slot: slot, token: token)
    }

    /// Arms the receives that had to wait, and takes the requests that had to.
    mutating func armDueReceives() {
        inputThisTurn = 0
        let count = min(dueReceives.count, DeliverySettings.inputPerTurnMax)
        for token in dueReceives[..<count]
        where table[token.slot].generation & 0xFF_FFFF == token.generation {
            makeRoom()
            if table[token.slot].flags.contains(.hasRequests) {
                table[token.slot].flags.remove(.receiving)
                // When its answer has gone, it is its turn.
                guard table[token.slot].outbound < 0 else { continue }
                table[token.slot].flags.remove(.hasRequests)
                takeBuffered(token.slot)
                continue
            }
            inputThisTurn += 1
            if hasRecords(token.slot), let index = table[token.slot].sealed {
                table[token.slot].flags.remove(.receiving)
                openBuffered(token.slot, index)
                continue
            }
            prepare()
            ring.receive(slot: token.slot, token: token)
        }
        dueReceives.removeFirst(count)
    }

    /// Ends a connection for that reason, whatever it was doing; the peer sees an orderly end.
    mutating func end(_ slot: Int, _ reason: DropReason) {
        switch table[slot].state {
        case .free, .accepting, .closing: return
        case .lingering: break  // Counted when it was refused.
        case .awaitingKeyframe, .starting, .streaming:
            counters.viewerEndCounts[reason.rawValue] += 1
            if reason == .stuck || reason == .overrun {
                counters.programDropCounts[Channel.program(of: Int(table[slot].channel))] += 1
            }
        case .readingHead, .waitingForStream, .awaitingReply:
            counters.connectionEndCounts[reason.rawValue] += 1
        }
        if reason == .ended, isBetweenTags(slot) {
            sendFarewell(
                WebSocketFrame.close(
                    isStopping ? .goingAway : .normal, reason: "The stream has ended."), to: slot)
        }
        // At the end of a programme everyone gets its last bytes. But those who take none hold
        // megabytes of the kernel's, and whoever leaves with some of ours on the way gives them
        // back now.
        let isStuck = reason == .stuck || reason == .overrun
        if isStuck || table[slot].owedCount > 0 && reason != .ended {
            prepare()
            ring.reset(slot: slot, token: ignoredToken)
        } else if table[slot].state != .lingering, table[slot].outbound < 0 {
            sendLast(.closeNotify, to: slot)
        }
        close(slot)
    }

    /// Closes the socket and gives back all that the connection held.
    private mutating func close(_ slot: Int) {
        precondition(table[slot].state != .free && table[slot].state != .closing)
        let flags = table[slot].flags
        prepare()
        if flags.contains(.receiving) {
            ring.cancel(token(Operation.receive, slot), token: ignoredToken)
        }
        if flags.contains(.polling) {
            ring.cancel(token(Operation.poll, slot), token: ignoredToken)
        }
        giveOutbound(slot)
        giveHeadBuffer(slot)
        giveSession(slot)
        leaveChannel(slot)
        if flags.contains(.viaProxy) { proxies[slot] = nil }
        if flags.contains(.admitted) { addresses.leave(table[slot].peer) }
        if let index = table[slot].sealed {
            giveRecords(index)
            sealed.wipe(index)
        }
        table[slot].flags.formIntersection(.secured)
        table[slot].owedCount = 0
        table[slot].state = .closing
        // What still completes for this life of the slot is of no interest; only the close is.
        table[slot].generation &+= 1
        guard !flags.contains(.shuttingDown) else { return }
        ring.close(slot: slot, token: token(Operation.close, slot))
    }

    /// Ends our direction, and the peer reads to the end of what was sent.
    ///
    /// The kernel leaves it to a thread of its own, which looks into the slot only then: if the
    /// slot had been given to another connection meanwhile, that one would be cut off.
    mutating func shutDown(_ slot: Int) {
        sendLast(.closeNotify, to: slot)
        // The kernel may have a record of its own yet to hand to the socket, which nothing could
        // follow then: the alert is the end that the peer sees.
        if table[slot].flags.areSealedByKernel { return }
        table[slot].flags.insert(.shuttingDown)
        prepare()
        ring.shutdownSending(slot: slot, token: token(Operation.shutdown, slot))
    }

    /// The shutdown of a connection that has ended since is done, so its slot may go.
    mutating func closeAfterShutdown(_ slot: Int) {
        precondition(table[slot].state == .closing)
        prepare()
        ring.close(slot: slot, token: token(Operation.close, slot))
    }

    mutating func closed(_ slot: Int) {
        if let index = table[slot].sealed {
            counters.tlsConnectionCounts[ShardCounters.tlsIndex(sealed[index].keys)] -= 1
            sealed.give(UInt16(index))
            table[slot].flags = []
        }
        table.give(slot)
    }

    // MARK: Answers

    /// Answers with an error and ends the connection, letting the peer read the answer first.
    mutating func refuse(
        _ slot: Int, _ response: HTTPResponse, counted reason: DropReason = .refused
    ) {
        send(response.bytes(), to: slot)
        finishAnswering(slot, counted: reason)
    }

    /// The last answer of a connection is on its way: ends it once that has gone and the peer has
    /// read it.
    mutating func finishAnswering(_ slot: Int, counted reason: DropReason) {
        counters.connectionEndCounts[reason.rawValue] += 1
        giveHeadBuffer(slot)
        table[slot].flags.remove(.hasRequests)
        table[slot].state = .lingering
        table[slot].sinceMs = nowMs
        if table[slot].outbound < 0 { shutDown(slot) }
        // Closing with unread bytes would reset the connection, and the answer be lost.
        if !table[slot].flags.contains(.receiving) { receive(slot) }
    }
}
