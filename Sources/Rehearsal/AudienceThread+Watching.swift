// What a simulated viewer does with the answer it gets: reads its head, checks it, throws it away.

import Glibc
import HTTPWire
import IORing

extension AudienceThread {
    /// Bytes that one discarding receive takes at most.
    private static let discardByteCount = 4 << 20

    // MARK: Completions

    mutating func handle(_ completion: Completion) {
        let slot = completion.token.slot
        defer { if let id = completion.bufferId { pool.giveBack(id) } }
        guard completion.token.operation != Operation.ignored else { return }
        guard slot < members.count else {
            handleSideRequest(completion)
            return
        }
        guard members[slot].generation & 0xFF_FFFF == completion.token.generation
        else { return }
        switch completion.token.operation {
        case Operation.connect: connected(slot, completion.result)
        case Operation.send:
            if Int(completion.result) != request.count { refused(slot, "send", completion.result) }
        case Operation.head: headReceived(slot, completion)
        case Operation.read: received(slot, completion)
        case Operation.discard: discarded(slot, completion.result)
        case Operation.close: if members[slot].isPlayer { goAway(slot) } else { free(slot) }
        case Operation.quietSend:
            if members[slot].state == .asking {
                refused(slot, "send", completion.result)
            } else {
                ended(slot)
            }
        default: break
        }
    }

    private mutating func connected(_ slot: Int, _ result: Int32) {
        guard result == 0 else {
            refused(slot, "connect", result)
            return
        }
        members[slot].state = .asking
        guard !members[slot].isPlayer else {
            sendQuietly(streamRequest(slot), slot: slot, token: token(Operation.quietSend, slot))
            receive(slot, Operation.head)
            return
        }
        unsafe request.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe ring.send(
                slot: slot, from: base, byteCount: bytes.count,
                token: token(Operation.send, slot))
        }
        receive(slot, Operation.head)
    }

    private mutating func receive(_ slot: Int, _ operation: UInt8) {
        ring.receive(slot: slot, pool: pool.group, token: token(operation, slot))
    }

    private mutating func headReceived(_ slot: Int, _ completion: Completion) {
        if completion.result == -ENOBUFS {
            // All buffers are in use by completions before this one.
            receive(slot, Operation.head)
            return
        }
        guard completion.result > 0, let id = completion.bufferId else {
            refused(slot, "receive", completion.result)
            return
        }
        let bytes = unsafe pool.bytes(of: id, count: Int(completion.result))
        var all = heads.removeValue(forKey: slot) ?? []
        unsafe all.append(contentsOf: bytes)
        var scanned = 0
        let head: HTTPResponseHead?
        do {
            head = try unsafe HTTPResponseHead.parse(all.span.bytes, scanned: &scanned)
        } catch {
            refused(slot, "\(error)")
            return
        }
        guard let head else {
            guard all.count < RehearsalPlan.headByteCountMax else {
                refused(slot, "the answer's head is too long")
                return
            }
            heads[slot] = all
            receive(slot, Operation.head)
            return
        }
        guard head.statusCode == 200 || isSwitched(slot, head, all) else {
            if members[slot].isPlayer { noteRefusal(slot, head, all) }
            tally.refusalStatus = head.statusCode
            refused(slot)
            return
        }
        joined(slot, head, Array(all[head.headByteCount...]))
    }

    private mutating func joined(_ slot: Int, _ head: HTTPResponseHead, _ body: [UInt8]) {
        members[slot].state = .watching
        tally.joinedCount += 1
        tally.watchingCount += 1
        if members[slot].kind == .verified {
            let isChunked = head.bodyFraming(answering: .get) == .chunked
            let verifier = freeVerifiers.popLast() ?? Int32(verifiers.count)
            if Int(verifier) == verifiers.count { verifiers.append(nil) }
            verifiers[Int(verifier)] = TagVerifier(isChunked: isChunked)
            members[slot].verifier = verifier
        }
        if members[slot].isPlayer { beginListening(slot) }
        if !body.isEmpty {
            noteReceived(slot, body.count)
            var body = body
            let isGood = unsafe body.withUnsafeMutableBytes { unsafe take($0, of: slot) }
            guard isGood else { return }
        }
        readOn(slot)
    }

    mutating func readOn(_ slot: Int) {
        switch members[slot].kind {
        case .verified:
            receive(slot, Operation.read)
        case .plain where members[slot].isPlayer:
            receive(slot, Operation.read)
        case .plain:
            ring.discard(
                slot: slot, byteCount: AudienceThread.discardByteCount,
                token: token(Operation.discard, slot))
        case .slow:
            if members[slot].restsUntilMs > nowMs {
                members[slot].state = .resting
            } else {
                ring.discard(
                    slot: slot, byteCount: RehearsalPlan.slowByteCount,
                    token: token(Operation.discard, slot))
                members[slot].restsUntilMs = nowMs + RehearsalPlan.slowRestMs
            }
        case .stuck:
            members[slot].state = .stuck
        }
    }

    private mutating func received(_ slot: Int, _ completion: Completion) {
        if completion.result == -ENOBUFS {
            receive(slot, Operation.read)
            return
        }
        guard completion.result > 0, let id = completion.bufferId else {
            ended(slot)
            return
        }
        noteReceived(slot, Int(completion.result))
        let bytes = unsafe pool.bytes(of: id, count: Int(completion.result))
        guard unsafe take(UnsafeMutableRawBufferPointer(mutating: bytes), of: slot) else { return }
        readOn(slot)
    }

    /// False if the stream is wrong, and the viewer gone.
    private mutating func take(_ bytes: UnsafeMutableRawBufferPointer, of slot: Int) -> Bool {
        members[slot].isPlayer
            ? unsafe receive(bytes, of: slot)
            : verify(slot, unsafe UnsafeRawBufferPointer(bytes).bytes)
    }

    private mutating func discarded(_ slot: Int, _ result: Int32) {
        guard result > 0 else {
            ended(slot)
            return
        }
        noteReceived(slot, Int(result))
        readOn(slot)
    }

    /// False if the stream is wrong, and the viewer gone.
    mutating func verify(_ slot: Int, _ bytes: RawSpan) -> Bool {
        let index = Int(members[slot].verifier)
        guard index >= 0, var verifier = verifiers[index] else { return true }
        verifiers[index] = nil
        do {
            try verifier.receive(
                bytes, atUs: MonotonicClock.nowNs() / 1_000, reference: &reference,
                tally: &tally)
            verifiers[index] = verifier
            return true
        } catch {
            verifiers[index] = verifier
            tally.wrongCount += 1
            tally.wrongReason = tally.wrongReason ?? error.description
            close(slot)
            return false
        }
    }

    private mutating func noteReceived(_ slot: Int, _ byteCount: Int) {
        tally.byteCount += UInt64(byteCount)
        if members[slot].receivedMs == 0 {
            tally.startUp.record(us: (nowNs - members[slot].startedNs) / 1_000)
        }
        noteStall(slot)
        members[slot].receivedMs = nowMs
    }

    mutating func noteStall(_ slot: Int) {
        let member = members[slot]
        guard member.receivedMs > 0, !member.hasStalled,
            member.kind == .plain || member.kind == .verified,
            nowMs - member.receivedMs > RehearsalPlan.stallMs
        else { return }
        members[slot].hasStalled = true
        tally.stalledCount += 1
    }
}
