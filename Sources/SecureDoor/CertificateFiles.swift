// Where certificates and keys are kept, and what is wrong with the files.

import Glibc
import IORing
public import TLS

/// Why there is no context out of files.
public enum CertificateFilesError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file isn't there, or can't be read.
    case cannotRead(path: String, reason: String)
    /// A private key that every user of this machine can read or change, or that its group can change.
    case open(path: String, mode: String, toAll: Bool)
    /// A file that is longer than any certificate.
    case tooLong(path: String)
    /// As many certificates as keys are needed.
    case unpaired(certificates: Int, keys: Int)
    /// What is in the files is no good.
    case identity(IdentityError)
    /// No random bytes for the sessions' keys.
    case tickets(TLSError)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .open(let path, let mode, let toAll):
            (toAll ? "every user of this machine can read or change" : "the group can change")
                + " the private key in \(path) (its mode is \(mode)): run chmod 600 \(path), or 640 "
                + "with a group of its own"
        case .tooLong(let path):
            "\(path) is longer than \(TLSLimits.fileByteCountMax) bytes: is it a certificate?"
        case .unpaired(let certificates, let keys):
            "\(certificates) certificates and \(keys) keys are named; each certificate needs its "
                + "key, in the same order"
        case .identity(let error): error.description
        case .tickets(let error): error.description
        }
    }
}

/// The files of one server's certificates.
public struct CertificateFiles: Sendable, Equatable {
    /// Each the server's certificate and those that vouch for it.
    public var certificates: [String]
    /// Their private keys, in the same order.
    public var keys: [String]
    /// An authority's answer about one of them (OCSP), or none.
    public var staple: String?

    /// Files by their paths.
    public init(certificates: [String], keys: [String], staple: String?) {
        self.certificates = certificates
        self.keys = keys
        self.staple = staple
    }

    /// Reads all of them. Each is read once, and the keys are wiped from where they were read to.
    ///
    /// - Parameters:
    ///   - tickets: the sessions' keys, which outlive the files.
    ///   - nowS: what the time is, s since 1970.
    public func load(
        tickets: TicketKeys, nowS: Int64
    ) throws(CertificateFilesError) -> SecureContext {
        guard certificates.count == keys.count, !keys.isEmpty,
            keys.count <= TLSLimits.identityCountMax
        else { throw .unpaired(certificates: certificates.count, keys: keys.count) }
        var identities: [CertificateIdentity] = []
        for (certificate, key) in zip(certificates, keys) {
            let chain = try Self.read(certificate)
            var secret = try Self.read(key, isSecret: true)
            do throws(IdentityError) {
                identities.append(
                    try CertificateIdentity(
                        chain: chain, key: &secret, file: certificate, keyFile: key, nowS: nowS))
            } catch { throw .identity(error) }
        }
        let answer = try staple.map { (path) throws(CertificateFilesError) in try Self.read(path) }
        do throws(IdentityError) {
            return try SecureContext(identities: identities, tickets: tickets, staple: answer)
        } catch { throw .identity(error) }
    }

    /// The whole of a file, into memory that is taken once, so that no copy of a key is left.
    ///
    /// - Parameter isSecret: whether nobody but its owner and its group may read it.
    public static func read(
        _ path: String, isSecret: Bool = false
    ) throws(CertificateFilesError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .cannotRead(path: path, reason: errorText(errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .cannotRead(path: path, reason: "it is no file")
        }
        guard !isSecret || status.st_mode & 0o027 == 0 else {
            throw .open(
                path: path, mode: String(status.st_mode & 0o777, radix: 8),
                toAll: status.st_mode & 0o007 != 0)
        }
        let byteCount = Int(status.st_size)
        guard byteCount <= TLSLimits.fileByteCountMax else { throw .tooLong(path: path) }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var filled = 0
        while filled < byteCount {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(
                    descriptor, buffer.baseAddress?.advanced(by: filled), byteCount - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count < 0 ? errorText(errno) : "it changes while it is read"
                Wiping.wipe(&bytes)
                throw .cannotRead(path: path, reason: reason)
            }
            filled += count
        }
        return bytes
    }

    /// What tells whether any of them is another than before: those that aren't there count, too.
    var stamps: [[Int64]] {
        (certificates + keys + [staple].compactMap { $0 }).map { FileStamp.of($0) }
    }
}

/// What changes when a file is written or put in another's place.
enum FileStamp {
    /// Of the file that a link leads to: authorities' tools change the link. Empty where there is none.
    static func of(_ path: String) -> [Int64] {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return [] }
        return [
            Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino),
            Int64(status.st_size), Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
        ]
    }
}
