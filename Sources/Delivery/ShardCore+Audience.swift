// Requests of the game's players, and the service's replies.

import AudienceProtocol
import HTTPWire
import WireBytes

extension ShardCore where Kernel: ~Copyable {
    /// Answers a request of the game's, or hands it to the service.
    ///
    /// - Returns: the bytes it took, body included; nil while the body is incomplete.
    mutating func answer(
        _ route: AudienceRoute, _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int,
        _ audience: Audience
    ) -> Int? {
        var body = head.headByteCount..<head.headByteCount
        var isWhole = false
        do throws(AudienceRefusal) {
            if route.bodyByteCountMax > 0 {
                guard let range = try self.body(route, head, bytes, of: slot) else { return nil }
                body = range
                isWhole = true
            }
            switch route.handler {
            case .join:
                try join(route, bytes.extracting(body), head, bytes, of: slot, audience)
            case .answers:
                try answer(route, bytes.extracting(body), head, bytes, of: slot, audience)
            case .me:
                guard let ticket = try admit(route, head, bytes, of: slot, audience) else {
                    preconditionFailure("the route is for players")
                }
                awaitReply(slot, head, bytes)
                audience.service.tellStanding(of: ticket, to: replyAddress(slot))
            case .state:
                let stream = wantedStream(head, bytes)
                serve(audience.service.state(of: stream), head, bytes, of: slot)
            case .stream, .document, .streams, .clock, .health:
                preconditionFailure("they are nothing of the game's")
            }
        } catch {
            let cors = settings.cors.fields(for: head, in: bytes)
            refuse(slot, head, error, fields: cors, isWhole: isWhole)
        }
        return body.upperBound
    }

    /// Says no to a request. Where a body follows that may not have come, the connection ends.
    ///
    /// - Parameter isWhole: whether all of the body is here.
    mutating func refuse(
        _ slot: Int, _ head: HTTPRequestHead, _ refusal: AudienceRefusal,
        fields: [HTTPResponse.Field], isWhole: Bool = false
    ) {
        counters.playerRefusalCount += 1
        // Whoever has waited for a stream asked for nothing that goes on.
        let keepAlive =
            head.keepAlive && table[slot].state == .readingHead && (isWhole || !head.hasBody)
        let all = refusal.status == .tooManyRequests ? fields + [.init("Retry-After", "1")] : fields
        let response: HTTPResponse =
            refusal.status == .unauthorized
            ? .unauthorized(
                refusal.sentence, isInvalid: refusal != .needsToken, fields: all,
                keepAlive: keepAlive)
            : .error(refusal.status, refusal.sentence, fields: all, keepAlive: keepAlive)
        reply(slot, head, response)
    }

    /// Lets a request through that its route's terms allow, and counts it.
    ///
    /// - Returns: the player who asks; nil where the route isn't for players.
    private mutating func admit(
        _ route: AudienceRoute, _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int,
        _ audience: Audience
    ) throws(AudienceRefusal) -> PlayerTicket? {
        var ticket: PlayerTicket?
        if route.access == .player { ticket = try player(head, bytes, of: slot, audience) }
        if route.rate == .joins, !addresses.mayJoin(table[slot].peer, nowMs: nowMs) {
            note(.joins, slot)
            throw AudienceRefusal(
                .tooManyRequests, "Too many join from your address. Try again in a minute.")
        }
        if route.rate != .address { try takeTurn(slot) }
        return ticket
    }

    /// The player whose token came with a request.
    private mutating func player(
        _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int, _ audience: Audience
    ) throws(AudienceRefusal) -> PlayerTicket {
        guard let credential = PlayerCredential.find(in: head, of: bytes) else { throw .needsToken }
        return try admit(bytes.extracting(credential.range), stream: nil, slot, audience)
    }

    /// The player who comes with a token. An address that brings many wrong ones is slowed: only
    /// those that were good before are looked at for a while.
    mutating func admit(
        _ token: RawSpan, stream: String?, _ slot: Int, _ audience: Audience
    ) throws(AudienceRefusal) -> PlayerTicket {
        let peer = table[slot].peer
        guard peers.mayTry(peer, nowMs: nowMs) || knownTokens.contains(token) else {
            note(.guesses, slot)
            throw .tooManyWrongTokens
        }
        switch audience.service.admit(token: token, stream: stream, host: peers.host(peer)) {
        case .success(let ticket):
            knownTokens.insert(token)
            return ticket
        case .failure(let refusal):
            if refusal.isGuess { peers.noteWrongToken(peer, nowMs: nowMs) }
            if refusal.status == .unauthorized { note(.token, slot) }
            throw refusal
        }
    }

    /// Counts something for the service to do.
    private mutating func takeTurn(_ slot: Int) throws(AudienceRefusal) {
        guard replyCount < DeliverySettings.replyCountMax else { throw AudienceRefusal.busy }
        // A proxy's connection brings those of many, each of whom the address counts.
        guard !table[slot].flags.contains(.viaProxy) else { return }
        guard let dueMs = dueMs(afterOneDue: table[slot].answerDueMs) else {
            throw AudienceRefusal.tooManyAnswers
        }
        table[slot].answerDueMs = dueMs
    }

    // MARK: Posts

    /// Where the body of a request is.
    ///
    /// - Returns: nil while it is incomplete.
    private mutating func body(
        _ route: AudienceRoute, _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int
    ) throws(AudienceRefusal) -> Range<Int>? {
        let body: RequestBodyReader
        do throws(RequestBodyError) {
            body = try RequestBodyReader(
                head, in: bytes,
                byteCountMax: min(route.bodyByteCountMax, settings.http.bodyByteCountMax))
        } catch {
            throw AudienceRefusal(error.status, error.description)
        }
        if let range = body.range(in: bytes) { return range }
        if body.needsContinue(having: bytes.byteCount) {
            send(HTTPResponse.continueBytes, to: slot)
        }
        return nil
    }

    private mutating func join(
        _ route: AudienceRoute, _ body: RawSpan, _ head: HTTPRequestHead, _ bytes: RawSpan,
        of slot: Int, _ audience: Audience
    ) throws(AudienceRefusal) {
        let message: JoinMessage
        do { message = try JoinMessage.parse(body) } catch {
            throw AudienceRefusal(.badRequest, error.description)
        }
        _ = try admit(route, head, bytes, of: slot, audience)
        awaitReply(slot, head, bytes)
        audience.service.join(
            AudienceJoin(
                name: message.name.text(in: body), show: message.show?.text(in: body),
                stream: message.stream?.text(in: body), host: peers.host(table[slot].peer),
                replyTo: replyAddress(slot)))
    }

    private mutating func answer(
        _ route: AudienceRoute, _ body: RawSpan, _ head: HTTPRequestHead, _ bytes: RawSpan,
        of slot: Int, _ audience: Audience
    ) throws(AudienceRefusal) {
        let message: AnswerMessage
        do { message = try AnswerMessage.parse(body) } catch {
            throw AudienceRefusal(.badRequest, error.description)
        }
        guard let ticket = try admit(route, head, bytes, of: slot, audience) else {
            preconditionFailure("the route is for players")
        }
        counters.playerAnswerCount += 1
        awaitReply(slot, head, bytes)
        audience.service.submit(
            AudienceAnswer(
                player: ticket, question: message.question.text(in: body),
                choice: message.choice, show: message.show?.text(in: body), receivedNs: nowNs,
                handover: nil, replyTo: replyAddress(slot)))
    }

    // MARK: Replies

    /// From now on the connection waits for the service. What has come behind the request stays in
    /// its head buffer, which the session keeps.
    private mutating func awaitReply(_ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan) {
        let buffer = table[slot].headBuffer
        table[slot].headBuffer = -1
        let session = takeSession(slot)
        sessions[session].storage = buffer
        sessions[session].origin = settings.cors.allowedOrigin(for: head, in: bytes)
        if head.keepAlive { sessions[session].flags.insert(.keepAlive) }
        if head.method == .head { sessions[session].flags.insert(.isHead) }
        table[slot].state = .awaitingReply
        table[slot].sinceMs = nowMs
        replyCount += 1
    }

    /// Keeps what came behind a request that waits for its reply.
    mutating func keep(_ rest: UnsafeRawBufferPointer, of slot: Int) {
        guard let session = table[slot].session, unsafe !rest.isEmpty else { return }
        precondition(sessions[session].storage < 0)
        guard let buffer = takeBuffer(slot) else {
            // Without the rest nothing can follow.
            sessions[session].flags.remove(.keepAlive)
            return
        }
        unsafe heads.append(rest, to: buffer)
        sessions[session].storage = buffer
    }

    /// Sends what the service has replied since the last turn.
    mutating func takeReplies() {
        guard let inbox else { return }
        for reply in inbox.takeAll() {
            // A service that replies twice is a mistake of ours, and no reason to end the broadcast.
            replyCount = max(0, replyCount - 1)
            makeRoom()
            let slot = Int(reply.address.slot)
            guard table[slot].generation & 0xFF_FFFF == reply.address.generation,
                let session = table[slot].session
            else { continue }
            if table[slot].state == .awaitingReply {
                respond(slot, session, reply)
            } else if sessions[session].flags.contains(.webSocket),
                !sessions[session].flags.contains(.closing), sessions[session].replyCount > 0
            {
                sessions[session].replyCount -= 1
                if reply.json.count <= AudienceReply.textByteCountMax {
                    unsafe enqueue(.text, reply.json.span.bytes, on: session, of: slot)
                } else {
                    enqueue(AudienceRefusal.tooLong, on: session, of: slot)
                }
            }
        }
    }

    private mutating func respond(_ slot: Int, _ session: Int, _ reply: AudienceReply) {
        let cors = CORSPolicy.fields(
            allowOrigin: sessions[session].origin, variesByOrigin: settings.cors.variesByOrigin)
        let keepAlive = sessions[session].flags.contains(.keepAlive)
        let isHead = sessions[session].flags.contains(.isHead)
        let fields: [HTTPResponse.Field] = [
            .init("Content-Type", "application/json"), .init("Cache-Control", "no-store"),
        ]
        let response = HTTPResponse(
            reply.status, fields: fields + cors, body: reply.json, keepAlive: keepAlive)
        endWaiting(slot, session)
        send(response.bytes(isHead: isHead), to: slot)
        guard keepAlive else {
            finishAnswering(slot, counted: .left)
            return
        }
        table[slot].state = .readingHead
        table[slot].flags.insert(.keptAlive)
        table[slot].flags.remove(.hasHeadBytes)
        table[slot].sinceMs = nowMs
        if table[slot].headBuffer >= 0 { takeNextTurn(slot) } else { receive(slot) }
    }

    /// The head buffer is the connection's own again.
    private mutating func endWaiting(_ slot: Int, _ session: Int) {
        let buffer = sessions[session].storage
        sessions[session].storage = -1
        giveSession(slot)
        table[slot].headBuffer = buffer
    }

    /// Sees whether the service takes too long.
    mutating func checkAwaitingReply(_ slot: Int, waitedMs: Int64) {
        guard waitedMs > DeliverySettings.replyMsMax, let session = table[slot].session else {
            return
        }
        let cors = CORSPolicy.fields(
            allowOrigin: sessions[session].origin, variesByOrigin: settings.cors.variesByOrigin)
        endWaiting(slot, session)
        refuse(
            slot,
            .error(
                .serviceUnavailable,
                "The game took too long. Your request may have been kept: ask "
                    + "\(AudiencePath.me.template).",
                fields: cors + [retryAfter], keepAlive: false), counted: .timeout)
    }
}
