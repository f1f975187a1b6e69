// What comes from TLS connections, opened where it lies.

import TLS

extension ShardCore where Kernel: ~Copyable {
    /// Takes bytes of records: the first one in place if it is whole; what comes behind waits.
    mutating func open(_ bytes: UnsafeRawBufferPointer, of slot: Int, _ index: Int) {
        guard table[slot].state != .lingering else {
            // Thrown away as it is.
            receive(slot)
            return
        }
        if sealed[index].buffer >= 0 {
            unsafe records.append(bytes, to: sealed[index].buffer)
            sealed[index].needsMore = false
            openBuffered(slot, index)
            return
        }
        // The buffer is ours until it is given back.
        let memory = unsafe UnsafeMutableRawBufferPointer(mutating: bytes)
        do throws(TLSError) {
            let version = sealed[index].keys.version
            guard let byteCount = try unsafe RecordOpener.recordByteCount(bytes, version),
                byteCount <= bytes.count
            else {
                if unsafe keepRecords(bytes, of: slot, index) {
                    sealed[index].needsMore = true
                    receive(slot)
                }
                return
            }
            let record = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount])
            let opened = try unsafe sealed[index].open(record, by: opener)
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[byteCount...])
            if unsafe !rest.isEmpty {
                guard unsafe keepRecords(rest, of: slot, index) else { return }
            }
            switch opened {
            case .data(let range):
                unsafe read(UnsafeRawBufferPointer(rebasing: bytes[range]), of: slot)
            case .nothing: receive(slot)
            case .keyUpdateRequested:
                if mayUpdateKey(slot, index) { receive(slot) }
            case .closed: end(slot, .left)
            }
        } catch {
            end(slot, .refused, brokenBy: error)
        }
    }

    /// Goes on with the records in a connection's buffer, up to the next piece of data.
    mutating func openBuffered(_ slot: Int, _ index: Int) {
        let buffer = sealed[index].buffer
        do throws(TLSError) {
            while sealed[index].openedStart == sealed[index].openedEnd {
                let start = Int(sealed[index].sealedStart)
                let memory = unsafe records.used(buffer)
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[start...])
                let version = sealed[index].keys.version
                guard let byteCount = try unsafe RecordOpener.recordByteCount(rest, version),
                    byteCount <= rest.count
                else {
                    waitForMore(rest.count, slot, index)
                    return
                }
                sealed[index].sealedStart += Int32(byteCount)
                let record = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: memory[start..<start + byteCount])
                switch try unsafe sealed[index].open(record, by: opener) {
                case .data(let range):
                    sealed[index].openedStart = Int32(start + range.lowerBound)
                    sealed[index].openedEnd = Int32(start + range.upperBound)
                case .nothing: break
                case .keyUpdateRequested: guard mayUpdateKey(slot, index) else { return }
                case .closed:
                    end(slot, .left)
                    return
                }
            }
        } catch {
            end(slot, .refused, brokenBy: error)
            return
        }
        readOpened(slot, index)
    }

    /// Has a piece of what is opened read: no more than one receive brings.
    private mutating func readOpened(_ slot: Int, _ index: Int) {
        let buffer = sealed[index].buffer
        let memory = unsafe records.used(buffer)
        let start = Int(sealed[index].openedStart)
        let end = min(
            Int(sealed[index].openedEnd), start + DeliverySettings.receiveBufferByteCount)
        sealed[index].openedStart = Int32(end)
        if end == Int(sealed[index].openedEnd), sealed[index].sealedStart == memory.count {
            // Nobody else takes it before this has been read.
            giveRecords(index)
        }
        unsafe read(UnsafeRawBufferPointer(rebasing: memory[start..<end]), of: slot)
    }

    /// A record has come in part.
    private mutating func waitForMore(_ byteCount: Int, _ slot: Int, _ index: Int) {
        if byteCount == 0 {
            giveRecords(index)
        } else {
            records.removeFirst(Int(sealed[index].sealedStart), of: sealed[index].buffer)
            sealed[index].sealedStart = 0
            sealed[index].openedStart = 0
            sealed[index].openedEnd = 0
            sealed[index].needsMore = true
        }
        receive(slot)
    }

    /// Notes that our key has to change; the next send sees to it.
    private mutating func mayUpdateKey(_ slot: Int, _ index: Int) -> Bool {
        if table[slot].flags.contains(.sealing) {
            sealed[index].owesKeyUpdate = true
            return true
        }
        // The kernel seals with the key that it was given, so this connection has had its time.
        end(slot, .left)
        return false
    }

    // MARK: Buffers

    /// Keeps records that came in part or wait for their turn.
    ///
    /// - Returns: false if the connection was ended for want of room.
    mutating func keepRecords(
        _ bytes: UnsafeRawBufferPointer, of slot: Int, _ index: Int
    ) -> Bool {
        guard bytes.count <= DeliverySettings.recordBufferByteCount,
            let buffer = takeRecords(slot)
        else {
            end(slot, .full)
            return false
        }
        unsafe records.append(bytes, to: buffer)
        sealed[index].buffer = buffer
        sealed[index].needsMore = false
        sealed[index].openedStart = 0
        sealed[index].openedEnd = 0
        sealed[index].sealedStart = 0
        return true
    }

    /// A buffer for records. If there is none left, the oldest of the address that has the most is
    /// taken from its owner, who is ended for it.
    private mutating func takeRecords(_ slot: Int) -> Int32? {
        let holder = BufferHolder(slot: slot, peer: table[slot].peer)
        if let buffer = records.take(holder) { return buffer }
        guard let victim = records.victim(amongMessages: false) else { return nil }
        note(.unfinished, victim)
        makeRoom()
        end(victim, .full)
        makeRoom()
        return records.take(holder)
    }

    /// Gives a connection's buffer back, if it has one.
    mutating func giveRecords(_ index: Int) {
        guard sealed[index].buffer >= 0 else { return }
        records.give(sealed[index].buffer)
        sealed[index].buffer = -1
        sealed[index].needsMore = false
    }

    /// Whether a connection has something that came and can be read at once.
    func hasRecords(_ slot: Int) -> Bool {
        guard let index = table[slot].sealed else { return false }
        return sealed[index].buffer >= 0 && !sealed[index].needsMore
    }
}
