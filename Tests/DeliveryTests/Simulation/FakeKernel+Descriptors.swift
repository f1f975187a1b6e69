// Sockets that are handed to the simulated kernel by their descriptors.

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

    func drop(_ descriptor: Int32) {
        guard let connection = descriptors.removeValue(forKey: descriptor) else {
            violate("a descriptor was dropped that isn't there")
            return
        }
        connection.isClosedByServer = true
    }
}
