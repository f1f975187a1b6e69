// What can go wrong on a TLS connection.

/// The descriptions of alerts (RFC 8446, section 6) that are sent or told apart.
public enum TLSAlert: UInt8, Sendable {
    case closeNotify = 0
    case unexpectedMessage = 10
    case badRecordMAC = 20
    case recordOverflow = 22
    case handshakeFailure = 40
    case badCertificate = 42
    case illegalParameter = 47
    case decodeError = 50
    case decryptError = 51
    case protocolVersion = 70
    case insufficientSecurity = 71
    case internalError = 80
    case userCanceled = 90
    case noRenegotiation = 100
    case unrecognizedName = 112
    case noApplicationProtocol = 120
}

/// Why a connection can't go on.
public enum TLSError: Error, Equatable, CustomStringConvertible {
    /// OpenSSL lacks a cipher or a digest, or memory.
    case library
    /// A secret has another length than its suite's digest.
    case secretLength
    /// The peer broke the protocol: it is told by this alert.
    case broken(TLSAlert)
    /// The peer gave up, and said so by the alert of this number.
    case toldOff(UInt8)
    /// So many records went one way that no more may, and the keys can't be changed.
    case exhausted

    /// What went wrong and what to do.
    public var description: String {
        switch self {
        case .library:
            "OpenSSL can't do what TLS needs: is it a build of 3.0 or newer with AES-GCM, "
                + "ChaCha20-Poly1305, HKDF and TLS1-PRF, and is there memory?"
        case .secretLength: "A TLS secret has another length than its suite's digest."
        case .broken(let alert): "The peer broke TLS: \(alert) (\(alert.rawValue))."
        case .toldOff(let number): "The peer ended TLS by alert \(number) (RFC 8446, section 6)."
        case .exhausted: "As many TLS records went as may go with these keys."
        }
    }

    /// What the peer is to be told; nil where it told us.
    public var alert: TLSAlert? {
        switch self {
        case .library, .secretLength, .exhausted: .internalError
        case .broken(let alert): alert
        case .toldOff: nil
        }
    }
}
