// A client's whole TLS without a socket, by OpenSSL: for commands that speak to a staff plane.

import COpenSSL

/// Why a client doesn't go on.
public enum SecureClientError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The server's certificate isn't one to be trusted, or is another's; OpenSSL's reason.
    case untrusted(server: String, reason: String)
    /// The two don't come together.
    case failed(reason: String)
    /// A file of authorities has no certificate.
    case noAuthority(IdentityError)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .untrusted(let server, let reason):
            "the certificate of \(server) isn't to be trusted: \(reason). If it vouches for itself, "
                + "name it with --ca FILE"
        case .failed(let reason): "TLS failed: \(reason). Does a server with TLS listen there?"
        case .noAuthority(let error): error.description
        }
    }
}

/// A connection to a server whose certificate is looked at: it has to be for the name that is asked,
/// and an authority has to vouch for it.
@safe public final class SecureClient {
    private let server: String
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let toLibrary: OpaquePointer
    private let fromLibrary: OpaquePointer

    /// - Parameters:
    ///   - server: the host's name, or its address in numbers, which the certificate has to name.
    ///   - authorities: certificates in PEM that are trusted besides those of this machine.
    public init(server: String, authorities: [UInt8]? = nil) throws(SecureClientError) {
        LibraryErrors.clear()
        var certificates: [Certificate] = []
        if let authorities {
            do throws(IdentityError) {
                certificates = try Certificate.all(inPEM: authorities, name: "the authorities")
            } catch { throw .noAuthority(error) }
        }
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw .failed(reason: LibraryErrors.take().words)
        }
        let ssl = unsafe Self.makeSSL(context, server, certificates)
        let toLibrary = unsafe fanfare_make_memory()
        let fromLibrary = unsafe fanfare_make_memory()
        guard let ssl = unsafe ssl, let toLibrary = unsafe toLibrary,
            let fromLibrary = unsafe fromLibrary
        else {
            unsafe BIO_free(toLibrary)
            unsafe BIO_free(fromLibrary)
            unsafe SSL_free(ssl)
            unsafe SSL_CTX_free(context)
            throw .failed(reason: LibraryErrors.take().words)
        }
        self.server = server
        unsafe self.context = context
        unsafe self.ssl = ssl
        unsafe self.toLibrary = toLibrary
        unsafe self.fromLibrary = fromLibrary
        unsafe SSL_set_bio(ssl, toLibrary, fromLibrary)
        unsafe SSL_set_connect_state(ssl)
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    private static func makeSSL(
        _ context: OpaquePointer, _ server: String, _ authorities: [Certificate]
    ) -> OpaquePointer? {
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let store = unsafe SSL_CTX_get_cert_store(context)
        for authority in authorities { unsafe X509_STORE_add_cert(store, authority.x509) }
        guard unsafe fanfare_ssl_set_versions(context) == 1,
            // A machine without authorities of its own still has those that are named.
            unsafe SSL_CTX_set_default_verify_paths(context) == 1 || !authorities.isEmpty,
            let ssl = unsafe SSL_new(context)
        else { return nil }
        let rules = unsafe SSL_get0_param(ssl)
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(rules, server) == 1 { return unsafe ssl }
        LibraryErrors.clear()
        guard unsafe SSL_set1_host(ssl, server) == 1,
            unsafe fanfare_ssl_set_host_name(ssl, server) == 1
        else {
            unsafe SSL_free(ssl)
            return nil
        }
        return unsafe ssl
    }

    /// What is to be sent, taken out.
    public func takeOutbox() -> [UInt8] { unsafe LibraryMemory.takeBytes(of: fromLibrary) }

    /// Takes ciphertext that came.
    public func receive(_ bytes: RawSpan) {
        _ = unsafe bytes.withUnsafeBytes { buffer in
            unsafe BIO_write(toLibrary, buffer.baseAddress, Int32(clamping: buffer.count))
        }
    }

    /// Goes on with the handshake.
    ///
    /// - Returns: whether it is over.
    public func shake() throws(SecureClientError) -> Bool {
        LibraryErrors.clear()
        let code = unsafe SSL_do_handshake(ssl)
        if code == 1 { return true }
        guard unsafe SSL_get_error(ssl, code) == SSL_ERROR_WANT_READ else { throw failure() }
        return false
    }

    /// Seals data, to be sent as the outbox says.
    public func write(_ bytes: RawSpan) throws(SecureClientError) {
        LibraryErrors.clear()
        guard bytes.byteCount > 0 else { return }
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe SSL_write(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        }
        guard code == bytes.byteCount else { throw failure() }
    }

    /// The data that has come, appended.
    ///
    /// - Returns: whether the server has said that nothing follows.
    public func read(into plaintext: inout [UInt8]) throws(SecureClientError) -> Bool {
        var piece = [UInt8](repeating: 0, count: TLSLimits.plaintextByteCountMax)
        while true {
            LibraryErrors.clear()
            let code = unsafe SSL_read(ssl, &piece, Int32(piece.count))
            if code > 0 {
                plaintext += piece[..<Int(code)]
                continue
            }
            switch unsafe SSL_get_error(ssl, code) {
            case SSL_ERROR_WANT_READ: return false
            case SSL_ERROR_ZERO_RETURN: return true
            default: throw failure()
            }
        }
    }

    private func failure() -> SecureClientError {
        let words = LibraryErrors.take().words
        let verdict = unsafe SSL_get_verify_result(ssl)
        guard verdict != Int(X509_V_OK) else { return .failed(reason: words) }
        let reason = unsafe String(cString: X509_verify_cert_error_string(verdict))
        return .untrusted(server: server, reason: reason)
    }
}
