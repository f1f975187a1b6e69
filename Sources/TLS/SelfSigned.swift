// A certificate that vouches for itself, for trials.

import COpenSSL
import WireBytes

/// Why there is no such certificate.
public enum SelfSignedError: Error, Equatable, Sendable, CustomStringConvertible {
    case noNames
    case tooManyNames
    case badName(String)
    case library(String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noNames: "give at least one name: the host that clients will write in the address"
        case .tooManyNames: "at most \(TLSLimits.selfSignedNameCountMax) names fit"
        case .badName(let name):
            "“\(name)” is neither a host name (letters, digits, hyphens, dots; *. in front for all "
                + "hosts of a domain) nor an address in numbers"
        case .library(let reason): "OpenSSL could not make it: \(reason)"
        }
    }
}

/// An EC key on P-256 and a certificate for some names, signed by it.
public enum SelfSigned {
    /// Makes both.
    ///
    /// - Parameters:
    ///   - names: host names, or addresses in numbers; the first is the subject.
    ///   - nowS: s since 1970; it is good from an hour before on, for clocks that go wrong.
    /// - Returns: both in PEM; the key is to be wiped when it is written.
    public static func make(
        names: [String], days: Int64, nowS: Int64
    ) throws(SelfSignedError) -> (certificate: [UInt8], key: [UInt8]) {
        let (subject, alternatives) = try check(names)
        LibraryErrors.clear()
        guard let key = unsafe fanfare_make_p256_key() else { throw failure() }
        defer { unsafe EVP_PKEY_free(key) }
        guard let x509 = unsafe X509_new() else { throw failure() }
        defer { unsafe X509_free(x509) }
        let isMade =
            unsafe X509_set_version(x509, 2) == 1 && setSerial(x509)
            && setTimes(x509, from: nowS - 3_600, to: nowS + days * 86_400)
            && setNames(x509, subject) && X509_set_pubkey(x509, key) == 1
            && add(x509, NID_subject_alt_name, alternatives)
            // It is its own authority, so that clients can be told to trust it.
            && add(x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
            && add(x509, NID_key_usage, "critical,digitalSignature,keyCertSign")
            && add(x509, NID_ext_key_usage, "serverAuth")
            && X509_sign(x509, key, EVP_sha256()) > 0
        guard isMade, let text = LibraryMemory() else { throw failure() }
        guard unsafe PEM_write_bio_X509(text.bio, x509) == 1 else { throw failure() }
        let certificate = text.takeBytes()
        guard unsafe PEM_write_bio_PrivateKey(text.bio, key, nil, nil, 0, nil, nil) == 1 else {
            throw failure()
        }
        return (certificate, text.takeBytes())
    }

    /// The subject, and the extension's text. Only what was checked comes into the latter, whose
    /// grammar knows commas and more.
    private static func check(
        _ names: [String]
    ) throws(SelfSignedError) -> (subject: String, alternatives: String) {
        guard let first = names.first else { throw .noNames }
        guard names.count <= TLSLimits.selfSignedNameCountMax else { throw .tooManyNames }
        var parts: [String] = []
        for name in names {
            if let address = IPAddress(name) {
                parts.append("IP:\(address)")
            } else if isHost(name) {
                parts.append("DNS:\(name.lowercased())")
            } else {
                throw .badName(name)
            }
        }
        return (first, parts.joined(separator: ","))
    }

    private static func isHost(_ name: String) -> Bool {
        let rest = name.hasPrefix("*.") ? name.dropFirst(2) : name[...]
        let labels = rest.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        byte == UInt8(ascii: "-") || (byte >= 0x30 && byte <= 0x39)
                            || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
                    }
            }
    }

    private static func setSerial(_ x509: OpaquePointer) -> Bool {
        guard let number = unsafe BN_new() else { return false }
        defer { unsafe BN_free(number) }
        // 127 random bits, and never zero.
        return unsafe BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nil
    }

    private static func setTimes(_ x509: OpaquePointer, from: Int64, to: Int64) -> Bool {
        guard let first = unsafe fanfare_make_time(from), let last = unsafe fanfare_make_time(to)
        else { return false }
        defer {
            unsafe ASN1_TIME_free(first)
            unsafe ASN1_TIME_free(last)
        }
        return unsafe X509_set1_notBefore(x509, first) == 1 && X509_set1_notAfter(x509, last) == 1
    }

    private static func setNames(_ x509: OpaquePointer, _ subject: String) -> Bool {
        // A subject has at most 64 characters; the names that count are the alternatives.
        let text = Array(subject.utf8.prefix(64))
        guard let name = unsafe X509_get_subject_name(x509) else { return false }
        return unsafe X509_NAME_add_entry_by_txt(
            name, "CN", MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1
            && X509_set_issuer_name(x509, name) == 1
    }

    private static func add(_ x509: OpaquePointer, _ kind: Int32, _ value: String) -> Bool {
        guard let field = unsafe X509V3_EXT_conf_nid(nil, nil, kind, value) else { return false }
        defer { unsafe X509_EXTENSION_free(field) }
        return unsafe X509_add_ext(x509, field, -1) == 1
    }

    private static func failure() -> SelfSignedError { .library(LibraryErrors.take().words) }
}
