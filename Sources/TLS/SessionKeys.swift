// All that is kept of a connection once its handshake is over.

import COpenSSL

/// What seals or opens the records of one direction. It has no references, so that it can lie in a
/// table's slot.
public struct DirectionKeys: BitwiseCopyable, Sendable {
    /// The key; a shorter one is at the front.
    public var key = InlineArray<32, UInt8>(repeating: 0)
    /// What nonces are made of: 12 bytes, or 4 of them with AES-GCM in TLS 1.2.
    public var iv = InlineArray<12, UInt8>(repeating: 0)
    /// Of TLS 1.3: what the keys were made of, and those after a KeyUpdate will be; a shorter one is
    /// at the front.
    public var secret = InlineArray<48, UInt8>(repeating: 0)
    /// The number of the next record.
    public var sequence: UInt64 = 0

    init() {}
}

/// The keys of a connection, from the server's side.
///
/// What nobody needs any more is to be wiped: `wipe()`.
public struct SessionKeys: BitwiseCopyable, Sendable {
    public let suite: CipherSuite
    public let version: TLSVersion
    /// What comes from the client.
    public var read = DirectionKeys()
    /// What goes to it.
    public var write = DirectionKeys()

    private init(suite: CipherSuite, version: TLSVersion) {
        self.suite = suite
        self.version = version
    }

    /// The keys of TLS 1.3 that its traffic secrets make (RFC 8446, section 7.3).
    ///
    /// - Parameters:
    ///   - clientSecret: CLIENT_TRAFFIC_SECRET_0 of the key log.
    ///   - serverSecret: SERVER_TRAFFIC_SECRET_0 of the key log.
    ///   - readSequence: the records that have come under the client's key.
    ///   - writeSequence: the records that have gone under ours: session tickets.
    public static func tls13(
        suite: CipherSuite, clientSecret: RawSpan, serverSecret: RawSpan, readSequence: UInt64,
        writeSequence: UInt64
    ) throws(TLSError) -> SessionKeys {
        guard clientSecret.byteCount == suite.secretByteCount,
            serverSecret.byteCount == suite.secretByteCount
        else { throw .secretLength }
        var keys = SessionKeys(suite: suite, version: .tls13)
        for index in 0..<suite.secretByteCount {
            keys.read.secret[index] = unsafe clientSecret.unsafeLoad(
                fromByteOffset: index, as: UInt8.self)
            keys.write.secret[index] = unsafe serverSecret.unsafeLoad(
                fromByteOffset: index, as: UInt8.self)
        }
        try KeySchedule.makeKeys(suite, of: &keys.read)
        try KeySchedule.makeKeys(suite, of: &keys.write)
        keys.read.sequence = readSequence
        keys.write.sequence = writeSequence
        return keys
    }

    /// The keys of TLS 1.2 that its master secret makes (RFC 5246, section 6.3).
    ///
    /// - Parameters:
    ///   - masterSecret: 48 bytes; CLIENT_RANDOM of the key log.
    ///   - readSequence: the records that have come since the client's change of ciphers: one.
    ///   - writeSequence: the records that have gone since ours: one.
    public static func tls12(
        suite: CipherSuite, masterSecret: RawSpan, clientRandom: RawSpan, serverRandom: RawSpan,
        readSequence: UInt64, writeSequence: UInt64
    ) throws(TLSError) -> SessionKeys {
        guard masterSecret.byteCount == 48, clientRandom.byteCount == 32,
            serverRandom.byteCount == 32
        else { throw .secretLength }
        var keys = SessionKeys(suite: suite, version: .tls12)
        try KeySchedule.expand12(
            suite, masterSecret: masterSecret, clientRandom: clientRandom,
            serverRandom: serverRandom, client: &keys.read, server: &keys.write)
        keys.read.sequence = readSequence
        keys.write.sequence = writeSequence
        return keys
    }

    /// Overwrites all of it, so that no key stays in memory.
    public mutating func wipe() {
        unsafe withUnsafeMutableBytes(of: &read) {
            unsafe OPENSSL_cleanse($0.baseAddress, $0.count)
        }
        unsafe withUnsafeMutableBytes(of: &write) {
            unsafe OPENSSL_cleanse($0.baseAddress, $0.count)
        }
    }
}
