// What the staff announce stands in the stream: on its frame, in every start, harmless to players.

import FLV
import Foundation
import Testing

@Suite("Cues", .ownThread)
struct CueTests {
    @Test("An announcement stands between frames for who watches, before them for who comes")
    func announcement() throws {
        let source = try Source.clip.get()
        try ServerProcess.run(["--ingest-grace-ms", "300"]) { server in
            let early = try ViewerClient(port: server.httpPort)
            let publisher = try FFmpegPublisher(source, to: server.pushURL)
            defer { publisher.kill() }
            try early.wait(forTags: 60)
            let first = try server.announce(#"{"text": "We begin"}"#)
            #expect(first.statusCode == 200)
            let firstSeq = try #require(first.json["seq"] as? Int)
            let second = try server.announce(#"{"text": "Hurry up", "level": "warning"}"#)
            #expect(second.json["seq"] as? Int == firstSeq + 1)
            try early.wait(for: "both") { $0.cues.count == 2 }
            let late = try ViewerClient(port: server.httpPort)
            try late.wait(forTags: 10)
            #expect(try server.staffRequest("DELETE").statusCode == 204)
            let last = try ViewerClient(port: server.httpPort)
            try publisher.waitForSuccess()

            let watched = try early.waitForEnd()
            try watched.withoutCues.verify(against: source)
            #expect(watched.cues.map(\.kind) == ["announcement", "announcement", "retract"])
            #expect(watched.cues.map(\.text) == ["We begin", "Hurry up", nil])
            #expect(watched.cues.map(\.level) == ["info", "warning", nil])
            #expect(watched.cues.last?.ids == .strictArray([.number(Double(firstSeq + 1))]))
            try watched.checkCuesStandInTime()
            #expect(watched.cues.map(\.pts) == watched.cues.map { Double($0.timestampMs) })
            #expect(watched.cues.first?.pts == (first.json["pts"] as? Int).map(Double.init))

            let joined = try late.waitForEnd()
            try joined.withoutCues.verify(against: source)
            let start = source.headers.count + 1
            // Only what stood then, after the headers and at the first frame's time.
            let told = try #require(joined.cues.first)
            #expect(told.index == start)
            #expect(told.seq == Double(firstSeq + 1) && told.text == "Hurry up")
            #expect(told.timestampMs == joined.tags[start + 1].timestampMs)
            #expect(joined.tags[start + 1].isKeyframe)
            // What follows is what has its place in the timeline behind the first frame.
            #expect(joined.cues.allSatisfy { $0.seq == told.seq || $0.index > start })
            #expect(joined.cues.last?.kind == "retract")

            let untold = try last.waitForEnd()
            try untold.withoutCues.verify(against: source)
            #expect(untold.cues.allSatisfy { $0.index > start })

            for stream in [watched, joined, untold] { try checkPlayers(of: stream) }
        }
    }

    /// ffmpeg reads on without a word, sees no subtitles, and its stream 0 is the picture.
    private func checkPlayers(of stream: ViewedStream) throws {
        #expect(try Player(stream).complaints() == "")
        let kinds = try stream.kindsInOrder()
        #expect(kinds.first == "video")
        #expect(kinds.filter { $0 != "data" }.sorted() == ["audio", "video"])
        #expect(!kinds.contains("subtitle"))
        // The same frames as without cues.
        #expect(try stream.frameHashes() == stream.withoutCues.frameHashes())
    }

    @Test("Before the first picture an announcement is kept for those who come")
    func early() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            #expect(try server.announce(#"{"text": "x"}"#).statusCode == 404)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers)
            let viewer = try ViewerClient(port: server.httpPort)
            let answer = try server.announce(#"{"text": "Welcome"}"#)
            #expect(answer.statusCode == 202 && answer.json["isPending"] as? Bool == true)
            try publisher.send(source.frames)
            let last = try #require(source.frames.last)
            let stream = try viewer.wait(forTag: last)
            try stream.withoutCues.verify(against: source)
            #expect(stream.cues.map(\.text) == ["Welcome"])
            #expect(stream.cues.map(\.index) == [1 + source.headers.count])
        }
    }

    @Test("Half a thousand cues among the frames do no harm")
    func many() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let viewers = try (0..<3).map { _ in try ViewerClient(port: server.httpPort) }
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<30])
            try server.wait(for: "the stream") {
                try server.announce(#"{"text": "0"}"#).statusCode == 200
            }
            for viewer in viewers { try viewer.wait(forTags: 4) }
            let text = String(repeating: "long ", count: 100)
            var sent = 30
            // At the feed's own speed: the server puts right one that parts from the wall clock.
            let beganMs = MachineClock.nowMs - Double(source.frames[sent].timestampMs)
            var number = 0
            while number < 500 || sent < source.frames.count / 2 {
                number += 1
                #expect(try server.announce(#"{"text": "\#(number) \#(text)"}"#).statusCode == 200)
                let due = source.frames[sent...].prefix {
                    Double($0.timestampMs) <= MachineClock.nowMs - beganMs
                }
                try publisher.send(due)
                sent = due.endIndex
            }
            try publisher.send(source.frames[sent...])
            let last = try #require(source.frames.last)
            let streams = try viewers.map { try $0.wait(forTag: last) }
            let count = try server.metric("fanfare_programme_cues_total{stream=\"show\"}")
            #expect(count ?? 0 >= 501)
            for stream in streams {
                try stream.withoutCues.verify(against: source)
                try stream.checkCuesStandInTime()
                let seqs = stream.cues.compactMap(\.seq).suffix(500)
                #expect(seqs.count == 500)
                #expect(zip(seqs.dropFirst(), seqs).allSatisfy { $0 - $1 == 1 })
                try checkPlayers(of: stream)
            }
        }
    }

    // MARK: From a shell

    @Test("fanfare announce says it, and takes it down")
    func command() throws {
        let source = try Source.clip.get()
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let tokenFile = folder.appending(path: "token").path
        try Data("a-token-of-some-length\n".utf8).write(to: URL(filePath: tokenFile))
        try ServerProcess.run(["--staff-token", "a-token-of-some-length"]) { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<30])
            try viewer.wait(forTags: 20)
            let staff = ["--staff", "http://127.0.0.1:\(server.staffPort)"]
            let token = ["--staff-token-file", tokenFile]

            let refused = try Tool.run(ServerProcess.binary, ["announce", "Hello"] + staff)
            #expect(refused.end == .exit(code: 1))
            #expect(refused.errors.contains("--staff-token-file"))

            let said = try Tool.run(
                ServerProcess.binary,
                ["announce", "Grüße \"an alle\" 🎺", "--level", "warning"] + staff + token)
            #expect(said.end == .exit(code: 0), "\(said.errors)")
            #expect(said.output.contains("announced on show"))
            let stream = try viewer.wait(for: "the announcement") { !$0.cues.isEmpty }
            #expect(stream.cues.map(\.text) == ["Grüße \"an alle\" 🎺"])
            #expect(stream.cues.map(\.level) == ["warning"])

            let cleared = try Tool.run(
                ServerProcess.binary, ["announce", "--clear"] + staff + token)
            #expect(cleared.end == .exit(code: 0), "\(cleared.errors)")
            let retracted = try viewer.wait(for: "the retraction") { $0.cues.count > 1 }
            #expect(retracted.cues.map(\.kind) == ["announcement", "retract"])
            let seq = try #require(retracted.cues[0].seq)
            #expect(retracted.cues[1].ids == .strictArray([.number(seq)]))
            let later = try ViewerClient(port: server.httpPort)
            try later.wait(for: "the first frame") { $0.tags.count > 1 + source.headers.count }
            #expect(later.stream.tags[1 + source.headers.count].isKeyframe)

            let unknown = try Tool.run(
                ServerProcess.binary, ["announce", "x", "--stream", "other"] + staff + token)
            #expect(unknown.end == .exit(code: 1))
            #expect(unknown.errors.contains("no such stream"))
        }
    }

    @Test("fanfare announce says when nobody is there")
    func commandWithoutServer() throws {
        let result = try Tool.run(
            ServerProcess.binary, ["announce", "x", "--staff", "http://127.0.0.1:1"])
        #expect(result.end == .exit(code: 1))
        #expect(result.errors.contains("no staff plane at 127.0.0.1:1"))
    }
}
