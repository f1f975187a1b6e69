// An authority's answer that is handed out with the certificate it is about.

import COpenSSL
import TLS
import Testing

@Suite struct StapleTests {
    /// An answer about a certificate that vouches for itself, signed by its own key.
    private func answer(
        _ certificate: [UInt8], _ key: [UInt8], status: Int32 = V_OCSP_CERTSTATUS_GOOD,
        fromS: Int64, toS: Int64
    ) throws -> [UInt8] {
        let certificateBIO = try #require(
            unsafe BIO_new_mem_buf(certificate, Int32(certificate.count)))
        defer { unsafe BIO_free(certificateBIO) }
        let x509 = try #require(unsafe PEM_read_bio_X509(certificateBIO, nil, nil, nil))
        defer { unsafe X509_free(x509) }
        let keyBIO = try #require(unsafe BIO_new_mem_buf(key, Int32(key.count)))
        defer { unsafe BIO_free(keyBIO) }
        let pkey = try #require(unsafe PEM_read_bio_PrivateKey(keyBIO, nil, nil, nil))
        defer { unsafe EVP_PKEY_free(pkey) }
        let basic = try #require(unsafe OCSP_BASICRESP_new())
        defer { unsafe OCSP_BASICRESP_free(basic) }
        let id = try #require(unsafe OCSP_cert_to_id(nil, x509, x509))
        defer { unsafe OCSP_CERTID_free(id) }
        let from = unsafe ASN1_GENERALIZEDTIME_set(nil, Int(fromS))
        let to = unsafe ASN1_GENERALIZEDTIME_set(nil, Int(toS))
        defer {
            unsafe ASN1_GENERALIZEDTIME_free(from)
            unsafe ASN1_GENERALIZEDTIME_free(to)
        }
        let revoked = status == V_OCSP_CERTSTATUS_REVOKED
        #expect(
            unsafe OCSP_basic_add1_status(
                basic, id, status, 0, revoked ? from : nil, from, to) != nil)
        #expect(unsafe OCSP_basic_sign(basic, x509, pkey, EVP_sha256(), nil, 0) == 1)
        let response = try #require(
            unsafe OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic))
        defer { unsafe OCSP_RESPONSE_free(response) }
        let count = unsafe i2d_OCSP_RESPONSE(response, nil)
        var bytes = [UInt8](repeating: 0, count: Int(count))
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = unsafe i2d_OCSP_RESPONSE(response, &start)
        }
        return bytes
    }

    private func context(
        status: Int32 = V_OCSP_CERTSTATUS_GOOD, fromS: Int64, toS: Int64
    ) throws -> (SecureContext, Int) {
        let nowS = World.wallS()
        var made = try SelfSigned.make(names: ["example.com"], days: 9, nowS: nowS)
        let answer = try answer(
            made.certificate, made.key, status: status, fromS: nowS + fromS, toS: nowS + toS)
        let own = try CertificateIdentity(
            chain: made.certificate, key: &made.key, file: "a.pem", keyFile: "a.key", nowS: nowS)
        let other = try World.identity(["other.example"])
        let tickets = try TicketKeys(nowS: nowS)
        let context = try SecureContext(
            identities: [other, own], tickets: tickets, staple: answer)
        return (context, answer.count)
    }

    private func stapled(_ context: SecureContext, _ host: String) throws -> Int {
        var habits = LibraryClient.Habits()
        habits.wantsStaple = true
        habits.host = host
        let client = LibraryClient(habits)
        _ = try World.shake(client, context).get()
        return client.staple
    }

    @Test("It goes with the certificate that it is about, and with no other")
    func good() throws {
        let (context, count) = try context(fromS: -60, toS: 86_400)
        #expect(context.stapleError == nil)
        #expect(try stapled(context, "example.com") == count)
        #expect(try stapled(context, "other.example") == -1)
    }

    @Test("One that is over, or says that the certificate was withdrawn, isn't handed out")
    func bad() throws {
        let (stale, _) = try context(fromS: -86_400, toS: -3_600)
        #expect(stale.stapleError == .stale)
        #expect(try stapled(stale, "example.com") == -1)
        let (revoked, _) = try context(
            status: V_OCSP_CERTSTATUS_REVOKED, fromS: -60, toS: 86_400)
        #expect(revoked.stapleError == .notGood)
    }
}
