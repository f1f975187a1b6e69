// What WebSockets are told between the tags: replies, pongs, the close.

import Broadcast
import Glibc
import HTTPWire
import IORing

extension ShardCore where Kernel: ~Copyable {
    // MARK: What is to be said

    /// Answers a ping. A newer answer takes the place of one that is still to go: only the last
    /// ping needs one (RFC 6455, section 5.5.3).
    mutating func answerPing(_ payload: RawSpan, on session: Int, of slot: Int) {
        let pong = enqueue(.pong, payload, inPlaceOf: sessions[session].pong, on: session, of: slot)
        guard let pong else { return }
        sessions[session].pong = pong
    }

    /// Answers a ping that came as a text, by the same rule.
    mutating func answerTextPing(_ json: RawSpan, on session: Int, of slot: Int) {
        let pong = enqueue(
            .text, json, inPlaceOf: sessions[session].textPong, on: session, of: slot)
        guard let pong else { return }
        sessions[session].textPong = pong
    }

    /// Tells of a refusal; a newer one takes the place of one that is still to go.
    mutating func enqueue(_ refusal: AudienceRefusal, on session: Int, of slot: Int) {
        let text = refusal.json
        let notice = unsafe enqueue(
            .text, text.span.bytes, inPlaceOf: sessions[session].notice, on: session, of: slot)
        guard let notice else { return }
        sessions[session].notice = notice
    }

    /// Ends a WebSocket with a close frame.
    mutating func close(
        _ slot: Int, _ session: Int, _ code: WebSocketCloseCode, _ sentence: String,
        _ reason: DropReason
    ) {
        guard !sessions[session].flags.contains(.closing) else { return }
        let frame = WebSocketFrame.close(code, reason: sentence)
        // A frame of a control frame's size has a head of two bytes.
        let payload = frame.span.extracting(droppingFirst: 2)
        guard unsafe enqueue(.close, payload.bytes, on: session, of: slot) != nil else {
            return
        }
        sessions[session].flags.insert(.closing)
        sessions[session].closeReason = reason
    }

    /// Has a frame sent between two tags.
    ///
    /// - Parameter former: a text of the session that this one takes the place of, if it has not
    ///   begun to go; -1 for none.
    /// - Returns: its number; nil if the connection was ended for want of room.
    @discardableResult
    mutating func enqueue(
        _ opcode: WebSocketOpcode, _ payload: RawSpan, inPlaceOf former: Int32 = -1,
        on session: Int, of slot: Int
    ) -> Int32? {
        if former >= 0, former != sessions[session].firstFrame || !hasBegunFrame(session) {
            frames.write(opcode, payload, to: former)
            return former
        }
        guard let text = takeFrame(opcode, payload) else {
            end(slot, .stuck)
            return nil
        }
        guard table[slot].session == session else {
            // It was the one that had let the most lie itself.
            frames.giveUnsent(text)
            return nil
        }
        if sessions[session].lastFrame >= 0 {
            frames[nextOf: sessions[session].lastFrame] = text
        } else {
            sessions[session].firstFrame = text
        }
        sessions[session].lastFrame = text
        sessions[session].frameCount += 1
        table[slot].flags.insert(.hasFrames)
        enlist(slot, session)
        return text
    }

    /// A text; where there are too many, whoever has let the most of them lie is ended for it, and
    /// not whoever happens to be spoken to.
    ///
    /// - Returns: nil only if that didn't help: all are just being sent.
    private mutating func takeFrame(_ opcode: WebSocketOpcode, _ payload: RawSpan) -> Int32? {
        if let text = frames.take(opcode, payload) { return text }
        var victim: (slot: Int, count: UInt8, sinceMs: Int64)?
        for slot in 0..<table.usedEnd where table[slot].flags.contains(.hasFrames) {
            guard let session = table[slot].session else { continue }
            let (count, sinceMs) = (sessions[session].frameCount, table[slot].sinceMs)
            if let worst = victim,
                count < worst.count || count == worst.count && sinceMs >= worst.sinceMs
            {
                continue
            }
            victim = (slot, count, sinceMs)
        }
        guard let victim else { return nil }
        note(.unread, victim.slot)
        makeRoom()
        end(victim.slot, .stuck)
        makeRoom()
        return frames.take(opcode, payload)
    }

    /// Whether its first text has gone in part, or is on its way.
    private func hasBegunFrame(_ session: Int) -> Bool {
        sessions[session].sentByteCount > 0 || sessions[session].flags.contains(.sendingFrame)
    }

    /// Has a connection's frames looked at as soon as everything before them is confirmed.
    private mutating func enlist(_ slot: Int, _ session: Int) {
        guard !sessions[session].flags.contains(.listed) else { return }
        sessions[session].flags.insert(.listed)
        framesDue.append(token(Operation.sendFrame, slot))
    }

    /// Has the frames of a connection looked at again, whose socket can take bytes.
    mutating func resumeFrames(_ slot: Int) {
        guard let session = table[slot].session else { return }
        enlist(slot, session)
    }

    // MARK: Sending

    /// Sends what is to be said, where it can be: between tags, to sockets that take it. All
    /// sends before are confirmed, and afterwards all of these are.
    mutating func sendFrames() throws(RingError) {
        while !framesDue.isEmpty {
            swap(&framesDue, &framesInFlight)
            for token in framesInFlight {
                guard let session = session(of: token) else { continue }
                makeRoom()
                sessions[session].flags.remove(.listed)
                sendNextFrame(token.slot, session)
            }
            try flush()
            for token in framesInFlight {
                guard let session = session(of: token) else { continue }
                frameSent(token.slot, session)
            }
            framesInFlight.removeAll(keepingCapacity: true)
        }
    }

    private func session(of token: Token) -> Int? {
        guard table[token.slot].generation & 0xFF_FFFF == token.generation else { return nil }
        return table[token.slot].session
    }

    private mutating func sendNextFrame(_ slot: Int, _ session: Int) {
        let wasFinishingTag = sessions[session].flags.remove(.finishingTag) != nil
        // Who can't take bytes is looked at again when it can.
        guard sessions[session].firstFrame >= 0,
            table[slot].flags.isDisjoint(with: [.polling, .refused])
        else { return }
        // All of the rest has gone: whatever becomes of the text, it is not stuck.
        if wasFinishingTag { table[slot].flags.subtract([.lagging, .woken]) }
        switch table[slot].state {
        case .awaitingKeyframe: sendFrame(slot, session)
        case .streaming:
            if table[slot].flags.contains(.torn), sessions[session].sentByteCount == 0 {
                finishTag(slot, session)
            } else {
                sendFrame(slot, session)
            }
        default: break
        }
    }

    private mutating func sendFrame(_ slot: Int, _ session: Int) {
        let text = unsafe frames.bytes(sessions[session].firstFrame)
        let offset = Int(sessions[session].sentByteCount)
        guard let address = text.baseAddress else { return }
        sessions[session].flags.insert(.sendingFrame)
        prepare()
        unsafe ring.sendQuietly(
            slot: slot, from: address + offset, byteCount: text.count - offset,
            token: token(Operation.sendFrame, slot))
    }

    /// Sends the rest of the tag that a viewer stands in, if it does.
    private mutating func finishTag(_ slot: Int, _ session: Int) {
        let channel = Int(table[slot].channel)
        let cursor = table[slot].cursor
        guard
            let boundary = known[channel]?.tagBoundary(
                atOrAfter: cursor, Channel.framing(of: channel))
        else {
            // Its GOP is too old for anybody to tell where this tag ends. The newest tag's end is
            // known, so that is where the text goes.
            finishTag(slot, session, upTo: .max)
            return
        }
        if boundary == cursor {
            table[slot].flags.remove(.torn)
            sendFrame(slot, session)
        } else {
            finishTag(slot, session, upTo: boundary)
        }
    }

    /// Sends tags up to a boundary and has the frames looked at again when that is confirmed.
    private mutating func finishTag(_ slot: Int, _ session: Int, upTo boundary: UInt64) {
        let cursor = table[slot].cursor
        sendTags(slot, upTo: boundary)
        guard table[slot].cursor > cursor, table[slot].session == session else { return }
        sessions[session].flags.insert(.finishingTag)
        enlist(slot, session)
    }

    /// A text was taken in part, or not at all.
    mutating func frameFellShort(_ slot: Int, _ result: Int32) {
        guard let session = table[slot].session, sessions[session].flags.contains(.sendingFrame)
        else { return }
        sessions[session].flags.remove(.sendingFrame)
        guard result >= 0 || result == -EAGAIN else {
            end(slot, .left)
            return
        }
        let taken = max(0, result)
        sessions[session].sentByteCount += UInt16(taken)
        poll(slot, tookSome: taken > 0)
    }

    /// Nobody complained: the text has gone.
    private mutating func frameSent(_ slot: Int, _ session: Int) {
        guard sessions[session].flags.contains(.sendingFrame) else { return }
        sessions[session].flags.remove(.sendingFrame)
        sessions[session].sentByteCount = 0
        table[slot].flags.subtract([.lagging, .woken])
        counters.textCount += 1
        let text = sessions[session].firstFrame
        sessions[session].firstFrame = frames[nextOf: text]
        sessions[session].frameCount -= 1
        frames.give(text)
        if text == sessions[session].pong { sessions[session].pong = -1 }
        if text == sessions[session].textPong { sessions[session].textPong = -1 }
        if text == sessions[session].notice { sessions[session].notice = -1 }
        guard sessions[session].firstFrame < 0 else {
            enlist(slot, session)
            return
        }
        sessions[session].lastFrame = -1
        table[slot].flags.remove(.hasFrames)
        if sessions[session].flags.contains(.closing) { finishClosing(slot, session) }
    }

    /// The close frame has gone: nothing more is sent, and what still comes is thrown away.
    private mutating func finishClosing(_ slot: Int, _ session: Int) {
        counters.viewerEndCounts[sessions[session].closeReason.rawValue] += 1
        leaveChannel(slot)
        giveSession(slot)
        table[slot].state = .lingering
        table[slot].sinceMs = nowMs
        shutDown(slot)
        if !table[slot].flags.contains(.receiving) { receive(slot) }
    }

    /// A visit to a viewer for whom there are frames, and whose socket takes bytes.
    mutating func visitWithFrames(_ slot: Int) {
        guard let session = table[slot].session else { return }
        table[slot].flags.subtract([.lagging, .woken, .beginning])
        // Not into the midst of a text, and nothing after the close frame.
        if sessions[session].sentByteCount == 0, !sessions[session].flags.contains(.closing) {
            sendTags(slot)
        }
        resumeFrames(slot)
    }

    // MARK: Sessions

    /// A session for a connection, which has no head buffer now.
    mutating func takeSession(_ slot: Int) -> Int {
        precondition(table[slot].headBuffer < 0 && table[slot].session == nil)
        let session = Int(sessions.take())
        table[slot].session = session
        return session
    }

    /// Gives back a connection's session and all that goes with it, if it has one.
    mutating func giveSession(_ slot: Int) {
        guard let session = table[slot].session else { return }
        // Only the first can be one that the kernel is about to read.
        if sessions[session].flags.contains(.sendingFrame), sessions[session].firstFrame >= 0 {
            let text = sessions[session].firstFrame
            sessions[session].firstFrame = frames[nextOf: text]
            frames.give(text)
        }
        while sessions[session].firstFrame >= 0 {
            let text = sessions[session].firstFrame
            sessions[session].firstFrame = frames[nextOf: text]
            frames.giveUnsent(text)
        }
        if sessions[session].storage >= 0 { heads.give(sessions[session].storage) }
        table[slot].session = nil
        table[slot].flags.remove(.hasFrames)
        sessions.give(Int32(session))
    }

    /// The connection is no viewer any more.
    mutating func leaveChannel(_ slot: Int) {
        if table[slot].flags.contains(.joined) {
            counters.viewerCounts[Channel.program(of: Int(table[slot].channel))] -= 1
        }
        if table[slot].flags.contains(.player) { playerCount -= 1 }
        table[slot].flags.subtract([.joined, .player])
    }

    /// Whether a WebSocket's stream can have a close frame now.
    func isBetweenTags(_ slot: Int) -> Bool {
        guard let session = table[slot].session, sessions[session].flags.contains(.webSocket),
            sessions[session].flags.isDisjoint(with: [.closing, .sendingFrame]),
            sessions[session].sentByteCount == 0,
            table[slot].flags.isDisjoint(with: [.polling, .refused, .torn])
        else { return false }
        return table[slot].state == .streaming || table[slot].state == .awaitingKeyframe
    }
}
