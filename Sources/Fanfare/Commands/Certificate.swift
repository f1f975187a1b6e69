// `fanfare certificate`: one for trials, and what one says of itself.

import ArgumentParser
import Glibc
import HostCLI
import SecureDoor
import Settings
import TLS

/// Makes certificates for trials, and shows any.
struct CertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Make a certificate for a trial, or show what one says.",
        subcommands: [CertificateMaking.self, CertificateShowing.self],
        defaultSubcommand: CertificateMaking.self)
}

/// `fanfare certificate --self-signed NAME…`
struct CertificateMaking: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make a certificate that vouches for itself, with its private key.",
        discussion: """
            Clients don't know it until they are told to trust it: a browser asks, curl takes \
            --cacert, ffplay takes -ca_file. For an audience take one of an authority, such as \
            Let's Encrypt. Its key is on P-256.
            """)

    @Option(
        name: .customLong("self-signed"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "The names clients will write: hosts or addresses in numbers.", valueName: "NAME"))
    var names: [String] = []

    @Option(help: ArgumentHelp("How long it is good.", valueName: "DAYS"))
    var days = 90

    @Option(help: ArgumentHelp("Where the certificate is written.", valueName: "FILE"))
    var certificate = "fanfare-certificate.pem"

    @Option(help: ArgumentHelp("Where its private key is written.", valueName: "FILE"))
    var key = "fanfare-key.pem"

    @Flag(help: "Replace the files if they are there.")
    var force = false

    func validate() throws {
        guard !names.isEmpty else {
            throw ValidationError("Say for whom it is: --self-signed NAME…")
        }
        guard (1...3_650).contains(days) else {
            throw ValidationError("--days is from 1 to 3650.")
        }
        guard certificate != key else {
            throw ValidationError("--certificate and --key are two files.")
        }
    }

    func run() throws {
        do {
            var made = try SelfSigned.make(
                names: names, days: Int64(days), nowS: Int64(time(nil)))
            defer { Wiping.wipe(&made.key) }
            let pair = CertificatePair(certificate: certificate, key: key)
            try pair.write(made.certificate, made.key, replaces: force)
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
        StandardOutput.write(
            """
            \(certificate) is for \(names.joined(separator: ", ")), \(days) days; its private key is \
            \(key).

              fanfare --https 0.0.0.0:8443 --tls-certificate \(certificate) --tls-key \(key)

            """)
    }
}

/// `fanfare certificate show FILE`
struct CertificateShowing: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the certificates of a file.")

    @Argument(help: "A file with certificates in PEM.")
    var file: String

    func run() throws {
        do {
            let certificates = try Certificate.all(
                inPEM: try CertificateFiles.read(file), name: file)
            let texts = certificates.map { Self.text($0.facts, nowS: Int64(time(nil))) }
            // Whoever made it chose what is in it.
            StandardOutput.write(TerminalText.lines(texts.joined(separator: "\n")))
        } catch {
            throw CommandFailure.report(error, exitCode: .failure)
        }
    }

    /// What a person wants to know of one.
    static func text(_ facts: CertificateFacts, nowS: Int64) -> String {
        let names = facts.names.isEmpty ? "none" : facts.names.joined(separator: ", ")
        let days = facts.daysLeft(nowS: nowS)
        let left =
            facts.notAfterS <= nowS ? "expired" : "\(days) day\(days == 1 ? "" : "s") left"
        return """
            names        \(names)
            subject      \(facts.subject)
            issuer       \(facts.issuer)\(facts.isSelfSigned ? " (itself)" : "")
            until        \(facts.notAfterText) (\(left))
            key          \(facts.key)
            fingerprint  \(facts.fingerprint)

            """
    }
}

/// Why the two files can't be written.
enum CertificatePairError: Error, Equatable, CustomStringConvertible {
    case isThere(path: String)
    case cannotWrite(path: String, errno: CInt)

    var description: String {
        switch self {
        case .isThere(let path):
            "\(path) is there, and may be in use: name another file, or replace it with --force"
        case .cannotWrite(let path, let code):
            "cannot write \(path): \(systemErrorText(code))"
        }
    }
}

/// The two files of a certificate.
struct CertificatePair {
    let certificate: String
    let key: String

    /// Writes both beside their places first, so that a server that watches them never sees a half.
    func write(
        _ certificateBytes: [UInt8], _ keyBytes: [UInt8], replaces: Bool
    ) throws(CertificatePairError) {
        for path in [certificate, key] where !replaces {
            guard unsafe access(path, F_OK) != 0 else { throw .isThere(path: path) }
        }
        let keyDraft = try draft(keyBytes, of: key, mode: 0o600)
        defer { unsafe unlink(keyDraft) }
        let certificateDraft = try draft(certificateBytes, of: certificate, mode: 0o644)
        defer { unsafe unlink(certificateDraft) }
        try move(keyDraft, to: key, replaces: replaces)
        try move(certificateDraft, to: certificate, replaces: replaces)
    }

    private func draft(
        _ bytes: [UInt8], of path: String, mode: mode_t
    ) throws(CertificatePairError) -> String {
        let draft = "\(path).\(getpid()).new"
        unsafe unlink(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe open(draft, flags, mode)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, errno: errno) }
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
        let isWritten =
            count == bytes.count && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
        let code = count < 0 || count == bytes.count ? errno : ENOSPC
        close(descriptor)
        guard isWritten else {
            unsafe unlink(draft)
            throw .cannotWrite(path: path, errno: code)
        }
        return draft
    }

    /// A link never overwrites what somebody else has put there in the meantime.
    private func move(
        _ draft: String, to path: String, replaces: Bool
    ) throws(CertificatePairError) {
        let code = unsafe replaces ? rename(draft, path) : link(draft, path)
        guard code == 0 else {
            throw errno == EEXIST ? .isThere(path: path) : .cannotWrite(path: path, errno: errno)
        }
    }
}
