// Records that somebody sends who means no good.

import TLS
import TestSupport
import Testing

@Suite struct HostileRecordTests {
    /// A record of TLS 1.3 with any inner bytes, type and padding included, sealed by a test's own
    /// means: as data whose last byte is the type.
    private func inner(_ bytes: [UInt8], _ client: inout RecordEnd) throws -> [UInt8] {
        try Forge.record13(bytes, &client.keys)
    }

    @Test("A wrong bit anywhere in a record is found", arguments: Suite.all)
    func wrongBits(suite: Suite) throws {
        let record = try RecordEnd(suite.keys(), isClient: true).seal(
            Array("hello".utf8), number: suite.version == .tls12 ? 1 : 0)
        // Of TLS 1.3's version nothing depends but the tag; lengths make it another record.
        for index in record.indices where index != 3 && index != 4 {
            var server = try RecordEnd(suite.keys())
            var wrong = record
            wrong[index] ^= 1
            #expect(throws: TLSError.self) { _ = try server.open(wrong) }
        }
    }

    @Test("Records out of order, twice or left out are found", arguments: Suite.all)
    func order(suite: Suite) throws {
        var client = try RecordEnd(suite.keys(), isClient: true)
        let records = (0..<3).map { client.seal([UInt8($0)]) }
        for order in [[1, 0], [0, 0], [0, 2]] {
            var server = try RecordEnd(suite.keys())
            #expect(throws: TLSError.broken(.badRecordMAC)) {
                for index in order { _ = try server.open(records[index]) }
            }
        }
    }

    @Test("A length beyond the bound ends it before its bytes are there", arguments: Suite.all)
    func tooLong(suite: Suite) throws {
        let most = TLSLimits.plaintextByteCountMax + 256
        for (length, isGood) in [(most, true), (most + 1, false), (0xFFFF, false)] {
            let head: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
            unsafe head.withUnsafeBytes { head in
                if isGood {
                    #expect(
                        (try? unsafe RecordOpener.recordByteCount(head, suite.version))
                            == most + 5)
                } else {
                    #expect(throws: TLSError.broken(.recordOverflow)) {
                        _ = try unsafe RecordOpener.recordByteCount(head, suite.version)
                    }
                }
            }
        }
    }

    @Test("A record shorter than its tag is no record", arguments: Suite.all)
    func tooShort(suite: Suite) throws {
        for count in [0, 1, 15, 16] {
            var server = try RecordEnd(suite.keys())
            let record = [23, 3, 3, 0, UInt8(count)] + [UInt8](repeating: 0, count: count)
            #expect(throws: TLSError.broken(.badRecordMAC)) { _ = try server.open(record) }
        }
    }

    @Test("Types that can't come are told from the first byte")
    func types() throws {
        for (version, good) in [(TLSVersion.tls13, [23]), (.tls12, [21, 22, 23])] {
            for type in UInt8.min...UInt8.max {
                let bytes = [type]
                let isGood = unsafe bytes.withUnsafeBytes { bytes in
                    do throws(TLSError) {
                        return try unsafe RecordOpener.recordByteCount(bytes, version) == nil
                    } catch {
                        #expect(error == .broken(.unexpectedMessage))
                        return false
                    }
                }
                #expect(isGood == good.contains(Int(type)))
            }
        }
    }

    @Test("TLS 1.3: padding is taken off; what is nothing but padding, or no known type, ends it")
    func padding() throws {
        let suite = Suite(suite: .aes128GCM, version: .tls13)
        var client = try RecordEnd(suite.keys(), isClient: true)
        var server = try RecordEnd(suite.keys())
        let padded = try inner([1, 2, 0, 23] + [UInt8](repeating: 0, count: 300), &client)
        #expect(try server.data(padded) == [1, 2, 0])
        for bytes: [UInt8] in [[0, 0, 0], [1, 24], [1, 20], [1, 2, 3, 99]] {
            var client = try RecordEnd(suite.keys(), isClient: true)
            var server = try RecordEnd(suite.keys())
            let record = try inner(bytes, &client)
            #expect(throws: TLSError.broken(.unexpectedMessage)) { _ = try server.open(record) }
        }
        let long = [UInt8](repeating: 1, count: 16_385) + [23]
        var other = try RecordEnd(suite.keys())
        var sender = try RecordEnd(suite.keys(), isClient: true)
        let record = try inner(long, &sender)
        #expect(throws: TLSError.broken(.recordOverflow)) { _ = try other.open(record) }
    }

    @Test("Handshake messages other than one whole KeyUpdate end it")
    func handshakes() throws {
        let suite = Suite(suite: .chaCha20Poly1305, version: .tls13)
        let cases: [([UInt8], TLSError)] = [
            ([24, 0, 0, 1, 2], .broken(.illegalParameter)),
            ([24, 0, 0, 1], .broken(.unexpectedMessage)),
            ([24, 0, 0, 1, 0, 24, 0, 0, 1, 0], .broken(.unexpectedMessage)),
            ([24, 0, 0, 2, 0, 0], .broken(.unexpectedMessage)),
            ([1, 0, 0, 1, 0], .broken(.unexpectedMessage)),
            ([], .broken(.unexpectedMessage)),
        ]
        for (message, error) in cases {
            var client = try RecordEnd(suite.keys(), isClient: true)
            var server = try RecordEnd(suite.keys())
            let record = try inner(message + [22], &client)
            #expect(throws: error) { _ = try server.open(record) }
        }
        var client = try RecordEnd(suite.keys(), isClient: true)
        var server = try RecordEnd(suite.keys())
        let record = try inner([24, 0, 0, 1, 1, 22], &client)
        #expect(try server.open(record).0 == .keyUpdateRequested)
    }

    @Test("TLS 1.2: renegotiation is refused", arguments: TLS12Example.all)
    func renegotiation(example: TLS12Example) throws {
        var server = try RecordEnd(example.keys())
        var client = try RecordEnd(example.keys(), isClient: true)
        let hello = try Forge.record12([1, 0, 0, 0], type: 22, &client.keys)
        #expect(throws: TLSError.broken(.noRenegotiation)) { _ = try server.open(hello) }
    }

    @Test("Alerts: warnings that go before an end are let pass, others end it")
    func alerts() throws {
        let suite = Suite(suite: .aes256GCM, version: .tls13)
        let cases: [([UInt8], TLSError?)] = [
            ([1, 90], nil), ([1, 100], nil), ([2, 40], .toldOff(40)), ([1, 40], .toldOff(40)),
            ([2], .broken(.decodeError)), ([1, 0, 0], .broken(.decodeError)),
        ]
        for (alert, error) in cases {
            var client = try RecordEnd(suite.keys(), isClient: true)
            var server = try RecordEnd(suite.keys())
            let record = try inner(alert + [21], &client)
            if let error {
                #expect(throws: error) { _ = try server.open(record) }
            } else {
                #expect(try server.open(record).0 == .nothing)
            }
        }
    }

    @Test("So many records in a row that carry nothing, and no more", arguments: Suite.all13)
    func floods(suite: Suite) throws {
        for message: [UInt8] in [[23], [1, 90, 21], [24, 0, 0, 1, 0, 22]] {
            var client = try RecordEnd(suite.keys(), isClient: true)
            var server = try RecordEnd(suite.keys())
            func send(_ bytes: [UInt8]) throws {
                let record = try Forge.record13(bytes, &client.keys)
                if bytes.last == 22 { try client.keys.updateWriteKey() }
                _ = try server.open(record)
            }
            for _ in 0..<32 { try send(message) }
            // One with something in it, and they may come again.
            try send([1, 23])
            for _ in 0..<32 { try send(message) }
            #expect(throws: TLSError.broken(.unexpectedMessage)) { try send(message) }
        }
    }

    @Test("KeyUpdates are bounded in all, whatever comes between them")
    func keyUpdates() throws {
        let suite = Suite(suite: .aes128GCM, version: .tls13)
        var client = try RecordEnd(suite.keys(), isClient: true)
        var server = try RecordEnd(suite.keys())
        var count = 0
        #expect(throws: TLSError.broken(.unexpectedMessage)) {
            while count < 5_000 {
                let update = client.seal(.keyUpdate)
                try client.keys.updateWriteKey()
                _ = try server.open(update)
                _ = try server.open(client.seal([1]))
                count += 1
            }
        }
        #expect(count == 1_024)
    }
}
