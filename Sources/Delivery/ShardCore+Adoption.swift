// How connections come whose TLS handshake is over.

import TLS

extension ShardCore where Kernel: ~Copyable {
    /// Takes the connections that were handed over since the last turn.
    mutating func takeSecure() {
        guard let secureInbox, adoptAll(from: secureInbox) else { return }
        Wiping.wipeStack()
    }

    /// Has a frame of its own, which is wiped behind it.
    ///
    /// - Returns: whether there were any.
    @inline(never)
    private mutating func adoptAll(from inbox: SecureInbox) -> Bool {
        var connections = inbox.takeAll()
        for index in connections.indices {
            makeRoom()
            adopt(connections[index])
            connections[index].keys.wipe()
        }
        return !connections.isEmpty
    }

    /// Takes no more of them.
    mutating func dropSecure() {
        guard let secureInbox else { return }
        var connections = secureInbox.close()
        for index in connections.indices {
            ring.drop(descriptor: connections[index].descriptor)
            connections[index].keys.wipe()
        }
    }

    private mutating func adopt(_ connection: SecureConnection) {
        guard !isStopping, sealer.has(connection.keys.suite), let slot = table.take() else {
            ring.drop(descriptor: connection.descriptor)
            return
        }
        // The kernel may have the key before anything is sealed with it.
        let kernelSeals =
            kernelTLS && ring.seal(descriptor: connection.descriptor, with: connection.keys)
        let isInstalled = ring.install(descriptor: connection.descriptor, into: slot)
        // A slot that nobody was told of can be given back at once.
        table[slot].state = .readingHead
        guard isInstalled else {
            table.give(slot)
            return
        }
        counters.acceptCount += 1
        counters.tlsAcceptCounts[ShardCounters.tlsIndex(connection.keys)] += 1
        counters.tlsConnectionCounts[ShardCounters.tlsIndex(connection.keys)] += 1
        table[slot].seal(at: sealed.take(connection.keys))
        if !kernelSeals { table[slot].flags.insert(.sealing) }
        admit(slot, connection.address, pending: connection.pending)
    }

    /// Keeps what came behind a connection's handshake.
    ///
    /// - Returns: false if it was ended for want of room.
    mutating func keepPending(_ pending: [UInt8], of slot: Int) -> Bool {
        guard !pending.isEmpty, let index = table[slot].sealed else { return true }
        return unsafe pending.withUnsafeBytes { pending in
            unsafe keepRecords(pending, of: slot, index)
        }
    }
}
