// Sockets that are handed to the simulated kernel by their descriptors.

import TLS

extension FakeWorld {
    var descriptorCount: Int { descriptors.count }

    /// A descriptor of a client's socket.
    func makeDescriptor(_ connection: FakeConnection) -> Int32 {
        nextDescriptor += 1
        descriptors[nextDescriptor] = connection
        return nextDescriptor
    }

    func install(_ descriptor: Int32, into slot: Int) -> Bool {
        guard let connection = descriptors.removeValue(forKey: descriptor) else {
            violate("a descriptor was installed that isn't there")
            return false
        }
        if random.chance(acceptErrorPerCent) {
            connection.isClosedByServer = true
            return false
        }
        if slots[slot] != nil { violate("slot \(slot) was given to two connections") }
        slots[slot] = connection
        open.append(connection)
        connection.slot = slot
        return true
    }

    /// The kernel is given the key of what goes to a connection; not every one takes it.
    func seal(_ descriptor: Int32, with keys: SessionKeys) -> Bool {
        guard let connection = descriptors[descriptor], random.chance(kernelTLSPerCent) else {
            return false
        }
        connection.kernelTLS = FakeKernelTLS(keys)
        return true
    }

    func drop(_ descriptor: Int32) {
        guard let connection = descriptors.removeValue(forKey: descriptor) else {
            violate("a descriptor was dropped that isn't there")
            return
        }
        connection.isClosedByServer = true
    }

    func takeWindowTimeUs(_ descriptor: Int32) -> UInt64? {
        guard let connection = exposed.removeValue(forKey: descriptor) else {
            violate("a descriptor was read that isn't there")
            return nil
        }
        return UInt64(connection.windowLimitedNs / 1_000)
    }

    /// Descriptors that nobody has closed.
    var exposedCount: Int { exposed.count }
}
