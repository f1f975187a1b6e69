// Why a handshake came to nothing.

import COpenSSL

/// The cause, as far as it helps to tell them apart.
public enum HandshakeFailure: Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// It began with an HTTP request in the clear.
    case plainHTTP
    /// It began as RTMP does in the clear.
    case plainRTMP
    /// It began like nothing that is known.
    case notTLS
    /// The client only speaks TLS 1.1 or older.
    case oldVersion
    /// The client has none of our suites, or none of our groups.
    case noCommonSuite
    /// The client only wants protocols inside that aren't spoken here (ALPN).
    case noCommonProtocol
    /// The client refused our certificate.
    case certificateRefused
    /// The client gave up by another alert.
    case givenUp
    /// It sent more than a handshake may have.
    case tooLong
    /// It broke the protocol.
    case malformed
    /// OpenSSL could not go on: no memory.
    case library
    /// It had ended before.
    case ended

    /// Its label in metrics.
    public var label: String {
        switch self {
        case .plainHTTP: "plain_http"
        case .plainRTMP: "plain_rtmp"
        case .notTLS: "not_tls"
        case .oldVersion: "old_version"
        case .noCommonSuite: "no_common_suite"
        case .noCommonProtocol: "no_common_protocol"
        case .certificateRefused: "certificate_refused"
        case .givenUp: "given_up"
        case .tooLong: "too_long"
        case .malformed: "malformed"
        case .library: "library"
        case .ended: "ended"
        }
    }

    /// What happened, for the log.
    public var description: String {
        switch self {
        case .plainHTTP:
            "a client asked by http where TLS is spoken: its address must begin with https"
        case .plainRTMP:
            "a publisher came by rtmp where TLS is spoken: its address must begin with rtmps"
        case .notTLS: "a client spoke something else than TLS"
        case .oldVersion: "a client knows only TLS 1.1 or older, which are broken and not spoken"
        case .noCommonSuite: "a client has none of our suites: it is older than about 2014"
        case .noCommonProtocol: "a client wanted only protocols that aren't spoken here (ALPN)"
        case .certificateRefused:
            "a client refused our certificate: it doesn't know who vouches for it, or the host isn't "
                + "among its names (see fanfare certificate show)"
        case .givenUp: "a client gave up by an alert"
        case .tooLong: "a client sent more than a handshake has"
        case .malformed: "a client broke TLS"
        case .library: "OpenSSL could not go on; is there memory?"
        case .ended: "a client went on after the end"
        }
    }

    static func notTLS(firstByte: UInt8) -> HandshakeFailure {
        switch firstByte {
        // All methods of HTTP are capital letters.
        case 0x41...0x5A: .plainHTTP
        case 0x03: .plainRTMP
        default: .notTLS
        }
    }

    init(reason: Int32) {
        self =
            switch reason {
            case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_WRONG_VERSION_NUMBER:
                .oldVersion
            case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_GROUPS,
                SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
                .noCommonSuite
            case SSL_R_NO_APPLICATION_PROTOCOL: .noCommonProtocol
            case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
                SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
                SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV1_ALERT_UNKNOWN_CA:
                .certificateRefused
            // The library numbers what the peer tells from 1000 on (SSL_AD_REASON_OFFSET).
            case 1_000...1_255: .givenUp
            case Int32(ERR_R_MALLOC_FAILURE), 0: .library
            default: .malformed
            }
    }

    /// What who speaks plain HTTP is told, in plain HTTP.
    static let plainAnswer = plainAnswer(
        "This port speaks TLS: begin the address with https:// (or wss:// in a player).")

    /// An answer in plain HTTP to who hasn't begun a handshake.
    public static func plainAnswer(_ sentence: String) -> String {
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(sentence.utf8.count + 1)\r\nConnection: close\r\n\r\n"
            + "\(sentence)\n"
    }
}
