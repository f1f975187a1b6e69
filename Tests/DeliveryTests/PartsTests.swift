// The shard's small parts: slots, head buffers, start blocks, addresses, rushes, settings.

import TestSupport
import Testing
import WireBytes

@testable import Broadcast
@testable import Delivery
@testable import IORing

@Suite struct PartsTests {
    // MARK: Slots

    @Test func slotsAreTakenLowestFirstAndEachLifeHasItsOwnGeneration() throws {
        var table = ViewerTable(slotCount: 3)
        let slots = [table.take(), table.take(), table.take(), table.take()]
        #expect(slots == [0, 1, 2, nil])
        #expect(table.freeCount == 0)
        for slot in 0..<3 { table[slot].state = .readingHead }
        let generation = table[1].generation
        table[1].cursor = 77
        table[1].flags = [.polling, .admitted]
        table.give(1)
        #expect(table.freeCount == 1)
        let again = table.take()
        #expect(again == 1)
        #expect(table[1].generation != generation)
        #expect(table[1].cursor == 0)
        #expect(table[1].flags.isEmpty)
    }

    @Test func aVisitLooksNoFurtherThanTheHighestSlotInUse() {
        var table = ViewerTable(slotCount: 1_000)
        #expect(table.usedEnd == 0)
        for _ in 0..<5 {
            let slot = table.take() ?? 0
            table[slot].state = .readingHead
        }
        table.give(2)
        #expect(table.usedEnd == 5)
        table.give(4)
        #expect(table.usedEnd == 4)
        table.give(3)
        #expect(table.usedEnd == 2)
    }

    @Test func aCrowdThatHasGoneLeavesNoSlotsToLookAt() {
        var table = ViewerTable(slotCount: 10_000)
        var random = SeededRandom(seed: 3)
        var held: [Int] = []
        for _ in 0..<10_000 {
            let slot = table.take() ?? 0
            table[slot].state = .readingHead
            held.append(slot)
        }
        held.shuffle(using: &random)
        for slot in held.dropLast(10) { table.give(slot) }
        // Who comes and goes now does so at the front, and the last of the crowd goes some day.
        for _ in 0..<20 {
            let slot = table.take() ?? 0
            table[slot].state = .readingHead
            held.append(slot)
            #expect(slot < 40)
        }
        for slot in held[9_990..<10_000] { table.give(slot) }
        #expect(table.usedEnd <= 40)
        #expect(table.freeCount == 9_980)
    }

    @Test func aSlotIsOneCacheLine() { #expect(MemoryLayout<Viewer>.stride == 64) }

    // MARK: Head buffers

    @Test func headBuffersKeepTheirBytesApart() throws {
        var heads = HeadBuffers(count: 2, byteCountMax: 100)
        let first = heads.take() ?? -1
        let second = heads.take() ?? -1
        let none = heads.take()
        #expect(first >= 0 && second >= 0 && first != second && none == nil)
        append([1, 2, 3], to: first, of: &heads)
        append([UInt8](repeating: 9, count: 100), to: second, of: &heads)
        append([4, 5], to: first, of: &heads)
        #expect(bytes(first, of: heads) == [1, 2, 3, 4, 5])
        heads[scannedOf: first] = 4
        heads.removeFirst(2, of: first)
        #expect(bytes(first, of: heads) == [3, 4, 5])
        #expect(heads[scannedOf: first] == 0)
        heads.removeFirst(3, of: first)
        #expect(bytes(first, of: heads).isEmpty)
        #expect(bytes(second, of: heads) == [UInt8](repeating: 9, count: 100))
        heads[scannedOf: second] = 50
        heads.give(second)
        let again = heads.take() ?? -1
        #expect(again == second)
        #expect(bytes(again, of: heads).isEmpty)
        #expect(heads[scannedOf: again] == 0)
    }

    private func append(_ bytes: [UInt8], to index: Int32, of heads: inout HeadBuffers) {
        unsafe bytes.withUnsafeBytes { unsafe heads.append($0, to: index) }
    }

    private func bytes(_ index: Int32, of heads: borrowing HeadBuffers) -> [UInt8] {
        unsafe Array(heads.bytes(index))
    }

    // MARK: Start blocks

    private func start(_ position: UInt64, metadata: PublisherMetadata = .init()) -> StartPoint {
        let point = JoinPoint(position: position, timestampMs: 5, headers: SequenceHeaders())
        let preamble = Preamble(
            point: point, presentation: Presentation(metadata: metadata))
        return StartPoint(position: position, timestampMs: 5, preamble: preamble)
    }

    @Test func whoJoinsAtTheSameKeyframeSharesABlock() throws {
        var blocks = StartBlocks()
        let start = start(100)
        func take(_ start: StartPoint, channel: Int = 0, origin: String? = nil) -> UInt16? {
            blocks.take(channel: channel, start: start, origin: origin, variesByOrigin: false)
        }
        let first = try #require(take(start))
        #expect(take(start) == first)
        // Another programme, page, place or preamble is another block.
        let others = [
            take(start, channel: 1), take(start, origin: "https://a.example"),
            take(self.start(200)), take(self.start(100)),
        ]
        #expect(Set(others + [first]).count == 5)
        let head = String(decoding: unsafe blocks.bytes(first), as: UTF8.self)
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        let bytes = unsafe Array(blocks.bytes(first))
        #expect(Array(bytes[blocks.flvOffset(first)...]) == start.preamble.bytes)
        let resumed = Array(start.preamble.bytes[start.preamble.resumeOffset...])
        #expect(Array(bytes[blocks.resumeOffset(first)...]) == resumed)
        #expect(blocks.position(first) == 100)
        #expect(blocks.byteCount(first) == bytes.count)
    }

    @Test func blocksInUseAreBoundedAndComeBack() throws {
        var blocks = StartBlocks()
        let starts = (0..<DeliverySettings.startBlockCountMax).map { start(UInt64($0)) }
        for start in starts {
            let block = blocks.take(
                channel: 0, start: start, origin: nil, variesByOrigin: false)
            #expect(block != nil)
        }
        let next = start(9_999)
        let refused = blocks.take(channel: 0, start: next, origin: nil, variesByOrigin: false)
        #expect(refused == nil)
        let old = unsafe blocks.bytes(7)
        let bytes = unsafe Array(old)
        blocks.give(7)
        let taken = blocks.take(channel: 0, start: next, origin: nil, variesByOrigin: false)
        #expect(taken == 7)
        // An entry that was prepared for the former user may still point there.
        #expect(unsafe Array(old) == bytes && old.baseAddress != blocks.bytes(7).baseAddress)
        blocks.releaseRetired()
    }

    // MARK: Addresses

    @Test func anAddressHasABoundedNumberOfConnections() {
        var limits = AdmissionLimits()
        limits.perAddressMax = 2
        limits.perLoopbackAddressMax = 3
        let book = Admission(limits: limits)
        let there = HostKey(kind: .v4, value: 1, isLoopback: false)
        let here = HostKey(kind: .v4, value: 2, isLoopback: true)
        let verdicts = (0..<3).map { _ in book.admit(there, nowMs: 0) }
        #expect(verdicts == [.admitted(0), .admitted(0), .tooMany])
        #expect((0..<4).map { _ in book.admit(here, nowMs: 0) }.last == .tooMany)
        #expect(book.count == 5)
        book.leave(0)
        #expect(book.admit(there, nowMs: 0) == .admitted(0))
        #expect(book.admit(there, nowMs: 0) == .tooMany)
    }

    @Test func allTogetherAreBoundedToo() {
        var limits = AdmissionLimits()
        limits.countMax = 2
        let book = Admission(limits: limits)
        let verdicts = (0..<3).map {
            book.admit(HostKey(kind: .v4, value: $0, isLoopback: false), nowMs: 0)
        }
        #expect(verdicts == [.admitted(0), .admitted(1), .full])
        book.leave(0)
        #expect(
            book.admit(HostKey(kind: .v4, value: 9, isLoopback: false), nowMs: 0) == .admitted(2))
    }

    @Test func anAddressMayNotConnectTooFastUnlessItIsOurs() {
        var limits = AdmissionLimits()
        limits.perAddressPerSecondMax = 10
        let book = Admission(limits: limits)
        func admitted(_ host: HostKey, _ nowMs: Int64) -> Int {
            (0..<100).count { _ in
                guard case .admitted(let peer) = book.admit(host, nowMs: nowMs) else {
                    return false
                }
                book.leave(peer)
                return true
            }
        }
        let there = HostKey(kind: .v4, value: 1, isLoopback: false)
        #expect(admitted(there, 1_000) == 20)
        #expect(admitted(there, 1_500) == 5)
        #expect(admitted(there, 60_000) == 20)
        #expect(admitted(HostKey(kind: .v4, value: 2, isLoopback: true), 1_000) == 100)
    }

    @Test func aSiteHasABoundOfItsOwn() {
        var limits = AdmissionLimits()
        limits.perAddressMax = 3
        limits.siteShare = 4
        limits.joinsPerAddressPerMinuteMax = 2
        limits.siteJoinShare = 3
        let book = Admission(limits: limits)
        func subnet(_ site: UInt64, _ number: UInt64) -> HostKey {
            HostKey(v6Subnet: site << 16 | number)
        }
        var peers: [PeerNumber] = []
        for number in 0..<8 as Range<UInt64> {
            for _ in 0..<4 {
                guard
                    case .admitted(let peer) = book.admit(
                        subnet(0x2001_0DB8_0001, number), nowMs: 0)
                else { continue }
                peers.append(peer)
            }
        }
        #expect(peers.count == 12 && Set(peers).count == 4, "three of each, and twelve in all")
        #expect(book.admit(subnet(0x2001_0DB8_0001, 99), nowMs: 0) == .tooMany)
        guard case .admitted = book.admit(subnet(0x2001_0DB8_0002, 0), nowMs: 0) else {
            Issue.record("another site is another's")
            return
        }
        #expect(peers.count { book.mayJoin($0, nowMs: 0) } == 6)
        #expect(peers.count { book.mayJoin($0, nowMs: 60_000) } == 6)
        for peer in peers { book.leave(peer) }
        #expect(book.count == 1)
        guard case .admitted = book.admit(subnet(0x2001_0DB8_0001, 99), nowMs: 60_000) else {
            Issue.record("the places are back")
            return
        }
    }

    @Test func neighboursInIPv6AreNotMerged() {
        var limits = AdmissionLimits()
        limits.perAddressMax = 1
        let book = Admission(limits: limits)
        let verdicts = [0, 0x80, 0x8000].map { bits in
            book.admit(HostKey(v6Subnet: 0x2001_0DB8_0000_0000 + bits), nowMs: 0)
        }
        #expect(!verdicts.contains(.tooMany))
    }

    @Test func veryManyAddressesAreForgottenAndTheirNumbersUsedAgain() {
        let book = Admission(limits: AdmissionLimits())
        guard case .admitted(let held) = book.admit(HostKey(v4: 1), nowMs: 0) else {
            Issue.record("nobody else is there")
            return
        }
        for number in 0..<(3 * UInt32(AdmissionLimits.addressCountMax)) {
            guard
                case .admitted(let peer) = book.admit(HostKey(v4: 2 + number), nowMs: Int64(number))
            else { continue }
            #expect(peer != held)
            book.leave(peer)
        }
        #expect(book.addressCount <= AdmissionLimits.addressCountMax)
        #expect(book.count == 1)
        book.leave(held)
        #expect(book.count == 0)
    }

    // MARK: Rushes

    @Test func aRushIsBoundedAndABusyShardLetsFewerCatchUp() {
        /// How many of those who come may have the GOP, a tenth of a second after so many came
        /// that no more could.
        func admittedAfterARush(busyShare: Double) -> Int {
            var rush = JoinRush()
            let gop = 1_000_000
            let atOnce = (0..<100_000).count { _ in
                rush.admits(byteCount: gop, nowMs: 1_000, busyShare: busyShare)
            }
            #expect((1..<1_000).contains(atOnce))
            return (0..<100_000).count { _ in
                rush.admits(byteCount: gop, nowMs: 1_100, busyShare: busyShare)
            }
        }
        let idle = admittedAfterARush(busyShare: 0)
        let busy = admittedAfterARush(busyShare: 1)
        // Some may at the busiest shard, too: 15 of 100 KB a tenth of a second are a ramp of 1 500
        // joins a second.
        #expect(busy >= 15)
        #expect(idle >= 3 * busy)
    }
}
