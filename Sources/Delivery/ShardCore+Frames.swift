// What WebSockets are told between the tags: replies, pongs, the close.

import Glibc
import HTTPWire

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
    /// - Parameter former: a frame of the session that this one takes the place of, if it has not
    ///   begun to go; -1 for none.
    /// - Returns: its number; nil if the connection was ended for want of room.
    @discardableResult
    mutating func enqueue(
        _ opcode: WebSocketOpcode, _ payload: RawSpan, inPlaceOf former: Int32 = -1,
        on session: Int, of slot: Int
    ) -> Int32? {
        if former >= 0, outbound.canReplace(former, in: table[slot].outbound) {
            outbound.frames.write(opcode, payload, to: former)
            return former
        }
        guard let frame = takeFrame(opcode, payload) else {
            end(slot, .stuck)
            return nil
        }
        guard table[slot].session == session else {
            // It was the one that had let the most lie itself.
            outbound.frames.giveUnsent(frame)
            return nil
        }
        enqueue(.frame(frame), to: slot)
        return frame
    }

    /// A frame; where there are too many, whoever has let the most of them lie is ended for it, and
    /// not whoever happens to be written to.
    ///
    /// - Returns: nil only if that didn't help: all are just being sent.
    private mutating func takeFrame(_ opcode: WebSocketOpcode, _ payload: RawSpan) -> Int32? {
        if let frame = outbound.frames.take(opcode, payload) { return frame }
        var victim: (slot: Int, count: Int, sinceMs: Int64)?
        for slot in 0..<table.usedEnd where table[slot].outbound >= 0 {
            let count = outbound.frameCount(table[slot].outbound)
            let sinceMs = table[slot].sinceMs
            guard count > 0 else { continue }
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
        return outbound.frames.take(opcode, payload)
    }

    /// A frame of a session's has gone.
    mutating func frameSent(_ frame: Int32, of slot: Int) {
        counters.textCount += 1
        guard let session = table[slot].session else { return }
        if frame == sessions[session].pong { sessions[session].pong = -1 }
        if frame == sessions[session].textPong { sessions[session].textPong = -1 }
        if frame == sessions[session].notice { sessions[session].notice = -1 }
    }

    /// Whether the last that a WebSocket gets, its close frame, is on its way.
    func isClosing(_ slot: Int) -> Bool {
        table[slot].session.map { sessions[$0].flags.contains(.closing) } ?? false
    }

    /// The close frame has gone: nothing more is sent, and what still comes is thrown away.
    mutating func finishClosing(_ slot: Int, _ session: Int) {
        counters.viewerEndCounts[sessions[session].closeReason.rawValue] += 1
        leaveChannel(slot)
        giveSession(slot)
        table[slot].state = .lingering
        table[slot].sinceMs = nowMs
        shutDown(slot)
        if !table[slot].flags.contains(.receiving) { receive(slot) }
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
        if sessions[session].storage >= 0 { heads.give(sessions[session].storage) }
        table[slot].session = nil
        sessions.give(Int32(session))
    }

    /// The connection is no viewer any more.
    mutating func leaveChannel(_ slot: Int) {
        if table[slot].flags.contains(.joined) {
            counters.viewerCounts[Channel.program(of: Int(table[slot].channel))] -= 1
            agents.leave(notes[slot].agent)
        }
        if table[slot].flags.contains(.player) { playerCount -= 1 }
        table[slot].flags.subtract([.joined, .player])
    }

    /// Whether a WebSocket's stream can have a close frame now.
    func isBetweenTags(_ slot: Int) -> Bool {
        guard let session = table[slot].session, sessions[session].flags.contains(.webSocket),
            !isClosing(slot),
            table[slot].flags.isDisjoint(with: [.hasOutbound, .polling, .refused, .torn])
        else { return false }
        return table[slot].state == .streaming || table[slot].state == .awaitingKeyframe
    }
}
