// Which records a send is made of, and where the next one begins.

import TLS
import Testing

@testable import Delivery

@Suite("Record offers") struct RecordOfferTests {
    private let full = TLSLimits.plaintextByteCountMax

    private func connection(
        _ version: TLSVersion = .tls13, writeSequence: UInt64? = nil
    ) -> SealedConnection {
        SealedConnection(
            keys: FakeTLSClient.serverKeys(.aes128GCM, version, writeSequence: writeSequence))
    }

    @Test("records are as long as they may be, and the last one is the rest")
    func lengths() throws {
        var sealed = connection()
        let offer = try sealed.offer(of: 2 * full + 5)
        #expect(offer.recordCount == 3 && offer.number == 0)
        #expect((0..<3).map { offer.recordByteCount(at: $0 * full) } == [full, full, 5])
        let offer1 = try sealed.offer(of: 1)
        #expect(offer1.number == 3)
        let most = try sealed.offer(of: 1 << 20)
        #expect(most.byteCount == DeliverySettings.sealedByteCountMax)
    }

    @Test("after any cut the record in flight is offered as it was", arguments: [0, 1, 7, 22, 23])
    func cuts(extra: Int) throws {
        let overhead = connection().keys.overheadByteCount
        for whole in 0...2 {
            var sealed = connection()
            _ = try sealed.offer(of: 2 * full + 100)
            let lengths = [full, full, 100]
            let gone = lengths[..<whole].map { $0 + overhead }.reduce(0, +)
            let taken = sealed.fellShort(takenByteCount: gone + extra)
            #expect(taken == lengths[..<whole].reduce(0, +))
            #expect(sealed.flight == (extra == 0 ? .none : .data))
            #expect(sealed.end(of: 1_000) == 1_000 + UInt64(extra == 0 ? 0 : lengths[whole]))
            // More has come meanwhile; what has begun stays as it is.
            let next = try sealed.offer(of: 3 * full)
            #expect(next.number == UInt64(whole) && next.goneByteCount == extra)
            #expect(next.firstByteCount == (extra == 0 ? full : lengths[whole]))
            // And so it is after a second cut within it.
            let more = sealed.fellShort(takenByteCount: 3)
            #expect(more == 0 && sealed.flight == .data)
            let last = try sealed.offer(of: 3 * full)
            #expect(last.goneByteCount == extra + 3 && last.number == next.number)
            #expect(last.firstByteCount == next.firstByteCount)
        }
    }

    @Test("a KeyUpdate goes behind the record in flight and before everything else")
    func keyUpdates() throws {
        var sealed = connection()
        _ = try sealed.offer(of: 500)
        #expect(sealed.fellShort(takenByteCount: 10) == 0)
        sealed.owesKeyUpdate = true
        let rest = try sealed.offer(of: 10_000)
        #expect(!rest.isKeyUpdate && rest.byteCount == 500 && rest.goneByteCount == 10)
        let key = sealed.keys.write.key[0]
        let update = try sealed.offer(of: 10_000)
        #expect(update.isKeyUpdate && update.byteCount == 0 && update.number == 1)
        #expect(sealed.fellShort(takenByteCount: 4) == 0 && sealed.flight == .keyUpdate)
        let again = try sealed.offer(of: 10_000)
        #expect(again.isKeyUpdate && again.goneByteCount == 4 && again.number == 1)
        #expect(sealed.keys.write.key[0] == key)
        let data = try sealed.offer(of: 10_000)
        #expect(!data.isKeyUpdate && data.number == 0 && data.byteCount == 10_000)
        #expect(!sealed.owesKeyUpdate)
    }

    @Test("a KeyUpdate of which nothing went is owed still")
    func refusedKeyUpdate() throws {
        var sealed = connection()
        sealed.owesKeyUpdate = true
        let offer2 = try sealed.offer(of: 10)
        #expect(offer2.isKeyUpdate)
        #expect(sealed.fellShort(takenByteCount: 0) == 0 && sealed.flight == .none)
        let offer3 = try sealed.offer(of: 10)
        #expect(offer3.isKeyUpdate)
        let offer4 = try sealed.offer(of: 10)
        #expect(offer4.byteCount == 10)
    }

    @Test("spent keys are changed, or end it")
    func spent() throws {
        var new = connection(.tls13, writeSequence: TLSLimits.recordCountMax)
        let offer5 = try new.offer(of: 10)
        #expect(offer5.isKeyUpdate)
        let offer6 = try new.offer(of: 10)
        #expect(offer6.number == 0)
        var old = connection(.tls12, writeSequence: TLSLimits.recordCountMax)
        #expect(throws: TLSError.exhausted) { try old.offer(of: 10) }
    }

    @Test("nothing goes by itself while a record is in flight, nor after the last word")
    func numbers() throws {
        var sealed = connection()
        #expect(sealed.takeNumber(inRound: 9) == 0)
        _ = try sealed.offer(of: 500)
        _ = sealed.fellShort(takenByteCount: 10)
        #expect(sealed.takeNumber(inRound: 9) == nil)
        _ = try sealed.offer(of: 500)
        #expect(sealed.takeNumber(inRound: 9) == 2)
        sealed.offerRound = 9
        #expect(sealed.takeNumber(inRound: 9) == nil)
        #expect(sealed.takeNumber(inRound: 10) == 3)
        sealed.isShut = true
        #expect(sealed.takeNumber(inRound: 9) == nil)
    }
}
