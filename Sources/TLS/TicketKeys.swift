// The keys of session tickets: what a client that comes again brings, so that nothing is kept here.

import COpenSSL
import Synchronization

/// Keys that change by time. The newest makes tickets; those before are taken for a while, and who
/// brings such a ticket gets a new one.
///
/// They are in memory only: after a restart everybody shakes hands in full again.
public final class TicketKeys: Sendable {
    /// How tickets were made and taken, since the start.
    public struct Counts: Sendable, Equatable {
        public var made = 0
        public var taken = 0
        /// Of a key that isn't there any more, or nobody's.
        public var unknown = 0
    }

    private struct Key: BitwiseCopyable {
        var name = InlineArray<16, UInt8>(repeating: 0)
        var cipher = InlineArray<32, UInt8>(repeating: 0)
        var mac = InlineArray<32, UInt8>(repeating: 0)
    }

    private struct State {
        /// The newest first.
        var keys: [Key] = []
        var madeS: Int64 = 0
        var counts = Counts()
    }

    private let state = Mutex(State())

    /// - Throws: `TLSError.library` where there are no random bytes.
    public init(nowS: Int64) throws(TLSError) {
        let key = try Self.randomKey()
        state.withLock { $0 = State(keys: [key], madeS: nowS) }
    }

    deinit {
        state.withLock { state in
            for index in state.keys.indices { Self.wipe(&state.keys[index]) }
        }
    }

    public var counts: Counts { state.withLock { $0.counts } }

    /// To be called now and then: makes a new key when it is time, and forgets the oldest.
    public func rotate(nowS: Int64) {
        guard state.withLock({ nowS - $0.madeS >= TLSLimits.ticketKeyS }) else { return }
        // Without random bytes the old key does for a while longer; the next call tries again.
        guard let key = try? Self.randomKey() else { return }
        state.withLock { state in
            state.keys.insert(key, at: 0)
            state.madeS = nowS
            while state.keys.count > TLSLimits.ticketKeyCountMax {
                Self.wipe(&state.keys[state.keys.count - 1])
                state.keys.removeLast()
            }
        }
    }

    private static func randomKey() throws(TLSError) -> Key {
        var key = Key()
        let isGood = unsafe withUnsafeMutableBytes(of: &key) {
            unsafe RAND_priv_bytes(
                $0.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32($0.count)) == 1
        }
        guard isGood else { throw .library }
        return key
    }

    private static func wipe(_ key: inout Key) {
        unsafe withUnsafeMutableBytes(of: &key) {
            unsafe OPENSSL_cleanse($0.baseAddress, $0.count)
        }
    }

    // MARK: What OpenSSL asks (SSL_CTX_set_tlsext_ticket_key_evp_cb(3))

    /// - Returns: 1 if the ticket may be made; -1 if that fails.
    func seal(
        name: UnsafeMutablePointer<UInt8>, iv: UnsafeMutablePointer<UInt8>, cipher: OpaquePointer,
        mac: OpaquePointer
    ) -> Int32 {
        guard unsafe RAND_bytes(iv, 16) == 1, var key = state.withLock({ $0.keys.first }) else {
            return -1
        }
        defer { Self.wipe(&key) }
        for index in 0..<16 { unsafe name[index] = key.name[index] }
        guard unsafe Self.prepare(&key, iv: iv, cipher: cipher, mac: mac, seals: true) else {
            return -1
        }
        state.withLock { $0.counts.made += 1 }
        return 1
    }

    /// - Returns: 1 if the ticket's key is known, 2 if it is to be replaced as well, 0 if nobody
    ///   knows it, and a full handshake is due; -1 if something fails.
    func open(
        name: UnsafePointer<UInt8>, iv: UnsafePointer<UInt8>, cipher: OpaquePointer,
        mac: OpaquePointer
    ) -> Int32 {
        let found = state.withLock { state -> (place: Int, key: Key)? in
            for (place, key) in state.keys.enumerated()
            where (0..<16).allSatisfy({ unsafe key.name[$0] == name[$0] }) {
                state.counts.taken += 1
                return (place, key)
            }
            state.counts.unknown += 1
            return nil
        }
        guard case (let place, var key)? = found else { return 0 }
        defer { Self.wipe(&key) }
        guard unsafe Self.prepare(&key, iv: iv, cipher: cipher, mac: mac, seals: false) else {
            return -1
        }
        return place == 0 ? 1 : 2
    }

    private static func prepare(
        _ key: inout Key, iv: UnsafePointer<UInt8>, cipher: OpaquePointer, mac: OpaquePointer,
        seals: Bool
    ) -> Bool {
        unsafe withUnsafeMutableBytes(of: &key) { bytes in
            guard let base = bytes.baseAddress else { return false }
            let cipherKey = unsafe base.advanced(by: 16).assumingMemoryBound(to: UInt8.self)
            return unsafe EVP_CipherInit_ex(
                cipher, EVP_aes_256_cbc(), nil, cipherKey, iv, seals ? 1 : 0) == 1
                && fanfare_ticket_mac(mac, base.advanced(by: 48), 32) == 1
        }
    }
}
