// What the clients of WebSockets say.

import AudienceProtocol
import Glibc
import HTTPWire
import WireBytes

extension ShardCore where Kernel: ~Copyable {
    /// Takes bytes that came from a WebSocket's client.
    mutating func receiveFrames(_ bytes: UnsafeRawBufferPointer, on session: Int, of slot: Int) {
        guard !sessions[session].flags.contains(.closing) else {
            receive(slot)
            return
        }
        // The buffer is ours until it is given back: masks are taken off where they are.
        let memory = unsafe UnsafeMutableRawBufferPointer(mutating: bytes)
        do throws(WebSocketError) {
            try unsafe read(memory, on: session, of: slot)
        } catch {
            close(slot, session, error.closeCode, error.description, .refused)
        }
        guard table[slot].session == session else { return }
        giveStorage(session)
        receive(slot)
    }

    /// Gives back a buffer in which no part of a message is left.
    private mutating func giveStorage(_ session: Int) {
        guard sessions[session].storage >= 0, !sessions[session].reader.holdsStorage else { return }
        heads.give(sessions[session].storage)
        sessions[session].storage = -1
    }

    private mutating func read(
        _ memory: UnsafeMutableRawBufferPointer, on session: Int, of slot: Int
    ) throws(WebSocketError) {
        var offset = 0
        while true {
            let lent =
                sessions[session].storage >= 0
                ? unsafe heads.storage(sessions[session].storage)
                : unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
            var bytes = unsafe memory.mutableBytes
            var storage = unsafe lent.mutableBytes
            let step = try sessions[session].reader.next(
                in: &bytes, from: &offset, storage: &storage, limits: settings.webSocket)
            switch step {
            case .needsBytes: return
            case .needsStorage:
                precondition(sessions[session].storage < 0, "a buffer holds the longest message")
                guard let buffer = takeBuffer(slot, isMessage: true) else {
                    close(slot, session, .tryAgainLater, "This server is busy.", .full)
                    return
                }
                sessions[session].storage = buffer
            case .message(let message):
                inputThisTurn += 1
                guard mayTalk(slot, session) else { return }
                guard message.kind.isClose || mayAsk(slot) else {
                    enqueue(AudienceRefusal.tooManyRequests, on: session, of: slot)
                    guard table[slot].session == session else { return }
                    continue
                }
                let payload = unsafe UnsafeRawBufferPointer(
                    rebasing: (message.isStored ? lent : memory)[message.payload])
                unsafe take(message.kind, payload, on: session, of: slot)
                guard table[slot].session == session, !sessions[session].flags.contains(.closing)
                else {
                    return
                }
            }
        }
    }

    /// Counts a message; a client that sends too many is told so, and let go.
    private mutating func mayTalk(_ slot: Int, _ session: Int) -> Bool {
        let intervalMs = 1_000 / max(1, settings.messagesPerSecondMax)
        let dueMs = max(sessions[session].messageDueMs, nowMs)
        guard dueMs - nowMs <= intervalMs * (settings.messageBurstMax - 1) else {
            note(.requests, slot)
            close(
                slot, session, .policyViolation, "You send messages too fast.", .refused)
            return false
        }
        sessions[session].messageDueMs = dueMs + intervalMs
        return true
    }

    private mutating func take(
        _ kind: WebSocketReader.Kind, _ payload: UnsafeRawBufferPointer, on session: Int,
        of slot: Int
    ) {
        switch kind {
        case .text: unsafe take(text: payload, on: session, of: slot)
        case .binary:
            close(
                slot, session, .unsupportedData, "Send texts; binary messages aren't taken.",
                .refused)
        case .ping: unsafe answerPing(payload.bytes, on: session, of: slot)
        case .pong: break
        case .close(let code):
            // RFC 6455, section 5.5.1: the answer has the same code.
            close(slot, session, code ?? .normal, "", .left)
        }
    }

    private mutating func take(text: UnsafeRawBufferPointer, on session: Int, of slot: Int) {
        let bytes = unsafe text.bytes
        let message: AudienceMessage
        do throws(AudienceMessageError) {
            message = try AudienceMessage.parse(bytes)
        } catch {
            enqueue(AudienceRefusal(.badRequest, error.description), on: session, of: slot)
            return
        }
        switch message {
        case .ping(let ping):
            let clock = clockReading(of: channels[Int(table[slot].channel)].programme)
            let pong = [UInt8](capacity: PingMessage.pongByteCountMax) { output in
                _ = ping.appendPong(clock, to: &output)
            }
            unsafe answerTextPing(pong.span.bytes, on: session, of: slot)
        case .report(let report): note(report, on: session, of: slot)
        case .answer(let answer):
            do throws(AudienceRefusal) {
                try submit(answer, bytes, on: session, of: slot)
            } catch {
                counters.playerRefusalCount += 1
                enqueue(error, on: session, of: slot)
            }
        case .token(let message):
            do throws(AudienceRefusal) {
                try admit(message.token.text(in: bytes), on: session, of: slot)
            } catch {
                counters.playerRefusalCount += 1
                enqueue(error, on: session, of: slot)
            }
        }
    }

    /// A viewer brings its token: from now on it is a player's connection.
    private mutating func admit(
        _ token: String, on session: Int, of slot: Int
    ) throws(AudienceRefusal) {
        guard let audience else { throw AudienceRefusal(.notFound, "There is no game here.") }
        guard let dueMs = dueMs(afterOneDue: sessions[session].answerDueMs),
            frameCount(slot) < DeliverySettings.repliesPerSessionMax
        else { throw AudienceRefusal.tooManyTokens }
        sessions[session].answerDueMs = dueMs
        let stream = channels[Int(table[slot].channel)].programme?.name
        let ticket = try unsafe admit(
            Array(token.utf8).span.bytes, stream: stream, slot, audience)
        guard sessions[session].ticket == nil || sessions[session].ticket == ticket else {
            throw AudienceRefusal.otherPlayer
        }
        if sessions[session].ticket == nil { addPlayer(slot, ticket, on: session) }
        let reply: StaticString = #"{"type":"token","status":"accepted"}"#
        let text = unsafe Array(
            UnsafeBufferPointer(start: reply.utf8Start, count: reply.utf8CodeUnitCount))
        unsafe enqueue(.text, text.span.bytes, on: session, of: slot)
    }

    private mutating func submit(
        _ answer: AnswerMessage, _ bytes: RawSpan, on session: Int, of slot: Int
    ) throws(AudienceRefusal) {
        guard let audience else { throw AudienceRefusal(.notFound, "There is no game here.") }
        guard let ticket = sessions[session].ticket else {
            throw AudienceRefusal(
                .unauthorized, "Only players can answer: join the game, then connect as a player.")
        }
        guard let dueMs = dueMs(afterOneDue: sessions[session].answerDueMs),
            Int(sessions[session].replyCount) + frameCount(slot)
                < DeliverySettings.repliesPerSessionMax
        else { throw AudienceRefusal.tooManyAnswers }
        guard replyCount < DeliverySettings.replyCountMax else { throw AudienceRefusal.busy }
        let question = answer.question.text(in: bytes)
        let asked = channels[Int(table[slot].channel)].cues.question
        var handover: QuestionHandover?
        if sessions[session].questionNs > 0, asked?.seq == sessions[session].questionSeq,
            asked?.question == question
        {
            handover = QuestionHandover(
                player: ticket, atNs: sessions[session].questionNs,
                countedNs: sessions[session].countedNs,
                sinceNs: sessions[session].playerSinceNs)
        }
        sessions[session].answerDueMs = dueMs
        sessions[session].replyCount += 1
        replyCount += 1
        counters.playerAnswerCount += 1
        audience.service.submit(
            AudienceAnswer(
                player: ticket, question: question, choice: answer.choice,
                show: answer.show?.text(in: bytes), receivedNs: nowNs,
                handover: handover, replyTo: replyAddress(slot)))
    }

    /// When the next answer is due at the allowed rate, if one comes now.
    ///
    /// - Parameter dueMs: when this one was due.
    /// - Returns: nil if it comes too early.
    func dueMs(afterOneDue dueMs: Int64) -> Int64? {
        let intervalMs = 1_000 / max(1, settings.answersPerSecondMax)
        let due = max(dueMs, nowMs)
        guard due - nowMs <= intervalMs * (settings.answerBurstMax - 1) else { return nil }
        return due + intervalMs
    }

    /// The frames that a connection is still to get.
    private func frameCount(_ slot: Int) -> Int {
        table[slot].outbound < 0 ? 0 : outbound.frameCount(table[slot].outbound)
    }

    func replyAddress(_ slot: Int) -> ReplyAddress {
        ReplyAddress(
            shard: inbox?.shard ?? 0, slot: UInt32(slot),
            generation: table[slot].generation & 0xFF_FFFF)
    }
}

extension WebSocketReader.Kind {
    fileprivate var isClose: Bool { if case .close = self { true } else { false } }
}

extension AudienceRefusal {
    static let needsToken = AudienceRefusal(
        .unauthorized, "A player's token is needed: send Authorization: Bearer <token>.")
    static let tooManyRequests = AudienceRefusal(
        .tooManyRequests, "Too many requests come from your address. Try again in a moment.")
    static let tooManyWrongTokens = AudienceRefusal(
        .tooManyRequests, "Too many wrong tokens came from your address. Try again in a minute.")
    static let tooManyAnswers = AudienceRefusal(
        .tooManyRequests, "You send answers too fast. Wait a second.")
    static let tooManyTokens = AudienceRefusal(
        .tooManyRequests, "You send tokens too fast. Wait a second.")
    static let otherPlayer = AudienceRefusal(
        .conflict, "This connection is another player's already; open one of your own.")
    static let tooLong = AudienceRefusal(
        .internalServerError,
        "The reply is too long for a WebSocket. Ask \(AudiencePath.me.template).")
    static let busy = AudienceRefusal(
        .serviceUnavailable, "This server is busy. Send your answer again in a moment.")
}
