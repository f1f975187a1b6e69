// Records that come: opened where they are, and the record layer's own messages understood.

/// What a record that came means.
public enum OpenedRecord: Equatable, Sendable {
    /// It carries data: there in the record.
    case data(Range<Int>)
    /// It carries nothing that concerns anybody.
    case nothing
    /// Its sender has new keys now, and asks for new ones of ours before we send anything more.
    case keyUpdateRequested
    /// Nothing comes after it.
    case closed
}

/// How much nonsense a connection has sent: it is bounded.
public struct ReadTally: BitwiseCopyable, Sendable {
    /// Records in a row that carried nothing.
    var idleCount: UInt8 = 0
    var keyUpdateCount: UInt16 = 0

    /// Of a connection whose handshake is over.
    public init() {}
}

/// Opens records for the connections of one thread.
@safe public struct RecordOpener: ~Copyable {
    private let cipher: RecordCipher

    /// What opens for any connection.
    public init() { cipher = RecordCipher(isSealing: false) }

    /// Whether OpenSSL has a suite's cipher.
    public func has(_ suite: CipherSuite) -> Bool { cipher.has(suite) }

    /// How long the record is that the bytes begin with.
    ///
    /// - Returns: nil while too little of it is there to tell.
    public static func recordByteCount(
        _ bytes: UnsafeRawBufferPointer, _ version: TLSVersion
    ) throws(TLSError) -> Int? {
        guard unsafe !bytes.isEmpty else { return nil }
        // What comes under keys of TLS 1.3 looks like data, whatever it is.
        switch unsafe RecordType(rawValue: bytes[0]) {
        case .data: break
        case .alert, .handshake: if version == .tls13 { throw .broken(.unexpectedMessage) }
        case .changeCipherSpec, nil: throw .broken(.unexpectedMessage)
        }
        guard bytes.count >= TLSLimits.headByteCount else { return nil }
        // TLS 1.3 says "3.3" and looks at nothing there.
        if version == .tls12, unsafe bytes[1] != 3 || bytes[2] != 3 {
            throw .broken(.protocolVersion)
        }
        let byteCount = unsafe TLSLimits.headByteCount + Int(bytes[3]) << 8 + Int(bytes[4])
        guard byteCount <= TLSLimits.recordByteCountMax else { throw .broken(.recordOverflow) }
        return byteCount
    }

    /// Opens a whole record where it is.
    public func open(
        _ record: UnsafeMutableRawBufferPointer, with keys: inout SessionKeys,
        _ tally: inout ReadTally
    ) throws(TLSError) -> OpenedRecord {
        guard let (type, range) = try unsafe decrypt(record, with: &keys) else {
            throw .broken(.badRecordMAC)
        }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: record[range])
        switch type {
        case .data where unsafe !bytes.isEmpty:
            tally.idleCount = 0
            return .data(range)
        case .data: break
        case .alert:
            if try unsafe isClosing(bytes) { return .closed }
        case .handshake:
            if keys.version == .tls12 { throw .broken(.noRenegotiation) }
            let asks = try unsafe asksForKeys(bytes)
            tally.keyUpdateCount += 1
            guard tally.keyUpdateCount <= TLSLimits.keyUpdateCountMax else {
                throw .broken(.unexpectedMessage)
            }
            try KeySchedule.update(keys.suite, &keys.read)
            try countIdle(&tally)
            return asks ? .keyUpdateRequested : .nothing
        case .changeCipherSpec: throw .broken(.unexpectedMessage)
        }
        try countIdle(&tally)
        return .nothing
    }

    private func countIdle(_ tally: inout ReadTally) throws(TLSError) {
        tally.idleCount += 1
        guard tally.idleCount <= TLSLimits.idleRecordCountMax else {
            throw .broken(.unexpectedMessage)
        }
    }

    /// - Returns: nil where the tag is wrong.
    private func decrypt(
        _ record: UnsafeMutableRawBufferPointer, with keys: inout SessionKeys
    ) throws(TLSError) -> (RecordType, Range<Int>)? {
        let explicit = keys.explicitNonceByteCount
        let start = TLSLimits.headByteCount + explicit
        let end = record.count - 16
        let is13 = keys.version == .tls13
        guard start <= end else { return nil }
        guard keys.read.sequence < .max else { throw .exhausted }
        var head = InlineArray<5, UInt8>(repeating: 0)
        for index in 0..<5 { head[index] = unsafe record[index] }
        if !is13 {
            head[3] = UInt8(truncatingIfNeeded: (end - start) >> 8)
            head[4] = UInt8(truncatingIfNeeded: end - start)
        }
        var context = RecordContext(
            version: keys.version, hasExplicitNonce: explicit > 0, iv: keys.read.iv,
            number: keys.read.sequence, head: head)
        for index in 0..<explicit { context.nonce[4 + index] = unsafe record[5 + index] }
        cipher.use(keys.suite, keys.read)
        let sealed = unsafe UnsafeMutableRawBufferPointer(rebasing: record[start...])
        guard unsafe cipher.open(keys.suite, context, sealed) else { return nil }
        keys.read.sequence += 1
        var last = end
        var number = head[0]
        if is13 {
            // Padding is zeros behind the type (RFC 8446, section 5.4).
            while last > start, unsafe record[last - 1] == 0 { last -= 1 }
            guard last > start else { throw .broken(.unexpectedMessage) }
            last -= 1
            number = unsafe record[last]
        }
        guard last - start <= TLSLimits.plaintextByteCountMax,
            !is13 || end - start <= TLSLimits.plaintextByteCountMax + 1
        else { throw .broken(.recordOverflow) }
        guard let type = RecordType(rawValue: number) else { throw .broken(.unexpectedMessage) }
        return (type, start..<last)
    }

    /// Whether an alert says that nothing follows; another one that ends it is an error.
    private func isClosing(_ bytes: UnsafeRawBufferPointer) throws(TLSError) -> Bool {
        guard bytes.count == 2 else { throw .broken(.decodeError) }
        switch unsafe bytes[1] {
        case TLSAlert.closeNotify.rawValue: return true
        // Both go before a close_notify or nothing at all (RFC 8446, section 6.1).
        case TLSAlert.userCanceled.rawValue, TLSAlert.noRenegotiation.rawValue: return false
        default: throw unsafe .toldOff(bytes[1])
        }
    }

    /// Understands a message of TLS 1.3 after the handshake: KeyUpdate is all that clients send. It
    /// is a record's only one, since the next record has other keys.
    private func asksForKeys(_ bytes: UnsafeRawBufferPointer) throws(TLSError) -> Bool {
        guard bytes.count == 5, unsafe bytes[0] == 24, unsafe bytes[1] == 0, unsafe bytes[2] == 0,
            unsafe bytes[3] == 1
        else { throw .broken(.unexpectedMessage) }
        guard unsafe bytes[4] <= 1 else { throw .broken(.illegalParameter) }
        return unsafe bytes[4] == 1
    }
}
