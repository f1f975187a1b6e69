// A connection's records in both directions, for those of whom there are few: staff and publishers.

import COpenSSL

/// The record layer of one connection, with ciphers of its own.
///
/// An audience's connections share ciphers and tell records again; these own theirs, and what is sealed
/// is to be sent whole.
@safe public final class SecureStream {
    private var keys: SessionKeys
    private var tally = ReadTally()
    private let opener: RecordOpener
    private let sealer: RecordSealer
    /// What has come of a record that isn't whole.
    private var partial: [UInt8] = []
    private var owesKeyUpdate = false
    /// Whether the peer has said that nothing follows.
    public private(set) var isClosed = false

    /// - Parameter keys: as the handshake has left them.
    public init(_ keys: SessionKeys) throws(TLSError) {
        opener = try RecordOpener()
        sealer = try RecordSealer()
        self.keys = keys
    }

    deinit { keys.wipe() }

    /// Opens what has come, in whatever pieces.
    ///
    /// - Parameter plaintext: what was in it is appended.
    /// - Throws: what ends the connection; `failure` has what the peer is told of it.
    public func open(_ bytes: RawSpan, into plaintext: inout [UInt8]) throws(TLSError) {
        partial.reserveCapacity(partial.count + bytes.byteCount)
        unsafe bytes.withUnsafeBytes { unsafe partial.append(contentsOf: $0) }
        var start = 0
        while !isClosed, let range = try nextRecord(from: start) {
            try openRecord(range, into: &plaintext)
            start = range.upperBound
        }
        partial.removeFirst(start)
    }

    private func nextRecord(from start: Int) throws(TLSError) -> Range<Int>? {
        var found: Result<Int?, TLSError> = .success(nil)
        unsafe partial.withUnsafeBytes { bytes in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
            do throws(TLSError) {
                found = .success(try unsafe RecordOpener.recordByteCount(rest, keys.version))
            } catch { found = .failure(error) }
        }
        guard let count = try found.get(), start + count <= partial.count else { return nil }
        return start..<start + count
    }

    private func openRecord(
        _ range: Range<Int>, into plaintext: inout [UInt8]
    ) throws(TLSError) {
        var opened: Result<OpenedRecord, TLSError> = .success(.nothing)
        unsafe partial.withUnsafeMutableBytes { bytes in
            let record = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range])
            do throws(TLSError) {
                opened = .success(try unsafe opener.open(record, with: &keys, &tally))
            } catch { opened = .failure(error) }
        }
        switch try opened.get() {
        case .data(let within):
            let first = range.lowerBound
            plaintext += partial[first + within.lowerBound..<first + within.upperBound]
        case .keyUpdateRequested: owesKeyUpdate = true
        case .closed: isClosed = true
        case .nothing: break
        }
    }

    /// Seals bytes, as many records as it takes, to be sent after all that was sealed before.
    public func seal(_ plaintext: RawSpan, into records: inout [UInt8]) throws(TLSError) {
        var start = 0
        while start < plaintext.byteCount {
            try changeKeys(into: &records)
            let end = min(start + TLSLimits.plaintextByteCountMax, plaintext.byteCount)
            let piece = plaintext.extracting(start..<end)
            unsafe append(piece.byteCount, to: &records) { output in
                unsafe piece.withUnsafeBytes { piece in
                    unsafe sealer.seal(
                        piece, number: keys.write.sequence, with: keys, into: output)
                }
            }
            start = end
        }
    }

    /// The last word of an orderly end.
    public func sealClose() -> [UInt8] { seal(.closeNotify) }

    /// What the peer is told of an error that ends the connection; empty where it told us.
    public func sealFailure(_ error: TLSError) -> [UInt8] {
        error.alert.map { seal(.failure($0)) } ?? []
    }

    private func seal(_ message: ControlMessage) -> [UInt8] {
        var records: [UInt8] = []
        unsafe append(ControlMessage.byteCountMax, to: &records) { output in
            unsafe sealer.seal(message, number: keys.write.sequence, with: keys, into: output)
        }
        return records
    }

    /// New keys of ours, where the peer has asked for them or those in use are spent.
    private func changeKeys(into records: inout [UInt8]) throws(TLSError) {
        guard owesKeyUpdate || keys.isWriteKeySpent else { return }
        guard keys.version == .tls13 else { throw .exhausted }
        records += seal(.keyUpdate)
        try keys.updateWriteKey()
        owesKeyUpdate = false
    }

    private func append(
        _ byteCount: Int, to records: inout [UInt8],
        _ seal: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        sealer.use(keys)
        let start = records.count
        records.append(
            contentsOf: repeatElement(0, count: byteCount + keys.overheadByteCount))
        let count = unsafe records.withUnsafeMutableBytes { bytes in
            unsafe seal(UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
        }
        records.removeLast(records.count - start - count)
        keys.write.sequence += 1
    }
}
