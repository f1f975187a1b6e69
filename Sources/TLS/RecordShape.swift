// What records look like on the wire.

/// What a record carries (RFC 8446, section 5.1).
public enum RecordType: UInt8, Sendable {
    case changeCipherSpec = 20
    case alert = 21
    case handshake = 22
    case data = 23
}

/// A message of the record layer's own that we send.
public enum ControlMessage: Equatable, Sendable {
    /// Nothing comes after it.
    case closeNotify
    /// The connection is broken.
    case failure(TLSAlert)
    /// TLS 1.3: the next record has new keys.
    case keyUpdate

    /// Bytes of a message, at most.
    public static let byteCountMax = 5

    /// What somebody else is told who seals it: the record's type and its bytes.
    public var content: (type: UInt8, bytes: [UInt8]) {
        let (bytes, count) = self.bytes
        return (type.rawValue, (0..<count).map { bytes[$0] })
    }

    var type: RecordType { self == .keyUpdate ? .handshake : .alert }

    /// Its bytes, and how many of them there are.
    var bytes: (InlineArray<5, UInt8>, count: Int) {
        switch self {
        case .closeNotify: ([1, TLSAlert.closeNotify.rawValue, 0, 0, 0], 2)
        // What isn't possible without ending is said as a warning (RFC 5246, section 7.2.2).
        case .failure(.noRenegotiation): ([1, TLSAlert.noRenegotiation.rawValue, 0, 0, 0], 2)
        case .failure(let alert): ([2, alert.rawValue, 0, 0, 0], 2)
        // update_not_requested (RFC 8446, section 4.6.3).
        case .keyUpdate: ([24, 0, 0, 1, 0], 5)
        }
    }
}

extension SessionKeys {
    /// Bytes of TLS 1.2's nonce that go with each record.
    var explicitNonceByteCount: Int {
        version == .tls12 && suite != .chaCha20Poly1305 ? 8 : 0
    }

    /// Bytes that a record has besides what it carries.
    public var overheadByteCount: Int {
        let typeByteCount = version == .tls13 ? 1 : 0
        return TLSLimits.headByteCount + explicitNonceByteCount + typeByteCount + 16
    }

    /// Whether our key has sealed as many records as it may.
    public var isWriteKeySpent: Bool {
        suite != .chaCha20Poly1305 && write.sequence >= TLSLimits.recordCountMax
    }

    /// Changes our key to the next one: our KeyUpdate has gone.
    public mutating func updateWriteKey() throws(TLSError) {
        precondition(version == .tls13)
        try KeySchedule.update(suite, &write)
    }
}

/// A nonce and what is authenticated besides the ciphertext.
struct RecordContext {
    var nonce: InlineArray<12, UInt8>
    var extra = InlineArray<13, UInt8>(repeating: 0)
    var extraByteCount: Int

    /// - Parameters:
    ///   - bodyByteCount: of the record's body, as its head has it.
    ///   - head: the record's five bytes; of TLS 1.2 their length is the plaintext's.
    @inline(__always)
    init(
        version: TLSVersion, hasExplicitNonce: Bool, iv: InlineArray<12, UInt8>, number: UInt64,
        head: InlineArray<5, UInt8>
    ) {
        nonce = iv
        for index in 0..<8 {
            let byte = UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index))
            // RFC 8446, section 5.3, and RFC 7905; or the number itself (RFC 5288, section 3).
            nonce[4 + index] = hasExplicitNonce ? byte : nonce[4 + index] ^ byte
            extra[index] = byte
        }
        let start = version == .tls12 ? 8 : 0
        for index in 0..<5 { extra[start + index] = head[index] }
        extraByteCount = start + 5
    }
}
