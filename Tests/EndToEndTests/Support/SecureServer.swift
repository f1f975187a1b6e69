// A server with TLS on all its planes, and the certificate that it shows.

import Foundation
import Testing

/// A certificate for localhost in a folder of its own, made by the program itself.
final class TrialCertificate {
    let folder: URL
    let certificate: String
    let key: String

    init() throws {
        folder = try TemporaryFolder.make()
        certificate = folder.appending(path: "certificate.pem").path
        key = folder.appending(path: "key.pem").path
        try make()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Makes it, or another in its place.
    func make(_ more: [String] = []) throws {
        try Tool.succeed(
            ServerProcess.binary,
            [
                "certificate", "--self-signed", "localhost", "127.0.0.1", "--certificate",
                certificate, "--key", key,
            ] + more)
    }

    /// What starts a server with it.
    var arguments: [String] { ["--tls-certificate", certificate, "--tls-key", key] }
}

extension ServerProcess {
    /// Runs a server whose audience and publishers come over TLS as well.
    static func runSecured<Result>(
        _ trial: TrialCertificate, _ arguments: [String] = [],
        _ body: (ServerProcess) throws -> Result
    ) throws -> Result {
        try run(
            trial.arguments + ["--https", "127.0.0.1:0", "--rtmps", "127.0.0.1:0"] + arguments,
            body)
    }

    /// Where the audience comes in over TLS: that is what the banner has then.
    var httpsURL: String { "https://localhost:\(httpPort)" }

    /// Where a stream is pushed to over TLS.
    func securePushURL(_ stream: String) throws -> String {
        let start = try #require(banner.range(of: "or by TLS   ")).upperBound
        let server = banner[start...].prefix { $0 != "\n" }
        return "\(server)/\(stream)"
    }
}
