// The ring against the real kernel, on loopback: what each operation posts, and what it doesn't.

import Glibc
import IORing
import Testing
import WireBytes

@Suite(.enabled(if: Kernel.hasRing, Kernel.reason))
struct RingTests {
    // MARK: Accept

    @Test(arguments: ["127.0.0.1", "::1"])
    func acceptsIntoASlotAndTellsWhoItIs(host: String) throws {
        guard host == "127.0.0.1" || Kernel.hasIPv6 else { return }
        let stand = try RingStand(host: host)
        let client = try Client(to: stand.listener.address)
        stand.ring.accept(
            listener: stand.listener.descriptor, into: 5, peer: stand.peer,
            token: stand.token(1, slot: 5))
        let completion = try #require(try stand.next())
        #expect(completion.token == stand.token(1, slot: 5))
        #expect(completion.result == 0)
        #expect(stand.peer.value.host == host)
        #expect(stand.peer.value.port == client.port)
        #expect(stand.peer.value.hostKey.isLoopback)
        // It is the connection that sits in that slot.
        stand.ring.receive(slot: 5, pool: stand.pool.group, token: stand.token(2, slot: 5))
        client.send([1, 2, 3])
        let received = try #require(try stand.next())
        #expect(received.result == 3)
    }

    @Test func anAcceptWaitsForAClientAndCanBeCancelled() throws {
        let stand = try RingStand()
        stand.ring.accept(
            listener: stand.listener.descriptor, into: 0, peer: stand.peer,
            token: stand.token(1))
        stand.ring.cancel(stand.token(1), token: stand.token(2))
        let completion = try #require(try stand.next())
        #expect(completion.token == stand.token(1))
        #expect(completion.result == -ECANCELED)
        // The slot is as free as before.
        _ = try stand.accept(into: 0)
    }

    // MARK: Receive

    @Test func receivesTakeABufferOnlyWhenBytesHaveCome() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        for round in 0..<3 * RingStand.bufferCount {
            stand.ring.receive(slot: 0, pool: stand.pool.group, token: stand.token(2))
            let sent = (0..<100).map { UInt8(truncatingIfNeeded: $0 + round) }
            client.send(sent)
            let completion = try #require(try stand.next())
            #expect(completion.result == 100)
            let id = try #require(completion.bufferId)
            #expect(unsafe stand.pool.bytes(of: id, count: 100).elementsEqual(sent))
            stand.pool.giveBack(id)
        }
    }

    @Test func withAllBuffersTakenAReceiveSaysSoAndWorksAgainLater() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        var ids: [UInt16] = []
        for _ in 0..<RingStand.bufferCount {
            client.send([9])
            stand.ring.receive(slot: 0, pool: stand.pool.group, token: stand.token(2))
            ids.append(try #require(try stand.next()?.bufferId))
        }
        #expect(Set(ids).count == RingStand.bufferCount)
        client.send([10])
        stand.ring.receive(slot: 0, pool: stand.pool.group, token: stand.token(2))
        let refused = try #require(try stand.next())
        #expect(refused.result == -ENOBUFS)
        #expect(refused.bufferId == nil)
        stand.pool.giveBack(ids[0])
        stand.ring.receive(slot: 0, pool: stand.pool.group, token: stand.token(2))
        let completion = try #require(try stand.next())
        let id = try #require(completion.bufferId)
        #expect(unsafe stand.pool.bytes(of: id, count: 1)[0] == 10)
    }

    @Test func theEndOfTheStreamIsAReceiveOfNothing() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        stand.ring.receive(slot: 0, pool: stand.pool.group, token: stand.token(2))
        client.shutdownSending()
        #expect(try stand.next()?.result == 0)
    }

    // MARK: Send

    @Test func aQuietSendThatGoesWholePostsNothing() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 10_000, alignment: 16)
        defer { unsafe memory.deallocate() }
        for index in 0..<10_000 { unsafe memory[index] = UInt8(truncatingIfNeeded: index * 7) }
        let sent = unsafe Array(memory)
        let base = try #require(memory.baseAddress)
        unsafe stand.ring.sendQuietly(
            slot: 0, from: base, byteCount: 10_000, token: stand.token(3))
        try stand.ring.submit()
        // It was copied within the submit: the memory is ours again.
        for index in 0..<10_000 { unsafe memory[index] = 0 }
        #expect(try stand.postedBeforeMarker().isEmpty)
        #expect(client.read(10_000) == sent)
    }

    @Test func aShortSendPostsItsCountAndAFullSocketSaysSo() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        // More than any socket takes.
        let byteCount = 64 << 20
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
        defer { unsafe memory.deallocate() }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0x5A)
        let base = try #require(memory.baseAddress)
        unsafe stand.ring.sendQuietly(
            slot: 0, from: base, byteCount: byteCount, token: stand.token(3))
        let short = try #require(try stand.next())
        #expect(short.token == stand.token(3))
        #expect(short.result > 0 && Int(short.result) < byteCount)
        unsafe stand.ring.sendQuietly(
            slot: 0, from: base, byteCount: byteCount, token: stand.token(4))
        var taken = Int(short.result)
        var full = try #require(try stand.next())
        // The peer's side may still have taken some in between.
        for _ in 0..<1_000 where full.result > 0 {
            taken += Int(full.result)
            unsafe stand.ring.sendQuietly(
                slot: 0, from: base, byteCount: byteCount, token: stand.token(4))
            full = try #require(try stand.next())
        }
        #expect(full.token == stand.token(4))
        #expect(full.result == -EAGAIN)
        // Nothing stays pending: what arrives is what was counted.
        stand.ring.shutdownSending(slot: 0, token: stand.token(5))
        try stand.ring.submit()
        #expect(client.read(taken + 1).count == taken)
    }

    @Test func aPollFiresWhenTheSocketTakesBytesAgain() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        let taken = try fill(stand)
        stand.ring.pollWritable(slot: 0, token: stand.token(6))
        // Not yet: the socket is full.
        #expect(try stand.postedBeforeMarker().isEmpty)
        #expect(client.read(taken).count == taken)
        let completion = try #require(try stand.next())
        #expect(completion.token == stand.token(6))
        #expect(completion.result & Int32(POLLOUT) != 0)
    }

    @Test func aPollOfAWritableSocketFiresAtOnceAndOneOfABrokenSocketToo() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        stand.ring.pollWritable(slot: 0, token: stand.token(6))
        #expect(try stand.next()?.token == stand.token(6))
        _ = try fill(stand)
        stand.ring.pollWritable(slot: 0, token: stand.token(7))
        // Unread bytes at its end make the client's close a reset.
        client.reset()
        let broken = try #require(try stand.next())
        #expect(broken.token == stand.token(7))
        #expect(broken.result & Int32(POLLERR | POLLHUP) != 0)
    }

    /// Sends until the socket is full; how much it took.
    private func fill(_ stand: RingStand) throws -> Int {
        let bytes = [UInt8](repeating: 1, count: 1 << 20)
        var taken = 0
        for _ in 0..<1_000 {
            unsafe bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress else { return }
                unsafe stand.ring.send(
                    slot: 0, from: base, byteCount: buffer.count, token: stand.token(3))
            }
            let result = try #require(try stand.next()).result
            if result == -EAGAIN { return taken }
            taken += Int(result)
        }
        throw RingError.enter(errno: EOVERFLOW)
    }

    @Test func aSendThatIsNotQuietPostsItsCount() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        let bytes: [UInt8] = [1, 2, 3, 4]
        unsafe stand.ring.send(slot: 0, from: bytes, byteCount: 4, token: stand.token(3))
        #expect(try stand.next()?.result == 4)
        #expect(client.read(4) == bytes)
    }

    @Test func aSendToAPeerThatIsGoneFails() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        client.reset()
        let bytes: [UInt8] = [1]
        stand.ring.pollWritable(slot: 0, token: stand.token(6))
        _ = try stand.next()
        unsafe stand.ring.sendQuietly(slot: 0, from: bytes, byteCount: 1, token: stand.token(3))
        let result = try #require(try stand.next()).result
        #expect(result == -ECONNRESET || result == -EPIPE)
    }

    // MARK: Cancel, shutdown, close

    @Test func aCancelledReceiveSaysSoAndTheCancelItselfSaysNothing() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        defer { withExtendedLifetime(client) {} }
        stand.ring.receive(slot: 0, pool: stand.pool.group, token: stand.token(2))
        try stand.ring.submit()
        stand.ring.cancel(stand.token(2), token: stand.token(8))
        let completion = try #require(try stand.next())
        #expect(completion.token == stand.token(2))
        #expect(completion.result == -ECANCELED)
        #expect(try stand.postedBeforeMarker().isEmpty)
        // There is nothing left to cancel, and that is told.
        stand.ring.cancel(stand.token(2), token: stand.token(8))
        let nothing = try #require(try stand.next())
        #expect(nothing.token == stand.token(8))
        #expect(nothing.result == -ENOENT)
    }

    @Test func afterAShutdownThePeerReadsTheEndAndCanStillSend() throws {
        let stand = try RingStand()
        let client = try stand.accept()
        let bytes: [UInt8] = [1, 2]
        unsafe stand.ring.sendQuietly(slot: 0, from: bytes, byteCount: 2, token: stand.token(3))
        stand.ring.shutdownSending(slot: 0, token: stand.token(5))
        stand.ring.receive(slot: 0, pool: stand.pool.group, token: stand.token(2))
        try stand.ring.submit()
        #expect(client.read(2) == bytes)
        #expect(client.isAtEnd)
        let shutdown = try #require(try stand.next())
        #expect(shutdown.token == stand.token(5))
        #expect(shutdown.result == 0)
        client.send([7])
        let completion = try #require(try stand.next())
        #expect(completion.token == stand.token(2))
        #expect(completion.result == 1)
    }

    @Test func aCloseEndsTheStreamAndFreesTheSlot() throws {
        let stand = try RingStand()
        let first = try stand.accept(into: 2)
        stand.ring.close(slot: 2, token: stand.token(7, slot: 2))
        let completion = try #require(try stand.next())
        #expect(completion.token == stand.token(7, slot: 2))
        #expect(completion.result == 0)
        #expect(first.isAtEnd)
        let bytes: [UInt8] = [1]
        unsafe stand.ring.send(slot: 2, from: bytes, byteCount: 1, token: stand.token(3))
        #expect(try stand.next()?.result == -EBADF)
        stand.ring.close(slot: 2, token: stand.token(7))
        #expect(try stand.next()?.result == -EBADF)
        let second = try stand.accept(into: 2)
        unsafe stand.ring.sendQuietly(slot: 2, from: bytes, byteCount: 1, token: stand.token(3))
        try stand.ring.submit()
        #expect(second.read(1) == bytes)
    }

    // MARK: Waiting

    @Test func aWaitEndsWhenItsTimeIsOver() throws {
        let stand = try RingStand()
        let startNs = MonotonicClock.nowNs()
        try stand.ring.submit(waitingAtMostNs: 20_000_000)
        let waitedNs = MonotonicClock.nowNs() - startNs
        #expect(waitedNs >= 19_000_000)
        #expect(stand.ring.nextCompletion() == nil)
        try stand.ring.submit(waitingAtMostNs: 0)
        try stand.ring.submit(waitingAtMostNs: -5)
        #expect(stand.ring.enterCount == 3)
    }

    @Test func entriesAreUsedUpAndComeBackWithTheSubmit() throws {
        let stand = try RingStand()
        _ = try stand.accept()
        #expect(stand.ring.entriesLeft == 32)
        for _ in 0..<32 { stand.ring.pollWritable(slot: 0, token: stand.token(6)) }
        #expect(stand.ring.entriesLeft == 0)
        try stand.ring.submit()
        #expect(stand.ring.entriesLeft == 32)
        var count = 0
        while count < 32, try stand.next() != nil { count += 1 }
        #expect(count == 32)
    }

    // MARK: Going out

    @Test func aSocketCanBeInstalledConnectedAndEmptied() throws {
        let stand = try RingStand()
        let out = try RingStand()
        let source = IPAddress.v4(0x7F09_0807)
        let socket = try ClientSocket(source: source, isIPv6: false)
        try out.ring.install(descriptor: socket.descriptor, into: 1)
        let target = PeerAddressBuffer(stand.listener.address)
        out.ring.connect(slot: 1, to: target, token: out.token(4, slot: 1))
        #expect(try out.next()?.result == 0)
        stand.ring.accept(
            listener: stand.listener.descriptor, into: 0, peer: stand.peer,
            token: stand.token(1))
        #expect(try stand.next()?.result == 0)
        #expect(stand.peer.value.host == "127.9.8.7")
        let bytes = [UInt8](repeating: 5, count: 1_000)
        unsafe stand.ring.sendQuietly(
            slot: 0, from: bytes, byteCount: 1_000, token: stand.token(3))
        stand.ring.shutdownSending(slot: 0, token: stand.token(5))
        try stand.ring.submit()
        var discarded = 0
        while true {
            out.ring.discard(slot: 1, byteCount: 700, token: out.token(6, slot: 1))
            let result = Int(try #require(try out.next()).result)
            guard result > 0 else { break }
            discarded += result
        }
        #expect(discarded == 1_000)
    }
}
