// The client's end of a connection of TLS: it opens all that it is sent, and holds the server to its word.

import TLS
import TestSupport

@testable import Delivery

/// What a client knows whose handshake is over.
final class FakeTLSClient {
    private var keys: SessionKeys
    private var tally = ReadTally()
    private let sealer = RecordSealer()
    private let opener = RecordOpener()
    /// Of a record that has come in part: that part, and all of it as it was offered.
    private(set) var torn: [UInt8] = []
    private var promised: [UInt8] = []
    /// What the server did wrong; nil if nothing.
    private(set) var violation: String?
    /// The server said that nothing follows.
    private(set) var isClosed = false
    /// The server ended it by this alert.
    private(set) var alert: UInt8?
    /// The server's changes of keys, and ours.
    private(set) var keyUpdateCount = 0
    private(set) var askedCount = 0
    /// It has sent what is no record.
    private(set) var hasLied = false
    /// The server has sealed as many records as it may, and can't change its key; it says so by an
    /// alert, for which there may be no room.
    var isSpent: Bool {
        keys.version == .tls12 && keys.suite != .chaCha20Poly1305
            && keys.read.sequence >= TLSLimits.recordCountMax
    }
    /// Out of 100 pieces, so many go with a change of keys, and so many are nonsense.
    var keyUpdatePerCent = 0
    var liePerCent = 0

    /// - Parameter keys: the server's.
    init(serverKeys keys: SessionKeys) {
        var own = keys
        swap(&own.read, &own.write)
        self.keys = own
    }

    /// A connection's keys, which nobody else has.
    static func serverKeys(
        _ suite: CipherSuite, _ version: TLSVersion, number: UInt8 = 0, writeSequence: UInt64? = nil
    ) -> SessionKeys {
        let first: UInt64 = version == .tls12 ? 1 : 0
        let sequence = writeSequence ?? first
        do {
            guard version == .tls13 else {
                let master = [UInt8](repeating: number, count: 48)
                let random = [UInt8](repeating: 3, count: 32)
                return try SessionKeys.tls12(
                    suite: suite, masterSecret: master.span.bytes, clientRandom: random.span.bytes,
                    serverRandom: random.span.bytes, readSequence: first, writeSequence: sequence)
            }
            let client = [UInt8](repeating: number, count: suite.secretByteCount)
            let server = [UInt8](repeating: number ^ 0xFF, count: suite.secretByteCount)
            return try SessionKeys.tls13(
                suite: suite, clientSecret: client.span.bytes, serverSecret: server.span.bytes,
                readSequence: first, writeSequence: sequence)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    // MARK: What the client says

    /// Records with these bytes, in one or several; now and then something else comes before.
    func seal(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        if random.chance(liePerCent) {
            hasLied = true
            return random.pick([
                [UInt8](repeating: 23, count: 40), [0x16, 3, 1, 0, 5], [23, 3, 3, 255],
            ])
        }
        var wire: [UInt8] = []
        if keys.version == .tls13, random.chance(keyUpdatePerCent) { wire += updateKey(asks: true) }
        if random.chance(5) { wire += seal([]) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = random.chance(70) ? rest.count : 1 + random.below(rest.count)
            wire += seal(Array(rest.prefix(min(count, 16_384))))
            rest = rest.dropFirst(min(count, 16_384))
        }
        return wire
    }

    /// One record with these bytes.
    func seal(_ bytes: [UInt8]) -> [UInt8] {
        sealer.use(keys)
        var record = [UInt8](repeating: 0, count: bytes.count + keys.overheadByteCount)
        _ = unsafe record.withUnsafeMutableBytes { record in
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe sealer.seal(bytes, number: keys.write.sequence, with: keys, into: record)
            }
        }
        keys.write.sequence += 1
        return record
    }

    /// A KeyUpdate of ours, which asks for one of the server's or not.
    func updateKey(asks: Bool) -> [UInt8] {
        if asks { askedCount += 1 }
        let message: [UInt8] = [24, 0, 0, 1, asks ? 1 : 0]
        // Content type 22 as the last byte of a record of data is what TLS 1.3 makes of it.
        let record = FakeTLSClient.forge(message, type: 22, &keys)
        do { try keys.updateWriteKey() } catch { preconditionFailure("\(error)") }
        return record
    }

    func say(_ message: ControlMessage) -> [UInt8] {
        sealer.use(keys)
        var record = [UInt8](repeating: 0, count: 64)
        let count = unsafe record.withUnsafeMutableBytes { record in
            unsafe sealer.seal(message, number: keys.write.sequence, with: keys, into: record)
        }
        keys.write.sequence += 1
        return Array(record[..<count])
    }

    // MARK: What it hears

    /// The server offers bytes, and the socket takes so many of them.
    ///
    /// - Returns: what the records carried that are whole now.
    func take(_ offered: UnsafeRawBufferPointer, count: Int) -> [UInt8] {
        if !torn.isEmpty, count > 0 || !offered.isEmpty {
            let rest = promised[torn.count...]
            if unsafe !offered.starts(with: rest.prefix(offered.count))
                || offered.count < rest.count
            {
                violate("a record that had begun went on as another one")
            }
        }
        guard count > 0 else { return [] }
        if isClosed { violate("something came after the end") }
        let begun = torn.count
        torn += unsafe offered[..<count]
        var plaintext: [UInt8] = []
        var start = 0
        do throws(TLSError) {
            while let length = try recordByteCount(from: start), start + length <= torn.count {
                plaintext += try open(start..<start + length)
                start += length
            }
            let length = try unsafe allOf(offered, from: start, begun: begun)
            torn.removeFirst(start)
            if !torn.isEmpty { promised = length }
        } catch {
            if case .toldOff(let number) = error { alert = number } else { violate("\(error)") }
            torn = []
        }
        return plaintext
    }

    private func recordByteCount(from start: Int) throws(TLSError) -> Int? {
        var result: Result<Int?, TLSError> = .success(nil)
        unsafe torn[start...].withUnsafeBytes { bytes in
            do throws(TLSError) {
                result = .success(try unsafe RecordOpener.recordByteCount(bytes, keys.version))
            } catch { result = .failure(error) }
        }
        return try result.get()
    }

    /// The record that begins there, whole, as it was offered.
    private func allOf(
        _ offered: UnsafeRawBufferPointer, from start: Int, begun: Int
    ) throws(TLSError) -> [UInt8] {
        guard start < torn.count else { return [] }
        let all = unsafe torn[start..<max(start, begun)] + offered[max(0, start - begun)...]
        guard all.count >= 5 else {
            violate("a record was offered in part")
            return []
        }
        let length = 5 + Int(all[all.startIndex + 3]) << 8 + Int(all[all.startIndex + 4])
        if all.count < length { violate("a record was offered in part") }
        return Array(all.prefix(length))
    }

    private func open(_ range: Range<Int>) throws(TLSError) -> [UInt8] {
        var record = Array(torn[range])
        var result: Result<OpenedRecord, TLSError> = .success(.nothing)
        let key = keys.read.key
        unsafe record.withUnsafeMutableBytes { bytes in
            do throws(TLSError) {
                result = .success(try unsafe opener.open(bytes, with: &keys, &tally))
            } catch { result = .failure(error) }
        }
        if (0..<32).contains(where: { keys.read.key[$0] != key[$0] }) { keyUpdateCount += 1 }
        switch try result.get() {
        case .data(let range): return Array(record[range])
        case .nothing: return []
        case .keyUpdateRequested:
            violate("the server asks for keys")
            return []
        case .closed:
            isClosed = true
            return []
        }
    }

    private func violate(_ text: String) { if violation == nil { violation = text } }
}
