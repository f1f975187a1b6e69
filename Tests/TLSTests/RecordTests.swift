// Records of known answers, of both ends, and told again.

import TLS
import TestSupport
import Testing

@Suite struct RecordTests {
    @Test("The records of RFC 8448, section 3, as a server seals and opens them")
    func simpleHandshake() throws {
        var server = try RecordEnd(SimpleHandshake.keys())
        #expect(server.seal(SimpleHandshake.payload) == SimpleHandshake.serverData)
        #expect(try server.data(SimpleHandshake.clientData) == SimpleHandshake.payload)
        #expect(try server.open(SimpleHandshake.clientClose).0 == .closed)
        #expect(server.seal(.closeNotify) == SimpleHandshake.serverClose)
    }

    @Test("What one end seals the other opens, whatever its length", arguments: Suite.all)
    func bothWays(suite: Suite) throws {
        var server = try RecordEnd(suite.keys())
        var client = try RecordEnd(suite.keys(), isClient: true)
        for count in [1, 2, 15, 16, 17, 100, 16_383, 16_384] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let record = server.seal(bytes)
            #expect(record.count == count + server.keys.overheadByteCount)
            #expect(try client.data(record) == bytes)
            #expect(try server.data(client.seal(bytes)) == bytes)
        }
        #expect(try client.open(server.seal(.closeNotify)).0 == .closed)
    }

    /// RFC 5288, section 3; RFC 7905, section 2: made with Python's cryptography from the keys of
    /// the vectors.
    @Test("TLS 1.2: records that another library made", arguments: TLS12Example.all)
    func records12(example: TLS12Example) throws {
        var server = try RecordEnd(example.keys())
        #expect(server.seal(Array("Fanfare".utf8)) == bytes(example.serverRecord))
        #expect(try server.data(bytes(example.clientRecord)) == Array("hello".utf8))
    }

    @Test("A record that is told again is the same bit for bit", arguments: Suite.all)
    func toldAgain(suite: Suite) throws {
        let end = try RecordEnd(suite.keys())
        let other = try RecordEnd(suite.keys(), isClient: true)
        let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let first = end.seal(bytes, number: 7)
        // The context has sealed for others meanwhile.
        _ = other.seal(bytes, number: 7)
        #expect(end.seal(bytes, number: 8) != first)
        #expect(end.seal(bytes, number: 7) == first)
    }

    @Test("KeyUpdates of both sides change the keys of their direction", arguments: Suite.all13)
    func keyUpdate(suite: Suite) throws {
        var server = try RecordEnd(suite.keys())
        var client = try RecordEnd(suite.keys(), isClient: true)
        for round in 0..<3 {
            let update = client.seal(.keyUpdate)
            let former = client.keys.write.key[0...]
            try client.keys.updateWriteKey()
            #expect(client.keys.write.key[0...] != former && client.keys.write.sequence == 0)
            #expect(try server.open(update).0 == .nothing)
            let text = Array("round \(round)".utf8)
            #expect(try server.data(client.seal(text)) == text)
            let answer = server.seal(.keyUpdate)
            try server.keys.updateWriteKey()
            #expect(try client.open(answer).0 == .nothing)
            #expect(try client.data(server.seal(text)) == text)
        }
    }

    @Test("AES-GCM's key is spent after 2^24 records, ChaCha20's never")
    func spent() throws {
        for suite in Suite.all {
            var keys = try suite.keys()
            #expect(!keys.isWriteKeySpent)
            keys.write.sequence = TLSLimits.recordCountMax - 1
            #expect(!keys.isWriteKeySpent)
            keys.write.sequence += 1
            #expect(keys.isWriteKeySpent == (suite.suite != .chaCha20Poly1305))
        }
    }
}

extension InlineArray<32, UInt8> {
    fileprivate subscript(from: PartialRangeFrom<Int>) -> [UInt8] {
        (from.lowerBound..<count).map { self[$0] }
    }
}
