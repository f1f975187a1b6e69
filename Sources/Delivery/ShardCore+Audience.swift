// Requests of the game's players, and the desk's replies.

import HTTPWire
import IORing

extension ShardCore where Kernel: ~Copyable {
    /// Answers a request under /api/v1, or hands it to the desk.
    ///
    /// - Returns: the bytes it took, body included; nil while the body is incomplete.
    mutating func answer(
        _ route: AudienceRoute, _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer,
        of slot: Int
    ) -> Int? {
        let bytes = unsafe buffer.bytes
        let cors = settings.cors.fields(for: head, in: bytes)
        guard let audience else {
            let keepAlive = head.keepAlive && !head.hasBody
            reply(
                slot, head,
                .error(
                    .notFound, "There is no game here.", fields: cors, keepAlive: keepAlive))
            return head.headByteCount
        }
        if head.method == .options, !head.hasBody {
            let response = settings.cors.optionsResponse(
                for: head, in: bytes, methods: route.methods)
            reply(slot, head, response)
            return head.headByteCount
        }
        guard route.methods.contains(head.method) else {
            let allow = HTTPResponse.Field("Allow", route.allow)
            reply(
                slot, head,
                .error(
                    .methodNotAllowed, "Only \(route.allow) are answered here.",
                    fields: cors + [allow], keepAlive: head.keepAlive && !head.hasBody))
            return head.headByteCount
        }
        do throws(AudienceRefusal) {
            switch route {
            case .join, .answers:
                return try unsafe post(route, head, buffer, of: slot, audience)
            case .me:
                try refuseBody(head)
                let ticket = try player(head, bytes, of: slot, audience)
                try takeTurn(slot)
                awaitReply(slot, head, bytes)
                audience.desk.tellStanding(of: ticket, to: replyAddress(slot))
            case .state:
                try refuseBody(head)
                try tellState(head, bytes, of: slot, audience)
            }
            return head.headByteCount
        } catch {
            refuse(slot, head, error, fields: cors)
            return head.headByteCount
        }
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

    private func refuseBody(_ head: HTTPRequestHead) throws(AudienceRefusal) {
        guard !head.hasBody else {
            throw AudienceRefusal(.badRequest, "This request has no body; send none.")
        }
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
        switch audience.desk.admit(token: token, stream: stream, host: peers.host(peer)) {
        case .success(let ticket):
            knownTokens.insert(token)
            return ticket
        case .failure(let refusal):
            if refusal.isGuess { peers.noteWrongToken(peer, nowMs: nowMs) }
            if refusal.status == .unauthorized { note(.token, slot) }
            throw refusal
        }
    }

    /// Counts something for the desk to do.
    private mutating func takeTurn(_ slot: Int) throws(AudienceRefusal) {
        guard replyCount < DeliverySettings.replyCountMax else { throw AudienceRefusal.busy }
        guard let dueMs = dueMs(afterOneDue: table[slot].answerDueMs) else {
            throw AudienceRefusal.tooManyAnswers
        }
        table[slot].answerDueMs = dueMs
    }

    // MARK: Posts

    /// - Returns: the bytes it took; nil while the body is incomplete.
    private mutating func post(
        _ route: AudienceRoute, _ head: HTTPRequestHead, _ buffer: UnsafeRawBufferPointer,
        of slot: Int, _ audience: Audience
    ) throws(AudienceRefusal) -> Int? {
        let bytes = unsafe buffer.bytes
        let body: RequestBodyReader
        do throws(RequestBodyError) {
            body = try RequestBodyReader(
                head, in: bytes, byteCountMax: settings.http.bodyByteCountMax)
        } catch {
            throw AudienceRefusal(error.status, error.description)
        }
        guard let range = body.range(in: bytes) else {
            if body.needsContinue(having: bytes.byteCount) {
                send(HTTPResponse.continueBytes, to: slot)
            }
            return nil
        }
        do throws(AudienceMessageError) {
            switch route {
            case .join: try join(bytes.extracting(range), head, bytes, of: slot, audience)
            default: try answer(bytes.extracting(range), head, bytes, of: slot, audience)
            }
        } catch {
            refusePost(slot, head, bytes, AudienceRefusal(.badRequest, error.description))
        }
        return range.upperBound
    }

    /// Says no to a post that has come whole.
    private mutating func refusePost(
        _ slot: Int, _ head: HTTPRequestHead, _ bytes: RawSpan, _ refusal: AudienceRefusal
    ) {
        refuse(
            slot, head, refusal, fields: settings.cors.fields(for: head, in: bytes), isWhole: true)
    }

    private mutating func join(
        _ body: RawSpan, _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int,
        _ audience: Audience
    ) throws(AudienceMessageError) {
        let message = try JoinMessage.parse(body)
        guard addresses.mayJoin(table[slot].peer, nowMs: nowMs) else {
            note(.joins, slot)
            refusePost(
                slot, head, bytes,
                AudienceRefusal(
                    .tooManyRequests, "Too many join from your address. Try again in a minute."))
            return
        }
        do throws(AudienceRefusal) {
            try takeTurn(slot)
        } catch {
            refusePost(slot, head, bytes, error)
            return
        }
        awaitReply(slot, head, bytes)
        audience.desk.join(
            AudienceJoin(
                name: message.name.text(in: body), show: message.show?.text(in: body),
                stream: message.stream?.text(in: body), host: peers.host(table[slot].peer),
                replyTo: replyAddress(slot)))
    }

    private mutating func answer(
        _ body: RawSpan, _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int,
        _ audience: Audience
    ) throws(AudienceMessageError) {
        let message = try AnswerMessage.parse(body)
        let ticket: PlayerTicket
        do throws(AudienceRefusal) {
            ticket = try player(head, bytes, of: slot, audience)
            try takeTurn(slot)
        } catch {
            refusePost(slot, head, bytes, error)
            return
        }
        counters.playerAnswerCount += 1
        awaitReply(slot, head, bytes)
        audience.desk.submit(
            AudienceAnswer(
                player: ticket, question: message.question.text(in: body),
                choice: message.choice, show: message.show?.text(in: body), receivedNs: nowNs,
                handover: nil, replyTo: replyAddress(slot)))
    }

    // MARK: The state

    private mutating func tellState(
        _ head: HTTPRequestHead, _ bytes: RawSpan, of slot: Int, _ audience: Audience
    ) throws(AudienceRefusal) {
        let stream = head.query.flatMap { Query.value(named: "stream", in: $0, of: bytes) }
            .flatMap { PercentEncoding.decode($0, in: bytes) }
        guard let state = audience.desk.state(of: stream) else {
            throw AudienceRefusal(.notFound, "No show goes on there.")
        }
        let origin = settings.cors.allowedOrigin(for: head, in: bytes)
        let known = head.fieldValue(named: "if-none-match", in: bytes)
        let isKnown = known.map { bytes.extracting($0).equals(state.entityTag.utf8) } ?? false
        if isKnown || head.method == .head {
            let fields = settings.cors.fields(for: head, in: bytes)
            reply(
                slot, head,
                StateResponses.response(
                    isKnown ? .notModified : .ok, state, fields,
                    keepAlive: head.keepAlive))
            return
        }
        send(
            stateResponses.bytes(
                state, origin: origin, variesByOrigin: settings.cors.variesByOrigin,
                keepAlive: head.keepAlive), to: slot)
        if !head.keepAlive { finishAnswering(slot, counted: .left) }
    }

    // MARK: Replies

    /// From now on the connection waits for the desk. What has come behind the request stays in
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

    /// Sends what the desk has replied since the last turn.
    mutating func takeReplies() {
        guard let inbox else { return }
        for reply in inbox.takeAll() {
            // A desk that replies twice is a mistake of ours, and no reason to end the broadcast.
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

    /// Sees whether the desk takes too long.
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
                "The game took too long. Your request may have been kept: ask /api/v1/me.",
                fields: cors + [retryAfter], keepAlive: false), counted: .timeout)
    }
}
