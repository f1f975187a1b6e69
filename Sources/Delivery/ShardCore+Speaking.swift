// What WebSockets are told between the tags: replies, pongs, the close.

import Broadcast
import Glibc
import HTTPWire
import IORing

extension ShardCore where Kernel: ~Copyable {
    // MARK: What is to be said

    /// Answers a ping. A newer answer takes the place of one that is still to go: only the last
    /// ping needs one (RFC 6455, section 5.5.3).
    mutating func answerPing(_ payload: RawSpan, on line: Int, of slot: Int) {
        let pong = say(.pong, payload, inPlaceOf: lines[line].pong, on: line, of: slot)
        guard let pong else { return }
        lines[line].pong = pong
    }

    /// Answers a ping that came as a text, by the same rule.
    mutating func answerTextPing(_ json: RawSpan, on line: Int, of slot: Int) {
        let pong = say(.text, json, inPlaceOf: lines[line].textPong, on: line, of: slot)
        guard let pong else { return }
        lines[line].textPong = pong
    }

    /// Tells of a refusal; a newer one takes the place of one that is still to go.
    mutating func tell(_ refusal: AudienceRefusal, on line: Int, of slot: Int) {
        let text = refusal.json
        let notice = unsafe say(
            .text, text.span.bytes, inPlaceOf: lines[line].notice, on: line, of: slot)
        guard let notice else { return }
        lines[line].notice = notice
    }

    /// Ends a WebSocket with a close frame.
    mutating func close(
        _ slot: Int, _ line: Int, _ code: WebSocketCloseCode, _ sentence: String,
        _ reason: DropReason
    ) {
        guard !lines[line].flags.contains(.closing) else { return }
        let frame = WebSocketFrame.close(code, reason: sentence)
        // A frame of a control frame's size has a head of two bytes.
        let payload = frame.span.extracting(droppingFirst: 2)
        guard unsafe say(.close, payload.bytes, on: line, of: slot) != nil else {
            return
        }
        lines[line].flags.insert(.closing)
        lines[line].closeReason = reason
    }

    /// Has a frame sent between two tags.
    ///
    /// - Parameter former: a text of the line that this one takes the place of, if it has not
    ///   begun to go; -1 for none.
    /// - Returns: its number; nil if the connection was ended for want of room.
    @discardableResult
    mutating func say(
        _ opcode: WebSocketOpcode, _ payload: RawSpan, inPlaceOf former: Int32 = -1,
        on line: Int, of slot: Int
    ) -> Int32? {
        if former >= 0, former != lines[line].firstText || !hasBegunText(line) {
            texts.write(opcode, payload, to: former)
            return former
        }
        guard let text = takeText(opcode, payload) else {
            end(slot, .stuck)
            return nil
        }
        guard table[slot].line == line else {
            // It was the one that had let the most lie itself.
            texts.giveUnsent(text)
            return nil
        }
        if lines[line].lastText >= 0 {
            texts[nextOf: lines[line].lastText] = text
        } else {
            lines[line].firstText = text
        }
        lines[line].lastText = text
        lines[line].textCount += 1
        table[slot].flags.insert(.speaking)
        enlist(slot, line)
        return text
    }

    /// A text; where there are too many, whoever has let the most of them lie is ended for it, and
    /// not whoever happens to be spoken to.
    ///
    /// - Returns: nil only if that didn't help: all are just being sent.
    private mutating func takeText(_ opcode: WebSocketOpcode, _ payload: RawSpan) -> Int32? {
        if let text = texts.take(opcode, payload) { return text }
        var victim: (slot: Int, count: UInt8, sinceMs: Int64)?
        for slot in 0..<table.usedEnd where table[slot].flags.contains(.speaking) {
            guard let line = table[slot].line else { continue }
            let (count, sinceMs) = (lines[line].textCount, table[slot].sinceMs)
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
        return texts.take(opcode, payload)
    }

    /// Whether its first text has gone in part, or is on its way.
    private func hasBegunText(_ line: Int) -> Bool {
        lines[line].sentByteCount > 0 || lines[line].flags.contains(.saying)
    }

    /// Has a connection's texts looked at as soon as everything before them is confirmed.
    private mutating func enlist(_ slot: Int, _ line: Int) {
        guard !lines[line].flags.contains(.listed) else { return }
        lines[line].flags.insert(.listed)
        speakers.append(token(Operation.sendText, slot))
    }

    /// Has the texts of a connection looked at again, whose socket can take bytes.
    mutating func speakOn(_ slot: Int) {
        guard let line = table[slot].line else { return }
        enlist(slot, line)
    }

    // MARK: Sending

    /// Sends what is to be said, where it can be: between tags, to sockets that take it. All
    /// sends before are confirmed, and afterwards all of these are.
    mutating func speak() throws(RingError) {
        while !speakers.isEmpty {
            swap(&speakers, &speaking)
            for token in speaking {
                guard let line = line(of: token) else { continue }
                makeRoom()
                lines[line].flags.remove(.listed)
                sayNext(token.slot, line)
            }
            try flush()
            for token in speaking {
                guard let line = line(of: token) else { continue }
                textWent(token.slot, line)
            }
            speaking.removeAll(keepingCapacity: true)
        }
    }

    private func line(of token: Token) -> Int? {
        guard table[token.slot].generation & 0xFF_FFFF == token.generation else { return nil }
        return table[token.slot].line
    }

    private mutating func sayNext(_ slot: Int, _ line: Int) {
        let wasFinishingTag = lines[line].flags.remove(.finishingTag) != nil
        // Who can't take bytes is looked at again when it can.
        guard lines[line].firstText >= 0,
            table[slot].flags.isDisjoint(with: [.polling, .refused])
        else { return }
        // All of the rest has gone: whatever becomes of the text, it is not stuck.
        if wasFinishingTag { table[slot].flags.subtract([.lagging, .woken]) }
        switch table[slot].state {
        case .awaitingKeyframe: sendText(slot, line)
        case .streaming:
            if table[slot].flags.contains(.torn), lines[line].sentByteCount == 0 {
                finishTag(slot, line)
            } else {
                sendText(slot, line)
            }
        default: break
        }
    }

    private mutating func sendText(_ slot: Int, _ line: Int) {
        let text = unsafe texts.bytes(lines[line].firstText)
        let offset = Int(lines[line].sentByteCount)
        guard let address = text.baseAddress else { return }
        lines[line].flags.insert(.saying)
        prepare()
        unsafe ring.sendQuietly(
            slot: slot, from: address + offset, byteCount: text.count - offset,
            token: token(Operation.sendText, slot))
    }

    /// Sends the rest of the tag that a viewer stands in, if it does.
    private mutating func finishTag(_ slot: Int, _ line: Int) {
        let channel = Int(table[slot].channel)
        let cursor = table[slot].cursor
        guard
            let boundary = known[channel]?.tagBoundary(
                atOrAfter: cursor, Channel.framing(of: channel))
        else {
            // Its GOP is too old for anybody to tell where this tag ends. The newest tag's end is
            // known, so that is where the text goes.
            finishTag(slot, line, upTo: .max)
            return
        }
        if boundary == cursor {
            table[slot].flags.remove(.torn)
            sendText(slot, line)
        } else {
            finishTag(slot, line, upTo: boundary)
        }
    }

    /// Sends tags up to a boundary and has the texts looked at again when that is confirmed.
    private mutating func finishTag(_ slot: Int, _ line: Int, upTo boundary: UInt64) {
        let cursor = table[slot].cursor
        sendTags(slot, upTo: boundary)
        guard table[slot].cursor > cursor, table[slot].line == line else { return }
        lines[line].flags.insert(.finishingTag)
        enlist(slot, line)
    }

    /// A text was taken in part, or not at all.
    mutating func textFellShort(_ slot: Int, _ result: Int32) {
        guard let line = table[slot].line, lines[line].flags.contains(.saying) else { return }
        lines[line].flags.remove(.saying)
        guard result >= 0 || result == -EAGAIN else {
            end(slot, .left)
            return
        }
        let taken = max(0, result)
        lines[line].sentByteCount += UInt16(taken)
        poll(slot, tookSome: taken > 0)
    }

    /// Nobody complained: the text has gone.
    private mutating func textWent(_ slot: Int, _ line: Int) {
        guard lines[line].flags.contains(.saying) else { return }
        lines[line].flags.remove(.saying)
        lines[line].sentByteCount = 0
        table[slot].flags.subtract([.lagging, .woken])
        counters.textCount += 1
        let text = lines[line].firstText
        lines[line].firstText = texts[nextOf: text]
        lines[line].textCount -= 1
        texts.give(text)
        if text == lines[line].pong { lines[line].pong = -1 }
        if text == lines[line].textPong { lines[line].textPong = -1 }
        if text == lines[line].notice { lines[line].notice = -1 }
        guard lines[line].firstText < 0 else {
            enlist(slot, line)
            return
        }
        lines[line].lastText = -1
        table[slot].flags.remove(.speaking)
        if lines[line].flags.contains(.closing) { finishClosing(slot, line) }
    }

    /// The close frame has gone: nothing more is sent, and what still comes is thrown away.
    private mutating func finishClosing(_ slot: Int, _ line: Int) {
        counters.viewerEndCounts[lines[line].closeReason.rawValue] += 1
        leaveChannel(slot)
        giveLine(slot)
        table[slot].state = .lingering
        table[slot].sinceMs = nowMs
        shutDown(slot)
        if !table[slot].flags.contains(.receiving) { receive(slot) }
    }

    /// A visit to a viewer for whom there are texts, and whose socket takes bytes.
    mutating func visitSpeaker(_ slot: Int) {
        guard let line = table[slot].line else { return }
        table[slot].flags.subtract([.lagging, .woken, .beginning])
        // Not into the midst of a text, and nothing after the close frame.
        if lines[line].sentByteCount == 0, !lines[line].flags.contains(.closing) {
            sendTags(slot)
        }
        speakOn(slot)
    }

    // MARK: Lines

    /// A line for a connection, which has no head buffer now.
    mutating func takeLine(_ slot: Int) -> Int {
        precondition(table[slot].headBuffer < 0 && table[slot].line == nil)
        let line = Int(lines.take())
        table[slot].line = line
        return line
    }

    /// Gives back a connection's line and all that goes with it, if it has one.
    mutating func giveLine(_ slot: Int) {
        guard let line = table[slot].line else { return }
        // Only the first can be one that the kernel is about to read.
        if lines[line].flags.contains(.saying), lines[line].firstText >= 0 {
            let text = lines[line].firstText
            lines[line].firstText = texts[nextOf: text]
            texts.give(text)
        }
        while lines[line].firstText >= 0 {
            let text = lines[line].firstText
            lines[line].firstText = texts[nextOf: text]
            texts.giveUnsent(text)
        }
        if lines[line].storage >= 0 { heads.give(lines[line].storage) }
        table[slot].line = nil
        table[slot].flags.remove(.speaking)
        lines.give(Int32(line))
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
        guard let line = table[slot].line, lines[line].flags.contains(.webSocket),
            lines[line].flags.isDisjoint(with: [.closing, .saying]),
            lines[line].sentByteCount == 0,
            table[slot].flags.isDisjoint(with: [.polling, .refused, .torn])
        else { return false }
        return table[slot].state == .streaming || table[slot].state == .awaitingKeyframe
    }
}
