// Who a server is: a certificate, those that vouch for it, and its private key.

import COpenSSL

/// Why a certificate and its key can't be used.
public enum IdentityError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No certificate is in it.
    case noCertificate(file: String)
    /// One is, but damaged.
    case unreadableCertificate(file: String, reason: String)
    /// No private key is in it.
    case noKey(file: String)
    /// The private key has a password.
    case lockedKey(file: String)
    /// The key is another certificate's.
    case keyDoesNotFit(certificate: String, key: String)
    /// Its time is over.
    case expired(file: String, since: String)
    /// Its time hasn't come.
    case notYetGood(file: String)
    /// OpenSSL refuses it: a key that is too short, a digest that is broken.
    case library(file: String, reason: String)
    /// No certificate is given at all.
    case nothing

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noCertificate(let file):
            "\(file) has no certificate: it must hold the server's first and then those that vouch "
                + "for it, each between BEGIN CERTIFICATE and END CERTIFICATE (a fullchain.pem)"
        case .unreadableCertificate(let file, let reason):
            "a certificate in \(file) can't be read: \(reason)"
        case .noKey(let file):
            "\(file) has no private key: it must hold one in PEM, as in a privkey.pem"
        case .lockedKey(let file):
            "the private key in \(file) has a password, which nobody is there to type: take it off "
                + "with openssl pkey -in \(file) -out NEW, and protect the file instead"
        case .keyDoesNotFit(let certificate, let key):
            "the private key in \(key) isn't that of the first certificate in \(certificate): give "
                + "the files in the same order, and the server's own certificate first in its file"
        case .expired(let file, let since):
            "the certificate in \(file) was good until \(since): every client refuses it. Renew it"
        case .notYetGood(let file):
            "the certificate in \(file) is only good from a later time on: is this machine's clock "
                + "right?"
        case .library(let file, let reason):
            "OpenSSL refuses the certificate in \(file): \(reason). Make one with an EC P-256 key, "
                + "or an RSA key of 2048 bits or more"
        case .nothing:
            "no certificate is given"
        }
    }
}

/// A certificate with its key.
@safe public final class CertificateIdentity: Sendable {
    /// The server's own.
    public let certificate: Certificate
    /// Where it came from.
    public let file: String
    let chain: [Certificate]
    // Written by `init` alone.
    nonisolated(unsafe) let key: OpaquePointer

    /// - Parameters:
    ///   - chain: the server's certificate and those that vouch for it, in PEM.
    ///   - key: its private key, in PEM; wiped, whatever comes of it.
    ///   - file, keyFile: what the two are called in errors.
    ///   - nowS: what the time is, s since 1970.
    public init(
        chain: [UInt8], key: inout [UInt8], file: String, keyFile: String, nowS: Int64
    ) throws(IdentityError) {
        defer { Wiping.wipe(&key) }
        var certificates = try Certificate.all(inPEM: chain, name: file)
        let first = certificates.removeFirst()
        guard first.facts.notAfterS > nowS else {
            throw .expired(file: file, since: first.facts.notAfterText)
        }
        guard first.facts.notBeforeS <= nowS + TLSLimits.clockToleranceS else {
            throw .notYetGood(file: file)
        }
        let pkey = unsafe try Self.privateKey(inPEM: key, name: keyFile)
        guard unsafe X509_check_private_key(first.x509, pkey) == 1 else {
            LibraryErrors.clear()
            unsafe EVP_PKEY_free(pkey)
            throw .keyDoesNotFit(certificate: file, key: keyFile)
        }
        certificate = first
        self.chain = certificates
        self.file = file
        unsafe self.key = pkey
    }

    deinit { unsafe EVP_PKEY_free(key) }

    private static func privateKey(
        inPEM bytes: [UInt8], name: String
    ) throws(IdentityError) -> OpaquePointer {
        LibraryErrors.clear()
        guard let bio = unsafe BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else {
            throw .library(file: name, reason: "no memory")
        }
        defer { unsafe BIO_free(bio) }
        // Nobody is asked for a password.
        var isLocked = false
        let key = unsafe withUnsafeMutablePointer(to: &isLocked) { isLocked in
            unsafe PEM_read_bio_PrivateKey(
                bio, nil,
                { _, _, _, isLocked in
                    unsafe isLocked?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                }, isLocked)
        }
        LibraryErrors.clear()
        if let key = unsafe key { return unsafe key }
        if isLocked { throw .lockedKey(file: name) }
        throw .noKey(file: name)
    }

    /// What vouches for the certificate, if it is in its file; itself where it vouches for itself.
    var issuer: Certificate? {
        if certificate.facts.isSelfSigned { return certificate }
        return chain.first { $0.hasIssued(certificate) }
    }

    /// Whether both are for the same names with keys of different kinds, so that a client may be
    /// given the one that it can check.
    func complements(_ other: CertificateIdentity) -> Bool {
        unsafe Set(certificate.facts.names) == Set(other.certificate.facts.names)
            && EVP_PKEY_get_base_id(key) != EVP_PKEY_get_base_id(other.key)
    }
}
