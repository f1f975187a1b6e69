// OpenSSL's own client through memory, as the peer of handshakes.

import COpenSSL
import TestSupport

/// A client of OpenSSL's whose bytes are carried by the test.
@safe final class LibraryClient {
    /// What a client is like.
    struct Habits {
        var version: Int32?
        /// Of both versions.
        var suites: String?
        var host: String?
        var protocols: [String] = []
        var wantsStaple = false
        var groups: String?
        var minimum: Int32 = TLS1_2_VERSION
        /// Of OpenSSL's levels of security; 0 lets old versions pass.
        var level: Int32 = 1
    }

    private let context: OpaquePointer
    let ssl: OpaquePointer
    private let toLibrary: OpaquePointer
    private let fromLibrary: OpaquePointer
    /// What the server has said last as a session to go on with.
    private var session: OpaquePointer?

    init(_ habits: Habits = Habits(), resuming other: LibraryClient? = nil) {
        unsafe context = SSL_CTX_new(TLS_client_method())
        unsafe SSL_CTX_set_security_level(context, habits.level)
        if let version = habits.version {
            // 123 and 124 are OpenSSL's numbers for the oldest and the newest version.
            unsafe SSL_CTX_ctrl(context, 123, Int(version), nil)
            unsafe SSL_CTX_ctrl(context, 124, Int(version), nil)
        } else {
            unsafe SSL_CTX_ctrl(context, 123, Int(habits.minimum), nil)
        }
        if let suites = habits.suites {
            if suites.hasPrefix("TLS_") {
                unsafe SSL_CTX_set_ciphersuites(context, suites)
            } else {
                unsafe SSL_CTX_set_cipher_list(context, suites)
            }
        }
        if let groups = habits.groups { _ = unsafe fanfare_ssl_set_groups(context, groups) }
        unsafe ssl = SSL_new(context)
        unsafe toLibrary = fanfare_make_memory()
        unsafe fromLibrary = fanfare_make_memory()
        unsafe SSL_set_bio(ssl, toLibrary, fromLibrary)
        unsafe SSL_set_connect_state(ssl)
        if let host = habits.host { _ = unsafe fanfare_ssl_set_host_name(ssl, host) }
        let wire = habits.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !wire.isEmpty { unsafe SSL_set_alpn_protos(ssl, wire, UInt32(wire.count)) }
        // SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE, to TLSEXT_STATUSTYPE_ocsp.
        if habits.wantsStaple { unsafe SSL_ctrl(ssl, 65, 1, nil) }
        if let session = unsafe other?.session { unsafe SSL_set_session(ssl, session) }
    }

    deinit {
        unsafe SSL_SESSION_free(session)
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    /// Takes ciphertext and goes on; what is to be sent.
    func take(_ bytes: [UInt8]) -> [UInt8] {
        if !bytes.isEmpty { unsafe BIO_write(toLibrary, bytes, Int32(bytes.count)) }
        ERR_clear_error()
        if !isFinished { unsafe SSL_do_handshake(ssl) }
        return sent()
    }

    var isFinished: Bool { unsafe SSL_is_init_finished(ssl) == 1 }
    var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// The alert that the server sent; nil if none.
    var reason: Int32 { fanfare_error_reason(ERR_peek_error()) }

    func sent() -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(fromLibrary)
        var bytes = [UInt8](repeating: 0, count: count)
        if count > 0 { unsafe BIO_read(fromLibrary, &bytes, Int32(count)) }
        return bytes
    }

    /// Ciphertext of data.
    func write(_ text: String) -> [UInt8] {
        unsafe SSL_write(ssl, text, Int32(text.utf8.count))
        return sent()
    }

    /// The data in ciphertext; also takes session tickets.
    func read(_ ciphertext: [UInt8]) -> String {
        if !ciphertext.isEmpty { unsafe BIO_write(toLibrary, ciphertext, Int32(ciphertext.count)) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 15)
        while true {
            let count = unsafe SSL_read(ssl, &buffer, Int32(buffer.count))
            guard count > 0 else { break }
            text += buffer[..<Int(count)]
        }
        return String(decoding: text, as: UTF8.self)
    }

    func keepSession() {
        unsafe SSL_SESSION_free(session)
        unsafe session = SSL_get1_session(ssl)
    }

    /// Asks for new keys of both directions (TLS 1.3).
    func updateKeys() -> [UInt8] {
        unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED)
        unsafe SSL_do_handshake(ssl)
        return sent()
    }

    var chosenProtocol: String? {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &bytes, &count)
        guard let bytes = unsafe bytes else { return nil }
        return unsafe String(
            decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    /// The names of the certificate that the server has shown.
    var serverSubject: String {
        guard let x509 = unsafe SSL_get0_peer_certificate(ssl) else { return "" }
        var text = [CChar](repeating: 0, count: 256)
        unsafe X509_NAME_oneline(X509_get_subject_name(x509), &text, 256)
        return text.withUnsafeBufferPointer { unsafe String(cString: $0.baseAddress!) }
    }

    /// Bytes of the answer that was stapled; -1 for none.
    var staple: Int {
        var bytes: UnsafeMutablePointer<UInt8>?
        // SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP
        return unsafe SSL_ctrl(ssl, 70, 0, &bytes)
    }
}
