// The client's side of TLS: certificates are checked against the system's authorities and the name.

import COpenSSL
import Glibc
import WireBytes

/// TLS over a connected, non-blocking socket.
@safe final class SecureCall {
    private let ssl: OpaquePointer

    /// Shakes hands with a server that has to prove its name.
    init(_ descriptor: CInt, host: String, deadline: CallDeadline) throws(CallError) {
        unsafe ERR_clear_error()
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw .tls("libssl has no memory")
        }
        defer { unsafe SSL_CTX_free(context) }
        // SSL_CERT_FILE and SSL_CERT_DIR name others.
        unsafe SSL_CTX_set_default_verify_paths(context)
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        // Whoever sends nothing but records without data is looked at between two of them.
        unsafe SSL_CTX_ctrl(
            context, SSL_CTRL_CLEAR_MODE, Int(SSL_MODE_AUTO_RETRY), nil)
        guard let ssl = unsafe SSL_new(context) else { throw .tls("libssl has no memory") }
        unsafe self.ssl = ssl
        let isAddress = IPAddress(host) != nil
        let isNamed =
            isAddress
            ? unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1
            : unsafe SSL_set1_host(ssl, host) == 1
        guard isNamed, unsafe SSL_set_fd(ssl, descriptor) == 1 else {
            throw .tls("libssl takes no name \(host)")
        }
        if !isAddress {
            var name = Array(host.utf8CString)
            unsafe SSL_ctrl(
                ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        }
        while true {
            let result = unsafe SSL_connect(ssl)
            if result == 1 { return }
            try wait(result, descriptor, deadline)
        }
    }

    deinit { unsafe SSL_free(ssl) }

    func send(
        _ bytes: [UInt8], _ descriptor: CInt, _ deadline: CallDeadline
    ) throws(CallError) {
        // libssl sends all of it or says that it must be called again with the same.
        while true {
            let result = unsafe SSL_write(ssl, bytes, CInt(bytes.count))
            if result > 0 { return }
            try wait(result, descriptor, deadline)
        }
    }

    func receive(
        into bytes: inout [UInt8], _ descriptor: CInt, _ deadline: CallDeadline
    ) throws(CallError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let result = unsafe SSL_read(ssl, &chunk, CInt(chunk.count))
            if result > 0 {
                bytes += chunk[..<Int(result)]
                return true
            }
            if unsafe SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN { return false }
            try wait(result, descriptor, deadline)
        }
    }

    private func wait(
        _ result: CInt, _ descriptor: CInt, _ deadline: CallDeadline
    ) throws(CallError) {
        let code = errno
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: try deadline.wait(descriptor, for: POLLIN)
        case SSL_ERROR_WANT_WRITE: try deadline.wait(descriptor, for: POLLOUT)
        case SSL_ERROR_SYSCALL where code != 0: throw .broke(errno: code)
        default: throw .tls(reason)
        }
    }

    private var reason: String {
        let verdict = unsafe SSL_get_verify_result(ssl)
        if verdict != X509_V_OK {
            return unsafe "its certificate isn't good: "
                + String(cString: X509_verify_cert_error_string(verdict))
        }
        let code = unsafe ERR_get_error()
        guard code != 0, let words = unsafe ERR_reason_error_string(code) else {
            return "it hung up"
        }
        unsafe ERR_clear_error()
        return unsafe String(cString: words)
    }
}
