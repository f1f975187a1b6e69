// Certificates and handshakes of tests.

import COpenSSL
import TLS
import Testing

/// A time at which certificates are made and looked at: the end of 2026.
let testNowS: Int64 = 1_796_000_000

enum World {
    static func identity(
        _ names: [String], file: String = "a.pem", days: Int64 = 3_650
    ) throws -> CertificateIdentity {
        var (certificate, key) = try SelfSigned.make(names: names, days: days, nowS: testNowS)
        return try CertificateIdentity(
            chain: certificate, key: &key, file: file, keyFile: "a.key", nowS: testNowS)
    }

    /// The same with an RSA key, by OpenSSL's own means.
    static func rsaIdentity(_ name: String) throws -> CertificateIdentity {
        let key = try #require(unsafe fanfare_make_rsa_key(2_048))
        defer { unsafe EVP_PKEY_free(key) }
        let x509 = try #require(unsafe X509_new())
        defer { unsafe X509_free(x509) }
        unsafe X509_set_version(x509, 2)
        unsafe ASN1_INTEGER_set(X509_get_serialNumber(x509), 7)
        let first = try #require(unsafe fanfare_make_time(testNowS - 60))
        let last = try #require(unsafe fanfare_make_time(testNowS + 86_400_000))
        unsafe X509_set1_notBefore(x509, first)
        unsafe X509_set1_notAfter(x509, last)
        unsafe ASN1_TIME_free(first)
        unsafe ASN1_TIME_free(last)
        let subject = try #require(unsafe X509_get_subject_name(x509))
        unsafe X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, "rsa", 3, -1, 0)
        unsafe X509_set_issuer_name(x509, subject)
        unsafe X509_set_pubkey(x509, key)
        let names = try #require(
            unsafe X509V3_EXT_conf_nid(nil, nil, NID_subject_alt_name, "DNS:\(name)"))
        unsafe X509_add_ext(x509, names, -1)
        unsafe X509_EXTENSION_free(names)
        #expect(unsafe X509_sign(x509, key, EVP_sha256()) > 0)
        var keyText = try text { unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        return try CertificateIdentity(
            chain: try text { unsafe PEM_write_bio_X509($0, x509) }, key: &keyText,
            file: "rsa.pem", keyFile: "rsa.key", nowS: testNowS)
    }

    /// What the time is, s since 1970, as OpenSSL has it.
    static func wallS() -> Int64 {
        var seconds: Int64 = 0
        let now = unsafe X509_gmtime_adj(nil, 0)
        let epoch = unsafe fanfare_make_time(0)
        defer {
            unsafe ASN1_TIME_free(now)
            unsafe ASN1_TIME_free(epoch)
        }
        var (days, rest): (Int32, Int32) = (0, 0)
        if unsafe ASN1_TIME_diff(&days, &rest, epoch, now) == 1 {
            seconds = Int64(days) * 86_400 + Int64(rest)
        }
        return seconds
    }

    static func text(_ write: (OpaquePointer) -> Int32) throws -> [UInt8] {
        let bio = try #require(unsafe fanfare_make_memory())
        defer { unsafe BIO_free(bio) }
        #expect(unsafe write(bio) == 1)
        var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(bio))
        unsafe BIO_read(bio, &bytes, Int32(bytes.count))
        return bytes
    }

    static func context(
        _ identities: [CertificateIdentity]? = nil, tickets: TicketKeys? = nil
    ) throws -> SecureContext {
        try SecureContext(
            identities: try identities ?? [try identity(["example.com"])],
            tickets: try tickets ?? TicketKeys(nowS: testNowS))
    }

    /// Carries bytes between both until the server's side is over.
    ///
    /// - Parameter piece: how many bytes are handed to the server at once.
    static func shake(
        _ client: LibraryClient, _ context: SecureContext, inside: Handshake.Inside = .http,
        piece: Int = .max
    ) throws -> Result<FinishedHandshake, HandshakeFailure> {
        let server = try Handshake(context, inside: inside)
        var toServer = client.take([])
        for _ in 0..<16 {
            var rest = toServer[...]
            toServer = []
            while !rest.isEmpty {
                let bytes = Array(rest.prefix(piece))
                rest = rest.dropFirst(piece)
                switch unsafe server.receive(bytes.span.bytes) {
                case .goesOn: break
                case .finished(let finished):
                    #expect(rest.isEmpty, "nothing follows a client's Finished here")
                    _ = client.take(server.takeOutbox())
                    return .success(finished)
                case .failed(let failure):
                    _ = client.take(server.takeOutbox())
                    return .failure(failure)
                }
            }
            toServer = client.take(server.takeOutbox())
        }
        throw Stuck()
    }

    struct Stuck: Error {}
}

extension SecureStream {
    func open(_ bytes: [UInt8]) throws -> String {
        var plaintext: [UInt8] = []
        try unsafe open(bytes.span.bytes, into: &plaintext)
        return String(decoding: plaintext, as: UTF8.self)
    }

    func seal(_ text: String) throws -> [UInt8] {
        var records: [UInt8] = []
        let bytes = Array(text.utf8)
        try unsafe seal(bytes.span.bytes, into: &records)
        return records
    }
}
