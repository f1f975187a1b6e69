// Who gets a buffer for what came in part, and who has to give one up for it.

import HTTPWire

extension ShardCore where Kernel: ~Copyable {
    /// A buffer for what came of a request or a message. If there is none left, the oldest of the
    /// address that has the most is taken from its owner, who is told so.
    ///
    /// - Returns: nil only if that didn't help.
    mutating func takeBuffer(_ slot: Int, isMessage: Bool = false) -> Int32? {
        let holder = BufferHolder(slot: slot, peer: table[slot].peer, isMessage: isMessage)
        if let buffer = heads.take(holder) { return buffer }
        guard let victim = heads.victim(amongMessages: isMessage) else { return nil }
        makeRoom()
        giveUpBuffer(victim)
        makeRoom()
        return heads.take(holder)
    }

    /// Takes a buffer from whoever has it.
    private mutating func giveUpBuffer(_ slot: Int) {
        note(.unfinished, slot)
        guard let session = table[slot].session else {
            refuse(
                slot,
                .error(
                    .serviceUnavailable,
                    "This server is busy, and your request didn't come whole. Send it again.",
                    fields: [retryAfter], keepAlive: false))
            return
        }
        heads.give(sessions[session].storage)
        sessions[session].storage = -1
        if outbound.frames.isExhausted, sessions[session].flags.contains(.webSocket) {
            // Room for a close frame could be made at the cost of the very one that needs the buffer.
            end(slot, .full)
        } else if sessions[session].flags.contains(.webSocket) {
            close(slot, session, .tryAgainLater, "This server is busy.", .full)
        } else {
            // It gets its reply, and without what came behind the request nothing can follow.
            sessions[session].flags.remove(.keepAlive)
        }
    }

    mutating func giveHeadBuffer(_ slot: Int) {
        guard table[slot].headBuffer >= 0 else { return }
        heads.give(table[slot].headBuffer)
        table[slot].headBuffer = -1
    }
}
