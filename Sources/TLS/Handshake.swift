// A server's handshake without a socket: ciphertext in, ciphertext out, keys at the end.

import COpenSSL
import WireBytes

/// What a handshake has come to.
public enum HandshakeProgress: Sendable {
    /// More is to come from the client.
    case goesOn
    /// It is over, and nothing of OpenSSL is left of it.
    case finished(FinishedHandshake)
    /// It has failed. What is left in the outbox says so to the client.
    case failed(HandshakeFailure)
}

/// What is left of a handshake: all that a connection needs from then on.
public struct FinishedHandshake: Sendable {
    /// To be wiped by whoever drops them.
    public var keys: SessionKeys
    /// The host that the client asked for, in small letters.
    public let serverName: String?
    /// What came after the handshake's end, ciphertext still.
    public let pending: [UInt8]
    /// Whether it went on with an earlier session.
    public let isResumed: Bool
}

/// A handshake of TLS 1.3 or 1.2, by OpenSSL.
///
/// The keys are taken out when it is over, by the key log and the key schedule, and OpenSSL's object is
/// freed: whoever holds the keys seals and opens records without it.
@safe public final class Handshake {
    /// What is spoken inside.
    public enum Inside: Sendable {
        /// HTTP/1.1: a client that only speaks other protocols is told so (ALPN).
        case http
        /// RTMP, which has no name among ALPN's.
        case rtmp
    }

    let context: SecureContext
    let inside: Inside
    private var ssl: OpaquePointer?
    private let toLibrary: OpaquePointer
    private let fromLibrary: OpaquePointer
    private var secrets = HandshakeSecrets()
    private var receivedByteCount = 0
    private var outbox: [UInt8] = []

    /// - Throws: `TLSError.library` where there is no memory.
    public init(_ context: SecureContext, inside: Inside = .http) throws(TLSError) {
        guard let ssl = unsafe context.makeSSL() else { throw .library }
        guard let toLibrary = unsafe fanfare_make_memory() else {
            unsafe SSL_free(ssl)
            throw .library
        }
        guard let fromLibrary = unsafe fanfare_make_memory() else {
            unsafe BIO_free(toLibrary)
            unsafe SSL_free(ssl)
            throw .library
        }
        self.context = context
        self.inside = inside
        unsafe self.ssl = ssl
        unsafe self.toLibrary = toLibrary
        unsafe self.fromLibrary = fromLibrary
        // Both are the library's from here on, and freed with the object.
        unsafe SSL_set_bio(ssl, toLibrary, fromLibrary)
        unsafe SSL_set_accept_state(ssl)
        unsafe SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { end() }

    /// What is to be sent, taken out.
    public func takeOutbox() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &outbox)
        return taken
    }

    /// Takes what came from the client. After anything but `goesOn` no more may be handed in.
    public func receive(_ bytes: RawSpan) -> HandshakeProgress {
        guard let ssl = unsafe ssl else { return .failed(.ended) }
        if receivedByteCount == 0, bytes.byteCount > 0 {
            let first = unsafe bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
            if first != TLSLimits.handshakeRecord { return failed(.notTLS(firstByte: first)) }
        }
        receivedByteCount += bytes.byteCount
        let taken = unsafe bytes.withUnsafeBytes { buffer in
            unsafe BIO_write(toLibrary, buffer.baseAddress, Int32(clamping: buffer.count))
        }
        guard bytes.byteCount == 0 || Int(taken) == bytes.byteCount else { return failed(.library) }
        LibraryErrors.clear()
        let code = unsafe SSL_do_handshake(ssl)
        let sent = unsafe LibraryMemory.takeBytes(of: fromLibrary)
        outbox += sent
        if code == 1 { return unsafe finish(ssl, lastSent: sent) }
        let error = unsafe SSL_get_error(ssl, code)
        guard error == SSL_ERROR_WANT_READ else {
            return failed(HandshakeFailure(reason: LibraryErrors.take().reason))
        }
        guard receivedByteCount <= TLSLimits.handshakeByteCountMax else { return failed(.tooLong) }
        return .goesOn
    }

    /// The key log's lines.
    func log(_ line: UnsafePointer<CChar>) { unsafe secrets.take(line) }

    private func failed(_ failure: HandshakeFailure) -> HandshakeProgress {
        if failure == .plainHTTP { outbox += Array(HandshakeFailure.plainAnswer.utf8) }
        end()
        return .failed(failure)
    }

    private func end() {
        guard let ssl = unsafe ssl else { return }
        unsafe SSL_free(ssl)
        unsafe self.ssl = nil
        secrets.wipe()
        LibraryErrors.clear()
    }

    private func finish(_ ssl: OpaquePointer, lastSent: [UInt8]) -> HandshakeProgress {
        // What the library has read and not used would be lost.
        guard unsafe SSL_has_pending(ssl) == 0, let suite = unsafe Self.suite(of: ssl) else {
            return failed(.library)
        }
        do throws(TLSError) {
            let isLatest = unsafe SSL_version(ssl) == TLS1_3_VERSION
            let keys =
                unsafe isLatest
                ? try secrets.keys13(suite, writeSequence: Self.recordCount(of: lastSent))
                : try secrets.keys12(suite, ssl)
            let finished = unsafe FinishedHandshake(
                keys: keys, serverName: Self.serverName(of: ssl),
                pending: LibraryMemory.takeBytes(of: toLibrary),
                isResumed: SSL_session_reused(ssl) == 1)
            end()
            return .finished(finished)
        } catch {
            return failed(.library)
        }
    }

    /// The host that the client named, if it is one.
    static func serverName(of ssl: OpaquePointer) -> String? {
        guard let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else {
            return nil
        }
        return unsafe String(cString: name).lowercased()
    }

    private static func suite(of ssl: OpaquePointer) -> CipherSuite? {
        guard let cipher = unsafe SSL_get_current_cipher(ssl) else { return nil }
        // As IANA numbers them: with RSA, with ECDSA, of TLS 1.3.
        return switch unsafe SSL_CIPHER_get_protocol_id(cipher) {
        case 0xC02F, 0xC02B, 0x1301: .aes128GCM
        case 0xC030, 0xC02C, 0x1302: .aes256GCM
        case 0xCCA8, 0xCCA9, 0x1303: .chaCha20Poly1305
        default: nil
        }
    }

    /// The records in what went out in the call that ended a handshake of TLS 1.3: all of them are
    /// sealed by the key of ours that is left to others.
    private static func recordCount(of bytes: [UInt8]) -> UInt64 {
        var count: UInt64 = 0
        var offset = 0
        while offset + 5 <= bytes.count {
            offset += 5 + Int(bytes[offset + 3]) << 8 + Int(bytes[offset + 4])
            count += 1
        }
        return count
    }
}
