// Callbacks of the real server: told in order, told again after a kill, and asked.

import Foundation
import TestSupport
import Testing

@Suite("Callbacks", .ownThread)
struct CallbackTests {
    private func tool(
        _ server: ServerProcess, _ arguments: String...
    ) throws -> ToolResult {
        try Tool.run(
            "env",
            ["FANFARE_STAFF=127.0.0.1:\(server.staffPort)", ServerProcess.binary, "callbacks"]
                + arguments)
    }

    @Test(
        "A publisher, its viewers and its end are told, in this order, signed with the kept secret")
    func told() throws {
        let source = try Source.clip.get()
        let receiver = CallbackReceiver { _, _ in CallbackReceiver.status(200) }
        let arguments = ["--callback-url", receiver.url(), "--ingest-grace-ms", "0"]
        try ServerProcess.run(arguments) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<10])
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 1 + source.headers.count + 10)
            receiver.wait { $0.contains { $0.fields["fanfare-event"] == "audience.first" } }
            viewer.leave()
            // Who is gone is missed when there is something to send.
            var frames = source.frames[10...]
            try server.wait(for: "the viewer to be missed", within: 30) {
                try publisher.send(frames.prefix(1))
                frames = frames.dropFirst()
                return receiver.requests.contains {
                    $0.fields["fanfare-event"] == "audience.last"
                }
            }
            publisher.connection.hangUp()
            let requests = receiver.wait { requests in
                requests.contains { $0.fields["fanfare-event"] == "publish.ended" }
            }
            let events = requests.compactMap { $0.fields["fanfare-event"] }
                .filter { $0 != "feed.warning" }
            #expect(
                events == ["publish.began", "audience.first", "audience.last", "publish.ended"])
            #expect(requests.allSatisfy { $0.text("stream") == "show" })
            let path = server.dataFolder.appending(path: "data/callback-secret")
            let secret = try String(contentsOf: path, encoding: .utf8)
                .trimmingCharacters(in: .newlines)
            let request = try #require(requests.first)
            let signed = (request.fields["fanfare-time"] ?? "") + "." + request.body
            let openssl = try Tool.run(
                "sh",
                [
                    "-c", "printf %s \"$1\" | openssl dgst -sha256 -hmac \"$2\" -r | cut -c1-64",
                    "sh", signed, secret,
                ])
            let code = openssl.output.trimmingCharacters(in: .newlines)
            #expect(request.fields["fanfare-signature"] == "sha256=\(code)")
            #expect(!server.log.contains(secret))
            #expect(try server.metric("fanfare_callbacks_total{result=\"told\"}") ?? 0 >= 4)
        }
    }

    @Test("Killed in the midst of telling, the next process tells it under the same id")
    func killed() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = ["--data", folder.appending(path: "kept").path]
        // Nothing is acknowledged until the second process is there.
        let isUp = SharedFlag()
        let receiver = CallbackReceiver { _, _ in
            isUp.isSet ? CallbackReceiver.status(200) : .silence
        }
        let arguments = data + ["--callback-url", receiver.url()]
        try ServerProcess.run(arguments) { server in
            for name in ["one", "two", "three"] {
                _ = try RTMPClient.publishing(name, port: server.rtmpPort)
            }
            receiver.wait { !$0.isEmpty }
            try server.wait(for: "all of it to be in the queue") {
                try server.metric("fanfare_callbacks_queued{state=\"waiting\"}") ?? 0 >= 3
            }
            server.process.signal(SIGKILL)
            _ = server.process.waitForEnd(within: 20)
        }
        let before = receiver.requests
        isUp.set()
        try ServerProcess.run(arguments) { server in
            let told = receiver.wait { requests in
                let began = requests.dropFirst(before.count).filter {
                    $0.fields["fanfare-event"] == "publish.began"
                }
                return Set(began.compactMap { $0.text("stream") }).count == 3
            }
            .dropFirst(before.count).filter { $0.fields["fanfare-event"] == "publish.began" }
            #expect(Set(told.compactMap { $0.text("stream") }) == ["one", "two", "three"])
            let id = try #require(before.first?.fields["fanfare-id"])
            #expect(told.contains { $0.fields["fanfare-id"] == id })
            try server.wait(for: "the queue to be empty") {
                try server.metric("fanfare_callbacks_queued{state=\"waiting\"}") == 0
            }
        }
    }

    @Test("What was given up is listed, told again and forgotten by commands")
    func dead() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = ["--data", folder.appending(path: "kept").path]
        let down = CallbackReceiver { _, _ in .hangUp }
        try ServerProcess.run(data + ["--callback-url", down.url("/old")]) { server in
            for name in ["one", "two"] {
                _ = try RTMPClient.publishing(name, port: server.rtmpPort)
            }
            try server.wait(for: "both to be in the queue") {
                try server.metric("fanfare_callbacks_queued{state=\"waiting\"}") ?? 0 >= 2
            }
            #expect(try tool(server, "list", "--waiting").output.contains("publish.began"))
        }
        let receiver = CallbackReceiver { _, _ in CallbackReceiver.status(200) }
        try ServerProcess.run(data + ["--callback-url", receiver.url()]) { server in
            try server.wait(for: "both to be given up") {
                try server.metric("fanfare_callbacks_queued{state=\"given_up\"}") ?? 0 >= 2
            }
            let list = try tool(server, "list").output
            #expect(list.contains("callback.url names it no more"), "\(list)")
            let dropped = try tool(server, "drop", "--all")
            #expect(dropped.output.hasSuffix("forgotten\n"), "\(dropped.errors)")
            #expect(try tool(server, "resend").output == "0 to be told again\n")
            #expect(try tool(server, "drop").end != .exit(code: 0))
        }
    }

    @Test("A publisher is asked about once its key is good; a no and no answer are said")
    func asked() throws {
        let source = try Source.clip.get()
        let receiver = CallbackReceiver { request, _ in
            switch request.text("stream") {
            case "no": CallbackReceiver.json(403, #"{"reason":"Not tonight."}"#)
            case "silent": .silence
            default: CallbackReceiver.json(200, #"{"allow":true}"#)
            }
        }
        let key = "correct-horse-battery-staple"
        let arguments = [
            "--publish-key", key, "--callback-ask-publish", receiver.url("/may"),
            "--callback-ask-timeout-ms", "500",
        ]
        try ServerProcess.run(isOpen: false, arguments) { server in
            let wrong = try RTMPClient(port: server.rtmpPort).publish("show?key=wrong")
            #expect(wrong.text.contains("stream key is wrong"))
            #expect(receiver.requests.isEmpty)

            let publisher = try RTMPClient.publishing("show?key=\(key)", port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<10])
            let viewer = try ViewerClient(port: server.httpPort)
            try viewer.wait(forTags: 1 + source.headers.count + 10)
            let question = try #require(receiver.requests.first)
            #expect(question.fields["fanfare-event"] == "publish.ask")
            #expect(question.line == "POST /may HTTP/1.1")

            let no = try RTMPClient(port: server.rtmpPort).publish("no?key=\(key)")
            #expect(no.code == "NetStream.Publish.Denied" && no.text == "Not tonight.")
            let silent = try RTMPClient(port: server.rtmpPort).publish("silent?key=\(key)")
            #expect(silent.code == "NetStream.Publish.Denied")
            #expect(silent.text.contains("no answer within 500 ms"), "\(silent.text)")
            // Nobody who sends has waited for it.
            try publisher.send(source.frames[10..<20])
            try viewer.wait(forTags: 1 + source.headers.count + 20)
        }
    }
}

extension CallbackTests {
    private static let secureReceiver = """
        import http.server, ssl, sys
        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                print("told", self.headers["Fanfare-Event"], self.path, flush=True)
                self.send_response(200)
                self.end_headers()
        server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("port", server.server_port, flush=True)
        server.serve_forever()
        """

    @Test("Over https a place has to prove its name")
    func secure() throws {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appending(path: "certificate.pem").path
        let key = folder.appending(path: "key.pem").path
        let made = try Tool.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost",
            ])
        #expect(made.end == .exit(code: 0), "\(made.errors)")
        let receiver = try ChildProcess(
            "python3", ["-c", Self.secureReceiver, certificate, key])
        defer { receiver.end() }
        try receiver.output.wait(for: "\n", within: 30)
        let port = try #require(
            receiver.output.text.split(separator: "\n").first?.split(separator: " ").last)
        let urls = "https://localhost:\(port)/good,https://127.0.0.1:\(port)/bad"
        let shell = "SSL_CERT_FILE='\(certificate)' exec \"$0\" \"$@\""
        try ServerProcess.run(["--callback-url", urls], shell: shell) { server in
            _ = try RTMPClient.publishing(port: server.rtmpPort)
            try receiver.output.wait(for: "told publish.began /good", within: 30)
            try server.waitForLog("its certificate isn't good: IP address mismatch", within: 30)
            #expect(!receiver.output.text.contains("/bad"))
        }
        // Whom nobody vouches for is told nothing.
        try ServerProcess.run(["--callback-url", "https://localhost:\(port)/own"]) { server in
            _ = try RTMPClient.publishing(port: server.rtmpPort)
            try server.waitForLog("its certificate isn't good: self-signed", within: 30)
            #expect(!receiver.output.text.contains("/own"))
        }
    }

    @Test("A viewer is asked about, once for its address; without an answer it is let in")
    func playsAreAsked() throws {
        let source = try Source.clip.get()
        let receiver = CallbackReceiver { request, _ in
            switch request.text("stream") {
            case "no": CallbackReceiver.json(200, #"{"allow":false,"reason":"Not tonight."}"#)
            case "silent": .silence
            default: CallbackReceiver.status(204)
            }
        }
        let arguments = [
            "--callback-ask-play", receiver.url("/may"), "--callback-ask-timeout-ms", "500",
        ]
        try ServerProcess.run(arguments) { server in
            let feeds = try ["yes", "no", "silent"].map { name in
                let publisher = try RTMPClient.publishing(name, port: server.rtmpPort)
                try publisher.send(source.headers + source.frames[..<10])
                return publisher
            }
            for name in ["yes", "yes", "silent"] {
                let viewer = try ViewerClient(port: server.httpPort, stream: name)
                try viewer.wait(forTags: 1 + source.headers.count + 10)
            }
            let no = try HTTPClient.ask(port: server.httpPort, "/live/no.flv")
            #expect(no.statusCode == 403 && no.json["error"] as? String == "Not tonight.")
            let asked = receiver.requests.compactMap { $0.text("stream") }
            #expect(asked == ["yes", "silent", "no"])
            #expect(receiver.requests.allSatisfy { $0.text("address") == "127.0.0.1" })
            #expect(receiver.requests.allSatisfy { $0.fields["fanfare-event"] == "play.ask" })
            #expect(feeds.count == 3)
        }
    }
}

/// Something that becomes true.
private final class SharedFlag: Sendable {
    private let state = Monitor(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
