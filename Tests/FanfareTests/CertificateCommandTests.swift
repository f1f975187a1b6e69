// `fanfare certificate` and what `fanfare check` says of certificates.

import Glibc
import Settings
import TLS
import TestSupport
import Testing

@testable import Fanfare

@Suite struct CertificateCommandTests {
    private let nowS: Int64 = 1_796_000_000

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private func write(
        _ folder: TemporaryFolder, days: Int64 = 90, replaces: Bool = false
    ) throws -> CertificatePair {
        let pair = CertificatePair(
            certificate: "\(folder.path)/a.pem", key: "\(folder.path)/a.key")
        let made = try SelfSigned.make(names: ["example.com"], days: days, nowS: nowS)
        try pair.write(made.certificate, made.key, replaces: replaces)
        return pair
    }

    @Test("The key is its owner's alone, and nothing else is left")
    func rights() throws {
        let folder = try TemporaryFolder()
        let pair = try write(folder)
        #expect(mode(pair.key) == 0o600 && mode(pair.certificate) == 0o644)
        #expect(try folder.names() == ["a.key", "a.pem"])
    }

    @Test("What is there is replaced by --force only")
    func replacing() throws {
        let folder = try TemporaryFolder()
        let pair = try write(folder)
        let first = try TextFile.read(pair.certificate)
        #expect(throws: CertificatePairError.isThere(path: pair.certificate)) {
            try write(folder)
        }
        #expect(try TextFile.read(pair.certificate) == first)
        _ = try write(folder, replaces: true)
        #expect(try TextFile.read(pair.certificate) != first)
        #expect(try folder.names() == ["a.key", "a.pem"])
        let nowhere = CertificatePair(certificate: "/no/such/a.pem", key: "/no/such/a.key")
        #expect(throws: CertificatePairError.self) {
            try nowhere.write([1], [1], replaces: false)
        }
    }

    @Test("It shows names, issuer, and the days that are left")
    func showing() throws {
        let folder = try TemporaryFolder()
        let pair = try write(folder)
        let bytes = try TextFile.bytes(pair.certificate, byteCountMax: 1 << 16)
        let facts = try Certificate.all(inPEM: bytes, name: "a.pem")[0].facts
        let text = CertificateShowing.text(facts, nowS: nowS)
        #expect(text.contains("names        example.com\n"))
        #expect(text.contains("issuer       CN=example.com (itself)\n"))
        #expect(text.contains("(90 days left)"))
        #expect(CertificateShowing.text(facts, nowS: nowS + 91 * 86_400).contains("(expired)"))
    }

    @Test("check: good for long, good for a while, and no good")
    func checking() throws {
        let folder = try TemporaryFolder()
        let pair = try write(folder)
        let settings = try loadSettings(
            flags: [
                "https": "127.0.0.1:0", "tlsCertificate": pair.certificate, "tlsKey": pair.key,
            ], environment: [:])
        func verdict(_ days: Int64) -> CheckResult.Verdict? {
            CertificateChecks.results(settings, nowS: nowS + days * 86_400).first?.verdict
        }
        #expect(verdict(0) == .ok && verdict(80) == .warn && verdict(91) == .fail)
        let plain = try loadSettings(flags: [:], environment: [:])
        #expect(CertificateChecks.results(plain).isEmpty)
    }
}
