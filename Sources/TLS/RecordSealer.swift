// Records that go: the same bytes under the same number make the same record.

/// Seals records for the connections of one thread.
@safe public struct RecordSealer: ~Copyable {
    private let cipher: RecordCipher

    /// What seals for any connection.
    public init() { cipher = RecordCipher(isSealing: true) }

    /// Whether OpenSSL has a suite's cipher.
    public func has(_ suite: CipherSuite) -> Bool { cipher.has(suite) }

    /// From now on records are sealed with the write key of this connection.
    @inline(__always)
    public func use(_ keys: SessionKeys) { cipher.use(keys.suite, keys.write) }

    /// Seals one record of data of the connection whose key is in use.
    ///
    /// The number is the caller's: a record that went in part is told again by sealing the same bytes
    /// with the same number. Two different plaintexts must never go under one number.
    ///
    /// - Parameter output: room for the bytes and `overheadByteCount` more.
    /// - Returns: the record's length, bytes.
    @inline(__always)
    public func seal(
        _ plaintext: UnsafeRawBufferPointer, number: UInt64, with keys: SessionKeys,
        into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        unsafe seal(plaintext, .data, number: number, with: keys, into: output)
    }

    /// Seals a message of the record layer's own.
    public func seal(
        _ message: ControlMessage, number: UInt64, with keys: SessionKeys,
        into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let (bytes, count) = message.bytes
        return unsafe withUnsafeBytes(of: bytes) { bytes in
            unsafe seal(
                UnsafeRawBufferPointer(rebasing: bytes[..<count]), message.type, number: number,
                with: keys, into: output)
        }
    }

    @inline(__always)
    private func seal(
        _ plaintext: UnsafeRawBufferPointer, _ type: RecordType, number: UInt64,
        with keys: SessionKeys, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let byteCount = plaintext.count + keys.overheadByteCount
        precondition(plaintext.count <= TLSLimits.plaintextByteCountMax, "a record's length")
        precondition(output.count >= byteCount, "a record fits where it goes")
        guard let base = output.baseAddress else { return 0 }
        let is13 = keys.version == .tls13
        let outerType = is13 ? RecordType.data : type
        let bodyByteCount = byteCount - TLSLimits.headByteCount
        let head = Self.head(outerType, bodyByteCount)
        let explicit = keys.explicitNonceByteCount
        let context = RecordContext(
            version: keys.version, hasExplicitNonce: explicit > 0, iv: keys.write.iv,
            number: number, head: is13 ? head : Self.head(outerType, plaintext.count))
        for index in 0..<5 {
            unsafe base.storeBytes(of: head[index], toByteOffset: index, as: UInt8.self)
        }
        if explicit > 0 {
            unsafe base.storeBytes(of: number.bigEndian, toByteOffset: 5, as: UInt64.self)
        }
        unsafe cipher.seal(
            keys.suite, context, plaintext, is13 ? type.rawValue : nil,
            into: base + TLSLimits.headByteCount + explicit)
        return byteCount
    }

    @inline(__always)
    private static func head(_ type: RecordType, _ byteCount: Int) -> InlineArray<5, UInt8> {
        [
            type.rawValue, 3, 3, UInt8(truncatingIfNeeded: byteCount >> 8),
            UInt8(truncatingIfNeeded: byteCount),
        ]
    }
}
