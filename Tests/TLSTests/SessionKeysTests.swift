// Keys from secrets, and how much memory they take.

import TLS
import TestSupport
import Testing
import WireBytes

@Suite struct SessionKeysTests {
    @Test("A connection's keys lie in at most 256 bytes")
    func size() {
        #expect(MemoryLayout<SessionKeys>.stride <= 256)
        #expect(MemoryLayout<SessionKeys>.alignment <= 8)
    }

    @Test("TLS 1.3: the keys of RFC 8448's simple handshake")
    func keys13() throws {
        let keys = try SimpleHandshake.keys()
        #expect(hex(keys.write.key, 16) == "9f02283b6c9c07efc26bb9f2ac92e356")
        #expect(hex(keys.write.iv) == "cf782b88dd83549aadf1e984")
        #expect(hex(keys.read.key, 16) == "17422dda596ed5d9acd890e3c63f5051")
        #expect(hex(keys.read.iv) == "5b78923dee08579033e523d9")
        #expect(keys.read.sequence == 0 && keys.write.sequence == 1)
    }

    /// Made by `openssl kdf -keylen N -kdfopt digest:SHA256 -kdfopt hexsecret:… -kdfopt hexseed:…
    /// TLS1-PRF`.
    @Test("TLS 1.2: the keys that OpenSSL's own PRF makes", arguments: TLS12Example.all)
    func keys12(example: TLS12Example) throws {
        let keys = try example.keys()
        let block = example.clientKey + example.serverKey + example.clientIV + example.serverIV
        let made =
            hex(keys.read.key, example.suite.keyByteCount)
            + hex(keys.write.key, example.suite.keyByteCount)
            + hex(keys.read.iv, example.ivByteCount) + hex(keys.write.iv, example.ivByteCount)
        #expect(made == block)
    }

    @Test("A secret of another length than its suite's digest is refused")
    func secretLength() {
        let short = [UInt8](repeating: 1, count: 32)
        #expect(throws: TLSError.secretLength) {
            try SessionKeys.tls13(
                suite: .aes256GCM, clientSecret: short.span.bytes, serverSecret: short.span.bytes,
                readSequence: 0, writeSequence: 0)
        }
        #expect(throws: TLSError.secretLength) {
            try SessionKeys.tls12(
                suite: .aes128GCM, masterSecret: short.span.bytes, clientRandom: short.span.bytes,
                serverRandom: short.span.bytes, readSequence: 1, writeSequence: 1)
        }
    }

    @Test("Wiped keys are zeros")
    func wiping() throws {
        var keys = try SimpleHandshake.keys()
        keys.wipe()
        for direction in [keys.read, keys.write] {
            #expect(hex(direction.key).allSatisfy { $0 == "0" })
            #expect(hex(direction.iv).allSatisfy { $0 == "0" })
            #expect(hex(direction.secret).allSatisfy { $0 == "0" })
        }
    }
}

func hex<let count: Int>(_ bytes: InlineArray<count, UInt8>, _ prefix: Int = count) -> String {
    Hex.text(of: (0..<prefix).map { bytes[$0] })
}
