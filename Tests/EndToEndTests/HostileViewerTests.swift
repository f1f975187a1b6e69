// What comes to the HTTP port and is no player.

import FLV
import Foundation
import TestSupport
import Testing

@Suite("A hostile viewer", .ownThread)
struct HostileViewerTests {
    /// A piece of the gigabyte.
    private static let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)

    @Test("Who sends a gigabyte while it watches is not read")
    func gigabyteWhileWatching() throws {
        try GoodCompany.keep { server in
            let connection = try Connection(port: server.httpPort)
            try connection.send(HTTPClient.request("GET", "/live/show.flv"))
            #expect(try !connection.receive().isEmpty)
            var count = 0
            while count < 1 << 30 {
                // Until the socket is full: nobody empties it.
                let taken = try connection.sendWhatFits(Self.megabyte, within: 0.5)
                count += taken
                if taken < Self.megabyte.count { break }
            }
            #expect(count < 64 << 20)
        }
    }

    @Test("A head without an end is refused, and what follows it is thrown away for a while only")
    func gigabyteOfHead() throws {
        try GoodCompany.keep { server in
            let client = try HTTPClient(port: server.httpPort)
            try client.connection.send(Array("GET /live/show.flv HTTP/1.1\r\nX: ".utf8))
            // A gigabyte and more, if it weren't for the server to end it.
            let deadline = Deadline(seconds: 15)
            var isOver = false
            while !isOver, !deadline.isOver {
                do {
                    let taken = try client.connection.sendWhatFits(Self.megabyte, within: 2)
                    isOver = taken < Self.megabyte.count
                } catch {
                    isOver = true
                }
            }
            #expect(isOver)
        }
    }

    @Test("Who reads nothing is skipped and then dropped; who reads gets every byte")
    func readsNothing() throws {
        let clip = try Source.clip.get().only(.video)
        let source = clip.with(frames: Self.largeFrames(like: clip, count: 300))
        let arguments = [
            "--timeline-megabytes", "8", "--lag-skip-ms", "500", "--lag-drop-ms", "1500",
        ]
        try ServerProcess.run(arguments) { server in
            let viewer = try ViewerClient(port: server.httpPort)
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let feed = try LiveFeed(source, by: publisher)
            try feed.send(until: 2)
            try viewer.wait(forTags: 3)
            let before = try server.residentByteCount()
            let deaf = try (0..<3).map { _ in
                let connection = try Connection(
                    port: server.httpPort, receiveBufferByteCount: 4_096)
                try connection.send(HTTPClient.request("GET", "/live/show.flv"))
                return connection
            }
            try server.wait(for: "all to have joined") {
                try server.metric("fanfare_viewers{stream=\"show\"}") == 4
            }
            // The next piece when the good viewer has the one before: it is never behind.
            while feed.sent.count < source.frames.count {
                try feed.send(until: feed.sent.count + 10)
                try viewer.wait(forTags: 2 + feed.sent.count)
            }
            try server.wait(for: "those who read nothing to be dropped") {
                try server.metric("fanfare_viewers{stream=\"show\"}") == 1
            }
            let stuck = try server.metric("fanfare_viewer_ends_total{reason=\"stuck\"}") ?? 0
            let overtaken =
                try server.metric("fanfare_viewer_ends_total{reason=\"overtaken\"}") ?? 0
            #expect(stuck + overtaken == Double(deaf.count))
            let growth = try server.residentByteCount() - before
            #expect(growth < GoodCompany.growthByteCountMax, "\(growth) bytes")
            try viewer.stream.verify(against: feed.source)
        }
    }

    @Test("Who reads slowly skips to a keyframe on a tag's boundary, and never steps back in time")
    func readsSlowly() throws {
        let clip = try Source.clip.get().only(.video)
        let source = clip.with(frames: Self.largeFrames(like: clip, count: 400))
        let arguments = [
            "--timeline-megabytes", "32", "--lag-skip-ms", "1000", "--lag-drop-ms", "20000",
        ]
        try ServerProcess.run(arguments) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<2])
            let slow = try Connection(port: server.httpPort, receiveBufferByteCount: 4_096)
            try slow.send(HTTPClient.request("GET", "/live/show.flv"))
            try server.wait(for: "it to have joined") {
                try server.metric("fanfare_viewers{stream=\"show\"}") == 1
            }
            try publisher.send(source.frames[2...])
            try server.wait(for: "all frames to be in") {
                try server.metric("fanfare_ingest_tags_total{stream=\"show\"}") == 400
            }
            // Only now does it begin to read. It gets what its socket held, and then skips.
            var reader = FLVReader()
            var tags: [MediaTag] = []
            var head: [UInt8] = []
            let last = try #require(source.frames.last)
            while tags.last?.body != last.body {
                var bytes = try slow.receive()
                guard !bytes.isEmpty else { throw TestFailure.ended("it was dropped") }
                if reader.fileHeader == nil, head.count < 4 || head.suffix(4) != [13, 10, 13, 10] {
                    while let byte = bytes.first, head.suffix(4) != [13, 10, 13, 10] {
                        head.append(byte)
                        bytes.removeFirst()
                    }
                }
                tags += try reader.tags(in: bytes)
            }
            try verifyNeverStepsBack(tags)
            try Self.verifySkips(tags.filter { $0.role != .script }, of: source)
            try server.wait(for: "the skip to be counted") {
                try server.sum(of: "fanfare_skips_total") >= 1
            }
        }
    }

    /// The source in order with parts left out, each of which ends at a keyframe behind a header.
    private static func verifySkips(_ tags: [MediaTag], of source: Source) throws {
        var next: Int?
        var isHeaderBefore = false
        for tag in tags {
            if tag.role == .sequenceHeader {
                #expect(tag.body == source.videoHeader?.body)
                isHeaderBefore = true
                continue
            }
            let index = try source.index(of: tag)
            if index != next {
                #expect(tag.isKeyframe && isHeaderBefore)
                #expect(index >= next ?? 0)
            }
            next = index + 1
            isHeaderBefore = false
        }
        #expect(next == source.frames.count)
    }

    /// Frames of about 80 KB, 40 ms apart, no two the same.
    static func largeFrames(
        like source: Source, count: Int, gopFrameCount: Int = 10
    ) -> [MediaTag] {
        let filling = [UInt8](repeating: 0xA5, count: 80_000)
        return (0..<count).map { index in
            let head: [UInt8] = [index % gopFrameCount == 0 ? 0x17 : 0x27, 1, 0, 0, 0]
            let number = RTMPClient.bigEndian(UInt32(index), 4)
            return MediaTag(
                type: .video, timestampMs: UInt32(index * 40), body: head + number + filling)
        }
    }

    @Test("A request torn into single bytes is a request")
    func tornRequest() throws {
        try GoodCompany.keep { server in
            let connection = try Connection(port: server.httpPort)
            for byte in HTTPClient.request("GET", "/live/show.flv") {
                try connection.send([byte])
            }
            let head = String(decoding: try connection.receive(), as: UTF8.self)
            #expect(head.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("A request that takes longer than ten seconds is ended with a 408")
    func slowRequest() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = LoopingPublisher(source, port: server.rtmpPort)
            defer { publisher.stop() }
            let viewer = try ViewerClient(port: server.httpPort)
            let seenCount = try viewer.wait(forTags: 5).tags.count
            let began = ContinuousClock.now
            let client = try HTTPClient(port: server.httpPort)
            let request = HTTPClient.request(
                "GET", "/live/show.flv", fields: ["X-Padding: " + String(repeating: "x", count: 99)]
            )
            for byte in request {
                try client.connection.send([byte])
                // A quarter of a second a byte would take half a minute.
                if client.connection.isReadable(within: 0.25) { break }
            }
            let answer = try client.answer()
            #expect(answer.statusCode == 408)
            #expect(!answer.keepsAlive)
            #expect(began.duration(to: .now) > .seconds(9))
            #expect(try client.isEnded())
            // The others have noticed nothing.
            let stream = try viewer.wait(forTags: seenCount + 200)
            #expect(stream.end == nil)
            try verifyNeverStepsBack(stream.tags)
        }
    }

    @Test("Two thousand connections that say nothing are held, and nobody notices")
    func silence() throws {
        try GoodCompany.keep { server in
            let silent = try (0..<2_000).map { _ in try Connection(port: server.httpPort) }
            try server.wait(for: "all of them to be taken") {
                try server.sum(of: "fanfare_connections") >= 2_001
            }
            #expect(!silent[0].isReadable(within: 0))
            #expect(!silent[1_999].isReadable(within: 0))
        }
    }

    @Test("Viewers who come and go by the hundred leave nothing behind")
    func comeAndGo() throws {
        let source = try Source.clip.get()
        try ServerProcess.run { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            let viewer = try ViewerClient(port: server.httpPort)
            var rest = source.frames[...]
            try publisher.send(source.headers + rest.prefix(100))
            rest = rest.dropFirst(100)
            try viewer.wait(forTags: 4)
            let before = try server.residentByteCount()
            for _ in 0..<10 {
                let crowd = try (0..<50).map { _ in
                    let connection = try Connection(port: server.httpPort)
                    try connection.send(HTTPClient.request("GET", "/live/show.flv"))
                    return connection
                }
                // Some leave before the answer, some after it.
                for connection in crowd.prefix(25) { _ = try connection.receive() }
                for connection in crowd { connection.hangUp() }
            }
            // Who has left is noticed when the next frame can't be sent.
            try server.wait(for: "only the good viewer to be left") {
                if rest.count > 50 {
                    try publisher.send(rest.prefix(1))
                    rest = rest.dropFirst()
                }
                return try server.sum(of: "fanfare_accepted_connections_total") == 501
                    && server.sum(of: "fanfare_connections") == 1
            }
            #expect(try server.residentByteCount() - before < GoodCompany.growthByteCountMax)
            try publisher.send(rest)
            let last = try #require(source.frames.last)
            try viewer.wait(forTag: last).verify(against: source)
        }
    }
}
