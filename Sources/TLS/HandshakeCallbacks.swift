// What OpenSSL asks in mid-handshake, handed on to the handshake that it belongs to.

import COpenSSL

/// C functions, which find the handshake in the place that OpenSSL keeps for us.
enum HandshakeCallbacks {
    private static func handshake(_ ssl: OpaquePointer?) -> Handshake? {
        guard let ssl = unsafe ssl, let pointer = unsafe SSL_get_ex_data(ssl, 0) else { return nil }
        return unsafe Unmanaged<Handshake>.fromOpaque(pointer).takeUnretainedValue()
    }

    static let keyLog: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Void = {
        ssl, line in
        guard let line = unsafe line else { return }
        unsafe handshake(ssl)?.log(line)
    }

    static let serverName:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?
        ) -> Int32 = { ssl, _, _ in
            guard let ssl = unsafe ssl, let handshake = unsafe handshake(ssl),
                let host = unsafe Handshake.serverName(of: ssl)
            else { return SSL_TLSEXT_ERR_NOACK }
            unsafe handshake.context.choose(for: ssl, host: Array(host.utf8CString))
            return SSL_TLSEXT_ERR_OK
        }

    static let status: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = {
        ssl, _ in
        guard let ssl = unsafe ssl, let handshake = unsafe handshake(ssl),
            let staple = unsafe handshake.context.staple(for: ssl),
            unsafe fanfare_ssl_staple(ssl, staple, staple.count) == 1
        else { return SSL_TLSEXT_ERR_NOACK }
        return SSL_TLSEXT_ERR_OK
    }

    /// HTTP/1.1 if the client offers it; who offers only others is told that there is none.
    static let protocolChoice:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
            UnsafeMutablePointer<UInt8>?, UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
        ) -> Int32 = { ssl, chosen, chosenCount, offered, offeredCount, _ in
            guard let handshake = unsafe handshake(ssl), handshake.inside == .http else {
                return SSL_TLSEXT_ERR_NOACK
            }
            guard let chosen = unsafe chosen, let chosenCount = unsafe chosenCount,
                let offered = unsafe offered
            else { return SSL_TLSEXT_ERR_ALERT_FATAL }
            let http11: StaticString = "http/1.1"
            var place = 0
            while place < Int(offeredCount) {
                let count = Int(unsafe offered[place])
                let isOurs =
                    count == http11.utf8CodeUnitCount
                    && place + 1 + count <= Int(offeredCount)
                    && (0..<count).allSatisfy {
                        unsafe offered[place + 1 + $0] == http11.utf8Start[$0]
                    }
                if isOurs {
                    unsafe chosen.pointee = offered + (place + 1)
                    unsafe chosenCount.pointee = UInt8(count)
                    return SSL_TLSEXT_ERR_OK
                }
                place += 1 + count
            }
            return SSL_TLSEXT_ERR_ALERT_FATAL
        }

    static let ticketKey:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?,
            OpaquePointer?, OpaquePointer?, Int32
        ) -> Int32 = { ssl, name, iv, cipher, mac, seals in
            guard let handshake = unsafe handshake(ssl), let name = unsafe name,
                let iv = unsafe iv, let cipher = unsafe cipher, let mac = unsafe mac
            else { return -1 }
            let tickets = handshake.context.tickets
            return unsafe seals == 1
                ? tickets.seal(name: name, iv: iv, cipher: cipher, mac: mac)
                : tickets.open(name: name, iv: iv, cipher: cipher, mac: mac)
        }
}
