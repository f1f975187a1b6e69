// What keys are made of, between the key log and the end of a handshake.

import COpenSSL

/// The two traffic secrets of TLS 1.3, in memory of their own that is wiped.
@safe struct HandshakeSecrets: ~Copyable {
    /// The client's 48 bytes, and then ours.
    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 96, alignment: 8)
    private var clientByteCount = 0
    private var serverByteCount = 0

    deinit {
        unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        unsafe bytes.deallocate()
    }

    mutating func wipe() {
        unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        clientByteCount = 0
        serverByteCount = 0
    }

    /// Takes a line of the key log, `LABEL RANDOM SECRET` with both in hexadecimal digits. It isn't
    /// copied anywhere on the way.
    mutating func take(_ line: UnsafePointer<CChar>) {
        if let digits = unsafe Self.digits(in: line, after: "CLIENT_TRAFFIC_SECRET_0 ") {
            clientByteCount = unsafe decode(digits, at: 0)
        } else if let digits = unsafe Self.digits(in: line, after: "SERVER_TRAFFIC_SECRET_0 ") {
            serverByteCount = unsafe decode(digits, at: 48)
        }
    }

    func keys13(
        _ suite: CipherSuite, writeSequence: UInt64
    ) throws(TLSError) -> SessionKeys {
        let bytes = unsafe UnsafeRawBufferPointer(self.bytes)
        let client = unsafe UnsafeRawBufferPointer(rebasing: bytes[0..<clientByteCount])
        let server = unsafe UnsafeRawBufferPointer(rebasing: bytes[48..<48 + serverByteCount])
        return try unsafe SessionKeys.tls13(
            suite: suite, clientSecret: client.bytes, serverSecret: server.bytes, readSequence: 0,
            writeSequence: writeSequence)
    }

    /// Of TLS 1.2 the session has the secret, and each side has sent one record under its keys.
    mutating func keys12(
        _ suite: CipherSuite, _ ssl: OpaquePointer
    ) throws(TLSError) -> SessionKeys {
        guard let session = unsafe SSL_get_session(ssl) else { throw .library }
        var randoms = [UInt8](repeating: 0, count: 64)
        let count = unsafe SSL_SESSION_get_master_key(
            session, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), 48)
        let randomCount = unsafe randoms.withUnsafeMutableBufferPointer { buffer in
            unsafe SSL_get_client_random(ssl, buffer.baseAddress, 32)
                + SSL_get_server_random(ssl, buffer.baseAddress?.advanced(by: 32), 32)
        }
        guard count == 48, randomCount == 64 else { throw .library }
        let all = unsafe UnsafeRawBufferPointer(bytes)
        let secret = unsafe UnsafeRawBufferPointer(rebasing: all[0..<48])
        let random = unsafe randoms.span.bytes
        return try unsafe SessionKeys.tls12(
            suite: suite, masterSecret: secret.bytes, clientRandom: random.extracting(0..<32),
            serverRandom: random.extracting(32..<64), readSequence: 1, writeSequence: 1)
    }

    /// Where the secret's digits begin; nil for another line.
    private static func digits(
        in line: UnsafePointer<CChar>, after label: StaticString
    ) -> UnsafePointer<CChar>? {
        var place = unsafe line
        for index in 0..<label.utf8CodeUnitCount {
            guard unsafe UInt8(bitPattern: place.pointee) == label.utf8Start[index] else {
                return nil
            }
            unsafe place += 1
        }
        while unsafe place.pointee != 0 {
            defer { unsafe place += 1 }
            if unsafe place.pointee == 0x20 { return unsafe place + 1 }
        }
        return nil
    }

    private func decode(_ digits: UnsafePointer<CChar>, at offset: Int) -> Int {
        var count = 0
        while count < 48, let high = unsafe Self.value(digits[2 * count]),
            let low = unsafe Self.value(digits[2 * count + 1])
        {
            unsafe bytes[offset + count] = high << 4 | low
            count += 1
        }
        return count
    }

    private static func value(_ digit: CChar) -> UInt8? {
        switch UInt8(bitPattern: digit) {
        case let digit where digit >= 0x30 && digit <= 0x39: digit - 0x30
        case let digit where digit >= 0x41 && digit <= 0x46: digit - 0x37
        case let digit where digit >= 0x61 && digit <= 0x66: digit - 0x57
        default: nil
        }
    }
}
