// TLS with real peers: curl, ffmpeg (GnuTLS), OpenSSL's and GnuTLS's clients.

import Foundation
import TestSupport
import Testing

@Suite("Over TLS", .ownThread)
struct SecureTests {
    @Test("curl gets the page and posts, and checks the certificate")
    func curl() throws {
        let trial = try TrialCertificate()
        try ServerProcess.runSecured(trial, ["--guests"]) { server in
            let page = try Tool.succeed(
                "curl", ["-sS", "--cacert", trial.certificate, server.httpsURL + "/"])
            #expect(page.contains("<html"))
            let posted = try Tool.succeed(
                "curl",
                [
                    "-sS", "--cacert", trial.certificate, "-H", "Content-Type: application/json",
                    "-d", "{\"name\":\"Ann\"}", "-w", "\n%{http_code} %{http_version}",
                    server.httpsURL + "/api/v1/join",
                ])
            #expect(posted.contains("1.1") && posted.contains("{"), "\(posted)")
            let untrusted = try Tool.run("curl", ["-sS", server.httpsURL + "/"])
            #expect(untrusted.end == .exit(code: 60), "\(untrusted.errors)")
            let plain = try Tool.succeed(
                "curl", ["-sS", "-w", "%{http_code}", "http://localhost:\(server.httpPort)/"])
            #expect(plain.contains("https://") && plain.hasSuffix("400"), "\(plain)")
        }
    }

    @Test("ffmpeg publishes by rtmps, and ffprobe watches by https")
    func ffmpeg() throws {
        let trial = try TrialCertificate()
        try ServerProcess.runSecured(trial, ["--ingest-grace-ms", "300"]) { server in
            let publisher = try FFmpegPublisher(
                try Source.clip.get(), to: try server.securePushURL("show"))
            let codecs = try Tool.succeed(
                "ffprobe",
                [
                    "-v", "error", "-tls_verify", "1", "-ca_file", trial.certificate,
                    "-show_entries", "stream=codec_name", "-of", "csv=p=0",
                    "-read_intervals", "%+2", server.httpsURL + "/live/show.flv",
                ])
            #expect(codecs.contains("h264") && codecs.contains("aac"), "\(codecs)")
            try publisher.waitForSuccess()
        }
    }

    @Test("The staff plane over TLS: curl, and the program's own commands")
    func staff() throws {
        let trial = try TrialCertificate()
        try ServerProcess.run(trial.arguments + ["--staff-tls"]) { server in
            let staff = "https://localhost:\(server.staffPort)"
            let health = try Tool.succeed(
                "curl", ["-sS", "--cacert", trial.certificate, staff + "/healthz"])
            #expect(health.contains("ok"), "\(health)")
            let metrics = try Tool.succeed(
                "curl", ["-sS", "--cacert", trial.certificate, staff + "/metrics"])
            #expect(metrics.contains("fanfare_tls_certificate_expiry_timestamp_seconds"))
            let list = ["show", "list", "--staff", staff]
            let trusted = try Tool.run(
                ServerProcess.binary, list + ["--ca", trial.certificate])
            #expect(trusted.end == .exit(code: 0), "\(trusted.errors)")
            let untrusted = try Tool.run(ServerProcess.binary, list)
            #expect(untrusted.end != .exit(code: 0))
            #expect(untrusted.errors.contains("--ca"), "\(untrusted.errors)")
            let plain = try Tool.succeed(
                "curl", ["-sS", "-w", "%{http_code}", "http://localhost:\(server.staffPort)/"])
            #expect(plain.hasSuffix("400"), "\(plain)")
            let old = try Tool.run(
                "curl",
                [
                    "-sS", "--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0",
                    "--cacert", trial.certificate, staff + "/healthz",
                ])
            #expect(old.end != .exit(code: 0))
            try server.waitForLog("staff: a client asked by http where TLS is spoken")
            try server.waitForLog("staff: a client knows only TLS 1.1 or older")
            let after = try Tool.succeed(
                "curl", ["-sS", "--cacert", trial.certificate, staff + "/metrics"])
            for reason in ["plain_http", "old_version"] {
                let line = "fanfare_tls_failures_total{door=\"staff\",reason=\"\(reason)\"} 1\n"
                #expect(after.contains(line), "\(after)")
            }
            #expect(after.contains("fanfare_tls_handshakes_total{door=\"staff\",version=\"1.3\""))
        }
    }

    /// OpenSSL itself frees a handshake of TLS 1.3 without overwriting the traffic secrets in it, and
    /// the thread that sealed the last record may have its key on the stack until it seals another.
    @Test(
        "The secrets of a connection that is over aren't left all over the memory",
        arguments: [("-tls1_3", 2), ("-tls1_2", 0)])
    func traces(version: String, countMax: Int) throws {
        let trial = try TrialCertificate()
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = folder.appending(path: "keys").path
        try ServerProcess.runSecured(trial, ["--staff-tls"]) { server in
            let rtmps = try #require(URL(string: try server.securePushURL("show"))?.port)
            for port in [server.httpPort, UInt16(rtmps), server.staffPort] {
                let request =
                    "GET /healthz HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n"
                let client =
                    "openssl s_client -quiet \(version) -connect 127.0.0.1:\(port) -keylogfile "
                for number in 1...3 {
                    // It ends with an error where the server hangs up, as the ingest does.
                    _ = try Tool.run(
                        "sh", ["-c", "printf '\(request)' | \(client) \(log)\(port)\(number)"])
                }
                let lines = try String(contentsOfFile: "\(log)\(port)3", encoding: .utf8)
                let secrets = lines.split(separator: "\n").filter {
                    $0.contains("_TRAFFIC_") || $0.hasPrefix("CLIENT_RANDOM")
                }
                #expect(!secrets.isEmpty)
                for line in secrets {
                    let words = line.split(separator: " ")
                    let secret = Data([UInt8](hex: String(try #require(words.last))))
                    // The client may see the end before the server has let go of all.
                    let deadline = Date.now + 10
                    var count = 0
                    repeat {
                        count = try ProcessMemory(pid: server.process.pid).count(of: secret)
                    } while count > countMax && Date.now < deadline
                    #expect(count <= countMax, "\(port): \(words[0]) is there \(count) times")
                }
            }
        }
    }

    @Test("A new certificate is in force after SIGHUP; one that is no good isn't")
    func reload() throws {
        let trial = try TrialCertificate()
        try ServerProcess.runSecured(trial) { server in
            func fingerprint() throws -> String {
                try Tool.succeed(
                    "sh",
                    [
                        "-c",
                        "openssl s_client -connect 127.0.0.1:\(server.httpPort) </dev/null "
                            + "2>/dev/null | openssl x509 -noout -fingerprint -sha256",
                    ])
            }
            let first = try fingerprint()
            try trial.make(["--force"])
            server.process.signal(SIGHUP)
            try server.waitForLog("new certificates are in force")
            let second = try fingerprint()
            #expect(second != first)
            try Data("nonsense".utf8).write(to: URL(filePath: trial.certificate))
            server.process.signal(SIGHUP)
            try server.waitForLog("stay in force")
            #expect(try fingerprint() == second)
        }
    }

    @Test("GnuTLS's client comes again with its session")
    func gnuTLS() throws {
        let trial = try TrialCertificate()
        try ServerProcess.runSecured(trial) { server in
            let told = try Tool.run(
                "sh",
                [
                    "-c",
                    "printf 'GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' | gnutls-cli "
                        + "--x509cafile \(trial.certificate) --port \(server.httpPort) "
                        + "--resume --waitresumption localhost",
                ])
            #expect(told.output.contains("Handshake was completed"), "\(told.output)")
            #expect(told.output.contains("This is a resumed session"), "\(told.output)")
        }
    }

    @Test(
        "Java's client checks the certificate and gets the page",
        .enabled(if: Tool.isThere("keytool"), "needs a Java development kit"))
    func java() throws {
        let trial = try TrialCertificate()
        let store = trial.folder.appending(path: "trust.p12").path
        try Tool.succeed(
            "keytool",
            [
                "-importcert", "-noprompt", "-alias", "trial", "-file", trial.certificate,
                "-keystore", store, "-storepass", "correct-horse",
            ])
        let program = trial.folder.appending(path: "Get.java")
        try Data(Self.javaProgram.utf8).write(to: program)
        try ServerProcess.runSecured(trial) { server in
            let told = try Tool.run(
                "java",
                [
                    "-Djavax.net.ssl.trustStore=\(store)",
                    "-Djavax.net.ssl.trustStorePassword=correct-horse", program.path,
                    server.httpsURL + "/",
                ])
            #expect(told.output.hasPrefix("200 "), "\(told.output) \(told.errors)")
        }
    }

    private static let javaProgram = """
        import java.net.URI;
        import java.net.http.*;

        class Get {
            public static void main(String[] arguments) throws Exception {
                var request = HttpRequest.newBuilder(URI.create(arguments[0])).build();
                var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                System.out.println(answer.statusCode() + " " + answer.body().length());
            }
        }
        """

    @Test("The scan finds nothing that is old or broken")
    func scan() throws {
        let trial = try TrialCertificate()
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Ops/tls-scan").path
        try ServerProcess.runSecured(trial) { server in
            let told = try Tool.run(script, ["127.0.0.1:\(server.httpPort)"], within: 120)
            #expect(told.end == .exit(code: 0), "\(told.output) \(told.errors)")
        }
    }
}
