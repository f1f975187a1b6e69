// One end of a connection whose handshake is over.

import TLS

/// Seals and opens as a server does, or as its client.
struct RecordEnd: ~Copyable {
    var keys: SessionKeys
    var tally = ReadTally()
    private let sealer: RecordSealer
    private let opener: RecordOpener

    init(_ keys: SessionKeys, isClient: Bool = false) {
        self.keys = keys
        if isClient { swap(&self.keys.read, &self.keys.write) }
        sealer = RecordSealer()
        opener = RecordOpener()
    }

    mutating func seal(_ plaintext: [UInt8]) -> [UInt8] {
        defer { keys.write.sequence += 1 }
        return seal(plaintext, number: keys.write.sequence)
    }

    func seal(_ plaintext: [UInt8], number: UInt64) -> [UInt8] {
        sealer.use(keys)
        var record = [UInt8](repeating: 0, count: plaintext.count + keys.overheadByteCount)
        let count = unsafe record.withUnsafeMutableBytes { record in
            unsafe plaintext.withUnsafeBytes { plaintext in
                unsafe sealer.seal(plaintext, number: number, with: keys, into: record)
            }
        }
        precondition(count == record.count)
        return record
    }

    mutating func seal(_ message: ControlMessage) -> [UInt8] {
        sealer.use(keys)
        var record = [UInt8](repeating: 0, count: 64)
        let count = unsafe record.withUnsafeMutableBytes { record in
            unsafe sealer.seal(message, number: keys.write.sequence, with: keys, into: record)
        }
        keys.write.sequence += 1
        return Array(record[..<count])
    }

    /// What came, if it was data.
    mutating func open(_ record: [UInt8]) throws(TLSError) -> (OpenedRecord, [UInt8]) {
        var record = record
        var opened: Result<OpenedRecord, TLSError> = .success(.nothing)
        unsafe record.withUnsafeMutableBytes { bytes in
            do throws(TLSError) {
                let byteCount = try unsafe RecordOpener.recordByteCount(
                    UnsafeRawBufferPointer(bytes), keys.version)
                guard byteCount == bytes.count else { throw .broken(.decodeError) }
                opened = .success(try unsafe opener.open(bytes, with: &keys, &tally))
            } catch {
                opened = .failure(error)
            }
        }
        let result = try opened.get()
        if case .data(let range) = result { return (result, Array(record[range])) }
        return (result, [])
    }

    mutating func data(_ record: [UInt8]) throws(TLSError) -> [UInt8] { try open(record).1 }
}

/// A connection's two ends, of any suite and version.
struct Suite: Sendable, CustomStringConvertible {
    let suite: CipherSuite
    let version: TLSVersion

    var description: String { "\(suite), \(version)" }

    static let all = CipherSuite.allCases.flatMap { suite in
        [TLSVersion.tls12, .tls13].map { Suite(suite: suite, version: $0) }
    }
    static let all13 = all.filter { $0.version == .tls13 }

    func keys() throws -> SessionKeys {
        if version == .tls12, let example = TLS12Example.all.first(where: { $0.suite == suite }) {
            return try example.keys()
        }
        let client = (0..<suite.secretByteCount).map { UInt8($0) }
        let server = client.map { $0 ^ 0xFF }
        return try SessionKeys.tls13(
            suite: suite, clientSecret: client.span.bytes, serverSecret: server.span.bytes,
            readSequence: 0, writeSequence: 0)
    }
}
