// An authority's word that a certificate hasn't been withdrawn, handed out with it (OCSP stapling).

import COpenSSL

/// Why an answer of an authority isn't handed out.
public enum StapleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It isn't an answer in DER.
    case unreadable
    /// The authority refused to answer.
    case refused
    /// It is about none of the certificates.
    case aboutAnother
    /// It says that the certificate was withdrawn, or isn't known.
    case notGood
    /// It was good for a time that is over, or it names none.
    case stale

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unreadable:
            "it is no OCSP response in DER; openssl ocsp -respout FILE writes one"
        case .refused: "the authority has refused to answer; ask it again"
        case .aboutAnother: "it is about none of the certificates in use"
        case .notGood: "it says that the certificate was withdrawn or isn't known: get a new one"
        case .stale: "its time is over, or it says none; ask the authority again"
        }
    }
}

/// An answer in DER about one certificate.
@safe final class StapledAnswer: Sendable {
    let bytes: [UInt8]
    /// What it is about.
    let certificate: Certificate
    // Written by `init` alone.
    private nonisolated(unsafe) let nextUpdate: OpaquePointer

    /// - Throws: `StapleError` if it isn't a good answer about that certificate, now.
    init(_ bytes: [UInt8], about identity: CertificateIdentity) throws(StapleError) {
        LibraryErrors.clear()
        defer { LibraryErrors.clear() }
        guard let response = unsafe Self.parse(bytes) else { throw .unreadable }
        defer { unsafe OCSP_RESPONSE_free(response) }
        guard unsafe OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL,
            let basic = unsafe OCSP_response_get1_basic(response)
        else { throw .refused }
        defer { unsafe OCSP_BASICRESP_free(basic) }
        guard let issuer = identity.issuer,
            let id = unsafe OCSP_cert_to_id(nil, identity.certificate.x509, issuer.x509)
        else { throw .aboutAnother }
        defer { unsafe OCSP_CERTID_free(id) }
        var status: Int32 = -1
        var reason: Int32 = 0
        var revoked: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var this: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var next: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        guard
            unsafe OCSP_resp_find_status(basic, id, &status, &reason, &revoked, &this, &next) == 1
        else { throw .aboutAnother }
        guard status == V_OCSP_CERTSTATUS_GOOD else { throw .notGood }
        guard let next = unsafe next, let kept = unsafe ASN1_STRING_dup(next),
            unsafe OCSP_check_validity(this, next, Int(TLSLimits.clockToleranceS), -1) == 1
        else { throw .stale }
        self.bytes = bytes
        certificate = identity.certificate
        unsafe nextUpdate = OpaquePointer(kept)
    }

    deinit { unsafe ASN1_STRING_free(UnsafeMutablePointer(nextUpdate)) }

    /// Whether it may still be handed out.
    var isFresh: Bool { unsafe X509_cmp_current_time(UnsafePointer(nextUpdate)) > 0 }

    private static func parse(_ bytes: [UInt8]) -> OpaquePointer? {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe d2i_OCSP_RESPONSE(nil, &start, buffer.count)
        }
    }
}
