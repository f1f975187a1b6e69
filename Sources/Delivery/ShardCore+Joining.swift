// How a connection becomes a viewer.

import AudienceProtocol
import Broadcast
import HTTPWire

/// What somebody wants who asks for a stream.
struct StreamWish {
    /// The page that may read it.
    var origin: String?
    /// The answer that makes it a WebSocket; nil for plain HTTP.
    var upgrade: HTTPResponse?
    /// Who it is, if it says so.
    var ticket: PlayerTicket?
    /// What its software calls itself.
    var agent = ""
}

extension ShardCore where Kernel: ~Copyable {
    /// The plain channel of the programme of that name.
    func plainChannel(named name: some Sequence<UInt8>) -> Int? {
        for index in 0..<programs.limits.programmeCountMax {
            let channel = Channel.index(program: index, .plain)
            if channels[channel].programme?.name.utf8.elementsEqual(name) == true {
                return channel
            }
        }
        return nil
    }

    /// The plain channel of the programme of that name and where to begin, if it can be joined now.
    func findStream(_ name: UnsafeRawBufferPointer) -> (Int, StartPoint)? {
        guard let channel = unsafe plainChannel(named: name) else { return nil }
        return channels[channel].start.map { (channel, $0) }
    }

    /// Keeps the request until the stream is there or the time is over.
    mutating func wait(
        _ slot: Int, request: UnsafeRawBufferPointer, byteCount: Int
    ) {
        if table[slot].headBuffer < 0 {
            guard let buffer = takeBuffer(slot) else {
                refuse(
                    slot,
                    .error(
                        .serviceUnavailable, "The stream isn't on air yet. Please try again.",
                        fields: [retryAfter], keepAlive: false))
                return
            }
            table[slot].headBuffer = buffer
            let head = unsafe UnsafeRawBufferPointer(rebasing: request[..<byteCount])
            unsafe heads.append(head, to: buffer)
        }
        heads[scannedOf: table[slot].headBuffer] = 0
        table[slot].state = .waitingForStream
        table[slot].sinceMs = nowMs
    }

    /// Looks again for the stream that a connection waits for.
    mutating func checkWaiting(_ slot: Int) {
        unsafe checkWaiting(slot, request: heads.bytes(table[slot].headBuffer))
    }

    private mutating func checkWaiting(_ slot: Int, request: UnsafeRawBufferPointer) {
        let bytes = unsafe request.bytes
        var scanned = 0
        let parsed: HTTPRequestHead?
        do {
            parsed = try HTTPRequestHead.parse(bytes, scanned: &scanned, limits: settings.http)
        } catch {
            parsed = nil
        }
        guard let parsed, let place = StreamPath.name(in: parsed.path, of: bytes) else {
            preconditionFailure("a request that was read once can be read again")
        }
        let name = unsafe UnsafeRawBufferPointer(rebasing: request[place])
        guard unsafe isDecided(slot, parsed, bytes, name) else { return }
        if let found = unsafe findStream(name) {
            guard let wish = unsafe wish(slot, parsed, request, name) else { return }
            start(slot, found, wish)
        } else if nowMs - table[slot].sinceMs >= settings.waitForStreamMs {
            let cors = settings.cors.fields(for: parsed, in: bytes)
            note(.noStream, slot)
            refuse(slot, unsafe notFound(name, fields: cors, keepAlive: false))
        }
    }

    /// Whether the connection may have its stream; until then it waits, or it was told that it may not.
    private mutating func isDecided(
        _ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan, _ name: UnsafeRawBufferPointer
    ) -> Bool {
        guard table[slot].flags.contains(.undecided) else { return true }
        let cors = settings.cors.fields(for: head, in: bytes)
        switch unsafe verdictAtGate(slot, head, bytes, name) {
        case .undecided where nowMs - table[slot].sinceMs <= DeliverySettings.verdictMsMax:
            return false
        case .allowed, .undecided:
            table[slot].flags.remove(.undecided)
            // The time of waiting for the stream begins.
            table[slot].sinceMs = nowMs
            return true
        case .refused(let sentence, let refuser):
            table[slot].flags.remove(.undecided)
            note(refuser.kind, slot)
            refuse(slot, .error(.forbidden, sentence, fields: cors, keepAlive: false))
            return false
        }
    }

    /// What a request for a stream asks for.
    ///
    /// - Returns: nil if it can't have it, and was told so.
    mutating func wish(
        _ slot: Int, _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer,
        _ name: UnsafeRawBufferPointer
    ) -> StreamWish? {
        let bytes = unsafe buffer.bytes
        let cors = settings.cors.fields(for: head, in: bytes)
        var wish = StreamWish(origin: settings.cors.allowedOrigin(for: head, in: bytes))
        wish.agent = AgentTable.name(in: head, of: bytes)
        if let audience, let credential = PlayerCredential.find(in: head, of: bytes) {
            let token = bytes.extracting(credential.range)
            let stream = unsafe String(decoding: name, as: UTF8.self)
            do throws(AudienceRefusal) {
                wish.ticket = try admit(token, stream: stream, slot, audience)
            } catch {
                refuse(slot, head, error, fields: cors)
                return nil
            }
        }
        guard head.upgradesToWebSocket else { return wish }
        do throws(WebSocketUpgradeError) {
            wish.upgrade = try WebSocketUpgrade(
                head, in: bytes, subprotocol: AudienceSubprotocol.name
            ).response(fields: cors)
        } catch {
            refuse(slot, error.response(fields: cors))
            return nil
        }
        // Browsers leave it to the server to keep pages away from its WebSockets.
        guard head.origin == nil || wish.origin != nil else {
            refuse(
                slot,
                .error(
                    .forbidden, "This page may not use the stream. Ask the operator to allow it.",
                    fields: cors, keepAlive: false))
            return nil
        }
        guard bytes.byteCount == head.headByteCount else {
            refuse(
                slot,
                .error(
                    .badRequest, "Frames came before the answer; wait for it (RFC 6455, 4.1).",
                    fields: cors, keepAlive: false))
            return nil
        }
        return wish
    }

    /// Begins a viewer's stream.
    ///
    /// - Parameter found: the plain channel of its programme, and where that begins.
    mutating func start(_ slot: Int, _ found: (channel: Int, start: StartPoint), _ wish: StreamWish)
    {
        guard let (channel, start) = place(of: found, wish) else {
            refuseAsBusy(slot)
            return
        }
        let byteCount = (channels[channel].view?.head ?? start.position) - start.position
        let getsGOP = rush.admits(
            byteCount: Int(byteCount), nowMs: nowMs, busyShare: clock.busyShare)
        let block = getsGOP ? takeBlock(channel, start, origin: wish.origin) : nil
        if getsGOP, block == nil {
            refuseAsBusy(slot)
            return
        }
        giveHeadBuffer(slot)
        table[slot].channel = UInt8(channel)
        table[slot].flags.insert(.joined)
        counters.joinCount += 1
        counters.viewerCounts[Channel.program(of: channel)] += 1
        counters.programJoinCounts[Channel.program(of: channel)] += 1
        table[slot].sinceMs = nowMs
        noteViewer(slot, agent: wish.agent)
        if wish.upgrade != nil || wish.ticket != nil { furnish(slot, wish) }
        // A WebSocket's answer has something of its key, so it can't be part of the block.
        let answer = wish.upgrade?.bytes()
        if let block {
            if let answer { send(answer, to: slot) }
            begin(slot, block: block, from: 0, at: start.position)
        } else {
            // A rush: the answer now, the stream from the next keyframe on.
            counters.deferredJoinCount += 1
            send(answer ?? flvHead(wish.origin), to: slot)
            table[slot].state = .awaitingKeyframe
            table[slot].cursor = start.position
            notes[slot].standing(at: start.position, from: 0)
        }
        // Whoever speaks TLS may ask for other keys even if there is nothing else to say.
        if answer != nil || table[slot].flags.contains(.secure) { receive(slot) }
    }

    /// The channel with the framing that is wished for, and where it begins.
    private mutating func place(
        of found: (channel: Int, start: StartPoint), _ wish: StreamWish
    ) -> (Int, StartPoint)? {
        guard wish.upgrade != nil else { return found }
        let program = Channel.program(of: found.channel)
        guard let channel = channel(of: program, .webSocket) else { return nil }
        return channels[channel].start.map { (channel, $0) }
    }

    private mutating func refuseAsBusy(_ slot: Int) {
        refuse(
            slot,
            .error(
                .serviceUnavailable, "This server is busy.", fields: [retryAfter],
                keepAlive: false),
            counted: .full)
    }

    mutating func takeBlock(
        _ channel: Int, _ start: StartPoint, origin: String?
    ) -> UInt16? {
        outbound.blocks.take(
            channel: channel, start: start, origin: origin,
            variesByOrigin: settings.cors.variesByOrigin)
    }

    /// Gives a viewer the session that a player or a WebSocket needs.
    private mutating func furnish(_ slot: Int, _ wish: StreamWish) {
        let session = takeSession(slot)
        if let ticket = wish.ticket { addPlayer(slot, ticket, on: session) }
        guard wish.upgrade != nil else { return }
        counters.webSocketJoinCount += 1
        sessions[session].flags.insert(.webSocket)
    }

    /// Begins the stream of a viewer who waits for a keyframe, once there is a newer one.
    mutating func checkAwaiting(_ slot: Int, waitedMs: Int64) {
        guard table[slot].flags.isDisjoint(with: [.polling, .refused]) else {
            if waitedMs > settings.lagDropMs { end(slot, .stuck) }
            return
        }
        // Not into the midst of what it is getting, and nothing after a close frame.
        guard table[slot].outbound < 0 else {
            schedule(slot)
            return
        }
        let channel = Int(table[slot].channel)
        let isPatient = waitedMs < settings.lagSkipMs
        // When no keyframe comes for long, an old one is better than none.
        guard let start = channels[channel].start, start.position > table[slot].cursor || !isPatient
        else { return }
        // Without a block to spare it waits for one more keyframe.
        guard let block = takeBlock(channel, start, origin: nil) else { return }
        table[slot].sinceMs = nowMs
        begin(slot, block: block, from: outbound.blocks.flvOffset(block), at: start.position)
    }

    func flvHead(_ origin: String?) -> [UInt8] {
        HTTPResponse.flvHead(allowOrigin: origin, variesByOrigin: settings.cors.variesByOrigin)
    }
}
