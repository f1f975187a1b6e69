// Signed URLs on the real server: made by the command, taken over RTMP and HTTP, and changed in
// mid-show.

import Foundation
import Testing

@Suite("Signed URLs", .ownThread)
struct SignedURLTests {
    private static let play = "the-first-key-to-play"
    private static let push = "the-first-key-to-push"

    /// What `fanfare url` prints, by what it is called.
    private func urls(
        _ server: ServerProcess, _ arguments: String...
    ) throws -> [String: String] { try urls(server, arguments) }

    private func urls(
        _ server: ServerProcess, _ arguments: [String]
    ) throws -> [String: String] {
        let result = try Tool.run(
            "env",
            ["FANFARE_STAFF=127.0.0.1:\(server.staffPort)", ServerProcess.binary, "url"]
                + arguments)
        #expect(result.end == .exit(code: 0), "\(result.errors)")
        var urls: [String: String] = [:]
        for line in result.output.split(separator: "\n") where line.hasPrefix("  ") {
            let words = line.split(separator: " ")
            guard let url = words.last else { continue }
            urls[words.dropLast().joined(separator: " ")] = String(url)
        }
        return urls
    }

    private func target(_ url: String?) throws -> String {
        let text = try #require(url)
        let parts = try #require(URLComponents(string: text))
        return parts.percentEncodedPath + "?" + (parts.percentEncodedQuery ?? "")
    }

    private func status(_ server: ServerProcess, _ target: String) throws -> (Int, String) {
        let answer = try HTTPClient.ask(port: server.httpPort, method: "HEAD", target)
        guard answer.statusCode != 200 else { return (200, "") }
        let whole = try HTTPClient.ask(port: server.httpPort, target)
        return (whole.statusCode, whole.json["error"] as? String ?? "")
    }

    @Test("A publisher and a viewer come in by them, in both forms, and each refusal says why")
    func both() throws {
        let source = try Source.clip.get()
        let arguments = ["--play-key", Self.play, "--push-key", Self.push]
        try ServerProcess.run(isOpen: false, arguments) { server in
            let own = try urls(server, "push", "show", "--valid", "2h")
            let publisher = try RTMPClient.publishing(
                try #require(own["OBS stream key"]), port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<10])

            let viewer = try urls(server, "play", "show", "--valid", "1m")
            for form in ["HTTP-FLV", "page"] {
                let query = try #require(try target(viewer[form]).split(separator: "?").last)
                let watching = try ViewerClient(port: server.httpPort, query: "?\(query)")
                try watching.wait(forTags: 1 + source.headers.count + 10)
            }
            let theirs = try urls(server, "play", "show", "--tencent")
            #expect(try status(server, target(theirs["HTTP-FLV"])).0 == 200)

            let second = try urls(server, "push", "second", "--tencent")
            let tencent = try RTMPClient(port: server.rtmpPort)
            #expect(
                try tencent.publish(try #require(second["OBS stream key"])).code
                    == "NetStream.Publish.Start")

            let missing = try status(server, "/live/show.flv")
            #expect(missing.0 == 403 && missing.1.contains("needs a signed URL"))
            let other = try target(viewer["HTTP-FLV"]).replacing("show.flv", with: "second.flv")
            let otherStream = try status(server, other)
            #expect(otherStream.0 == 403 && otherStream.1.contains("for another stream"))
            let pushed = try #require(own["rtmp"]?.split(separator: "?").last)
            let otherRole = try status(server, "/live/show.flv?\(pushed)")
            #expect(otherRole.0 == 403 && otherRole.1.contains("for something else"))
            let bound = try urls(server, "play", "show", "--address", "192.0.2.7")
            let elsewhere = try status(server, target(bound["HTTP-FLV"]))
            #expect(elsewhere.0 == 403 && elsewhere.1.contains("another address"))

            let watchOnly = try target(viewer["HTTP-FLV"]).split(separator: "?")[1]
            for (name, words) in [
                ("third?\(watchOnly)", "for something else"), ("third?\(pushed)", "another stream"),
                ("third?txSecret=00&txTime=7FFFFFFF", "signature is wrong"),
                ("third?exp=17&for=push/third", "\"sig\" is missing"),
                ("third", "stream key is missing"),
            ] {
                let answer = try RTMPClient(port: server.rtmpPort).publish(name)
                #expect(answer.code == "NetStream.Publish.Denied")
                #expect(answer.text.contains(words), "\(answer.text)")
            }
            #expect(try server.sum(of: "fanfare_refusals_total") > 0)
            #expect(!server.log.contains(Self.play) && !server.log.contains(Self.push))
        }
    }

    @Test("ffmpeg and GStreamer publish and read by each address as it is printed")
    func printed() throws {
        let source = try Source.clip.get()
        let arguments = [
            "--play-key", Self.play, "--push-key", Self.push, "--ingest-grace-ms", "300",
        ]
        try ServerProcess.run(isOpen: false, arguments) { server in
            let forms = [[], ["--tencent"], ["--address", "127.0.0.1"]]
            for (number, form) in forms.enumerated() {
                let name = "show\(number)"
                let push = try urls(server, ["push", name] + form)
                let play = try urls(server, ["play", name] + form)
                let publisher = try FFmpegPublisher(source, to: try #require(push["rtmp"]))
                let codecs = try Tool.succeed(
                    "ffprobe",
                    [
                        "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0",
                        "-read_intervals", "%+2", try #require(play["HTTP-FLV"]),
                    ])
                #expect(codecs.contains("h264") && codecs.contains("aac"), "\(codecs)")
                try publisher.waitForSuccess()

                let gstreamer = try urls(server, ["push", "gst\(number)"] + form)
                let pipeline = """
                    flvmux name=mux streamable=true ! rtmp2sink location=\
                    \(try #require(gstreamer["rtmp"])) \
                    audiotestsrc num-buffers=20 samplesperbuffer=1024 ! \
                    audio/x-raw,rate=48000,channels=2 ! voaacenc ! aacparse ! mux.
                    """
                let result = try Tool.run(
                    "gst-launch-1.0",
                    ["-q"] + pipeline.split(whereSeparator: \.isWhitespace).map(String.init))
                #expect(result.end == .exit(code: 0), "\(form): \(result.errors)")
                #expect(server.log.contains("gst\(number)"))
            }
            #expect(!server.log.contains("signature is wrong"))
            #expect(!server.log.contains("stream key is wrong"))
        }
    }

    @Test("The key is changed in mid-show, and who watches stays")
    func changed() throws {
        let source = try Source.clip.get()
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "fanfare.json")
        func write(_ text: String) throws { try Data(text.utf8).write(to: file) }
        try write(#"{"playKey": "\#(Self.play)"}"#)
        try ServerProcess.run(["--config", file.path]) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<10])
            let old = try target(try urls(server, "play", "show")["HTTP-FLV"])
            let query = try #require(old.split(separator: "?").last)
            let watching = try ViewerClient(port: server.httpPort, query: "?\(query)")
            try watching.wait(forTags: 1 + source.headers.count + 10)

            try write(#"{"playKey": "the-second-key-to-play", "playKeyPrevious": "\#(Self.play)"}"#)
            server.process.signal(SIGHUP)
            try server.waitForLog(": playKey, playKeyPrevious\n")
            #expect(try status(server, old).0 == 200)
            let new = try target(try urls(server, "play", "show")["HTTP-FLV"])
            #expect(try status(server, new).0 == 200 && new != old)

            try write(#"{"playKey": "the-second-key-to-play"}"#)
            server.process.signal(SIGHUP)
            try server.waitForLog(": playKeyPrevious\n")
            let late = try status(server, old)
            #expect(late.0 == 403 && late.1.contains("signature is wrong"))
            #expect(try status(server, new).0 == 200)
            try publisher.send(source.frames[10..<20])
            try watching.wait(forTags: 1 + source.headers.count + 20)
        }
    }
}
