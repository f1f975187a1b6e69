// What a certificate says of itself.

import COpenSSL
import WireBytes

/// A certificate's facts, for people and for metrics.
public struct CertificateFacts: Sendable, Equatable {
    /// Whom it is for: host names, perhaps with a `*.`, and addresses in numbers.
    public let names: [String]
    /// Its subject, as RFC 2253 writes it.
    public let subject: String
    /// Who signed it.
    public let issuer: String
    /// From when on it is good, s since 1970.
    public let notBeforeS: Int64
    /// Until when, s since 1970.
    public let notAfterS: Int64
    /// The same as OpenSSL writes it: `Nov 29 14:02:02 2026 GMT`.
    public let notAfterText: String
    /// `EC 256 bits`, `RSA 2048 bits`.
    public let key: String
    /// SHA-256 of the whole, in hexadecimal digits.
    public let fingerprint: String
    /// Whether it vouches for itself.
    public let isSelfSigned: Bool

    /// Days left, rounded down; negative once it is over.
    public func daysLeft(nowS: Int64) -> Int64 {
        let seconds = notAfterS - nowS
        return seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
    }
}

/// A certificate of X.509.
@safe public final class Certificate: Sendable {
    // Written by `init` alone; what OpenSSL remembers of it later is behind a lock of its own.
    nonisolated(unsafe) let x509: OpaquePointer
    public let facts: CertificateFacts

    /// Takes over a reference.
    init?(owning x509: OpaquePointer) {
        guard let facts = unsafe CertificateFacts(of: x509) else {
            unsafe X509_free(x509)
            return nil
        }
        unsafe self.x509 = x509
        self.facts = facts
    }

    deinit { unsafe X509_free(x509) }

    /// The certificates of a PEM text, in their order.
    ///
    /// - Throws: `IdentityError` if there is none, or one can't be read.
    public static func all(
        inPEM bytes: [UInt8], name: String
    ) throws(IdentityError) -> [Certificate] {
        var certificates: [Certificate] = []
        LibraryErrors.clear()
        guard let bio = unsafe BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else {
            throw .library(file: name, reason: "no memory")
        }
        defer { unsafe BIO_free(bio) }
        while let x509 = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
            guard let certificate = unsafe Certificate(owning: x509) else {
                throw .unreadableCertificate(file: name, reason: "its dates or names are damaged")
            }
            certificates.append(certificate)
            guard certificates.count <= TLSLimits.chainCountMax else {
                throw .unreadableCertificate(
                    file: name,
                    reason: "it has more than \(TLSLimits.chainCountMax) certificates")
            }
        }
        let (reason, words) = LibraryErrors.take()
        guard reason == PEM_R_NO_START_LINE || reason == 0 else {
            throw .unreadableCertificate(file: name, reason: words)
        }
        guard !certificates.isEmpty else { throw .noCertificate(file: name) }
        return certificates
    }

    /// Whether it is for that host name.
    ///
    /// - Parameter wildcards: whether `*.example.com` counts.
    func isFor(_ host: [CChar], wildcards: Bool) -> Bool {
        let flags =
            wildcards
            ? X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS : X509_CHECK_FLAG_NO_WILDCARDS
        // Without the zero at the end.
        return unsafe X509_check_host(x509, host, host.count - 1, UInt32(flags), nil) == 1
    }

    /// Whether it signed the other.
    func hasIssued(_ other: Certificate) -> Bool {
        unsafe X509_check_issued(x509, other.x509) == X509_V_OK
    }
}

extension CertificateFacts {
    fileprivate init?(of x509: OpaquePointer) {
        guard let text = LibraryMemory(), let key = unsafe X509_get0_pubkey(x509),
            let notBefore = unsafe Self.seconds(of: X509_get0_notBefore(x509)),
            let notAfter = unsafe Self.seconds(of: X509_get0_notAfter(x509))
        else { return nil }
        notBeforeS = notBefore
        notAfterS = notAfter
        unsafe ASN1_TIME_print(text.bio, X509_get0_notAfter(x509))
        notAfterText = text.takeText()
        let style = fanfare_name_style
        unsafe X509_NAME_print_ex(text.bio, X509_get_subject_name(x509), 0, style)
        subject = text.takeText()
        unsafe X509_NAME_print_ex(text.bio, X509_get_issuer_name(x509), 0, style)
        issuer = text.takeText()
        let kind = unsafe EVP_PKEY_get0_type_name(key).map { unsafe String(cString: $0) } ?? "key"
        self.key = unsafe "\(kind) \(EVP_PKEY_get_bits(key)) bits"
        names = unsafe Self.names(of: x509, text)
        isSelfSigned = unsafe X509_check_issued(x509, x509) == X509_V_OK
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard unsafe X509_digest(x509, EVP_sha256(), &digest, &count) == 1 else { return nil }
        fingerprint = Hex.text(of: digest)
    }

    /// The names of the extension that has them, as OpenSSL prints it:
    /// `DNS:example.com, IP Address:192.0.2.7`.
    private static func names(of x509: OpaquePointer, _ text: borrowing LibraryMemory) -> [String] {
        let place = unsafe X509_get_ext_by_NID(x509, NID_subject_alt_name, -1)
        guard place >= 0, let field = unsafe X509_get_ext(x509, place),
            unsafe X509V3_EXT_print(text.bio, field, 0, 0) == 1
        else { return [] }
        return text.takeText().split(separator: ",").compactMap { part in
            let part = part.drop { $0 == " " }
            for prefix in ["DNS:", "IP Address:"] where part.hasPrefix(prefix) {
                return String(part.dropFirst(prefix.count))
            }
            return nil
        }
    }

    /// s since 1970; nil for a time that is damaged.
    private static func seconds(of time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let epoch = unsafe fanfare_make_time(0) else { return nil }
        defer { unsafe ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}
