// What goes to TLS connections: sealed here, unless the kernel does it.

import IORing
import TLS

extension ShardCore where Kernel: ~Copyable {
    /// Seals what goes next of plaintext that is offered to a connection.
    ///
    /// - Returns: how much of the plaintext it is, and the records; nil if the connection was ended.
    mutating func seal(
        _ plaintext: UnsafeRawBufferPointer, of slot: Int, _ index: Int
    ) -> (byteCount: Int, wire: UnsafeRawBufferPointer)? {
        let isRetold = sealed[index].flight != .none
        let offer: RecordOffer
        do throws(TLSError) {
            offer = try sealed[index].offer(of: plaintext.count)
        } catch {
            end(slot, .left, brokenBy: error)
            return nil
        }
        sealed[index].offerRound = sendRound
        if isRetold { counters.recordRetoldCount += 1 }
        let overhead = sealed[index].keys.overheadByteCount
        let messageByteCount = offer.isKeyUpdate ? ControlMessage.byteCountMax : 0
        let byteCount = messageByteCount + offer.byteCount + offer.recordCount * overhead
        makeScratchRoom(byteCount)
        let wire = unsafe scratch.take(byteCount)
        sealer.use(sealed[index].keys)
        var end = 0
        if offer.isKeyUpdate {
            counters.keyUpdateCount += offer.goneByteCount == 0 ? 1 : 0
            end = unsafe sealer.seal(
                .keyUpdate, number: offer.number, with: sealed[index].keys, into: wire)
        } else {
            var number = offer.number
            var done = 0
            while done < offer.byteCount {
                let count = offer.recordByteCount(at: done)
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: wire[end...])
                end += unsafe sealer.seal(
                    UnsafeRawBufferPointer(rebasing: plaintext[done..<done + count]),
                    number: number, with: sealed[index].keys, into: rest)
                done += count
                number += 1
            }
        }
        return unsafe (
            offer.byteCount, UnsafeRawBufferPointer(rebasing: wire[offer.goneByteCount..<end])
        )
    }

    /// How much of a connection's last offer is over and done with, now that the socket took so many
    /// bytes of what it was given.
    mutating func plaintextTaken(_ slot: Int, ofWire byteCount: Int) -> Int {
        guard table[slot].flags.contains(.sealing), let index = table[slot].sealed else {
            return byteCount
        }
        return sealed[index].fellShort(takenByteCount: byteCount)
    }

    /// Up to where in the timeline a viewer's bytes are promised.
    func promisedEnd(_ slot: Int) -> UInt64 {
        let cursor = table[slot].cursor
        guard table[slot].flags.contains(.sealing), let index = table[slot].sealed else {
            return cursor
        }
        return sealed[index].end(of: cursor)
    }

    /// Whether a record of data of a connection has gone in part.
    func isInRecord(_ slot: Int) -> Bool {
        guard table[slot].flags.contains(.sealing), let index = table[slot].sealed else {
            return false
        }
        return sealed[index].flight == .data
    }

    /// Hands over what is prepared where the scratch area has no room for so much more.
    private mutating func makeScratchRoom(_ byteCount: Int) {
        while !scratch.hasRoom(for: byteCount), failure == nil {
            do throws(RingError) { try submit() } catch { failure = error }
            // What completes by it is yet to be handled.
            hasPrepared = true
        }
        // Nothing that is prepared now will be sent any more.
        if failure != nil { scratch.reset() }
    }

    // MARK: What goes by itself

    /// Seals what goes right before a close, and that nothing follows: both in one send, since behind a
    /// record that went in part nothing may go. Nothing is sent while one is in flight.
    mutating func sendSealedFarewell(_ bytes: [UInt8], to slot: Int, _ index: Int) {
        guard let number = sealed[index].takeNumber(inRound: sendRound),
            let last = sealed[index].takeNumber(inRound: sendRound)
        else { return }
        sealed[index].isShut = true
        let byteCount =
            bytes.count + ControlMessage.byteCountMax + 2 * TLSLimits.overheadByteCountMax
        makeScratchRoom(byteCount)
        let wire = unsafe scratch.take(byteCount)
        sealer.use(sealed[index].keys)
        var end = unsafe bytes.withUnsafeBytes { bytes in
            unsafe sealer.seal(bytes, number: number, with: sealed[index].keys, into: wire)
        }
        end += unsafe sealer.seal(
            .closeNotify, number: last, with: sealed[index].keys,
            into: UnsafeMutableRawBufferPointer(rebasing: wire[end...]))
        unsafe sendSealed(UnsafeRawBufferPointer(rebasing: wire[..<end]), to: slot)
    }

    /// Says that nothing follows, if no record is in flight; nothing is said after it.
    mutating func sendLast(_ message: ControlMessage, to slot: Int) {
        guard let index = table[slot].sealed,
            table[slot].flags.isDisjoint(with: [.polling, .refused]),
            let number = sealed[index].takeNumber(inRound: sendRound)
        else { return }
        sealed[index].isShut = true
        guard table[slot].flags.contains(.sealing) else {
            prepare()
            ring.sendLast(message, slot: slot, token: token(Operation.send, slot))
            return
        }
        let byteCount = ControlMessage.byteCountMax + TLSLimits.overheadByteCountMax
        makeScratchRoom(byteCount)
        let wire = unsafe scratch.take(byteCount)
        sealer.use(sealed[index].keys)
        let count = unsafe sealer.seal(
            message, number: number, with: sealed[index].keys, into: wire)
        unsafe sendSealed(UnsafeRawBufferPointer(rebasing: wire[..<count]), to: slot)
    }

    /// Whether nothing may be said to a connection any more.
    func hasSaidLast(_ slot: Int) -> Bool {
        guard let index = table[slot].sealed else { return false }
        return sealed[index].isShut
    }

    private mutating func sendSealed(_ wire: UnsafeRawBufferPointer, to slot: Int) {
        guard let address = wire.baseAddress else { return }
        prepare()
        unsafe ring.sendQuietly(
            slot: slot, from: address, byteCount: wire.count, token: token(Operation.send, slot))
    }

    /// Ends a connection whose TLS can't go on, and says why if that can be said.
    mutating func end(_ slot: Int, _ reason: DropReason, brokenBy error: TLSError) {
        counters.tlsErrorCount += 1
        if let alert = error.alert { sendLast(.failure(alert), to: slot) }
        if let index = table[slot].sealed { sealed[index].isShut = true }
        end(slot, reason)
    }
}
