// Publishers who may not: told so in words, over the protocol, and then let go.

import Foundation
import Testing

@Suite("A publisher who may not publish", .ownThread)
struct RefusedPublisherTests {
    static let key = "correct-horse-battery-staple"

    /// A way to be refused.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var app = "live"
        var stream: String
        /// The `code` of the answer.
        var code: String
        /// Words of its description.
        var words: String
    }

    static let cases = [
        Case(
            testDescription: "no key", stream: "show", code: "NetStream.Publish.Denied",
            words: "stream key is missing"),
        Case(
            testDescription: "a wrong key", stream: "show?key=wrong",
            code: "NetStream.Publish.Denied", words: "stream key is wrong"),
        Case(
            testDescription: "a key one letter too long", stream: "show?key=\(key)x",
            code: "NetStream.Publish.Denied", words: "stream key is wrong"),
        Case(
            testDescription: "an unknown application", app: "vod", stream: "show?key=\(key)",
            code: "NetConnection.Connect.InvalidApp", words: "no application \"vod\""),
        Case(
            testDescription: "a bad name", stream: "no.dots?key=\(key)",
            code: "NetStream.Publish.BadName", words: "1 to 64 letters"),
        Case(
            testDescription: "a busy stream", stream: "busy?key=\(key)",
            code: "NetStream.Publish.BadName", words: "has a publisher already"),
        Case(
            testDescription: "a nested application", app: "live/event", stream: "show?key=\(key)",
            code: "NetStream.Publish.BadName", words: "no slashes"),
        Case(
            testDescription: "a wrong key in the path", app: "live/show", stream: "wrong",
            code: "NetStream.Publish.Denied", words: "stream key is wrong"),
    ]

    @Test("is told why, and the connection ends", arguments: cases)
    func isTold(_ refusal: Case) throws {
        // However slow this machine is, the busy stream's publisher isn't taken for gone.
        let arguments = ["--publish-key", Self.key, "--ingest-takeover-ms", "60000"]
        try ServerProcess.run(isOpen: false, arguments) { server in
            let busy = try RTMPClient.publishing(
                "busy?key=\(Self.key)", port: server.rtmpPort)
            let client = try RTMPClient(port: server.rtmpPort)
            let answer = try client.publish(refusal.stream, app: refusal.app)
            #expect(answer.level == "error")
            #expect(answer.code == refusal.code)
            #expect(answer.text.contains(refusal.words))
            #expect(
                answer.name == (refusal.app == "vod" ? "_error" : "onStatus"))
            #expect(try client.answersToEnd().isEmpty)
            try server.waitForLog("may not publish")
            #expect(!busy.connection.isReadable(within: 0))
        }
    }

    @Test("is an ffmpeg that fails", arguments: cases)
    func failsFFmpeg(_ refusal: Case) throws {
        let source = try Source.clip.get()
        let arguments = ["--publish-key", Self.key, "--ingest-takeover-ms", "60000"]
        try ServerProcess.run(isOpen: false, arguments) { server in
            let busy = try RTMPClient.publishing(
                "busy?key=\(Self.key)", port: server.rtmpPort)
            let url = server.pushURL(refusal.stream, app: refusal.app)
            let publisher = try FFmpegPublisher(source, to: url)
            defer { publisher.kill() }
            guard case .exit(let code) = publisher.process.waitForEnd(within: 20) else {
                throw TestFailure.unexpected("ffmpeg goes on publishing")
            }
            #expect(code != 0)
            #expect(try server.staff("/api/v1/streams/show").statusCode == 404)
            #expect(!busy.connection.isReadable(within: 0))
        }
    }

    @Test(
        "is none whose form or device writes the address its own way",
        arguments: [
            ("live", "show/\(key)"), ("live/show", key), ("live", "show%3Fkey%3D\(key)"),
            ("live", "show?key=\(key)\r\n"), ("live/_definst_", " show?key=\(key) "),
        ])
    func isLetIn(app: String, stream: String) throws {
        try ServerProcess.run(isOpen: false, ["--publish-key", Self.key]) { server in
            let client = try RTMPClient(port: server.rtmpPort)
            let answer = try client.publish(stream, app: app)
            #expect(answer.code == "NetStream.Publish.Start")
            try server.waitForLog("publishes live/show")
            #expect(!server.log.contains(Self.key))
        }
    }
}
