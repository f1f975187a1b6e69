// Fuzzes records of TLS as they come from a client: sealed ones with anything in them, and others.

import COpenSSL
import TLS

/// libFuzzer's entry: the first byte chooses suite, version and whether the rest is put into records
/// or is what a peer sends as it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTLSRecord(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let choice = Int(input[0])
    let suite = CipherSuite.allCases[choice % 3]
    let version: TLSVersion = choice & 4 == 0 ? .tls13 : .tls12
    var peer = Peer(suite, version)
    let bytes = Array(input[1...])
    let wire = choice & 8 == 0 ? bytes : peer.records(of: bytes)
    let whole = read(wire, pieceByteCount: max(1, wire.count), suite, version)
    precondition(read(wire, pieceByteCount: choice >> 4 + 1, suite, version) == whole)
    if choice & 8 == 0, whole.failure == nil {
        precondition(whole.data.isEmpty, "nobody guesses a tag")
    }
    tellAgain(bytes, suite, version)
    return 0
}

/// The end of a connection: a client's, which can put anything into a record.
private struct Peer {
    private var keys: SessionKeys

    init(_ suite: CipherSuite, _ version: TLSVersion) {
        keys = makeKeys(suite, version)
        swap(&keys.read, &keys.write)
    }

    /// Records with what the bytes say: a length and a type for each, and so many bytes.
    mutating func records(of bytes: [UInt8]) -> [UInt8] {
        var wire: [UInt8] = []
        var rest = bytes[...]
        while let length = rest.popFirst(), let type = rest.popFirst(), wire.count < 1 << 16 {
            let content = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(content.count)
            wire += record(content, type: type)
            // It changes its key where it said so, or the rest is of no use.
            if keys.version == .tls13, type == 22,
                content == [24, 0, 0, 1, 0] || content == [24, 0, 0, 1, 1]
            {
                do { try keys.updateWriteKey() } catch { preconditionFailure("\(error)") }
            }
        }
        return wire
    }

    private mutating func record(_ content: [UInt8], type: UInt8) -> [UInt8] {
        let is13 = keys.version == .tls13
        let number = (0..<8).map {
            UInt8(truncatingIfNeeded: keys.write.sequence >> UInt64(56 - 8 * $0))
        }
        keys.write.sequence += 1
        let explicit = !is13 && keys.suite != .chaCha20Poly1305
        var nonce = (0..<12).map { keys.write.iv[$0] }
        for index in 0..<8 {
            nonce[4 + index] = explicit ? number[index] : nonce[4 + index] ^ number[index]
        }
        let inner = is13 ? content + [type] : content
        let length = inner.count + 16 + (explicit ? 8 : 0)
        let head = [is13 ? 23 : type, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
        let extra = is13 ? head : number + [type, 3, 3, 0, UInt8(content.count)]
        return head + (explicit ? number : []) + seal(inner, nonce: nonce, extra: extra)
    }

    private func seal(_ bytes: [UInt8], nonce: [UInt8], extra: [UInt8]) -> [UInt8] {
        let cipher =
            switch keys.suite {
            case .aes128GCM: unsafe EVP_aes_128_gcm()
            case .aes256GCM: unsafe EVP_aes_256_gcm()
            case .chaCha20Poly1305: unsafe EVP_chacha20_poly1305()
            }
        let key = (0..<32).map { keys.write.key[$0] }
        var output = [UInt8](repeating: 0, count: bytes.count + 16)
        var written: Int32 = 0
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let isGood = unsafe output.withUnsafeMutableBufferPointer { output in
            guard let base = output.baseAddress else { return false }
            return unsafe EVP_EncryptInit_ex(context, cipher, nil, key, nonce) == 1
                && EVP_EncryptUpdate(context, nil, &written, extra, Int32(extra.count)) == 1
                && EVP_EncryptUpdate(context, base, &written, bytes, Int32(bytes.count)) == 1
                && EVP_EncryptFinal_ex(context, base + bytes.count, &written) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, base + bytes.count) == 1
        }
        precondition(isGood)
        return output
    }
}

private struct Outcome: Equatable {
    var data: [UInt8] = []
    var meanings: [OpenedRecord] = []
    var failure: TLSError?
}

/// What a server makes of it, cut in pieces.
private func read(
    _ wire: [UInt8], pieceByteCount: Int, _ suite: CipherSuite, _ version: TLSVersion
) -> Outcome {
    let opener = RecordOpener()
    var keys = makeKeys(suite, version)
    var tally = ReadTally()
    var outcome = Outcome()
    var pending: [UInt8] = []
    var start = 0
    do throws(TLSError) {
        while start < wire.count {
            pending += wire[start..<min(wire.count, start + pieceByteCount)]
            start += pieceByteCount
            while let length = try byteCount(pending, version), length <= pending.count {
                let meaning = try open(&pending, length, opener, &keys, &tally)
                if case .data(let range) = meaning {
                    outcome.data += pending[range]
                    outcome.meanings.append(.data(0..<range.count))
                } else {
                    outcome.meanings.append(meaning)
                }
                pending.removeFirst(length)
                if meaning == .closed { return outcome }
            }
            precondition(pending.count <= TLSLimits.recordByteCountMax + pieceByteCount)
        }
    } catch {
        outcome.failure = error
    }
    return outcome
}

private func byteCount(_ bytes: [UInt8], _ version: TLSVersion) throws(TLSError) -> Int? {
    var result: Result<Int?, TLSError> = .success(nil)
    unsafe bytes.withUnsafeBytes { bytes in
        do throws(TLSError) {
            result = .success(try unsafe RecordOpener.recordByteCount(bytes, version))
        } catch { result = .failure(error) }
    }
    return try result.get()
}

private func open(
    _ bytes: inout [UInt8], _ length: Int, _ opener: borrowing RecordOpener,
    _ keys: inout SessionKeys, _ tally: inout ReadTally
) throws(TLSError) -> OpenedRecord {
    var record = Array(bytes[..<length])
    var result: Result<OpenedRecord, TLSError> = .success(.nothing)
    unsafe record.withUnsafeMutableBytes { record in
        do throws(TLSError) {
            result = .success(try unsafe opener.open(record, with: &keys, &tally))
        } catch { result = .failure(error) }
    }
    bytes.replaceSubrange(..<length, with: record)
    return try result.get()
}

/// What is sealed is opened again, and the same bytes under the same number are the same record.
private func tellAgain(_ bytes: [UInt8], _ suite: CipherSuite, _ version: TLSVersion) {
    let sealer = RecordSealer()
    let keys = makeKeys(suite, version)
    let content = Array(bytes.prefix(TLSLimits.plaintextByteCountMax))
    var records: [[UInt8]] = []
    for _ in 0..<2 {
        sealer.use(keys)
        var record = [UInt8](repeating: 0, count: content.count + keys.overheadByteCount)
        _ = unsafe record.withUnsafeMutableBytes { record in
            unsafe content.withUnsafeBytes { content in
                unsafe sealer.seal(content, number: 0, with: keys, into: record)
            }
        }
        records.append(record)
    }
    precondition(records[0] == records[1])
    var client = keys
    client.read = keys.write
    client.read.sequence = 0
    var tally = ReadTally()
    do {
        let meaning = try open(&records[0], records[0].count, RecordOpener(), &client, &tally)
        if case .data(let range) = meaning {
            precondition(Array(records[0][range]) == content)
        } else {
            precondition(content.isEmpty && meaning == .nothing)
        }
    } catch {
        preconditionFailure("\(error)")
    }
}

private func makeKeys(_ suite: CipherSuite, _ version: TLSVersion) -> SessionKeys {
    do {
        if version == .tls13 {
            let client = [UInt8](repeating: 1, count: suite.secretByteCount)
            let server = [UInt8](repeating: 2, count: suite.secretByteCount)
            return try SessionKeys.tls13(
                suite: suite, clientSecret: client.span.bytes, serverSecret: server.span.bytes,
                readSequence: 0, writeSequence: 0)
        }
        let master = [UInt8](repeating: 3, count: 48)
        let random = [UInt8](repeating: 4, count: 32)
        return try SessionKeys.tls12(
            suite: suite, masterSecret: master.span.bytes, clientRandom: random.span.bytes,
            serverRandom: random.span.bytes, readSequence: 1, writeSequence: 1)
    } catch {
        preconditionFailure("\(error)")
    }
}
